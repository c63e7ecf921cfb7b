# SPDX-License-Identifier: Apache-2.0
"""Changing one thing at a time in a rule: what its cases must notice.

Operators move to their neighbour, thresholds by a step, dates by a day; values of a list are dropped or replaced,
branches dropped, `all` and `any` swapped, `not` removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from carnet.declare.vocabulary import Vocabulary
from carnet.law.model import Rule
from carnet.logic.condition import (
    ORDERINGS,
    AllOf,
    AnyOf,
    Applied,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    Not,
    Operand,
    ParamRef,
)
from carnet.logic.formula import Expr
from carnet.logic.wording import describe

DAY = dt.timedelta(days=1)
NEIGHBOUR = {
    "eq": "ne",
    "ne": "eq",
    "lt": "lte",
    "lte": "lt",
    "gt": "gte",
    "gte": "gt",
    "in": "not_in",
    "not_in": "in",
    "contains_any": "disjoint",
    "contains_all": "disjoint",
    "subset_of": "disjoint",
    "disjoint": "contains_any",
    "ranks": "contains_all",
    "size_eq": "size_ne",
    "size_ne": "size_eq",
    "size_lt": "size_lte",
    "size_lte": "size_lt",
    "size_gt": "size_gte",
    "size_gte": "size_gt",
}
SEVERAL = {"contains_any": "contains_all", "contains_all": "contains_any"}
MEASURES = ("lt", "lte", "gt", "gte", "eq", "ne")
Change = tuple[Condition, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing changed, and what; `moved` is the date that was, if it was one."""

    rule: Rule
    what: str
    moved: dt.date | None = None


def mutants(rule: Rule, vocabulary: Vocabulary) -> Iterator[Mutant]:
    """Every rule that differs from this one in a single thing, in a fixed order."""
    for changed, what in changes(rule.applies_when, vocabulary):
        yield Mutant(rule._replace(applies_when=changed), f"applies_when: {what}")
    for changed, what in changes(rule.requires, vocabulary):
        yield Mutant(rule._replace(requires=changed), f"requires: {what}")
    yield from date_mutants(rule)


def date_mutants(rule: Rule) -> Iterator[Mutant]:
    span = rule.in_force
    start = "all_vehicles" if span.new_types else "from"
    for name, field in (("new_types", "new_types"), (start, "start"), ("until", "until")):
        day = getattr(span, field)
        for other in (day - DAY, day + DAY) if day else ():
            changed = rule._replace(in_force=span._replace(**{field: other}))
            yield Mutant(changed, f"in_force: {name} becomes {other}", day)


def changes(condition: Condition, vocabulary: Vocabulary) -> Iterator[Change]:
    """Every condition that differs from this one in a single thing, with what differs."""
    if isinstance(condition, Compare):
        yield from _leaf(condition, vocabulary)
    elif isinstance(condition, Applied):
        for index, approval in enumerate(condition.approvals if len(condition.approvals) > 1 else ()):
            rest = condition.approvals[:index] + condition.approvals[index + 1 :]
            yield Applied(rest), f"`{approval}` is dropped"
    elif isinstance(condition, Not):
        yield condition.item, f"`not` before `{describe(condition.item)}` is removed"
        for changed, what in changes(condition.item, vocabulary):
            yield Not(changed), what
    else:
        yield from _junction(condition, vocabulary)


def _junction(condition: AllOf | AnyOf | AtLeast, vocabulary: Vocabulary) -> Iterator[Change]:
    items = condition.items
    if len(items) > 1:
        if isinstance(condition, AtLeast):
            for n in (condition.n - 1, condition.n + 1):
                if 1 <= n <= len(items):
                    yield condition._replace(n=n), f"at least {condition.n} becomes {n}"
        else:
            other = AnyOf(items) if isinstance(condition, AllOf) else AllOf(items)
            words = ("all", "any") if isinstance(condition, AllOf) else ("any", "all")
            yield other, f"`{words[0]}` of {len(items)} becomes `{words[1]}`"
        for index, item in enumerate(items):
            yield _with(condition, (*items[:index], *items[index + 1 :])), f"`{describe(item)}` is dropped"
    for index, item in enumerate(items):
        for changed, what in changes(item, vocabulary):
            yield _with(condition, (*items[:index], changed, *items[index + 1 :])), what


def _with(condition: AllOf | AnyOf | AtLeast, items: tuple[Condition, ...]) -> Condition:
    if isinstance(condition, AtLeast):
        return AtLeast(min(condition.n, len(items)), items)
    return items[0] if len(items) == 1 else AllOf(items) if isinstance(condition, AllOf) else AnyOf(items)


