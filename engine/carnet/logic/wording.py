# SPDX-License-Identifier: Apache-2.0
"""Conditions in words: a whole one for a reader, and what a single comparison requires of a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from carnet.logic.condition import (
    AllOf,
    Applied,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    GroupRef,
    Not,
    Operand,
    ParamRef,
)
from carnet.logic.formula import formula_text

COMPLEMENT: Mapping[str, str] = {
    "eq": "ne",
    "lt": "gte",
    "gt": "lte",
    "in": "not_in",
    "contains_any": "disjoint",
    "size_eq": "size_ne",
    "size_lt": "size_gte",
    "size_gt": "size_lte",
}
OPPOSITE: Mapping[str, str] = {**COMPLEMENT, **{other: op for op, other in COMPLEMENT.items()}}

_SIGNS = {"eq": "=", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_VERBS = {"eq": "is", "ne": "is not", "lt": "is below", "lte": "is at most", "gt": "is above", "gte": "is at least"}
_LISTS = {
    "in": "one of",
    "not_in": "none of",
    "contains_any": "contains any of",
    "contains_all": "contains",
    "subset_of": "contains only",
    "disjoint": "contains none of",
    "ranks": "ranks, in this order,",
}
_NOT_LISTS = {
    "contains_all": "does not contain all of",
    "subset_of": "contains more than",
    "ranks": "does not rank, in this order,",
}
_ONE = {"contains_any": "contains", "disjoint": "does not contain", "ranks": "contains"}
_NOT_ONE = {"contains_all": "does not contain", "ranks": "does not contain"}


def value_text(value: Any) -> str:
    """A fact's value as a profile would write it."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(round(value, 3) or value).removesuffix(".0")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value_text(item) for item in value) or "nothing"
    return str(value)


def required_text(op: str, value: Any, holds: bool = True) -> str:
    """What a comparison asks of its fact (`<= 30`), or of one that must not hold (`> 30`)."""
    if op == "declared":
        return "is declared" if value is holds else "is not declared"
    if not holds:
        if op in ("eq", "ne") and isinstance(value, bool):
            value = not value
        elif op in OPPOSITE:
            op = OPPOSITE[op]
        else:
            return _listing(_NOT_LISTS, _NOT_ONE, op, value)
    if op.startswith("size_"):
        return f"has {_SIGNS[op[5:]]} {value_text(value)} items"
    if op in _SIGNS:
        return f"{_SIGNS[op]} {value_text(value)}"
    return _listing(_LISTS, _ONE, op, value)


def _listing(many: Mapping[str, str], one: Mapping[str, str], op: str, value: Any) -> str:
    single = isinstance(value, tuple) and len(value) == 1
    return f"{one[op] if single and op in one else many[op]} {value_text(value)}"


def describe(condition: Condition, name: Callable[[str], str] = str) -> str:
    """A condition in plain English; `name` says what to call a fact instead of its path."""
    return _describe(condition, name, True, False) or "always"


def _describe(condition: Condition, name: Callable[[str], str], holds: bool, nested: bool) -> str:
    if isinstance(condition, Compare):
        return _leaf(condition, name, holds)
    if isinstance(condition, Not):
        return _describe(condition.item, name, not holds, nested)
    if isinstance(condition, Applied):
        text = f"each of {', '.join(condition.approvals)} that the market applies is held"
        return text if holds else f"not ({text})"
    if isinstance(condition, AtLeast):
        items = "; ".join(_describe(item, name, True, False) for item in condition.items)
        return f"{'at least' if holds else 'fewer than'} {condition.n} of ({items})"
    if not condition.items:
        return "always" if isinstance(condition, AllOf) is holds else "never"
    word = " and " if isinstance(condition, AllOf) is holds else " or "
    inside = len(condition.items) > 1
    text = word.join(_describe(item, name, holds, inside) for item in condition.items)
    return f"({text})" if nested and inside else text


def _leaf(leaf: Compare, name: Callable[[str], str], holds: bool) -> str:
    operand = operand_text(leaf.operand, name)
    if leaf.path == "approvals":
        text = f"{'any' if leaf.op == 'any_of' else 'each'} of {operand} is held"
        return text if holds else f"not ({text})"
    value = leaf.operand.value if isinstance(leaf.operand, Constant) else None
    if leaf.path.startswith("approvals.") and leaf.path.endswith(".held") and isinstance(value, bool):
        yes = (value if leaf.op == "eq" else not value) is holds
        return f"{name(leaf.path[len('approvals.') : -len('.held')])} is {'' if yes else 'not '}held"
    op, fact = leaf.op, name(leaf.path)
    if op in _VERBS:
        if not holds and isinstance(value, bool):
            return f"{fact} {_VERBS[op]} {value_text(not value)}"
        return f"{fact} {_VERBS[op if holds else OPPOSITE[op]]} {operand}"
    text = required_text(op, operand if value is None else value, holds)
    return f"{fact} {'is ' if op in ('in', 'not_in') else ''}{text}"


def operand_text(operand: Operand, name: Callable[[str], str] = str) -> str:
    """The right-hand side of a comparison, names that are not bound yet included."""
    if isinstance(operand, Constant):
        return value_text(operand.value)
    if isinstance(operand, FactRef):
        return name(operand.path)
    if isinstance(operand, ParamRef):
        return f"the parameter `{operand.name}`"
    if isinstance(operand, GroupRef):
        return f"the group {operand.name}"
    assert isinstance(operand, Computed)
    return formula_text(operand.expr, name)
