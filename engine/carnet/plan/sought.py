# SPDX-License-Identifier: Apache-2.0
"""What an approval that is still to be obtained would be granted for: what is declared, since that is applied for.

A grant that always carries a limit leaves a market open to question until the limit is known. Of one that nobody holds
yet there is nothing to know: whoever plans it applies for the operation as declared. What a company holds, and whatever
it says of a grant, is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from carnet.declare.approval_states import OF_ANY_STATE
from carnet.declare.facts import is_held
from carnet.declare.grants import APPROVALS, name_of
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.law.law import Law
from carnet.logic.condition import Compare, leaves, operand_facts

Key: TypeAlias = tuple[str, str]
"""The feature that a fact is declared for, empty for all of them, and its path."""
Changes: TypeAlias = Mapping[Key, Value | None]


def granted(
    law: Law, profile: Profile, market: str, worlds: Iterable[tuple[str, Mapping[str, Any]]], changes: Changes
) -> Changes:
    """The changes, with what the approvals among them would be granted for.

    worlds: each feature (empty: the vehicle as a whole) with its facts as declared.
    """
    found: dict[Key, Value | None] = dict(changes)
    for feature, facts in worlds:
        here = {path: value for (name, path), value in changes.items() if name in ("", feature)}
        for path, value in sought(law, market, {**described(here), **here}, facts).items():
            found.setdefault(declared_for(profile, feature, path), value)
    return found


def described(tried: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """That an approval is held whose grant is described, as a profile means it."""
    fields = (path.rpartition(".") for path, value in tried.items() if value is not None and path.startswith(APPROVALS))
    return {f"{approval}.held": True for approval, _, name in fields if name not in OF_ANY_STATE}


def declared_for(profile: Profile, feature: str, path: str) -> Key:
    """Where to declare a fact: for the feature alone where some feature says it for itself."""
    features = {name for (name, _), layer in profile.content.layers.items() if name and path in layer.values}
    return (feature if features else "", path)


def sought(law: Law, market: str, tried: Mapping[str, Value | None], base: Mapping[str, Any]) -> dict[str, Value]:
    """The limits that the approvals obtained by `tried` always carry, as wide as what is then declared."""
    found: dict[str, Value] = {}
    for path, value in tried.items():
        if value is not True or not is_held(path) or base.get(path) is True:
            continue
        approval = law.approvals.get(name_of(path))
        for field in approval.limits if approval else ():
            own = f"approvals.{name_of(path)}.{field}"
            if own in base or tried.get(own) is not None:
                continue
            found |= _as_wide(law, market, name_of(path), field, {**base, **tried})
    return found


def _as_wide(law: Law, market: str, approval: str, field: str, values: Mapping[str, Any]) -> dict[str, Value]:
    """A limit as wide as what is declared: true for what is allowed, else what the limit is compared with.

    Where no declared place lies in the market, operation and grant are taken to be in the whole of it.
    """
    kind, own = law.vocabulary.approval_fields[field], f"approvals.{approval}.{field}"
    if kind.type == "bool":
        return {own: True}
    for fact in _compared(law, approval, field):
        value = values.get(fact)
        if kind.items == "place":
            there = tuple(place for place in value or () if law.limits.places.inside(place, market))
            return {own: there} if there else {own: (market,), fact: (market,)}
        if value is not None:
            return {own: (value,) if kind.type == "set" and not isinstance(value, (tuple, frozenset)) else value}
    return {}


def _compared(law: Law, approval: str, field: str) -> Iterator[str]:
    """The facts that a limit is compared with."""
    own = f"approvals.{approval}.{field}"
    for leaf in leaves(law.limits.of(field, approval)):
        if isinstance(leaf, Compare) and own in operand_facts(leaf.operand):
            yield leaf.path
