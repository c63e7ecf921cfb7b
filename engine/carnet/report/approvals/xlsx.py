# SPDX-License-Identifier: Apache-2.0
"""The register as a workbook: every approval in a list to filter, and a row for each in each market."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.register import Entry, Register
from carnet.report import digest
from carnet.report.approvals import words
from carnet.report.sheets import Book, Column, Value
from carnet.spoken import N_, _

_LIST = (
    Column(N_("State"), 22, True),
    Column(N_("Approval"), 30),
    Column(N_("Title"), 46, wrap=True),
    Column(N_("Markets"), 18, wrap=True),
    Column(N_("Next"), 46, wrap=True),
    Column(N_("Who"), 26, wrap=True),
    Column(N_("Valid until"), 11),
    Column(N_("Renew by"), 11),
    Column(N_("Expected on"), 12),
    Column(N_("For"), 14),
    Column(N_("Owner"), 18),
    Column(N_("Granted by"), 28, wrap=True),
    Column(N_("Certificate"), 18),
    Column(N_("Applied on"), 11),
    Column(N_("Decision by"), 12),
    Column(N_("Granted on"), 11),
    Column(N_("Ends by what"), 24, wrap=True),
    Column(N_("Renewal"), 18, wrap=True),
    Column(N_("Weeks from"), 8),
    Column(N_("Weeks to"), 8),
    Column(N_("Weeks by"), 13),
    Column(N_("Blocking"), 9),
    Column(N_("Asked by"), 60, wrap=True),
)


def render(register: Register) -> bytes:
    book = Book(_("Register of approvals"))
    rows = (_row(register, entry, ", ".join(entry.markets)) for entry in register.entries)
    book.sheet(
        _("Approvals"),
        _LIST,
        rows,
        2,
        _("Register of approvals: {profile}").format(profile=register.profile),
        printed=9,
    )
    if len(register.markets) > 1:
        book.sheet(_("By market"), (Column(N_("Market"), 10), *_LIST), _by_market(register), 3)
    if any(entry.who for entry in register.entries):
        book.sheet(_("By owner"), (Column(N_("Whom to ask"), 24), *_LIST), _by_owner(register), 3)
    book.facts(_("Receipt"), _receipt(register))
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
    yield _("Profile"), register.profile
    yield _("Seen on"), register.day
    yield _("Near"), _("{n} weeks").format(n=register.weeks)
    yield _("Markets"), ", ".join(f"{code} {name}" for code, name in register.markets.items()) or _("none named")
    yield from (("", line) for line in words.made_for(register))
    yield _("Receipt"), digest.receipt(register.receipt)
    yield "", _(digest.DISCLAIMER)
