# SPDX-License-Identifier: Apache-2.0
"""The matrix as CSV in long form, a row per market and profile, which tools can pivot."""

from __future__ import annotations

from carnet.report.compare import Matrix
from carnet.report.csv import write

COLUMNS = (
    "market", "market_name", "profile", "as_of", "outcome", "blocking", "major", "advisory", "undetermined",
    "compliant", "route",
)  # fmt: skip


def render(matrix: Matrix) -> str:
    rows = (
        (
            row.market,
            row.name,
            profile,
            cell.as_of,
            cell.outcome.value,
            cell.blocking,
            cell.major,
            cell.advisory,
            cell.undetermined,
            cell.compliant,
            cell.route,
        )
        for row in matrix.rows
        for profile, cell in zip(matrix.profiles, row.cells, strict=True)
    )
    return write(COLUMNS, rows)
