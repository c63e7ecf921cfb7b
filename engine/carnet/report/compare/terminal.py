# SPDX-License-Identifier: Apache-2.0
"""The matrix for a terminal: a line per market; profiles that do not fit side by side follow below."""

from __future__ import annotations

from carnet.report import digest
from carnet.report.compare import Cell, Matrix
from carnet.report.layout import Page, display_width, pad
from carnet.report.terminal import COLOURS

_COLUMN = 26


def render(matrix: Matrix, *, width: int = 80, colour: bool = False) -> str:
    page = Page(width, colour)
    labels = [f"{row.market}  {row.name}" for row in matrix.rows]
    label_width = min(max(map(display_width, [*labels, "Market"])), max(20, page.width // 3))
    if len(matrix.profiles) == 1:
        _one(page, matrix, labels, label_width)
    else:
        fitting = max(1, (page.width - label_width) // (_COLUMN + 2))
        for first in range(0, len(matrix.profiles), fitting):
            _several(page, matrix, labels, label_width, range(len(matrix.profiles))[first : first + fitting])
    page.gap()
    for place, name in enumerate(matrix.profiles):
        parts = [f"{count} {digest.outcome_name(outcome)}" for outcome, count in matrix.tally(place).items() if count]
        page.text(f"{name}: {', '.join(parts)}.")
    page.gap()
    if matrix.first_looks:
        page.text(f"Carnet knows little of the law of {', '.join(matrix.first_looks)}: take these as a first look.")
    page.text("Gaps: blocking/major/advisory. ?: findings not known yet.", dim=True)
    for receipt in matrix.receipts:
        page.text(f"Receipt: {digest.receipt(receipt)}.", dim=True)
    page.text(digest.DISCLAIMER, dim=True)
    return str(page)


def _one(page: Page, matrix: Matrix, labels: list[str], width: int) -> None:
    page.text(f"Market readiness: {matrix.profiles[0]}", bold=True)
    page.gap()
    page.raw(page.style(f"{pad('Market', width)}  {'Outcome':<12} {'Gaps':>10} {'?':>4}  Nearest route", dim=True))
    for row, label in zip(matrix.rows, labels, strict=True):
        cell = row.cells[0]
        room = page.width - width - 32
        numbers = f"{_gaps(cell):>10} {_open(cell):>4}"
        page.raw(f"{pad(label, width)}  {_outcome(page, cell)} {numbers}  {pad(cell.route or 'none', room)}")


def _several(page: Page, matrix: Matrix, labels: list[str], width: int, places: range) -> None:
    page.gap()
    names = "  ".join(pad(matrix.profiles[place], _COLUMN) for place in places)
    page.raw(page.style(f"{pad('', width)}  {names}", bold=True))
    heads = "  ".join(f"{'Outcome':<12} {'Gaps':>9} {'?':>3}" for _ in places)
    page.raw(page.style(f"{pad('Market', width)}  {heads}", dim=True))
    for row, label in zip(matrix.rows, labels, strict=True):
        cells = (row.cells[place] for place in places)
        shown = "  ".join(f"{_outcome(page, cell)} {_gaps(cell):>9} {_open(cell):>3}" for cell in cells)
        page.raw(f"{pad(label, width)}  {shown}")


def _outcome(page: Page, cell: Cell) -> str:
    return page.style(f"{digest.outcome_name(cell.outcome):<12}", **COLOURS[cell.outcome])


def _gaps(cell: Cell) -> str:
    if cell.barred and cell.blocking == 1:
        return "no way in"
    return f"{cell.blocking}/{cell.major}/{cell.advisory}" if cell.gaps else "-"


def _open(cell: Cell) -> str:
    return str(cell.undetermined) if cell.undetermined else "-"
