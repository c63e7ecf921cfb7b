# SPDX-License-Identifier: Apache-2.0
"""Distances for a terminal: a line per market; profiles that do not fit side by side follow below."""

from __future__ import annotations

from carnet.report import digest, lack_words
from carnet.report.compare import Cell, Matrix, words
from carnet.report.layout import Page, display_width, pad
from carnet.report.terminal import COLOURS
from carnet.report.typesetting import set_type
from carnet.spoken import _

_COLUMN = 26
_DISTANCE = 12


def render(matrix: Matrix, *, width: int = 80, colour: bool = False) -> str:
    page = Page(width, colour)
    labels = [f"{row.market}  {row.name}" for row in matrix.rows]
    label_width = min(max(map(display_width, [*labels, _("Market")])), max(20, page.width // 3))
    if len(matrix.profiles) == 1:
        _one(page, matrix, labels, label_width)
    else:
        fitting = max(1, (page.width - label_width) // (_COLUMN + 2))
        for first in range(0, len(matrix.profiles), fitting):
            _several(page, matrix, labels, label_width, range(len(matrix.profiles))[first : first + fitting])
    page.gap()
    if told := words.order(matrix):
        page.text(told, dim=True)
    for place, name in enumerate(matrix.profiles):
        parts = [f"{count} {digest.outcome_name(outcome)}" for outcome, count in matrix.tally(place).items() if count]
        page.text(f"{name}: {', '.join(parts)}.")
    if len(matrix.profiles) == 1 and matrix.outlooks:
        _drawn(page, matrix)
    page.gap()
    if any(words.is_thin(cell.ready) for row in matrix.rows for cell in row.cells):
        page.text(_("* As far as known: Carnet knows little of this market's law."))
    if len(matrix.profiles) == 1 and any(
        cell.ready and cell.ready.is_least for row in matrix.rows for cell in row.cells
    ):
        page.text(_("≥ At least: facts are not declared yet that may ask for more."))
    for receipt in matrix.receipts:
        page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(receipt)), dim=True)
    page.text(_(digest.DISCLAIMER), dim=True)
    return str(page)


def _one(page: Page, matrix: Matrix, labels: list[str], width: int) -> None:
    page.text(_("Market readiness: {profile}").format(profile=matrix.profiles[0]), bold=True)
    page.gap()
    heads = f"{pad(_('Market'), width)}  {pad(_('Outcome'), 13)} {pad(_('Opens in'), _DISTANCE)}  {_('What it takes')}"
    page.raw(page.style(heads, dim=True))
    for row, label in zip(matrix.rows, labels, strict=True):
        ready = row.cells[0].ready
        mark = "! " if ready and ready.decisive else ""
        room = page.width - width - 19 - _DISTANCE
        line = f"{pad(label, width)}  {_outcome(page, row.cells[0])} {pad(words.distance(ready), _DISTANCE)}  "
        page.raw(line + pad(set_type(mark + (words.to_do_briefly(ready) or "-")), room))


def _drawn(page: Page, matrix: Matrix) -> None:
    """What to draw from the table, then the law of money and origin behind its marks."""
    for sentence in words.sentences(matrix.outlooks[0]):
        page.text(sentence)
    found = words.decisive(matrix.outlooks[0].rows)
    if found:
        page.gap()
        page.text(_("! What can decide by itself:"))
        page.extend([f"{note.title} ({lack_words.named(codes)})" for note, codes in found], 2)


def _several(page: Page, matrix: Matrix, labels: list[str], width: int, places: range) -> None:
    page.gap()
    names = "  ".join(pad(matrix.profiles[place], _COLUMN) for place in places)
    page.raw(page.style(f"{pad('', width)}  {names}", bold=True))
    heads = "  ".join(f"{pad(_('Outcome'), 13)} {pad(_('Opens in'), _DISTANCE)}" for place in places)
    page.raw(page.style(f"{pad(_('Market'), width)}  {heads}", dim=True))
    for row, label in zip(matrix.rows, labels, strict=True):
        cells = (row.cells[place] for place in places)
        shown = "  ".join(f"{_outcome(page, cell)} {pad(words.distance(cell.ready), _DISTANCE)}" for cell in cells)
        page.raw(f"{pad(label, width)}  {shown}".rstrip())


def _outcome(page: Page, cell: Cell) -> str:
    word = digest.outcome_name(cell.outcome) + ("*" if words.is_thin(cell.ready) else "")
    return page.style(pad(word, 13), **COLOURS[cell.outcome])
