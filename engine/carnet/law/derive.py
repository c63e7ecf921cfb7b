# SPDX-License-Identifier: Apache-2.0
"""Derived facts, bound to a market's values. One that comes out different from the shared form gets a name of its own,
so that markets can share one program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from carnet.law.shared_model import Derivation
from carnet.logic.bind import Binding, UnboundParameter, bind
from carnet.logic.condition import Condition, NoLimit, facts_read
from carnet.logic.program import Derived


def derived_in(market: str, derivations: Iterable[Derivation], binding: Binding) -> tuple[tuple[Derived, ...], Binding]:
    """The derived facts that a market can compute, and the binding by which the law there reads them.

    One that needs a value which the market does not give stays unknown.
    """
    found: list[Derived] = []
    rename: dict[str, str] = {}
    void: set[str] = set()
    for derivation in derivations:
        if _is_void(derivation, binding, void):
            void.add(derivation.path)
            continue
        try:
            condition, expr = _bound(derivation, binding._replace(rename=rename, void=frozenset(void)))
        except UnboundParameter:
            continue
        path = derivation.path
        if condition is not derivation.condition or expr is not derivation.expr:
            path = rename[derivation.path] = f"{derivation.path}@{market}"
        found.append(Derived(path, condition, expr))
    return tuple(found), binding._replace(rename=rename, void=frozenset(void))


def _is_void(derivation: Derivation, binding: Binding, void: set[str]) -> bool:
    """Whether a formula rests on a value that the law sets to none."""
    expr = derivation.expr
    if expr is None:
        return False
    none = any(binding.params.get(name) is NoLimit.NONE for name in expr.params())
    return none or not void.isdisjoint(expr.facts())


def _bound(derivation: Derivation, binding: Binding) -> tuple[Condition | None, Any]:
    if derivation.condition is not None:
        return bind(derivation.condition, binding), None
    expr = derivation.expr
    assert expr is not None
    if missing := sorted(expr.params() - set(binding.params)):
        raise UnboundParameter(missing[0])
    touched = expr.params() or expr.facts() & (binding.context.keys() | binding.rename.keys())
    return None, expr.bind(binding.params, binding.context, binding.rename) if touched else expr


def facts_behind(derivations: Sequence[Derivation], *conditions: Condition) -> frozenset[str]:
    """The facts that conditions read, those behind derived facts included.

    derivations: in an order in which each comes after what it reads.
    """
    read = {path for condition in conditions for path in facts_read(condition)}
    for derivation in reversed(derivations):
        if derivation.path in read:
            read |= derivation.reads()
    return frozenset(read)
