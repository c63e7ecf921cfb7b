# SPDX-License-Identifier: Apache-2.0
"""Readiness as a workbook: every number of every market and profile in a table to sort, then side by side."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.lacks import Work
from carnet.plan.readiness import Readiness
from carnet.report import digest
from carnet.report.compare import Matrix, words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label

_LIST = (
    Column("Market", 26), Column("Code", 9), Column("Profile", 28, wrap=True), Column("Day", 12),
    Column("Outcome", 15, True), Column("As far as known", 10), Column("Weeks, early", 9), Column("Weeks, late", 9),
    Column("Bars", 7), Column("Approvals to obtain", 11), Column("Product changes", 10),
    Column("Things to set up", 10), Column("Documents to make", 11), Column("Lesser lacks", 9),
    Column("Answers waited for", 10), Column("Law known", 10), Column("Areas known", 9),
    Column("What can decide by itself", 46, wrap=True), Column("Blocking gaps", 10), Column("Major gaps", 9),
    Column("Advisory gaps", 10), Column("Undetermined", 14), Column("Compliant", 11),
    Column("Nearest route", 56, wrap=True),
)  # fmt: skip


def render(matrix: Matrix) -> bytes:
    book = Book("Market readiness")
    book.sheet("Readiness", _LIST, _numbers(matrix), 3, "Market readiness")
    heads = [Column("Market", 26), Column("Code", 9), *(Column(name, 24, True) for name in matrix.profiles)]
    outcomes = ([row.name, row.market, *(label("outcome", c.outcome) for c in row.cells)] for row in matrix.rows)
    book.sheet("Outcomes", heads, outcomes, 2)
    distances = ([row.name, row.market, *(words.distance(c.ready) for c in row.cells)] for row in matrix.rows)
    book.sheet("Opens in", heads, distances, 2)
    lacks = ([row.name, row.market, *(words.to_do(c.ready) or "-" for c in row.cells)] for row in matrix.rows)
    book.sheet("What it takes", heads, lacks, 2)
    book.sheet(
        "What follows", [Column("Profile", 28, wrap=True), Column("What follows", 110, wrap=True)], _drawn(matrix)
    )
    receipts = zip(matrix.profiles, map(digest.receipt, matrix.receipts), strict=True)
    book.facts("Receipt", [*receipts, ("", digest.DISCLAIMER)])
    return book.to_bytes()


def _drawn(matrix: Matrix) -> Iterator[list[Value]]:
    for profile, outlook in zip(matrix.profiles, matrix.outlooks, strict=True):
        for sentence in words.sentences(outlook):
            yield [profile, sentence]
        for note, codes in words.decisive(outlook.rows):
            yield [profile, f"{note.title} ({words.named(codes)}): {note.text}"]


def _numbers(matrix: Matrix) -> Iterator[list[Value]]:
    for row in matrix.rows:
        for profile, cell in zip(matrix.profiles, row.cells, strict=True):
            yield [
                row.name, row.market, profile, cell.as_of, label("outcome", cell.outcome), *_ready(cell.ready),
                cell.blocking, cell.major, cell.advisory, cell.undetermined, cell.compliant, cell.route,
            ]  # fmt: skip


def _ready(ready: Readiness | None) -> list[Value]:
    if ready is None:
        return [""] * 13
    early, late = ready.weeks or (None, None)
    return [
        "yes" if words.is_thin(ready) else "", early, late, *(ready.of(work) for work in Work), ready.lesser,
        ready.questions, ready.known.level.value, round(ready.known.share, 2),
        "; ".join(note.title for note in ready.decisive),
    ]  # fmt: skip
