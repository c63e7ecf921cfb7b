# SPDX-License-Identifier: Apache-2.0
"""What an evaluator runs, and what every evaluator offers.

A program holds no names of law any more: only bound conditions over facts, and the derived facts they read in the
order in which they can be computed. Rules of many markets share one program; equal conditions stand in it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from carnet.logic.condition import Condition, Truth, facts_read
from carnet.logic.formula import Expr


class Derived(NamedTuple):
    """A derived fact: the truth of a condition, or the value of a formula."""

    path: str
    condition: Condition | None = None
    expr: Expr | None = None

    def reads(self) -> frozenset[str]:
        if self.condition is not None:
            return facts_read(self.condition)
        return self.expr.facts() if self.expr else frozenset()


class Program(NamedTuple):
    """Derived facts in dependency order, and the distinct conditions whose truth is asked for."""

    derived: tuple[Derived, ...]
    conditions: tuple[Condition, ...]


class Session(Protocol):
    """A live evaluation of one profile: what is declared or retracted re-runs only what reads it."""

    def truths(self) -> Sequence[Truth]:
        """The truth of each condition of the program, in its order."""

    def derived(self) -> Mapping[str, Any]:
        """The derived facts that are known."""

    def declare(self, facts: Mapping[str, Any]) -> frozenset[int]:
        """Declare or change facts; returns the indexes of the conditions whose truth changed."""

    def retract(self, paths: Iterable[str]) -> frozenset[int]:
        """Make facts unknown again; returns the indexes of the conditions whose truth changed."""

    def close(self) -> None:
        """Free what the session holds; it cannot be used afterwards."""


class Prepared(Protocol):
    """A program made ready to run any number of times."""

    def run(self, facts: Mapping[str, Any]) -> tuple[Sequence[Truth], Mapping[str, Any]]:
        """The truth of each condition and the known derived facts, for one set of facts (missing = unknown)."""

    def session(self, facts: Mapping[str, Any]) -> Session:
        """Start a live evaluation with these facts."""


class Evaluator(Protocol):
    """One way to run programs; all of them give the same truths."""

    name: str

    def prepare(self, program: Program) -> Prepared:
        """Compile a program."""
