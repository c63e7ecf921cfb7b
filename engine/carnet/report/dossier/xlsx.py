# SPDX-License-Identifier: Apache-2.0
"""The dossier as a workbook: a line per row, to filter by state, part and who owes it."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.dossier import Dossier
from carnet.report import digest
from carnet.report.dossier import words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

_LINES = (
    Column(N_("State"), 12, True),
    Column(N_("Part"), 22, wrap=True),
    Column(N_("What"), 50, wrap=True),
    Column(N_("Wanted"), 40, wrap=True),
    Column(N_("To do"), 56, wrap=True),
    Column(N_("Who owes it"), 24, wrap=True),
    Column(N_("Declared"), 50, wrap=True),
    Column(N_("Attached"), 34, wrap=True),
    Column(N_("Law"), 36, wrap=True),
    Column(N_("Kind"), 20),
    Column(N_("Severity"), 10, True),
    Column(N_("Feature"), 12),
    Column(N_("Attach as"), 44),
)


def render(dossier: Dossier) -> bytes:
    book = Book(_("Dossier: {approval}").format(approval=dossier.approval.id))
    book.sheet(_("Lines"), _LINES, _rows(dossier), 3, f"{dossier.approval.title} ({dossier.approval.id})", printed=9)
    book.facts(_("Approval"), _about(dossier))
    return book.to_bytes()


def _rows(dossier: Dossier) -> Iterator[list[Value]]:
    for line in dossier.lines:
        yield [
            words.state(line), _(words.PARTS[line.why]), line.title, line.wanted, words.todo(line), words.who(line),
            words.declared(line), words.attached(line), words.law(line), _(words.KINDS[line.kind]),
            _(label("severity", line.severity)) if line.severity else "", line.feature, line.id,
        ]  # fmt: skip


def _about(dossier: Dossier) -> Iterator[tuple[str, Value]]:
    yield _("Profile"), dossier.profile
    yield from words.about(dossier)
    yield _("Progress"), words.progress(dossier)
    yield _("Receipt"), digest.receipt(dossier.receipt)
    yield "", _(words.NOTE)
    yield "", _(digest.DISCLAIMER)
