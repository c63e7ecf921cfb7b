# SPDX-License-Identifier: Apache-2.0
"""The time line as a calendar (RFC 5545): an all-day event for each day on which a market changes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from carnet.report import digest
from carnet.report.timeline import Band, Timeline, Turn
from carnet.report.timeline.words import reason_words

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:carnet:timeline")


def render(line: Timeline) -> str:
    """The calendar; the same event of the same profile keeps its identity, so that a newer one replaces it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Carnet//Time line//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escape(f'{line.profile}: market access')}")
    for band in line.bands:
        for turn in band.turns:
            lines += _event(line, band, turn)
    if not any(band.turns for band in line.bands):
        lines += _nothing(line)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for text in lines for folded in _fold(text))


def _event(line: Timeline, band: Band, turn: Turn) -> Iterator[str]:
    after = digest.OUTCOMES[turn.after]
    summary = f"{digest.OUTCOMES[turn.before]} -> {after}" if turn.outcome_changes else f"still {after}"
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{line.profile}/{line.receipt.profile_sha256}/{band.market}/{turn.day}')}"
    yield f"DTSTAMP:{line.start:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{turn.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{turn.day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(f'{band.name} ({band.market}): {summary}')}"
    yield f"DESCRIPTION:{_escape(chr(10).join(reason_words(reason) for reason in turn.reasons))}"
    yield f"CATEGORIES:{'OUTCOME' if turn.outcome_changes else 'FINDINGS'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _nothing(line: Timeline) -> Iterator[str]:
    """An event that says so where nothing changes: a calendar without any is invalid."""
    markets = ", ".join(band.market for band in line.bands)
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{line.profile}/{line.receipt.profile_sha256}/{markets}/nothing')}"
    yield f"DTSTAMP:{line.start:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{line.start:%Y%m%d}"
    yield f"SUMMARY:{_escape(f'{markets}: nothing changes until {line.until}')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    clean = "".join(c for c in text.replace("\r", "") if c == "\n" or c.isprintable())
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(text: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut inside a character."""
    room, line = 75, ""
    for character in text:
        size = len(character.encode())
        if size > room:
            yield line
            line, room = " ", 74
        line += character
        room -= size
    yield line
