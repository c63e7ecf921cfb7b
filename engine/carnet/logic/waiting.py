# SPDX-License-Identifier: Apache-2.0
"""Which undeclared facts a condition waits for where it is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Generic, Protocol, TypeAlias

from carnet.logic.condition import AreaRef, Compare, Computed, Condition, FactRef, children
from carnet.logic.formula import Expr
from carnet.logic.program import Derived
from carnet.logic.truths import B, Space, Truths

Paths: TypeAlias = Mapping[str, B]
"""By fact, in order of appearance, where it is one of those that are waited for."""


class View(Protocol[B]):
    """What facts look like from a decision: truths of conditions and of their parts, and what is known."""

    @property
    def space(self) -> Space[B]: ...
    @property
    def derived(self) -> Mapping[str, Derived]: ...

    def truth(self, condition: Condition) -> Truths[B]:
        """Of a bound condition, or a part of one."""

    def known(self, path: str) -> B:
        """Where a fact, declared or derived, has a value."""

    def computed(self, expr: Expr) -> B:
        """Where a formula, or a part of one, has a value."""


class Waiting(Generic[B]):
    """What conditions wait for. A derived fact stands for the declared facts that it waits for itself.

    Nothing, where no declaration can settle a condition: a formula that divides by a declared zero stays unknown.
    """

    def __init__(self, view: View[B]) -> None:
        self._view = view
        self._space = view.space
        self._found: dict[int, tuple[Condition, Paths[B]]] = {}

    def of(self, condition: Condition) -> Paths[B]:
        """The undeclared facts whose declaration could settle it, where it is unknown."""
        kept = self._found.get(id(condition))
        if kept is None:
            kept = self._found[id(condition)] = (condition, self._look(condition))
        return kept[1]

    def of_all(self, conditions: Iterable[Condition]) -> Paths[B]:
        """Those of several conditions together."""
        return _union(map(self.of, conditions))

    def _look(self, condition: Condition) -> Paths[B]:
        truth = self._view.truth(condition)
        unknown = self._space.every & ~(truth.true | truth.false)
        if not self._space.any(unknown):
            return {}
        found = self._leaf(condition) if isinstance(condition, Compare) else self.of_all(children(condition))
        return _within(found, unknown)

    def _leaf(self, leaf: Compare) -> Paths[B]:
        operand = leaf.operand
        if isinstance(operand, Computed):
            found = self._declarable((leaf.path, *in_order(operand.expr)))
            return _within(found, self._space.every & ~self._hopeless(operand.expr))
        return self._declarable((leaf.path, operand.path) if isinstance(operand, (AreaRef, FactRef)) else (leaf.path,))

    def _declarable(self, paths: Iterable[str]) -> Paths[B]:
        """The undeclared facts behind these; nothing where one of them can never become known."""
        found: list[Paths[B]] = []
        none = self._space.none
        alive = every = self._space.every
        for path in paths:
            missing = every & ~self._view.known(path)
            if self._space.any(missing):
                behind = _within(self._behind(path), missing)
                found.append(behind)
                alive = alive & ~(missing & ~reduce(or_, behind.values(), none))
        return _within(_union(found), alive)

    def _behind(self, path: str) -> Paths[B]:
        derived = self._view.derived.get(path)
        if derived is None:
            return {path: self._space.every}
        if derived.condition is not None:
            return self.of(derived.condition)
        assert derived.expr is not None
        found = self._declarable(in_order(derived.expr))
        return _within(found, self._space.every & ~self._hopeless(derived.expr))

    def _hopeless(self, expr: Expr) -> B:
        """Where some part is unknown although every fact it reads is known."""
        if expr.op == "fact":
            return self._space.none
        known = reduce(and_, map(self._view.known, expr.facts()), self._space.every)
        dead = known & ~self._view.computed(expr)
        return reduce(or_, map(self._hopeless, expr.args), dead)


def in_order(expr: Expr) -> list[str]:
    """The facts that a formula reads, in order of appearance."""
    return [expr.value] if expr.op == "fact" else [path for arg in expr.args for path in in_order(arg)]


def _union(parts: Iterable[Paths[B]]) -> Paths[B]:
    found: dict[str, B] = {}
    for part in parts:
        for path, bits in part.items():
            found[path] = found[path] | bits if path in found else bits
    return found


def _within(paths: Paths[B], mask: B) -> Paths[B]:
    return {path: bits & mask for path, bits in paths.items()}
