# SPDX-License-Identifier: Apache-2.0
"""A road map as one HTML page: the order of entry, a drawn Gantt chart, every step in words, what does not open."""

from __future__ import annotations

from carnet.plan.model import Plan
from carnet.report import i18n
from carnet.report.plan import words


def render(plan: Plan, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html import charts
    from carnet.report.html.page import page
    from carnet.report.plan import gantt

    last = max((plan.start, *(step.end.late for step in plan.steps), *(one.day.late for one in plan.openings)))
    axis = charts.Axis(plan.start, last, i18n.direction(language) == "rtl", margin=1.5)
    return page("plan.html.j2", language, plan=plan, w=words, charts=charts, gantt=gantt, axis=axis)
