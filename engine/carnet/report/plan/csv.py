# SPDX-License-Identifier: Apache-2.0
"""A road map as CSV with the columns that MS Project imports: a task a row, market openings as milestones.

Predecessors are row numbers, durations calendar days (`eday`), because lead times do not stop at weekends.
"""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.model import Plan, Step
from carnet.report.csv import write
from carnet.report.plan import words
from carnet.report.table import Cell
from carnet.report.text import duty_holder_words
from carnet.spoken import _

COLUMNS = (
    "ID",
    "Name",
    "Duration",
    "Start",
    "Finish",
    "Predecessors",
    "Resource Names",
    "Milestone",
    "Deadline",
    "Notes",
)


def render(plan: Plan) -> str:
    return write(COLUMNS, rows(plan))


def rows(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    """Steps first, then openings."""
    numbers = {step.id: number for number, step in enumerate(plan.steps, 1)}
    for step in plan.steps:
        before = ",".join(str(numbers[name]) for name in step.after if name in numbers)
        days = (step.end.late - step.start.late).days
        notes = "; ".join(words.details(step, plan)[1:])
        who = step.partner or duty_holder_words(step.who)
        deadline = _deadline(step)
        yield (
            numbers[step.id],
            words.title(step),
            f"{days} edays",
            step.start.late,
            step.end.late,
            before,
            who,
            "No",
            deadline,
            notes,
        )
    for number, one in enumerate(plan.openings, len(plan.steps) + 1):
        before = ",".join(str(numbers[name]) for name in one.steps if name in numbers)
        yield (
            number,
            words.opens(one),
            "0 edays",
            one.day.late,
            one.day.late,
            before,
            "",
            "Yes",
            plan.by,
            _("earliest {day}").format(day=one.day.early),
        )


def _deadline(step: Step) -> Cell:
    from datetime import timedelta

    return step.latest + timedelta(days=(step.end.late - step.start.late).days) if step.latest else None
