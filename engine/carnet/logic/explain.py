# SPDX-License-Identifier: Apache-2.0
"""Why a condition has the truth it has: the leaves that decide it, and the facts that would settle an unknown one.

Works on bound conditions. `facts` are the declared facts and the known derived ones together, as an evaluator saw them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any as Data
from typing import NamedTuple

from carnet.logic.condition import (
    All,
    Any,
    Applied,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    Not,
    Truth,
    children,
)
from carnet.logic.formula import Expr, evaluate
from carnet.logic.native import RELATIONS, Facts, operand_value
from carnet.logic.program import Derived
from carnet.logic.wording import describe, operand_text, required_text

__all__ = ["Reason", "describe", "reasons", "truth_of", "unknowns"]


class Reason(NamedTuple):
    """One leaf that decides: the declared value of its fact (None: unknown) and what is required of it.

    missing: for a set that must contain items, those it lacks. short_by: for a number that is too small, by how much.
    choice: the group of alternatives that the leaf belongs to and its alternative there, from 1, then the same of a
    group within that alternative. One alternative of a group is enough, with all its leaves. Empty: needed in any case.
    """

    path: str
    declared: Data
    required: str
    missing: tuple[str, ...] = ()
    short_by: float = 0
    choice: tuple[int, ...] = ()


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


def _combine(condition: All | Any | AtLeast, truths: list[Truth]) -> Truth:
    yes, unknown = truths.count(True), truths.count(None)
    needed = condition.n if isinstance(condition, AtLeast) else len(truths) if isinstance(condition, All) else 1
    return True if yes >= needed else None if yes + unknown >= needed else False


def _leaf_truth(leaf: Compare, facts: Facts) -> Truth:
    value = facts.get(leaf.path)
    if leaf.op == "declared":
        return (value is not None) is operand_value(leaf.operand, facts)
    other = operand_value(leaf.operand, facts)
    return None if value is None or other is None else RELATIONS[leaf.op](value, other)


def unknowns(condition: Condition, facts: Facts, derived: Mapping[str, Derived] | None = None) -> tuple[str, ...]:
    """The undeclared facts whose declaration could settle an unknown condition, in order of appearance.

    A derived fact stands for the declared facts it waits for. Empty when the truth is known, and when no declaration
    can settle it (a formula that divides by a declared zero).
    """
    return tuple(dict.fromkeys(_waiting(condition, facts, derived or {})[1]))


def _waiting(condition: Condition, facts: Facts, derived: Mapping[str, Derived]) -> tuple[Truth, list[str]]:
    if isinstance(condition, Compare):
        truth = _leaf_truth(condition, facts)
        return truth, [] if truth is not None else _waiting_leaf(condition, facts, derived)
    if isinstance(condition, Not):
        truth, paths = _waiting(condition.item, facts, derived)
        return None if truth is None else not truth, paths
    if isinstance(condition, Applied):
        raise TypeError(f"condition is not bound: {condition}")
    parts = [_waiting(item, facts, derived) for item in condition.items]
    truth = _combine(condition, [part for part, _ in parts])
    return truth, [] if truth is not None else [path for _, paths in parts for path in paths]


def _waiting_leaf(leaf: Compare, facts: Facts, derived: Mapping[str, Derived]) -> list[str]:
    operand = leaf.operand
    reads: list[str] = [leaf.path]
    if isinstance(operand, FactRef):
        reads.append(operand.path)
    elif isinstance(operand, Computed):
        if _hopeless(operand.expr, facts):
            return []
        reads += _in_order(operand.expr)
    return _declarable(reads, facts, derived)


def _declarable(paths: Iterable[str], facts: Facts, derived: Mapping[str, Derived]) -> list[str]:
    """The undeclared facts behind these paths; nothing when one of them can never become known."""
    found: list[str] = []
    for path in paths:
        if facts.get(path) is not None:
            continue
        behind = [path]
        if path in derived:
            source = derived[path]
            if source.condition is not None:
                behind = _waiting(source.condition, facts, derived)[1]
            if source.expr is not None:
                dead = _hopeless(source.expr, facts)
                behind = [] if dead else _declarable(_in_order(source.expr), facts, derived)
        if not behind:
            return []
        found += behind
    return found


def _in_order(expr: Expr) -> list[str]:
    return [expr.value] if expr.op == "fact" else [path for arg in expr.args for path in _in_order(arg)]


def _hopeless(expr: Expr, facts: Facts) -> bool:
    """Whether some part is unknown although every fact it reads is known: what contains it stays unknown."""
    if any(_hopeless(arg, facts) for arg in expr.args):
        return True
    return expr.op != "fact" and evaluate(expr, facts) is None and all(facts.get(p) is not None for p in expr.facts())


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
        return [_reason(condition, facts, role.holds)]
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
    return isinstance(condition, All) is truth


def _reason(leaf: Compare, facts: Facts, holds: bool) -> Reason:
    operand = leaf.operand
    value = operand_value(operand, facts)
    source = "" if isinstance(operand, Constant) else operand_text(operand)
    declared: Data = facts.get(leaf.path)
    missing: tuple[str, ...] = ()
    short_by: float = 0
    if holds and leaf.op in ("contains_all", "ranks"):
        missing = tuple(item for item in value if item not in declared)
    elif holds and leaf.op in ("gte", "gt") and isinstance(value, (int, float)) and declared < value:
        short_by = value - declared
    return Reason(leaf.path, declared, required_text(leaf.op, value, holds, source), missing, short_by)
