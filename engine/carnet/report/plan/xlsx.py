# SPDX-License-Identifier: Apache-2.0
"""A road map as a workbook: openings, steps, what is to be declared by market, what does not open."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.plan.model import Plan
from carnet.report import digest
from carnet.report.changes import change_words
from carnet.report.plan import words
from carnet.report.sheets import Book, Column, Value
from carnet.report.words import label
from carnet.spoken import N_, _

_OPENINGS = (
    Column(N_("Market"), 26), Column(N_("Code"), 9), Column(N_("Then"), 15, True), Column(N_("Law known"), 10),
    Column(N_("Earliest"), 12), Column(N_("Latest"), 12), Column(N_("Launch"), 30, wrap=True),
    Column(N_("Decided by"), 56, wrap=True), Column(N_("To be declared first"), 56, wrap=True),
)  # fmt: skip
_STEPS = (
    Column(N_("Step"), 56, wrap=True), Column(N_("Who"), 24, wrap=True), Column(N_("Ours"), 8),
    Column(N_("Begin"), 12), Column(N_("Done, earliest"), 12), Column(N_("Done, latest"), 12),
    Column(N_("Slack (days)"), 9), Column(N_("Critical"), 9), Column(N_("Begin by"), 12),
    Column(N_("Weeks, least"), 9), Column(N_("Weeks, most"), 9), Column(N_("Markets"), 24, wrap=True),
    Column(N_("After"), 40, wrap=True), Column(N_("With"), 36, wrap=True),
    Column(N_("Rules and needs"), 40, wrap=True), Column(N_("Thousand euros, least"), 12),
    Column(N_("Thousand euros, most"), 12), Column(N_("Id"), 36),
)  # fmt: skip
_SETTINGS = (
    Column(N_("Market"), 10), Column(N_("Step"), 40), Column(N_("Fact"), 40), Column(N_("Feature"), 16),
    Column(N_("Declare"), 56, wrap=True),
)  # fmt: skip
_SHUT = (
    Column(N_("Market"), 26),
    Column(N_("Code"), 9),
    Column(N_("Now"), 15, True),
    Column(N_("Law of"), 12),
    Column(N_("Why"), 90, wrap=True),
)


def render(plan: Plan) -> bytes:
    book = Book(_("Road map"))
    book.sheet(_("Order of entry"), _OPENINGS, _openings(plan), 2, _("Order of entry"))
    book.sheet(_("Steps"), _STEPS, _steps(plan), 1)
    book.sheet(_("To declare"), _SETTINGS, _settings(plan), 2)
    book.sheet(_("Not opened"), _SHUT, _shut(plan), 2)
    told = [(_("Plan"), f"{words.summary(plan)} {words.amount(plan)}"), (_("Quality"), words.quality(plan))]
    told += [(_("Left out"), words.withheld(plan))] if plan.withheld else []
    book.facts(_("Receipt"), [*told, (_("Receipt"), words.receipt(plan)), ("", _(digest.DISCLAIMER))])
    return book.to_bytes()


def _openings(plan: Plan) -> Iterator[list[Value]]:
    for one in plan.openings:
        launch = words.launch_words(one.launch) if one.launch else ""
        assumed = "; ".join(map(words.assumption_words, one.assumptions))
        days = (one.day.early, one.day.late)
        yield [
            one.name,
            one.market,
            _(label("outcome", one.outcome)),
            _(label("known", one.known)),
            *days,
            launch,
            words.opening_steps(one),
            assumed,
        ]


def _steps(plan: Plan) -> Iterator[list[Value]]:
    for step in plan.steps:
        ours = "" if step.ours is None else _("yes") if step.ours else _("no")
        days: list[Value] = [
            step.start.late,
            step.end.early,
            step.end.late,
            step.slack,
            _("yes") if step.critical else _("no"),
        ]
        lists = [", ".join(step.markets), ", ".join(step.after), ", ".join(step.with_), ", ".join(step.closes)]
        yield [words.title(step), words.doer(step), ours, *days, step.latest, *step.weeks, *lists, *step.cost, step.id]


def _settings(plan: Plan) -> Iterator[list[Value]]:
    for step in plan.steps:
        for one in step.settings:
            yield [one.market, step.id, one.path, one.feature, change_words(one.before, one.value)]
    for opening in plan.openings:
        for one in opening.assumptions:
            yield [one.market, _("first"), one.path, one.feature, change_words(one.before, one.value)]


def _shut(plan: Plan) -> Iterator[list[Value]]:
    for one in plan.shut:
        yield [one.name, one.market, _(label("outcome", one.outcome)), one.day, words.shut_words(one)]
