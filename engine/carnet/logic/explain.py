# SPDX-License-Identifier: Apache-2.0
"""Why a condition has the truth it has: the leaves that decide it, and the facts that would settle an unknown one.

Works on bound conditions. `facts` are the declared facts and the known derived ones together, as an evaluator saw them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple

from carnet.logic.condition import (
    AllOf,
    AnyOf,
    Applied,
    AtLeast,
    Compare,
    Condition,
    Constant,
    Not,
    Operand,
    Truth,
    children,
)
from carnet.logic.formula import Expr, evaluate
from carnet.logic.native import RELATIONS, Facts, operand_value
from carnet.logic.program import Derived
from carnet.logic.truths import ONE, TRUTHS, Truths
from carnet.logic.waiting import Waiting
from carnet.logic.wording import describe, required_text

__all__ = ["Reason", "describe", "reasons", "truth_of", "unknowns"]


class Reason(NamedTuple):
    """One leaf that decides: the declared value of its fact (None: unknown) and what is required of it.

    operand: where the value required comes from, when the law does not state it itself; None when it does.
    missing: for a set that must contain items, those it lacks. short_by: for a number that is too small, by how much.
    choice: the group of alternatives that the leaf belongs to and its alternative there, from 1, then the same of a
    group within that alternative. One alternative of a group is enough, with all its leaves. Empty: needed in any case.
    """

    path: str
    declared: Any
    required: str
    missing: tuple[str, ...] = ()
    short_by: float = 0
    choice: tuple[int, ...] = ()
    operand: Operand | None = None


def truth_of(condition: Condition, facts: Facts) -> Truth:
    """The condition's truth, walked rather than compiled: for explanations, where each condition is asked once."""
    if isinstance(condition, Compare):
        return _leaf_truth(condition, facts)
    if isinstance(condition, Not):
        truth = truth_of(condition.item, facts)
        return None if truth is None else not truth
    if isinstance(condition, Applied):
        raise TypeError(f"condition is not bound: {condition}")
    return _combine(condition, [truth_of(item, facts) for item in condition.items])


def _combine(condition: AllOf | AnyOf | AtLeast, truths: list[Truth]) -> Truth:
    yes, unknown = truths.count(True), truths.count(None)
    needed = condition.n if isinstance(condition, AtLeast) else len(truths) if isinstance(condition, AllOf) else 1
    return True if yes >= needed else None if yes + unknown >= needed else False


def _leaf_truth(leaf: Compare, facts: Facts) -> Truth:
    value = facts.get(leaf.path)
    if leaf.op == "declared":
        return (value is not None) is operand_value(leaf.operand, facts)
    other = operand_value(leaf.operand, facts)
    return None if value is None or other is None else RELATIONS[leaf.op](value, other)


class ProfileView:
    """One profile's facts, the known derived ones among them; `derived` says what these are made of."""

    space = ONE

    def __init__(self, facts: Facts, derived: Mapping[str, Derived] | None = None) -> None:
        self.facts = facts
        self.derived = derived or {}

    def truth(self, condition: Condition) -> Truths[int]:
        return TRUTHS[truth_of(condition, self.facts)]

    def known(self, path: str) -> int:
        return int(self.facts.get(path) is not None)

    def computed(self, expr: Expr) -> int:
        return int(evaluate(expr, self.facts) is not None)


def unknowns(condition: Condition, facts: Facts, derived: Mapping[str, Derived] | None = None) -> tuple[str, ...]:
    """The undeclared facts whose declaration could settle an unknown condition, in order of appearance.

    Empty when the truth is known, and when no declaration can settle it (a formula that divides by a declared zero).
    """
    return settling((condition,), ProfileView(facts, derived))


def settling(conditions: Iterable[Condition], view: ProfileView) -> tuple[str, ...]:
    """Those of several conditions, each once."""
    return tuple(path for path, waits in Waiting(view).of_all(conditions).items() if waits)


def reasons(condition: Condition, facts: Facts, truth: bool = False) -> tuple[Reason, ...]:
    """The leaves that make a condition false, or with `truth=True` true; empty when it has another truth.

    `required` says what would be needed instead of a false condition, and what was met by a true one; under a `not` it
    is negated.
    """
    return tuple(dict.fromkeys(_deciding(condition, facts, truth, _Role(True, None if truth else count(1)))))


class _Role(NamedTuple):
    """A condition's part in the whole: whether it has to hold; `groups` numbers the alternatives, where they matter."""

    holds: bool
    groups: Iterator[int] | None


def _deciding(condition: Condition, facts: Facts, truth: bool, role: _Role) -> list[Reason]:
    if truth_of(condition, facts) is not truth:
        return []
    if isinstance(condition, Compare):
        return [reason_of(condition, facts, role.holds)]
    if isinstance(condition, Not):
        return _deciding(condition.item, facts, not truth, role._replace(holds=not role.holds))
    if role.groups is None or not _one_is_enough(condition, facts, truth):
        return [reason for item in children(condition) for reason in _deciding(item, facts, truth, role)]
    group = next(role.groups)
    ways = _ways(condition, facts, truth, role)
    if len(ways) < 2:
        return [reason for way in ways for reason in way]
    return [r._replace(choice=(group, number, *r.choice)) for number, way in enumerate(ways, 1) for r in way]


def _ways(condition: Condition, facts: Facts, truth: bool, role: _Role) -> list[list[Reason]]:
    """What would do, one by one; alternatives within alternatives are alternatives too."""
    if isinstance(condition, Not):
        return _ways(condition.item, facts, not truth, role._replace(holds=not role.holds))
    if isinstance(condition, Compare) or not _one_is_enough(condition, facts, truth):
        way = _deciding(condition, facts, truth, role)
        return [way] if way else []
    return [way for item in children(condition) for way in _ways(item, facts, truth, role)]


def _one_is_enough(condition: Condition, facts: Facts, truth: bool) -> bool:
    """Whether a condition that has the wrong truth would change it with one of its items."""
    if truth_of(condition, facts) is not truth:
        return False
    if isinstance(condition, AtLeast):
        return not truth and sum(truth_of(item, facts) is True for item in condition.items) == condition.n - 1
    return isinstance(condition, AllOf) is truth


def reason_of(leaf: Compare, facts: Facts, holds: bool = True) -> Reason:
    """A comparison with the values that it finds."""
    operand = leaf.operand
    value = operand_value(operand, facts)
    source = None if isinstance(operand, Constant) else operand
    declared: Any = facts.get(leaf.path)
    missing: tuple[str, ...] = ()
    short_by: float = 0
    if holds and leaf.op in ("contains_all", "ranks"):
        missing = tuple(item for item in value if item not in declared)
    elif holds and leaf.op in ("gte", "gt") and isinstance(value, (int, float)) and declared < value:
        short_by = value - declared
    return Reason(leaf.path, declared, required_text(leaf.op, value, holds), missing, short_by, operand=source)
