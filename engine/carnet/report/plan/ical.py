# SPDX-License-Identifier: Apache-2.0
"""A road map as a calendar (RFC 5545): when to begin each step, when it is to be done, when each market opens."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from carnet.plan.model import Plan
from carnet.report.calendar import calendar, escape
from carnet.report.plan import words

_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:carnet:plan")


def render(plan: Plan) -> str:
    """The calendar; the same step of the same profile keeps its identity, so that a newer plan moves it."""
    events = [line for event in _events(plan) for line in event]
    return calendar(
        "Road map", f"{plan.profile}: road map", events or _event(plan, "none", plan.start, "Nothing to do", "")
    )


def _events(plan: Plan) -> Iterator[list[str]]:
    for step in plan.steps:
        told = "; ".join(words.details(step, plan))
        yield _event(plan, f"begin {step.id}", step.start.late, f"Begin: {words.title(step)}", told)
        if step.end.late > step.start.late:
            yield _event(plan, f"done {step.id}", step.end.late, f"To be done: {words.title(step)}", told)
    for one in plan.openings:
        title = f"{one.name} ({one.market}) opens: {words.outcome(one)}"
        yield _event(plan, f"open {one.market}", one.day.late, title, f"earliest {one.day.early}")


def _event(plan: Plan, about: str, day: dt.date, title: str, told: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(_UUIDS, f'{plan.profile}/{about}')}",
        f"DTSTAMP:{plan.start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(title)}",
        f"DESCRIPTION:{escape(told)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
