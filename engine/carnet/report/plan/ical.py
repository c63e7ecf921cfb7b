# SPDX-License-Identifier: Apache-2.0
"""A road map as a calendar (RFC 5545): when to begin each step, when it is to be done, when each market opens."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from carnet.plan.model import Plan
from carnet.report.calendar import calendar, escape
from carnet.report.plan import words
from carnet.spoken import _

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:carnet:plan")


def render(plan: Plan) -> str:
    """The calendar; the same step of the same profile keeps its identity, so that a newer plan moves it."""
    events = [line for event in _events(plan) for line in event]
    name = _("{profile}: road map").format(profile=plan.profile)
    return calendar("Road map", name, events or _event(plan, "none", plan.start, _("Nothing to do"), ""))


def _events(plan: Plan) -> Iterator[list[str]]:
    for step in plan.steps:
        told = "; ".join(words.details(step, plan))
        begin = _("Begin: {step}").format(step=words.title(step))
        yield _event(plan, f"begin {step.id}", step.start.late, begin, told)
        if step.end.late > step.start.late:
            done = _("To be done: {step}").format(step=words.title(step))
            yield _event(plan, f"done {step.id}", step.end.late, done, told)
    for one in plan.openings:
        told = _("earliest {day}").format(day=one.day.early)
        yield _event(plan, f"open {one.market}", one.day.late, words.opens(one), told)


def _event(plan: Plan, about: str, day: dt.date, title: str, told: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(_UUIDS, f'{plan.identity}/{about}')}",
        f"DTSTAMP:{plan.start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(title)}",
        f"DESCRIPTION:{escape(told)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
