# SPDX-License-Identifier: Apache-2.0
"""The days on which a market's law or a profile's own papers change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from carnet.law.model import InForce, Jurisdiction, Span

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law

ONE_DAY = dt.timedelta(days=1)
Event = tuple[str, str, str]
"""Kind, what it is about, and the rule it names if any."""


def law_days(law: Law, market: str, start: dt.date, until: dt.date) -> set[dt.date]:
    """Days after `start` up to `until` on which a rule, route, adoption or parameter starts or ends."""
    found = {day for jurisdiction in law.sources(market) for day in _days(jurisdiction)}
    return {day for day in found if start < day <= until}


def _days(jurisdiction: Jurisdiction) -> Iterator[dt.date]:
    spans: list[InForce | Span] = [rule.in_force for rule in jurisdiction.rules]
    spans += [route.span for route in jurisdiction.routes]
    spans += [adoption.span for adoption in jurisdiction.applies.values()]
    for span in spans:
        if span.start:
            yield span.start
        if span.until:
            yield span.until + ONE_DAY
        if isinstance(span, InForce) and span.new_types:
            yield span.new_types
    for parameter in jurisdiction.parameters.values():
        yield from (value.start for value in parameter.values if value.start)


def profile_events(profile: Profile, start: dt.date, until: dt.date) -> dict[dt.date, list[Event]]:
    """Approvals that begin or lapse and waivers that end, by the first day on which that counts."""
    found: dict[dt.date, dict[Event, None]] = defaultdict(dict)
    for layer in profile.content.layers.values():
        for path, value in layer.values.items():
            if not isinstance(value, dt.date) or not path.startswith("approvals."):
                continue
            approval, _, field = path.removeprefix("approvals.").rpartition(".")
            if field == "valid_until":
                found[value + ONE_DAY]["approval_expires", approval, ""] = None
            elif field == "granted_on" or (field == "expected_on" and profile.expecting):
                found[value]["approval_begins" if field == "granted_on" else "approval_expected", approval, ""] = None
    for waiver in profile.waivers:
        found[waiver.until + ONE_DAY]["waiver_expires", waiver.rule, waiver.rule] = None
    return {day: list(events) for day, events in found.items() if start < day <= until}
