# SPDX-License-Identifier: Apache-2.0
"""The matrix as CSV in long form, a row per market and profile, which tools can pivot."""

from __future__ import annotations

from carnet.assess.lacks import Work
from carnet.plan.readiness import Readiness
from carnet.report.compare import Matrix
from carnet.report.csv import write

COLUMNS = (
    "market", "market_name", "profile", "as_of", "outcome", "blocking", "major", "advisory", "undetermined",
    "compliant", "route", "weeks_early", "weeks_late", "bars", "approvals", "product_changes", "to_set_up", "documents",
    "lesser_lacks", "questions", "known", "locked",
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
            *_ready(cell.ready),
        )
        for row in matrix.rows
        for profile, cell in zip(matrix.profiles, row.cells, strict=True)
    )
    return write(COLUMNS, rows)


def _ready(ready: Readiness | None) -> list[str | int | None]:
    if ready is None:
        return [""] * 11
    works = (ready.of(work) for work in Work)
    locked = " ".join(f"{one.feature}={one.locked.value}" for one in ready.locked)
    return [*(ready.weeks or ("", "")), *works, ready.lesser, ready.questions, ready.known.level.value, locked]
