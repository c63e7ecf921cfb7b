# SPDX-License-Identifier: Apache-2.0
"""The bundled law as two-valued expressions that every peer can be given: when is a rule a gap?

A gap is "applies is true and requires is false". Pushed down to the comparisons by De Morgan, no negation is left: each
comparison holds only for a declared fact, and so missing facts need no third truth value. Rules with a comparison that
some peer has no words for (a formula, an order of names, two facts) are left out for all of them.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from carnet.api import Law
from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Constant, Not

COMPLEMENT = {
    "eq": "ne",
    "lt": "gte",
    "lte": "gt",
    "in": "not_in",
    "contains_any": "disjoint",
    "contains_all": "lacks",
    "subset_of": "exceeds",
    "declared": "undeclared",
    "size_eq": "size_ne",
    "size_lt": "size_gte",
    "size_lte": "size_gt",
}
COMPLEMENT |= {after: before for before, after in COMPLEMENT.items()}
OPERATORS = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of one fact; false while the fact is unknown, except `undeclared`."""

    fact: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Expression, ...]


Expression: TypeAlias = Test | Every | Some


@dataclass(frozen=True, slots=True)
class GapRule:
    id: str
    gap: Expression
    applies: Condition
    requires: Condition


class Untranslatable(Exception):
    """A comparison that not every peer has words for."""


def gap_rules(law: Law, markets: Iterable[str], day: dt.date) -> list[GapRule]:
    """The distinct rules of some markets that can be translated."""
    found: dict[tuple[Condition, Condition], GapRule] = {}
    for market in markets:
        for bound in law.rulebook(market, day).rules():
            try:
                gap = Every((translate(bound.applies, True), translate(bound.requires, False)))
            except Untranslatable:
                continue
            rule = GapRule(bound.rule.id, gap, bound.applies, bound.requires)
            found.setdefault((rule.applies, rule.requires), rule)
    return list(found.values())


def translate(condition: Condition, wanted: bool) -> Expression:
    """The expression that holds where the condition is `wanted`."""
    if isinstance(condition, Not):
        return translate(condition.item, not wanted)
    if isinstance(condition, Compare):
        return _test(condition, wanted)
    if isinstance(condition, (AllOf, AnyOf)):
        parts = tuple(translate(item, wanted) for item in condition.items)
        return Every(parts) if isinstance(condition, AllOf) is wanted else Some(parts)
    raise Untranslatable(type(condition).__name__ if not isinstance(condition, AtLeast) else "at_least")


def _test(leaf: Compare, wanted: bool) -> Expression:
    if not isinstance(leaf.operand, Constant) or leaf.op == "ranks" or leaf.path.startswith("derived."):
        raise Untranslatable(leaf.op)
    op, value = leaf.op, plain(leaf.operand.value)
    if op == "declared":
        wanted, value = wanted is value, True
    if op == "eq" and isinstance(value, list):
        raise Untranslatable("eq of sets")
    return Test(name_of(leaf.path), op if wanted else COMPLEMENT[op], value)


def plain(value: Any) -> Any:
    """Values as JSON has them, a day as its number."""
    if isinstance(value, dt.date):
        return value.toordinal()
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def name_of(path: str) -> str:
    """A path as a name in any language."""
    return re.sub(r"\W", "_", path).lower()


def tests(expression: Expression) -> Iterator[Test]:
    if isinstance(expression, Test):
        yield expression
    else:
        for part in expression.parts:
            yield from tests(part)


def facts(rules: Iterable[GapRule]) -> dict[str, str]:
    """The kind of each fact that the rules read: bool, number, text or set."""
    kinds: dict[str, str] = {}
    for rule in rules:
        for test in tests(rule.gap):
            if (kind := _kind(test)) or test.fact not in kinds:
                kinds[test.fact] = kind or kinds.get(test.fact, "")
    return {fact: kind or "number" for fact, kind in sorted(kinds.items())}


def _kind(test: Test) -> str:
    if test.op in ("contains_any", "contains_all", "disjoint", "lacks", "subset_of", "exceeds") or "size" in test.op:
        return "set"
    sample = test.value[0] if isinstance(test.value, list) else test.value
    if test.op in ("declared", "undeclared"):
        return ""
    return "bool" if isinstance(sample, bool) else "text" if isinstance(sample, str) else "number"


def profile_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A table's row as the peers get it: what is unknown is absent."""
    values = {name_of(path): row[path] for path in row if row[path] is not None and path != "profile"}
    return {name: value.toordinal() if isinstance(value, dt.date) else value for name, value in values.items()}
