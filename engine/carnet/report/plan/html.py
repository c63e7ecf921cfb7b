# SPDX-License-Identifier: Apache-2.0
"""A road map as one HTML page: the order of entry, a drawn Gantt chart, every step in words, what does not open."""

from __future__ import annotations

from carnet.plan.model import Plan
from carnet.report.plan import words


def render(plan: Plan) -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja.
    """
    from carnet.report.html import charts
    from carnet.report.html.page import page
    from carnet.report.plan import gantt

    last = plan.last.late if plan.last else plan.start
    axis = charts.Axis(plan.start, last, margin=1.5)
    return page("plan.html.j2", "en", plan=plan, w=words, charts=charts, gantt=gantt, axis=axis)
