# SPDX-License-Identifier: Apache-2.0
"""The matrix as a workbook: outcomes side by side, then every number of every profile in a list to filter."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.report import digest
from carnet.report.compare import Cell, Matrix
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label

_LIST = (
    Column("Market", 26), Column("Code", 9), Column("Profile", 28, wrap=True), Column("Day", 12),
    Column("Outcome", 15, True), Column("Blocking gaps", 10), Column("Major gaps", 9), Column("Advisory gaps", 10),
    Column("Undetermined", 14), Column("Compliant", 11), Column("Nearest route", 56, wrap=True),
)  # fmt: skip


def render(matrix: Matrix) -> bytes:
    book = Book("Market readiness")
    heads = [Column("Market", 26), Column("Code", 9), *(Column(name, 20, True) for name in matrix.profiles)]
    outcomes = ([row.name, row.market, *(label("outcome", c.outcome) for c in row.cells)] for row in matrix.rows)
    book.sheet("Outcomes", heads, outcomes, 2, "Market readiness")
    heads = [Column("Market", 26), Column("Code", 9), *(Column(name, 24, True) for name in matrix.profiles)]
    gaps = ([row.name, row.market, *(_gaps(cell) for cell in row.cells)] for row in matrix.rows)
    book.sheet("Gaps", heads, gaps, 2)
    book.sheet("All numbers", _LIST, _numbers(matrix), 3)
    receipts = zip(matrix.profiles, map(digest.receipt, matrix.receipts), strict=True)
    book.facts("Receipt", [*receipts, ("", digest.DISCLAIMER)])
    return book.to_bytes()


def _gaps(cell: Cell) -> str:
    only_closed = cell.barred and cell.blocking == 1
    parts = ["no way in"] if only_closed else [f"{cell.blocking} blocking"] if cell.blocking else []
    parts += [digest.count(cell.gaps, "gap")] if cell.gaps else []
    parts += [f"{cell.undetermined} unknown"] if cell.undetermined else []
    return ", ".join(parts) or "Met"


def _numbers(matrix: Matrix) -> Iterator[list[Value]]:
    for row in matrix.rows:
        for profile, cell in zip(matrix.profiles, row.cells, strict=True):
            numbers = (cell.blocking, cell.major, cell.advisory, cell.undetermined, cell.compliant)
            outcome = label("outcome", cell.outcome)
            yield [row.name, row.market, profile, cell.as_of, outcome, *numbers, cell.route]