def _leaf(leaf: Compare, vocabulary: Vocabulary) -> Iterator[Change]:
    for changed in chain(_operators(leaf), _operands(leaf, vocabulary)):
        yield changed, f"`{describe(leaf)}` becomes `{describe(changed)}`"
    if isinstance(leaf.operand, Constant) and isinstance(leaf.operand.value, tuple):
        for value, what in _lists(leaf, leaf.operand.value, vocabulary):
            yield leaf._replace(operand=Constant(value)), f"{what} in `{describe(leaf)}`"


def _operators(leaf: Compare) -> Iterator[Compare]:
    operand = leaf.operand
    several = isinstance(operand, Constant) and isinstance(operand.value, tuple) and len(operand.value) > 1
    if leaf.path == "approvals":
        yield leaf._replace(op="all_of" if leaf.op == "any_of" else "any_of")
    elif leaf.op == "declared":
        yield leaf._replace(operand=Constant(operand == Constant(False)))
    elif leaf.op == "ranks" and not several:
        yield leaf._replace(op="disjoint")
    elif not (_is_computed(operand) and leaf.op in ORDERINGS):
        # a computed value moves by a step instead: facts rarely equal it exactly
        yield leaf._replace(op=SEVERAL[leaf.op] if several and leaf.op in SEVERAL else NEIGHBOUR[leaf.op])


def _is_computed(operand: Operand) -> bool:
    return isinstance(operand, Computed) or (isinstance(operand, FactRef) and operand.path.startswith("derived."))


def _operands(leaf: Compare, vocabulary: Vocabulary) -> Iterator[Compare]:
    operand = leaf.operand
    if leaf.op == "declared" or leaf.path == "approvals":
        return
    if isinstance(operand, Constant):
        for value in _values(leaf, operand.value, vocabulary):
            yield leaf._replace(operand=Constant(value))
    elif leaf.op in MEASURES and vocabulary.fact(leaf.path).type in ("int", "number"):
        for moved in _moved(operand):
            yield leaf._replace(operand=moved)


def _moved(operand: Operand) -> Iterator[Operand]:
    """A computed or named number, one more and one less."""
    assert isinstance(operand, (Computed, FactRef, ParamRef)), "a number is compared with no group"
    if isinstance(operand, Computed):
        expr = operand.expr
    else:
        expr = Expr("fact", operand.path) if isinstance(operand, FactRef) else Expr("param", operand.name)
    for sign in ("+", "-"):
        yield Computed(Expr(sign, None, (expr, Expr("number", 1))))


def _values(leaf: Compare, value: Any, vocabulary: Vocabulary) -> Iterator[Any]:
    if isinstance(value, dt.date):
        yield from (value - DAY, value + DAY)
    elif leaf.op.startswith("size_"):
        yield from (size for size in (value - 1, value + 1) if size >= 0)
    elif isinstance(value, str):
        yield from other_values(leaf.path, (value,), vocabulary)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from (moved(value, -1), moved(value, 1))


def _lists(leaf: Compare, items: tuple[Any, ...], vocabulary: Vocabulary) -> Iterator[tuple[tuple[Any, ...], str]]:
    if len(items) == 1:
        known = isinstance(items[0], str)
        for other in other_values(leaf.path, items, vocabulary) if known else (moved(items[0], 1),):
            yield (other,), f"`{items[0]}` is replaced by `{other}`"
        return
    for index, item in enumerate(items):
        yield items[:index] + items[index + 1 :], f"`{item}` is dropped"
    if leaf.op == "ranks":
        yield (items[1], items[0], *items[2:]), f"`{items[0]}` and `{items[1]}` change places"


def other_values(path: str, named: tuple[Any, ...], vocabulary: Vocabulary) -> Iterator[str]:
    """One value that could have stood there instead."""
    values = [*vocabulary.fact(path).values] or ["other", "another"]
    after = values.index(named[-1]) + 1 if named[-1] in values else 0
    yield from [value for value in values[after:] + values[:after] if value not in named][:1]


def step(value: float) -> float:
    """The smallest change in the last digit that a threshold is written with."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return 1 if not isinstance(exponent, int) or exponent >= 0 else float(10.0**exponent)


def moved(value: float, steps: int) -> float:
    """A threshold some steps up or down, as one would write it."""
    size = step(value)
    shifted = round(value + steps * size, 9)
    return int(shifted) if shifted == int(shifted) else shifted
