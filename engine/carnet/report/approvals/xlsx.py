# SPDX-License-Identifier: Apache-2.0
"""The register as a workbook: every approval in a list to filter, and a row for each in each market."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.register import Entry, Register
from carnet.report import digest
from carnet.report.approvals import words
from carnet.report.sheets import Book, Column, Value
from carnet.spoken import _

_LIST = (
    Column("State", 22, True), Column("Approval", 30), Column("Title", 46, wrap=True), Column("Markets", 18, wrap=True),
    Column("Next", 46, wrap=True), Column("Who", 26, wrap=True), Column("Valid until", 11), Column("Renew by", 11),
    Column("Expected on", 12), Column("For", 14), Column("Owner", 18), Column("Granted by", 28, wrap=True),
    Column("Certificate", 18), Column("Applied on", 11), Column("Decision by", 12), Column("Granted on", 11),
    Column("Ends by what", 24, wrap=True), Column("Renewal", 18, wrap=True), Column("Weeks from", 8),
    Column("Weeks to", 8), Column("Weeks by", 13), Column("Blocking", 9), Column("Asked by", 60, wrap=True),
)  # fmt: skip


def render(register: Register) -> bytes:
    book = Book("Register of approvals")
    rows = (_row(register, entry, ", ".join(entry.markets)) for entry in register.entries)
    book.sheet("Approvals", _LIST, rows, 2, f"Register of approvals: {register.profile}", printed=9)
    if len(register.markets) > 1:
        book.sheet("By market", (Column("Market", 10), *_LIST), _by_market(register), 3)
    if any(entry.who for entry in register.entries):
        book.sheet("By owner", (Column("Whom to ask", 24), *_LIST), _by_owner(register), 3)
    book.facts("Receipt", _receipt(register))
    return book.to_bytes()


def _row(register: Register, entry: Entry, markets: str) -> list[Value]:
    end, decision = entry.valid_until, entry.decision_by
    return [
        words.state(entry), entry.approval, entry.title, markets, words.next_step(entry, register.day),
        words.who(entry), end.day if end else None, entry.renew_by, entry.expected_on, entry.scope, entry.owner,
        entry.granted_by, entry.certificate, entry.applied_on, decision.day if decision else None, entry.granted_on,
        (words.source(end.cites) if end.cites else _("declared")) if end else "",
        words.renewal(entry, register.day) if entry.renew_by else "", entry.weeks[0], entry.weeks[1],
        _("our estimate") if entry.estimate else _("a text"), entry.blocking, ", ".join(entry.asked_by),
    ]  # fmt: skip


def _by_market(register: Register) -> Iterator[list[Value]]:
    for code, entries in register.by_market().items():
        for entry in entries:
            yield [code, *_row(register, entry, code)]


def _by_owner(register: Register) -> Iterator[list[Value]]:
    for name, entries in register.by_owner().items():
        for entry in entries:
            yield [name or _("Nobody is named"), *_row(register, entry, ", ".join(entry.markets))]


def _receipt(register: Register) -> Iterator[tuple[str, Value]]:
    yield "Profile", register.profile
    yield "Seen on", register.day
    yield "Near", f"{register.weeks} weeks"
    yield "Markets", ", ".join(f"{code} {name}" for code, name in register.markets.items()) or "none named"
    yield "Receipt", digest.receipt(register.receipt)
    yield "", digest.DISCLAIMER
