# SPDX-License-Identifier: Apache-2.0
"""The matrix as JSON: markets with a cell per profile, by the profile's name."""

from __future__ import annotations

from typing import Any

from carnet.assess.lacks import Work
from carnet.plan.readiness import Outlook, Readiness
from carnet.report.compare import Cell, Matrix
from carnet.report.inert import to_json


def render(matrix: Matrix) -> str:
    rows = [
        {
            "market": row.market,
            "name": row.name,
            "first_look": row.first_look,
            "profiles": {name: _cell(cell) for name, cell in zip(matrix.profiles, row.cells, strict=True)},
        }
        for row in matrix.rows
    ]
    receipts = {name: receipt._asdict() for name, receipt in zip(matrix.profiles, matrix.receipts, strict=True)}
    outlooks = {name: _outlook(one) for name, one in zip(matrix.profiles, matrix.outlooks, strict=False)}
    data = {"profiles": list(matrix.profiles), "receipts": receipts, "markets": rows, "outlooks": outlooks}
    return to_json(data)


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "outcome": cell.outcome.value,
        "route": cell.route or None,
        "no_way_in": cell.barred,
        "as_of": cell.as_of.isoformat(),
        "gaps": {"blocking": cell.blocking, "major": cell.major, "advisory": cell.advisory},
        "undetermined": cell.undetermined,
        "compliant": cell.compliant,
        "readiness": _readiness(cell.ready),
    }


def _readiness(ready: Readiness | None) -> dict[str, Any] | None:
    if ready is None:
        return None
    return {
        "weeks": list(ready.weeks) if ready.weeks else None,
        "open": ready.is_open,
        "barred": ready.is_barred,
        "lacks": [lack.id for lack in ready.blocking],
        "work": {work.value: ready.of(work) for work in Work},
        "lesser_lacks": ready.lesser,
        "questions": ready.questions,
        "known": {"level": ready.known.level.value, "share": round(ready.known.share, 3)},
        "locked": [
            {"feature": one.feature, "declared": one.declared.value, "locked": one.locked.value} for one in ready.locked
        ],
        "decisive": [{"id": note.id, "title": note.title} for note in ready.decisive],
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    step = outlook.step
    return {
        "by_distance": [row.market for row in outlook.rows],
        "next": [row.market for row in outlook.next],
        "twins": [list(codes) for codes in outlook.twins],
        "step": {"action": step.action.id, "opens": list(step.opens), "helps": list(step.helps)} if step else None,
        "partner": {"role": outlook.role[0], "lacks": outlook.role[1]} if outlook.role[0] else None,
        "conflicts": [
            {
                "fact": one.path,
                "asked": [{"value": value, "markets": list(codes)} for value, codes in one.asked.items()],
            }
            for one in outlook.conflicts
        ],
    }
