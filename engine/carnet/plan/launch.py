# SPDX-License-Identifier: Apache-2.0
"""Launching with less: what could be offered first where a market does not open for all that was declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from carnet.declare.facts import PHASE, TESTING
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.law.law import Law
from carnet.plan.apply import applied
from carnet.plan.bounds import OFFERED
from carnet.plan.choices import Slot, Way
from carnet.plan.sought import Changes, Key
from carnet.plan.trial import Trial

DRIVER: Changes = {("", "operation.driver_on_board"): True, ("", "operation.on_board_operator"): "driver_seat"}
KINDS = ("choice", "less", "feature_locked", "driver", "testing")


class Launch(NamedTuple):
    """One way to offer less. kind: one of `KINDS`; name: of the choice or feature; settings: what is declared instead.

    Of `less` the settings are what the search found, so they stand with what a plan declares.
    """

    kind: str
    name: str
    settings: Changes


def launches(law: Law, profile: Profile, market: str) -> Iterator[tuple[Launch, Profile]]:
    """What could be launched instead, in the order in which it takes least from what was declared."""
    for name, layer in profile.choices.items():
        settings: dict[Key, Value | None] = {("", path): value for path, value in layer.values.items()}
        yield Launch("choice", name, settings), applied(profile, market, settings)
    yield Launch("less", "", {}), profile
    for feature in profile.features:
        yield Launch("feature_locked", feature, {}), without_feature(profile, feature)
    chain = law.chain(market)
    if profile.declared("operation.driver_on_board", chain) is False:
        yield Launch("driver", "", DRIVER), applied(profile, market, DRIVER)
    if profile.declared(PHASE, chain) not in (TESTING, None):
        yield Launch("testing", "", {}), profile


def without_feature(profile: Profile, feature: str) -> Profile:
    """The profile without one feature; without the last one its base is left."""
    content = profile.content
    layers = {key: layer for key, layer in content.layers.items() if key[0] != feature}
    features = tuple(name for name in content.features if name != feature)
    return replace(profile, content=replace(content, features=features, layers=layers))


def enlarged(trial: Trial, way: Way) -> Way:
    """The way with each number that was lowered raised again as far as the outcome allows."""
    for at, slot in enumerate(way.slots):
        for key, value in slot.ways[0].items():
            declared = trial.profile.declared(key[1], trial.law.chain(trial.code), key[0] or None)
            if key[1] in OFFERED and _is_less(value, declared):
                best = _largest(trial, way, key, value, declared)  # type: ignore[arg-type]
                ways = ({**slot.ways[0], key: best}, *slot.ways[1:])
                way = way._replace(slots=(*way.slots[:at], Slot(ways, slot.closes), *way.slots[at + 1 :]))
    return way


def _is_less(value: object, declared: object) -> bool:
    numbers = (int, float)
    plain = not isinstance(value, bool) and not isinstance(declared, bool)
    return plain and isinstance(value, numbers) and isinstance(declared, numbers) and value < declared


def _largest(trial: Trial, way: Way, key: Key, good: float, bad: float) -> float:
    """Between a value that opens and one that does not, the largest whole one that does."""
    low, high = int(good), int(bad)
    while high - low > 1:
        middle = (low + high) // 2
        if trial.judge({**way.changes(), key: middle}).rank <= way.standing.rank:
            low = middle
        else:
            high = middle
    return max(good, low)
