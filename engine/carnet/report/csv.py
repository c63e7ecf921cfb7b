# SPDX-License-Identifier: Apache-2.0
"""CSV, one row per finding: RFC 4180, UTF-8 without a byte order mark, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from carnet.assess.model import Report
from carnet.report import table
from carnet.report.inert import clean_text
from carnet.spoken import ENGLISH, _, language


def render(report: Report) -> str:
    """Columns are named for programs; in another language than English for people."""
    columns = table.COLUMNS if language() == ENGLISH else [_(table.HEADS[name]) for name in table.COLUMNS]
    return write(columns, table.rows(report))


def write(columns: Sequence[str], rows: Iterable[Sequence[table.Cell]]) -> str:
    """Any table as CSV; booleans as `true` and `false`, nothing as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: table.Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return table.inert(clean_text(value)) if isinstance(value, str) else str(value)
