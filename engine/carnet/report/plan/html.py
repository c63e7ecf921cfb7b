# SPDX-License-Identifier: Apache-2.0
"""A road map as one HTML page: the order of entry, a drawn Gantt chart, every step in words, what does not open."""

from __future__ import annotations

from carnet.plan.model import Plan
from carnet.report import i18n
from carnet.report.plan import words
from carnet.spoken import speaking


def render(plan: Plan, language: str = "en") -> str:
    """The page in a language; what the law says is in that of the law.

    Raises:
        MissingExtra: without Jinja.
    """
    from carnet.report.html import charts
    from carnet.report.html.page import page
    from carnet.report.plan import gantt

    last = plan.last.late if plan.last else plan.start
    axis = charts.Axis(plan.start, last, i18n.direction(language) == "rtl", margin=1.5)
    with speaking(language):
        return page("plan.html.j2", language, plan=plan, w=words, charts=charts, gantt=gantt, axis=axis)
