# SPDX-License-Identifier: Apache-2.0
"""The bars of a Gantt chart as inline SVG, one drawing a row; the same days stand in the text beside each."""

from __future__ import annotations

from markupsafe import Markup

from carnet.plan.model import Days, Opening, Step
from carnet.report.html.charts import Axis
from carnet.spoken import _


def step_bar(line: Axis, step: Step) -> Markup:
    """From the day on which a step begins to the day on which it is done at the latest; a mark where it may be done."""
    x, width = line.span(step.start.late, step.end.late)
    kind = "f-gap" if step.critical else "f-undetermined"
    slack = _slack(line, step)
    early = f"{line.at(min(step.end.early, step.end.late)):.2f}%"
    drawn = f'<rect class="{kind}" x="{x:.2f}%" width="{max(width, 0.4):.2f}%" y="5" height="12" rx="2"/>'
    mark = f'<line class="base" x1="{early}" x2="{early}" y1="2" y2="20"/>' if step.end.early > step.start.late else ""
    told = _("{first} to {last}, done on {day} at the earliest")
    told = told.format(first=step.start.late, last=step.end.late, day=step.end.early)
    return _drawing(slack + drawn + mark, told)


def _slack(line: Axis, step: Step) -> str:
    """A thin line as long as the step may come late."""
    from datetime import timedelta

    if not step.slack:
        return ""
    x, width = line.span(step.end.late, step.end.late + timedelta(days=step.slack))
    return f'<line class="tick" x1="{x:.2f}%" x2="{x + width:.2f}%" y1="11" y2="11"/>'


def opening_mark(line: Axis, one: Opening) -> Markup:
    """From the earliest day of an opening to the latest, with a dot on that."""
    x, width = line.span(one.day.early, one.day.late)
    end = f"{line.at(one.day.late):.2f}%"
    drawn = f'<rect class="o-{one.outcome.value}" x="{x:.2f}%" width="{max(width, 0.4):.2f}%" y="9" height="4"/>'
    return _drawing(drawn + f'<circle class="dot" cx="{end}" cy="11" r="6"/>', _told(one.day))


def _told(days: Days) -> str:
    return _("opens {first} at the earliest, {last} at the latest").format(first=days.early, last=days.late)


def _drawing(drawn: str, told: str) -> Markup:
    return Markup('<svg class="band" role="img" aria-label="{}">{}</svg>').format(told, Markup(drawn))
