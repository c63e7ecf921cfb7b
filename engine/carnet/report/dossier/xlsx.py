# SPDX-License-Identifier: Apache-2.0
"""The dossier as a workbook: a line per row, to filter by state, part and who owes it."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.dossier import Dossier
from carnet.report import digest
from carnet.report.dossier import words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import _

_LINES = (
    Column("State", 12, True), Column("Part", 22, wrap=True), Column("What", 50, wrap=True),
    Column("Wanted", 40, wrap=True), Column("To do", 56, wrap=True), Column("Who owes it", 24, wrap=True),
    Column("Declared", 50, wrap=True), Column("Attached", 34, wrap=True), Column("Law", 36, wrap=True),
    Column("Kind", 20), Column("Severity", 10, True), Column("Feature", 12), Column("Attach as", 44),
)  # fmt: skip


def render(dossier: Dossier) -> bytes:
    book = Book(f"Dossier: {dossier.approval.id}")
    book.sheet("Lines", _LINES, _rows(dossier), 3, f"{dossier.approval.title} ({dossier.approval.id})", printed=9)
    book.facts("Approval", _about(dossier))
    return book.to_bytes()


def _rows(dossier: Dossier) -> Iterator[list[Value]]:
    for line in dossier.lines:
        yield [
            words.state(line), _(words.PARTS[line.why]), line.title, line.wanted, words.todo(line), words.who(line),
            words.declared(line), words.attached(line), words.law(line), _(words.KINDS[line.kind]),
            label("severity", line.severity) if line.severity else "", line.feature, line.id,
        ]  # fmt: skip


def _about(dossier: Dossier) -> Iterator[tuple[str, Value]]:
    yield "Profile", dossier.profile
    yield from words.about(dossier)
    yield "Progress", words.progress(dossier)
    yield "Receipt", digest.receipt(dossier.receipt)
    yield "", _(words.NOTE)
    yield "", digest.DISCLAIMER
