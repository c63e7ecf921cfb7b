# SPDX-License-Identifier: Apache-2.0
"""What it would take, as a workbook: each market's best outcome, every change, what stays in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from carnet.plan.reach import Reach
from carnet.report import digest
from carnet.report.changes import change_words
from carnet.report.reach import terminal as words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

_MARKETS = (
    Column(N_("Market"), 26), Column(N_("Code"), 9), Column(N_("Day"), 12), Column(N_("Now"), 15, True),
    Column(N_("At best"), 15, True), Column(N_("Approvals to obtain"), 11), Column(N_("To change"), 10),
    Column(N_("To declare, as not declared yet"), 12), Column(N_("In the way"), 90, wrap=True),
)  # fmt: skip
_CHANGES = (
    Column(N_("Market"), 10), Column(N_("Kind"), 26), Column(N_("What to do"), 70, wrap=True),
    Column(N_("Fact"), 40), Column(N_("Declare"), 40, wrap=True), Column(N_("Or"), 50, wrap=True),
    Column(N_("Rules and needs"), 50, wrap=True),
)  # fmt: skip


def render(reach: Reach, *, titles: Callable[[str], str] = lambda approval: "") -> bytes:
    """titles: of an approval by its id."""
    book = Book(_("What it would take"))
    book.sheet(_("Markets"), _MARKETS, _markets(reach), 2, _("What it would take"))
    book.sheet(_("What to do"), _CHANGES, _changes(reach, titles), 3)
    told = [(_("Profile"), reach.profile), (_("Receipt"), digest.receipt(reach.receipt)), ("", _(digest.DISCLAIMER))]
    book.facts(_("Receipt"), told)
    return book.to_bytes()


def _markets(reach: Reach) -> Iterator[list[Value]]:
    for one in reach.markets:
        kinds = [change.kind for change in one.changes]
        counts: list[Value] = [len(one.approvals), kinds.count("change"), kinds.count("declare")]
        outcomes = (_(label("outcome", outcome)) for outcome in (one.before, one.outcome))
        in_the_way = "\n".join(map(words.obstacle_words, one.obstacles))
        yield [one.name, one.market, one.as_of, *outcomes, *counts, in_the_way]


def _changes(reach: Reach, titles: Callable[[str], str]) -> Iterator[list[Value]]:
    for one in reach.markets:
        for change in one.changes:
            others, closes = "\n".join(words.other_lines(change)), ", ".join(change.closes)
            told = (words.change_line(change, titles), change.path, change_words(change.before, change.value))
            yield [one.market, _(words.TITLES[change.kind]), *told, others, closes]
