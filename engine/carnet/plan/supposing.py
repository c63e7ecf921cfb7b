# SPDX-License-Identifier: Apache-2.0
"""A profile supposed otherwise: several declarations at once, in overlays and features too, or another profile.

What it comes to is told in outcomes and lacks: how many there were, how many are left, and what still blocks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from carnet.assess.changes import Changes, changes
from carnet.assess.lacks import Lack
from carnet.assess.model import MarketAssessment, Outcome, Receipt, Report
from carnet.assess.session import LawSession
from carnet.declare.profile import Profile
from carnet.errors import InputError, shown
from carnet.law.law import Law


class Place(NamedTuple):
    """Where a declaration stands: the overlay of a feature, of a jurisdiction, of both, or the base."""

    feature: str
    code: str
    path: str


class SupposedMarket(NamedTuple):
    """A market before and after. lacks: blocking ones first; what only home duties lack is among them."""

    market: str
    name: str
    before: Outcome
    after: Outcome
    lacks_before: tuple[Lack, ...]
    lacks: tuple[Lack, ...]

    @property
    def blocking(self) -> tuple[Lack, ...]:
        """What still stands in the way."""
        return tuple(lack for lack in self.lacks if lack.blocking)


class Supposed(NamedTuple):
    """What something else would come to: each market, the changes in between, and the report after them."""

    receipt: Receipt
    markets: tuple[SupposedMarket, ...]
    changes: Changes
    report: Report


def place_of(text: str) -> Place:
    """`odd.max_speed_kmh`, `in.DE.odd.max_speed_kmh`, `features.pilot.automation.sae_level`, or both prefixes.

    Raises:
        InputError: for a prefix without what belongs to it.
    """
    feature = code = ""
    path = text
    for prefix in ("features", "in"):
        if path.startswith(f"{prefix}."):
            name, dot, rest = path.removeprefix(f"{prefix}.").partition(".")
            if not name or not dot or not rest:
                example = "in.DE.odd.max_speed_kmh" if prefix == "in" else "features.pilot.odd.max_speed_kmh"
                raise InputError(f"{shown(text)} names no fact", hint=f"write it as `{example}=95`")
            feature, code = (name, code) if prefix == "features" else (feature, name)
            path = rest
    return Place(feature, code, path)


def supposed_profile(
    profile: Profile, settings: Mapping[str, Any], overlay: str | None = None, feature: str | None = None
) -> Profile:
    """The profile with these settings. overlay, feature: for those that name none themselves.

    Raises:
        Problems: when a setting does not follow the vocabulary.
        UnknownName: for a jurisdiction or feature that does not exist.
    """
    by_place: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for text, value in settings.items():
        place = place_of(text)
        by_place[place.feature or feature or "", place.code or overlay or ""][place.path] = value
    for (name, code), facts in by_place.items():
        profile = profile.with_set(facts, market=code or None, feature=name or None)
    return profile


def suppose(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    other: Profile,
    as_of: dt.date | None = None,
    evaluator: str | None = None,
) -> Supposed:
    """What another profile comes to in each market, beside this one; each on its own day unless one is named."""
    with LawSession(law, profile, markets, as_of, evaluator) as session:
        before = session.report()
        session.follow(other)
        after = session.report()
    pairs = ({market.market: market for market in report} for report in (before, after))
    told = tuple(_market(old, new) for old, new in zip(before, after, strict=True))
    return Supposed(after.receipt, told, changes(*pairs), after)


def _market(before: MarketAssessment, after: MarketAssessment) -> SupposedMarket:
    lacks = [tuple(lack for lack in (*one.lacks, *one.home_lacks) if not lack.waived) for one in (before, after)]
    return SupposedMarket(after.market, after.name, before.outcome, after.outcome, *lacks)
