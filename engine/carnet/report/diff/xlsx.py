# SPDX-License-Identifier: Apache-2.0
"""The difference as a workbook: totals, markets, what was declared otherwise, every finding that changed."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.report import digest
from carnet.report.diff import KINDS, Difference, words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

_TOTALS = (Column(N_("In all"), 36), Column(N_("before"), 12), Column(N_("after"), 12))
_MARKETS = (
    Column(N_("Market"), 26), Column(N_("Code"), 9), Column(N_("Day"), 24),
    Column(N_("Before"), 15, True), Column(N_("After"), 15, True),
    Column(N_("Lacks"), 44, wrap=True), Column(N_("New gaps"), 10), Column(N_("Gaps closed"), 10),
    Column(N_("Way in"), 50, wrap=True),
)  # fmt: skip
_FACTS = (
    Column(N_("Declared otherwise"), 60, wrap=True), Column(N_("Markets"), 24, wrap=True),
    Column(N_("Findings"), 10), Column(N_("Which"), 80, wrap=True),
)  # fmt: skip
_CHANGES = (
    Column(N_("Market"), 10), Column(N_("Change"), 26), Column(N_("Finding"), 56, wrap=True),
    Column(N_("Severity"), 12, True), Column(N_("Before"), 15), Column(N_("After"), 15),
    Column(N_("Why"), 60, wrap=True), Column(N_("Law"), 40, wrap=True), Column(N_("Feature"), 16),
    Column(N_("Rule"), 40),
)  # fmt: skip


def render(difference: Difference) -> bytes:
    book = Book(words.title(difference))
    book.sheet(
        _("In all"),
        _TOTALS,
        ([one.name, one.before, one.after] for one in difference.totals),
        1,
        words.title(difference),
    )
    book.sheet(_("Markets"), _MARKETS, _markets(difference), 2)
    if difference.facts:
        book.sheet(_("Declared otherwise"), _FACTS, _facts(difference), 1)
    book.sheet(_("Findings"), _CHANGES, _changes(difference), 2)
    book.facts(_("Receipt"), _about(difference))
    return book.to_bytes()


def _markets(difference: Difference) -> Iterator[list[Value]]:
    for market in difference.changed:
        kinds = [change.kind for change in market.changes]
        outcomes = [_(label("outcome", one)) for one in (market.before, market.after)]
        counted = [kinds.count("new"), kinds.count("closed")]
        days, lacks, routes = words.days(market), words.lacks(market), words.routes(market)
        yield [market.name, market.market, days, *outcomes, lacks, *counted, routes]


def _facts(difference: Difference) -> Iterator[list[Value]]:
    for one in difference.facts or ():
        named = ", ".join(f"{market}: {rule}" for market, rule in one.moved)
        yield [one.words, ", ".join(one.markets), len(one.moved), named]


def _changes(difference: Difference) -> Iterator[list[Value]]:
    for market in difference.changed:
        for one in market.changes:
            statuses = [_(label("status", status)) if status else "" for status in (one.before, one.after)]
            severity = _(label("severity", one.severity))
            yield [
                market.market, _(KINDS[one.kind]), one.title, severity, *statuses, words.why(one), one.provision,
                one.feature, one.rule,
            ]  # fmt: skip


def _about(difference: Difference) -> Iterator[tuple[str, Value]]:
    for cause, told in difference.causes.items():
        yield words.cause(cause), told
    for told in words.alone(difference):
        yield "", told
    for name, report in ((_("Before"), difference.old), (_("After"), difference.new)):
        stamp = report["receipt"]
        law = f"{stamp['law_version']} ({stamp['law_sha256'][:12]})"
        yield name, f"carnet {stamp['carnet']}, {law}, {stamp['profile_sha256'][:12]}, {stamp['as_of']}"
    yield "", _(digest.DISCLAIMER)
