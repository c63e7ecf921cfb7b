# SPDX-License-Identifier: Apache-2.0
"""Patterns without negation: each condition becomes one that matches when it is true and one when it is false.

De Morgan carries a `not` down to the leaves, where the operator is complemented. A missing property matches nothing,
so what matches neither pattern is unknown: strong Kleene without a third value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import Any, NamedTuple, TypeAlias

AND, OR = "$and", "$or"


class Size(NamedTuple):
    """How much a pattern asks of the engine.

    leaves: comparisons. junctions: `$and` and `$or`, of which a pattern can hold 15. branches: ways in which it can
    match, each of which fires once.
    """

    leaves: int
    junctions: int
    branches: int


class Literal(NamedTuple):
    """One comparison of a property of the fact with a constant."""

    prop: int
    op: str
    value: Any
    size: Size = Size(1, 0, 1)


class Junction(NamedTuple):
    """Patterns that must all match, or one of which must."""

    kind: str
    items: tuple[Pattern, ...]
    size: Size


Pattern: TypeAlias = Literal | Junction
ALWAYS, NEVER = Junction(AND, (), Size(0, 1, 1)), Junction(OR, (), Size(0, 1, 0))


class Pair(NamedTuple):
    """What matches when a condition is true, and what matches when it is false."""

    true: Pattern
    false: Pattern

    def swapped(self) -> Pair:
        return Pair(self.false, self.true)


COMPLEMENT = {"$eq": "$neq", "$neq": "$eq", "$lt": "$gte", "$gte": "$lt", "$gt": "$lte", "$lte": "$gt"}


def literal_pair(prop: int, op: str, value: Any) -> Pair:
    return Pair(Literal(prop, op, value), Literal(prop, COMPLEMENT[op], value))


def join(kind: str, parts: Iterable[Pattern]) -> Pattern:
    """One pattern of several: nested ones of the same kind flattened, repeated and neutral ones dropped."""
    neutral, absorbing = (ALWAYS, NEVER) if kind == AND else (NEVER, ALWAYS)
    items: dict[Pattern, None] = {}
    for part in parts:
        if part == absorbing:
            return absorbing
        if part == neutral:
            continue
        items.update(dict.fromkeys(part.items if isinstance(part, Junction) and part.kind == kind else (part,)))
    if len(items) == 1:
        return next(iter(items))
    sizes = [item.size for item in items]
    ways = [part.branches for part in sizes]
    size = Size(
        sum(part.leaves for part in sizes),
        1 + sum(part.junctions for part in sizes),
        prod(ways) if kind == AND else sum(ways),
    )
    return Junction(kind, tuple(items), size)


def properties(pattern: Pattern) -> frozenset[int]:
    """The properties that a pattern reads."""
    if isinstance(pattern, Literal):
        return frozenset((pattern.prop,))
    return frozenset[int]().union(*(properties(item) for item in pattern.items))


def written(pattern: Pattern, place: Callable[[int, Any], int]) -> Mapping[str, Any]:
    """A pattern in durable-rules' own notation; equal beginnings are shared by the rules of a ruleset.

    place: what stands for a constant of a property.
    """
    if isinstance(pattern, Literal):
        compared = {f"p{pattern.prop}": place(pattern.prop, pattern.value)}
        return compared if pattern.op == "$eq" else {pattern.op: compared}
    return {pattern.kind: [written(item, place) for item in sorted(pattern.items, key=_order)]}


def _order(pattern: Pattern) -> tuple[bool, int, str, Any]:
    if isinstance(pattern, Literal):
        return (False, pattern.prop, pattern.op, pattern.value)
    return (True, min(properties(pattern), default=0), pattern.kind, pattern.size.leaves)
