# SPDX-License-Identifier: Apache-2.0
"""The days of the register as a calendar (RFC 5545), with a reminder before each last day and each renewal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from carnet.plan.register import Entry, Register, State
from carnet.report.approvals import words
from carnet.report.calendar import calendar, escape
from carnet.spoken import _

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:carnet:approvals")


class Day(NamedTuple):
    """What is to be remembered on a day; `ahead`: days before it on which to be reminded."""

    kind: str
    day: dt.date
    summary: str
    ahead: tuple[int, ...] = ()


def render(register: Register) -> str:
    """The calendar; the same event of the same approval keeps its identity, so that a newer one replaces it."""
    events = [line for entry in register.entries for day in _days(entry) for line in _event(register, entry, day)]
    name = _("{profile}: approvals").format(profile=register.profile)
    return calendar("Register of approvals", name, events or _nothing(register))


def _days(entry: Entry) -> Iterator[Day]:
    name = entry.approval
    if entry.valid_until and entry.state in (State.HELD, State.EXPIRING):
        yield Day("ends", entry.valid_until.day, _("{name} ends").format(name=name), (28, 7))
        if entry.renew_by:
            yield Day("renew", entry.renew_by, _("Apply again for {name}").format(name=name), (28, 7))
    if entry.expected_on and entry.state in (State.PLANNED, State.APPLIED):
        yield Day("expected", entry.expected_on, _("{name} is expected").format(name=name))
    if entry.decision_by:
        yield Day("decision", entry.decision_by.day, _("Decision due on {name}").format(name=name))


def _event(register: Register, entry: Entry, day: Day) -> Iterator[str]:
    about = [entry.title, words.next_step(entry, register.day), words.who(entry)]
    about += [_("Markets: {codes}").format(codes=", ".join(entry.markets))] if entry.markets else []
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{register.identity}/{entry.approval}/{entry.scope}/{day.kind}')}"
    yield f"DTSTAMP:{register.day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(day.summary)}"
    yield f"DESCRIPTION:{escape(chr(10).join(filter(None, about)))}"
    yield "CATEGORIES:APPROVAL"
    yield "TRANSP:TRANSPARENT"
    for days in day.ahead:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D", f"DESCRIPTION:{escape(day.summary)}")
        yield "END:VALARM"
    yield "END:VEVENT"


def _nothing(register: Register) -> Iterator[str]:
    """An event that says so where no day is known: a calendar without any is invalid."""
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_UUIDS, f'{register.identity}/nothing')}"
    yield f"DTSTAMP:{register.day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{register.day:%Y%m%d}"
    yield f"SUMMARY:{escape(_('No day is known of any approval'))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
