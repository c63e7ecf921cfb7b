# SPDX-License-Identifier: Apache-2.0
"""The days on which a profile's own papers change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from carnet.law.changing import ONE_DAY

if TYPE_CHECKING:
    from carnet.declare.profile import Profile

Event = tuple[str, str, str]
"""Kind, what it is about, and the rule it names if any."""


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
