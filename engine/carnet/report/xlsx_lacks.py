# SPDX-License-Identifier: Apache-2.0
"""The sheets of lacks, and of features as declared and while locked."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.model import Report
from carnet.logic.wording import value_text
from carnet.report import lack_words
from carnet.report.sheets import Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

LACKS = (
    Column(N_("Market"), 9),
    Column(N_("Lack"), 50, wrap=True),
    Column(N_("Work"), 16),
    Column(N_("Part"), 10),
    Column(N_("Severity"), 11, True),
    Column(N_("Who"), 16),
    Column(N_("Ours"), 18),
    Column(N_("With"), 24, wrap=True),
    Column(N_("Weeks from"), 9),
    Column(N_("Weeks to"), 9),
    Column(N_("To do"), 40, wrap=True),
    Column(N_("Then declare"), 40, wrap=True),
    Column(N_("Or instead"), 34, wrap=True),
    Column(N_("State"), 14),
    Column(N_("Waived"), 8),
    Column(N_("Provisions"), 46, wrap=True),
    Column(N_("Rules"), 46, wrap=True),
    Column(N_("Id"), 40),
)


def lacks(report: Report) -> Iterator[list[Value]]:
    homes: set[object] = set()
    for market in report:
        own = [(market.market, lack) for lack in market.lacks]
        home = [] if repr(market.home_lacks) in homes else [(f"{market.home}-HOME", one) for one in market.home_lacks]
        homes.add(repr(market.home_lacks))
        for code, lack in (*own, *home):
            yield [
                code,
                lack_words.title(lack),
                _(lack_words.ONE[lack.work]),
                lack.part,
                label("severity", lack.severity),
                label("duty_holder", lack.who) if lack.who else "",
                label("ours", lack.ours),
                ", ".join(lack.with_),
                *(lack.weeks or (None, None)),
                lack.text,
                "; ".join(f"{change.path}: {value_text(change.value)}" for change in lack.changes),
                lack_words.instead(lack),
                lack_words.cause(lack),
                _("yes") if lack.waived else "",
                "; ".join(map(str, lack.provisions)),
                ", ".join((*lack.closes, *lack.follows)),
                lack.id,
            ]


FEATURES = (
    Column(N_("Market"), 9),
    Column(N_("Feature"), 24),
    Column(N_("As declared"), 16, True),
    Column(N_("While locked"), 16, True),
    Column(N_("In the way then"), 50, wrap=True),
)


def features(report: Report) -> Iterator[list[Value]]:
    for market in report:
        for one in market.apart:
            outcomes = (label("outcome", one.declared), label("outcome", one.locked))
            yield [market.market, one.feature, *outcomes, lack_words.counted(one.lacks)]
