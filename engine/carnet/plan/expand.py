# SPDX-License-Identifier: Apache-2.0
"""Conditions over what can be declared: a derived fact in them is written out as the condition that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Constant, Not
from carnet.logic.program import Derived


def without_derived(condition: Condition, sources: Mapping[str, Derived]) -> Condition:
    """The condition with derived truths written out; a derived number stays, since it has no single cause."""
    if isinstance(condition, Compare):
        derived = sources.get(condition.path)
        if derived is None or derived.condition is None or condition.operand not in (Constant(True), Constant(False)):
            return condition
        if condition.op not in ("eq", "ne"):
            return condition
        inner = without_derived(derived.condition, sources)
        holds = (condition.operand == Constant(True)) is (condition.op == "eq")
        return inner if holds else Not(inner)
    if isinstance(condition, Not):
        return Not(without_derived(condition.item, sources))
    if isinstance(condition, AtLeast):
        return AtLeast(condition.n, tuple(without_derived(item, sources) for item in condition.items))
    if isinstance(condition, AllOf):
        return AllOf(tuple(without_derived(item, sources) for item in condition.items))
    if isinstance(condition, AnyOf):
        return AnyOf(tuple(without_derived(item, sources) for item in condition.items))
    return condition
