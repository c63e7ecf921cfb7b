# SPDX-License-Identifier: Apache-2.0
"""Putting parameters, groups, adopted Regulations and the market into a condition.

A comparison whose parameter is optional and not given, or whose value is "the law sets none", falls away with it; an
`all` or `any` that loses its last member falls away too, and a condition that falls away altogether is true; of an
`at_least` whose members fall away, as many as are left must hold. What `context.*` says is known before any profile is,
so it is decided here: two markets under the same law then share the very same conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from carnet.logic.condition import (
    FALSE,
    SET_OPS,
    TRUE,
    WITHIN,
    AllOf,
    AnyOf,
    Applied,
    AreaRef,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    GroupRef,
    NoLimit,
    Not,
    Operand,
    ParamRef,
    ParamValue,
    held,
    operand_facts,
)
from carnet.logic.native import compile_condition
from carnet.logic.places import Places

Given = ParamValue | Operand
_NOTHING: Mapping[str, Any] = {}


class UnboundParameter(KeyError):
    """A condition needs a parameter that nobody gives."""


class Binding(NamedTuple):
    """What names stand for.

    params: values of parameters; a duty's instance may give an operand (a formula, another fact) instead of a value.
    optional: parameters whose comparison falls away when they are not given.
    context: the engine's own facts (`context.market`, ...) of the market and day.
    applies: whether the market applies a UN Regulation on the day.
    rename: derived facts that this market computes with its own parameters.
    void: derived facts that rest on a value the law deliberately does not set; comparisons with them fall away.
    area: the jurisdiction within which a grant is relied upon, and what is known of places.
    partial: names that are not known yet stay names; otherwise a missing one is an `UnboundParameter`.
    """

    params: Mapping[str, Given] = _NOTHING
    optional: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = _NOTHING
    context: Mapping[str, Any] = _NOTHING
    applies: Callable[[str], bool] | None = None
    rename: Mapping[str, str] = _NOTHING
    void: frozenset[str] = frozenset()
    area: tuple[str, Places] | None = None
    partial: bool = False


def bind(condition: Condition, binding: Binding) -> Condition:
    """The condition with every name replaced; the same object when there was none."""
    bound = _bind(condition, binding)
    return TRUE if bound is None else bound


def _bind(condition: Condition, binding: Binding) -> Condition | None:
    if isinstance(condition, Compare):
        return _leaf(condition, binding)
    if isinstance(condition, Applied):
        return _applied(condition, binding)
    if isinstance(condition, Not):
        item = _bind(condition.item, binding)
        if item is None or item is condition.item:
            return None if item is None else condition
        return FALSE if item == TRUE else TRUE if item == FALSE else Not(item)
    items = tuple(bound for item in condition.items if (bound := _bind(item, binding)) is not None)
    if not items and condition.items:
        return None
    if len(items) == len(condition.items) and all(a is b for a, b in zip(items, condition.items, strict=True)):
        return condition
    if isinstance(condition, AtLeast):
        return _at_least(min(condition.n, len(items)), items)
    return _junction(items, isinstance(condition, AllOf))


def _junction(items: tuple[Condition, ...], every: bool) -> Condition:
    """All or any of these, without what is decided already."""
    neutral, deciding = (TRUE, FALSE) if every else (FALSE, TRUE)
    if deciding in items:
        return deciding
    items = tuple(item for item in items if item != neutral)
    return items[0] if len(items) == 1 else AllOf(items) if every else AnyOf(items)


def _at_least(n: int, items: tuple[Condition, ...]) -> Condition:
    n -= items.count(TRUE)
    items = tuple(item for item in items if item not in (TRUE, FALSE))
    return TRUE if n <= 0 else FALSE if n > len(items) else AtLeast(n, items)


def _leaf(leaf: Compare, binding: Binding) -> Condition | None:
    operand = _operand(leaf, binding)
    if operand is None or (binding.void and (leaf.path in binding.void or operand_facts(operand) & binding.void)):
        return None
    if leaf.path == "approvals" and isinstance(operand, Constant):
        return _approvals(leaf.op, operand)
    path = binding.rename.get(leaf.path, leaf.path)
    if operand is not leaf.operand or path != leaf.path:
        leaf = Compare(path, leaf.op, operand)
    if binding.context.get(path) is not None and isinstance(operand, Constant):
        return TRUE if compile_condition(leaf)(binding.context) else FALSE
    return leaf


def _approvals(how: str, ids: Constant) -> Condition:
    names = ids.value if isinstance(ids.value, tuple) else (str(ids.value),)
    wanted = tuple(held(name) for name in names)
    return wanted[0] if len(wanted) == 1 else AnyOf(wanted) if how == "any_of" else AllOf(wanted)


def _operand(leaf: Compare, binding: Binding) -> Operand | None:
    operand = leaf.operand
    if isinstance(operand, ParamRef):
        return _parameter(leaf, operand, binding)
    if isinstance(operand, FactRef):
        if binding.context.get(operand.path) is not None:
            return Constant(binding.context[operand.path])
        path = binding.rename.get(operand.path, operand.path)
        if leaf.op == WITHIN and binding.area:
            return AreaRef(path, *binding.area)
        return FactRef(path) if path != operand.path else operand
    if isinstance(operand, GroupRef):
        return Constant(binding.groups[operand.name]) if operand.name in binding.groups else operand
    if isinstance(operand, Computed):
        return _formula(operand, binding)
    return operand


def _parameter(leaf: Compare, operand: ParamRef, binding: Binding) -> Operand | None:
    if operand.name in binding.params:
        value = binding.params[operand.name]
        if value is NoLimit.NONE:
            return None
        if isinstance(value, (Constant, FactRef, ParamRef, GroupRef, Computed)):
            return _operand(Compare(leaf.path, leaf.op, value), binding) if value != operand else operand
        takes_set = leaf.op in SET_OPS or leaf.op in ("in", "not_in")
        return Constant((value,) if takes_set and not isinstance(value, tuple) else value)  # type: ignore[arg-type]
    if operand.name in binding.optional:
        return None
    if binding.partial:
        return operand
    raise UnboundParameter(operand.name)


def _formula(operand: Computed, binding: Binding) -> Operand | None:
    names = operand.expr.params()
    absent = sorted(names - set(binding.params))
    if any(name in binding.optional for name in absent) or any(
        binding.params.get(name) is NoLimit.NONE for name in names
    ):
        return None
    if absent and not binding.partial:
        raise UnboundParameter(absent[0])
    known = {name: binding.params[name] for name in names if name in binding.params}
    facts = operand.expr.facts()
    if not known and not facts & (binding.context.keys() | binding.rename.keys()):
        return operand
    return Computed(operand.expr.bind(known, binding.context, binding.rename))


def _applied(leaf: Applied, binding: Binding) -> Condition | None:
    if binding.applies is None:
        return leaf
    wanted = tuple(held(name) for name in leaf.approvals if binding.applies(name))
    return AllOf(wanted) if wanted else None
