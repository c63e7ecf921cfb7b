# SPDX-License-Identifier: Apache-2.0
"""The matrix as JSON: markets with a cell per profile, by the profile's name."""

from __future__ import annotations

from typing import Any

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
    data = {"profiles": list(matrix.profiles), "receipts": receipts, "markets": rows}
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
    }
