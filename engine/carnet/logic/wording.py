# SPDX-License-Identifier: Apache-2.0
"""Conditions in words: a whole one for a reader, and what a single comparison requires of a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from carnet.logic.condition import (
    WITHIN,
    AllOf,
    Applied,
    AreaRef,
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
from carnet.logic.numbers import rounded_down, rounded_up
from carnet.logic.places import Area
from carnet.spoken import N_, _

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
_VERBS = {
    "eq": N_("{fact} is {value}"),
    "ne": N_("{fact} is not {value}"),
    "lt": N_("{fact} is below {value}"),
    "lte": N_("{fact} is at most {value}"),
    "gt": N_("{fact} is above {value}"),
    "gte": N_("{fact} is at least {value}"),
    "in": N_("{fact} is one of {value}"),
    "not_in": N_("{fact} is none of {value}"),
}
_LISTS = {
    "in": N_("one of {values}"),
    "not_in": N_("none of {values}"),
    "contains_any": N_("contains any of {values}"),
    "contains_all": N_("contains {values}"),
    "subset_of": N_("contains only {values}"),
    "disjoint": N_("contains none of {values}"),
    "ranks": N_("ranks, in this order, {values}"),
    WITHIN: N_("lies within {values}"),
}
_NOT_LISTS = {
    "contains_all": N_("does not contain all of {values}"),
    "subset_of": N_("contains more than {values}"),
    "ranks": N_("does not rank, in this order, {values}"),
    WITHIN: N_("does not lie within {values}"),
}
_LACKS = N_("does not contain {values}")
_ONE = {"contains_any": _LISTS["contains_all"], "disjoint": _LACKS, "ranks": _LISTS["contains_all"]}
_NOT_ONE = {"contains_all": _LACKS, "ranks": _LACKS}


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
    if isinstance(value, Area):
        return value_text(value.granted)
    if isinstance(value, tuple):
        return ", ".join(value_text(item) for item in value) or "nothing"
    return str(value)


def required_text(op: str, value: Any, holds: bool = True) -> str:
    """What a comparison asks of its fact (`<= 30`), or of one that must not hold (`> 30`)."""
    if op == "declared":
        return _("is declared") if value is holds else _("is not declared")
    if not holds:
        if op in ("eq", "ne") and isinstance(value, bool):
            value = not value
        elif op in OPPOSITE:
            op = OPPOSITE[op]
        else:
            return _listing(_NOT_LISTS, _NOT_ONE, op, value)
    if op.startswith("size_"):
        return _("has {sign} {number} items").format(sign=_SIGNS[op[5:]], number=value_text(value))
    if op in ("gt", "gte") and isinstance(value, float):
        value = rounded_up(value)
    elif op in ("lt", "lte") and isinstance(value, float):
        value = rounded_down(value)
    if op in _SIGNS:
        return f"{_SIGNS[op]} {value_text(value)}"
    return _listing(_LISTS, _ONE, op, value)


def _listing(many: Mapping[str, str], one: Mapping[str, str], op: str, value: Any) -> str:
    single = isinstance(value, tuple) and len(value) == 1
    return _(one[op] if single and op in one else many[op]).format(values=value_text(value))


def describe(condition: Condition, name: Callable[[str], str] = str) -> str:
    """A condition in plain words; `name` says what to call a fact instead of its path."""
    return _describe(condition, name, True, False) or _("always")


def _describe(condition: Condition, name: Callable[[str], str], holds: bool, nested: bool) -> str:
    if isinstance(condition, Compare):
        return _leaf(condition, name, holds)
    if isinstance(condition, Not):
        return _describe(condition.item, name, not holds, nested)
    if isinstance(condition, Applied):
        approvals = ", ".join(condition.approvals)
        return _negated(_("each of {approvals} that the market applies is held").format(approvals=approvals), holds)
    if isinstance(condition, AtLeast):
        items = "; ".join(_describe(item, name, True, False) for item in condition.items)
        text = _("at least {n} of ({items})") if holds else _("fewer than {n} of ({items})")
        return text.format(n=condition.n, items=items)
    if not condition.items:
        return _("always") if isinstance(condition, AllOf) is holds else _("never")
    word = _(" and ") if isinstance(condition, AllOf) is holds else _(" or ")
    inside = len(condition.items) > 1
    text = word.join(_describe(item, name, holds, inside) for item in condition.items)
    return f"({text})" if nested and inside else text


def _negated(text: str, holds: bool) -> str:
    return text if holds else _("not ({condition})").format(condition=text)


def _leaf(leaf: Compare, name: Callable[[str], str], holds: bool) -> str:
    operand = operand_text(leaf.operand, name)
    if leaf.path == "approvals":
        text = _("any of {approvals} is held") if leaf.op == "any_of" else _("each of {approvals} is held")
        return _negated(text.format(approvals=operand), holds)
    value = leaf.operand.value if isinstance(leaf.operand, Constant) else None
    if leaf.path.startswith("approvals.") and leaf.path.endswith(".held") and isinstance(value, bool):
        yes = (value if leaf.op == "eq" else not value) is holds
        text = _("{approval} is held") if yes else _("{approval} is not held")
        return text.format(approval=name(leaf.path[len("approvals.") : -len(".held")]))
    op, fact = leaf.op, name(leaf.path)
    if op in _VERBS:
        if not holds and isinstance(value, bool):
            return _(_VERBS[op]).format(fact=fact, value=value_text(not value))
        return _(_VERBS[op if holds else OPPOSITE[op]]).format(fact=fact, value=operand)
    return f"{fact} {required_text(op, operand if value is None else value, holds)}"


def operand_text(operand: Operand, name: Callable[[str], str] = str) -> str:
    """The right-hand side of a comparison, names that are not bound yet included."""
    if isinstance(operand, Constant):
        return value_text(operand.value)
    if isinstance(operand, (FactRef, AreaRef)):
        return name(operand.path)
    if isinstance(operand, ParamRef):
        return _("the parameter `{name}`").format(name=operand.name)
    if isinstance(operand, GroupRef):
        return _("the group {name}").format(name=operand.name)
    assert isinstance(operand, Computed)
    return formula_text(operand.expr, name)
