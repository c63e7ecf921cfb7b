# SPDX-License-Identifier: Apache-2.0
"""Vehicle and feature apart: what a market says of the vehicle while one of its automated features stays locked.

Locked is judged as what it is: without the feature's overlay, its functions built in, dormant and isolated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.later import Later
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
    lacking: Later[tuple[Lack, ...]] = Later(())

    @property
    def lacks(self) -> tuple[Lack, ...]:
        return self.lacking.value


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


class FeaturesApart:
    """A profile without each of its features, in the markets added, worked out for all of them when one is looked at.

    assess: a profile's assessments in markets, each on its own day. Together they share one run of the law, as the
    declared vehicle's do.
    """

    def __init__(
        self, profile: Profile, assess: Callable[[Profile, Mapping[str, dt.date]], Iterable[MarketAssessment]]
    ) -> None:
        self._profile, self._assess = profile, assess
        self._days: dict[str, dt.date] = {}
        self._locked: dict[str, dict[str, MarketAssessment]] = {}

    def beside(self, market: MarketAssessment) -> MarketAssessment:
        """The assessment with what it would be without each feature."""
        if not self._profile.features:
            return market
        self._days[market.market] = market.as_of
        return market._replace(locking=Later((), partial(self._apart, market)))

    def _apart(self, market: MarketAssessment) -> tuple[Apart, ...]:
        features = self._profile.features
        found = []
        for feature in features:
            without = self._without(feature)[market.market]
            own = [layer.outcome for layer in market.layers if layer.feature in ("", feature)]
            declared = worst_of(own) if len(features) > 1 else market.outcome
            found.append(Apart(feature, declared, without.outcome, Later((), partial(_blocking, without))))
        return tuple(found)

    def _without(self, feature: str) -> dict[str, MarketAssessment]:
        if feature not in self._locked:
            judged = self._assess(locked(self._profile, feature), self._days)
            self._locked[feature] = {market.market: market for market in judged}
        return self._locked[feature]


def _blocking(market: MarketAssessment) -> tuple[Lack, ...]:
    return tuple(lack for lack in market.lacks if lack.blocking)
