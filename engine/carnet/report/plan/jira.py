# SPDX-License-Identifier: Apache-2.0
"""A road map as CSV with the columns that Jira's importer takes: an epic a market, a task a step."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.model import Plan
from carnet.report.csv import write
from carnet.report.plan import words
from carnet.report.table import Cell
from carnet.spoken import _

COLUMNS = (
    "Issue Id",
    "Issue Type",
    "Summary",
    "Description",
    "Start date",
    "Due Date",
    "Labels",
    "Priority",
    "External Id",
)


def render(plan: Plan) -> str:
    return write(COLUMNS, rows(plan))


def rows(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """Epics first, because tasks are read after them."""
    for number, one in enumerate(plan.openings, 1):
        decided = _("decided by {steps}").format(steps=words.opening_steps(one) or _("nothing"))
        told = f"{words.outcome(one)}, {words.days_words(one.day)}; {decided}"
        summary = f"{one.name} ({one.market})"
        yield number, "Epic", summary, told, plan.start, one.day.late, one.market, "Medium", f"market:{one.market}"
    for number, step in enumerate(plan.steps, len(plan.openings) + 1):
        told = "; ".join([*words.details(step, plan), _("settles {names}").format(names=", ".join(step.closes))])
        labels = " ".join((step.who, *step.markets))
        priority = "High" if step.critical else "Medium"
        summary = words.title(step)[:255]
        yield number, "Task", summary, told, step.start.late, step.end.late, labels, priority, step.id
