# SPDX-License-Identifier: Apache-2.0
"""The time line as a calendar (RFC 5545): an all-day event for each day on which a market changes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from carnet.report import digest
from carnet.report.calendar import calendar, escape
from carnet.report.timeline import Band, Timeline, Turn
from carnet.report.timeline.words import reason_words
from carnet.spoken import _

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:carnet:timeline")


def render(line: Timeline) -> str:
    """The calendar; the same event of the same profile keeps its identity, so that a newer one replaces it."""
    events = [text for band in line.bands for turn in band.turns for text in _event(line, band, turn)]
    return calendar("Time line", _("{profile}: market access").format(profile=line.profile), events or _nothing(line))


def _event(line: Timeline, band: Band, turn: Turn) -> Iterator[str]:
    after = digest.outcome_name(turn.after)
    still = _("still {outcome}").format(outcome=after)
    summary = f"{digest.outcome_name(turn.before)} -> {after}" if turn.outcome_changes else still
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{line.identity}/{band.market}/{turn.day}')}"
    yield f"DTSTAMP:{line.start:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{turn.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{turn.day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(f'{band.name} ({band.market}): {summary}')}"
    yield f"DESCRIPTION:{escape(chr(10).join(reason_words(reason) for reason in turn.reasons))}"
    yield f"CATEGORIES:{'OUTCOME' if turn.outcome_changes else 'FINDINGS'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _nothing(line: Timeline) -> Iterator[str]:
    """An event that says so where nothing changes: a calendar without any is invalid."""
    markets = ", ".join(band.market for band in line.bands)
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{line.identity}/{markets}/nothing')}"
    yield f"DTSTAMP:{line.start:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{line.start:%Y%m%d}"
    summary = _("{markets}: nothing changes until {day}").format(markets=markets, day=line.until)
    yield f"SUMMARY:{escape(summary)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
