# SPDX-License-Identifier: Apache-2.0
"""Conditions as data: what `applies_when` and `requires` become once their YAML is parsed.

A condition is a small immutable tree. Its leaves compare one fact with an operand; its inner nodes are strong Kleene
connectives. Truth is `True`, `False` or `None` for unknown. `all: []` is true, `any: []` false.

Nodes are named tuples, so that comparing, hashing and loading a whole rulebook of them costs little; the tag keeps
nodes of different kinds from being equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from carnet.logic.formula import Expr
    from carnet.logic.places import Places

Truth: TypeAlias = bool | None
Value: TypeAlias = bool | int | float | str | dt.date | tuple[str, ...]
Table: TypeAlias = tuple[tuple[float, float], ...]


class NoLimit(Enum):
    """The value of a parameter where the law deliberately sets none; a comparison with it falls away."""

    NONE = "none"


ParamValue: TypeAlias = Value | Table | NoLimit


class Constant(NamedTuple):
    value: Value
    tag: Literal["constant"] = "constant"


class FactRef(NamedTuple):
    path: str
    tag: Literal["fact"] = "fact"


class ParamRef(NamedTuple):
    name: str
    tag: Literal["param"] = "param"


class GroupRef(NamedTuple):
    name: str
    tag: Literal["group"] = "group"


class Computed(NamedTuple):
    expr: Expr
    tag: Literal["formula"] = "formula"


class AreaRef(NamedTuple):
    """The area that a fact names, relied upon within a jurisdiction."""

    path: str
    jurisdiction: str
    places: Places
    tag: Literal["area"] = "area"


Operand: TypeAlias = Constant | FactRef | ParamRef | GroupRef | Computed | AreaRef

ORDERINGS = ("lt", "lte", "gt", "gte")
SET_OPS = ("contains_any", "contains_all", "subset_of", "disjoint", "ranks")
SIZE_OPS = ("size_eq", "size_ne", "size_lt", "size_lte", "size_gt", "size_gte")
OPS = ("eq", "ne", *ORDERINGS, "in", "not_in", *SET_OPS, *SIZE_OPS, "declared")
WITHIN = "within"
"""Places against an area; only limits of grants are compared so."""


class Compare(NamedTuple):
    """`path op operand`; unknown when the fact or the operand is, except `declared`, which is never unknown."""

    path: str
    op: str
    operand: Operand
    tag: Literal["compare"] = "compare"


class AllOf(NamedTuple):
    items: tuple[Condition, ...]
    tag: Literal["all"] = "all"


class AnyOf(NamedTuple):
    items: tuple[Condition, ...]
    tag: Literal["any"] = "any"


class Not(NamedTuple):
    item: Condition
    tag: Literal["not"] = "not"


class AtLeast(NamedTuple):
    """True when `n` items are true, false when fewer than `n` can still become so."""

    n: int
    items: tuple[Condition, ...]
    tag: Literal["at_least"] = "at_least"


class Applied(NamedTuple):
    """Held, for each of these UN approvals that the market applies on the day; gone once a rulebook is resolved."""

    approvals: tuple[str, ...]
    tag: Literal["applied"] = "applied"


Condition: TypeAlias = Compare | AllOf | AnyOf | Not | AtLeast | Applied

TRUE: Condition = AllOf(())
FALSE: Condition = AnyOf(())


def held(approval: str) -> Compare:
    """The condition that an approval is held."""
    return Compare(f"approvals.{approval}.held", "eq", Constant(True))


def both(first: Condition, second: Condition) -> Condition:
    """Conjunction without needless nesting."""
    items = (
        *(first.items if isinstance(first, AllOf) else (first,)),
        *(second.items if isinstance(second, AllOf) else (second,)),
    )
    return items[0] if len(items) == 1 else AllOf(items)


def children(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, (AllOf, AnyOf, AtLeast)):
        return condition.items
    return (condition.item,) if isinstance(condition, Not) else ()


def leaves(condition: Condition) -> Iterator[Compare | Applied]:
    """Every leaf, left to right."""
    if isinstance(condition, (Compare, Applied)):
        yield condition
    else:
        for child in children(condition):
            yield from leaves(child)


def params_read(condition: Condition) -> frozenset[str]:
    """The parameters that a condition reads, those in formulas included."""
    return frozenset(name for leaf in leaves(condition) if isinstance(leaf, Compare) for name in _params(leaf.operand))


def _params(operand: Operand) -> frozenset[str]:
    if isinstance(operand, ParamRef):
        return frozenset((operand.name,))
    return operand.expr.params() if isinstance(operand, Computed) else frozenset()


def operand_facts(operand: Operand) -> frozenset[str]:
    """The fact paths that an operand reads."""
    if isinstance(operand, (FactRef, AreaRef)):
        return frozenset((operand.path,))
    return operand.expr.facts() if isinstance(operand, Computed) else frozenset()


def facts_read(condition: Condition) -> frozenset[str]:
    """Every fact path that a condition reads."""
    found: set[str] = set()
    for leaf in leaves(condition):
        if isinstance(leaf, Applied):
            found.update(f"approvals.{approval}.held" for approval in leaf.approvals)
        else:
            found.add(leaf.path)
            found |= operand_facts(leaf.operand)
    return frozenset(found)
