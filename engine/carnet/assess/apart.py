# SPDX-License-Identifier: Apache-2.0
"""Vehicle and feature apart: what a market says of the vehicle while one of its automated features stays locked.

Locked is judged as what it is: without the feature's overlay, its functions built in, dormant and isolated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from carnet.declare.profile import Profile
from carnet.verdict.outcome import Outcome, worst_of

if TYPE_CHECKING:
    from carnet.assess.lacks import Lack
    from carnet.assess.model import MarketAssessment

DORMANT = "automation.dormant_functions"


class Apart(NamedTuple):
    """One feature of a vehicle in a market.

    declared: what the market says of the vehicle with this feature as declared, others aside. locked: what it says of
    the vehicle with the feature locked. lacks: what then stands in the way.
    """

    feature: str
    declared: Outcome
    locked: Outcome
    lacks: tuple[Lack, ...]


def locked(profile: Profile, feature: str) -> Profile:
    """The profile of the vehicle as it is sold while the feature is locked."""
    content = profile.content
    kept = replace(
        content,
        features=tuple(name for name in content.features if name != feature),
        layers={key: layer for key, layer in content.layers.items() if key[0] != feature},
    )
    said = {DORMANT: "isolated"} if DORMANT in profile.names.vocabulary else {}
    return replace(profile, content=kept).with_set(said, name=f"{feature} locked")


def apart(
    profile: Profile, market: MarketAssessment, again: Callable[[Profile], MarketAssessment]
) -> tuple[Apart, ...]:
    """Each feature of a profile with the outcome without it; `again` assesses a profile for the same market and day."""
    found = []
    for feature in profile.features:
        without = again(locked(profile, feature))
        own = [layer.outcome for layer in market.layers if layer.feature in ("", feature)]
        declared = worst_of(own) if len(profile.features) > 1 else market.outcome
        lacks = tuple(lack for lack in without.lacks if lack.blocking)
        found.append(Apart(feature, declared, without.outcome, lacks))
    return tuple(found)
