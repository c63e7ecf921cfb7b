# SPDX-License-Identifier: Apache-2.0
"""Readiness as a workbook: every number of every market and profile in a table to sort, then side by side."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.lacks import Work
from carnet.plan.readiness import Readiness
from carnet.report import digest, lack_words
from carnet.report.compare import Matrix, words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

_LIST = (
    Column(N_("Market"), 26),
    Column(N_("Code"), 9),
    Column(N_("Profile"), 28, wrap=True),
    Column(N_("Day"), 12),
    Column(N_("Outcome"), 15, True),
    Column(N_("As far as known"), 10),
    Column(N_("Weeks, early"), 9),
    Column(N_("Weeks, late"), 9),
    Column(N_("Bars"), 7),
    Column(N_("Approvals to obtain"), 11),
    Column(N_("Product changes"), 10),
    Column(N_("Things to set up"), 10),
    Column(N_("Documents to make"), 11),
    Column(N_("Lesser lacks"), 9),
    Column(N_("Answers waited for"), 10),
    Column(N_("Law known"), 10),
    Column(N_("Areas known"), 9),
    Column(N_("What can decide by itself"), 46, wrap=True),
    Column(N_("Blocking gaps"), 10),
    Column(N_("Major gaps"), 9),
    Column(N_("Advisory gaps"), 10),
    Column(N_("Undetermined"), 14),
    Column(N_("Compliant"), 11),
    Column(N_("Nearest route"), 56, wrap=True),
    Column(N_("With a feature locked"), 40, wrap=True),
)


def render(matrix: Matrix) -> bytes:
    book = Book(_("Market readiness"))
    book.sheet(_("Readiness"), _LIST, _numbers(matrix), 3, _("Market readiness"))
    heads = [Column(N_("Market"), 26), Column(N_("Code"), 9), *(Column(name, 24, True) for name in matrix.profiles)]
    outcomes = ([row.name, row.market, *(_(label("outcome", c.outcome)) for c in row.cells)] for row in matrix.rows)
    book.sheet(_("Outcomes"), heads, outcomes, 2)
    distances = ([row.name, row.market, *(words.distance(c.ready) for c in row.cells)] for row in matrix.rows)
    book.sheet(_("Opens in"), heads, distances, 2)
    lacks = ([row.name, row.market, *(words.to_do(c.ready) or "-" for c in row.cells)] for row in matrix.rows)
    book.sheet(_("What it takes"), heads, lacks, 2)
    book.sheet(
        _("What follows"),
        [Column(N_("Profile"), 28, wrap=True), Column(N_("What follows"), 110, wrap=True)],
        _drawn(matrix),
    )
    receipts = zip(matrix.profiles, map(digest.receipt, matrix.receipts), strict=True)
    book.facts(_("Receipt"), [*receipts, ("", _(digest.DISCLAIMER))])
    return book.to_bytes()


def _drawn(matrix: Matrix) -> Iterator[list[Value]]:
    for profile, outlook in zip(matrix.profiles, matrix.outlooks, strict=True):
        for sentence in words.sentences(outlook):
            yield [profile, sentence]
        for note, codes in words.decisive(outlook.rows):
            yield [profile, f"{note.title} ({lack_words.named(codes)}): {note.text}"]


def _numbers(matrix: Matrix) -> Iterator[list[Value]]:
    for row in matrix.rows:
        for profile, cell in zip(matrix.profiles, row.cells, strict=True):
            yield [
                row.name, row.market, profile, cell.as_of, _(label("outcome", cell.outcome)), *_ready(cell.ready),
                cell.blocking, cell.major, cell.advisory, cell.undetermined, cell.compliant, cell.route,
                words.locked(cell.ready),
            ]  # fmt: skip


def _ready(ready: Readiness | None) -> list[Value]:
    if ready is None:
        return [""] * 13
    early, late = ready.weeks or (None, None)
    return [
        _("yes") if words.is_thin(ready) else "", early, late, *(ready.of(work) for work in Work), ready.lesser,
        ready.questions, _(label("known", ready.known.level)), round(ready.known.share, 2),
        "; ".join(note.title for note in ready.decisive),
    ]  # fmt: skip
