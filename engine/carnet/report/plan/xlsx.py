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

_OPENINGS = (
    Column("Market", 26), Column("Code", 9), Column("Then", 15, True), Column("Law known", 10), Column("Earliest", 12),
    Column("Latest", 12), Column("Launch", 30, wrap=True), Column("Decided by", 56, wrap=True),
    Column("To be declared first", 56, wrap=True),
)  # fmt: skip
_STEPS = (
    Column("Step", 56, wrap=True), Column("Who", 24, wrap=True), Column("Ours", 8), Column("Begin", 12),
    Column("Done, earliest", 12), Column("Done, latest", 12), Column("Slack (days)", 9), Column("Critical", 9),
    Column("Begin by", 12), Column("Weeks, least", 9), Column("Weeks, most", 9), Column("Markets", 24, wrap=True),
    Column("After", 40, wrap=True), Column("With", 36, wrap=True), Column("Rules and needs", 40, wrap=True),
    Column("Thousand euros, least", 12), Column("Thousand euros, most", 12), Column("Id", 36),
)  # fmt: skip
_SETTINGS = (
    Column("Market", 10), Column("Step", 40), Column("Fact", 40), Column("Feature", 16),
    Column("Declare", 56, wrap=True),
)  # fmt: skip
_SHUT = (
    Column("Market", 26),
    Column("Code", 9),
    Column("Now", 15, True),
    Column("Law of", 12),
    Column("Why", 90, wrap=True),
)


def render(plan: Plan) -> bytes:
    book = Book("Road map")
    book.sheet("Order of entry", _OPENINGS, _openings(plan), 2, "Order of entry")
    book.sheet("Steps", _STEPS, _steps(plan), 1)
    book.sheet("To declare", _SETTINGS, _settings(plan), 2)
    book.sheet("Not opened", _SHUT, _shut(plan), 2)
    told = [("Plan", f"{words.summary(plan)} {words.amount(plan)}"), ("Quality", words.quality(plan))]
    told += [("Left out", words.withheld(plan))] if plan.withheld else []
    book.facts(
        "Receipt", [*told, ("Receipt", f"{digest.receipt(plan.receipt)}, start {plan.start}"), ("", digest.DISCLAIMER)]
    )
    return book.to_bytes()


def _openings(plan: Plan) -> Iterator[list[Value]]:
    for one in plan.openings:
        launch = words.launch_words(one.launch) if one.launch else ""
        assumed = "; ".join(map(words.assumption_words, one.assumptions))
        days = (one.day.early, one.day.late)
        yield [
            one.name,
            one.market,
            label("outcome", one.outcome),
            one.known,
            *days,
            launch,
            words.opening_steps(one),
            assumed,
        ]


def _steps(plan: Plan) -> Iterator[list[Value]]:
    for step in plan.steps:
        ours = "" if step.ours is None else "yes" if step.ours else "no"
        days: list[Value] = [
            step.start.late,
            step.end.early,
            step.end.late,
            step.slack,
            "yes" if step.critical else "no",
        ]
        lists = [", ".join(step.markets), ", ".join(step.after), ", ".join(step.with_), ", ".join(step.closes)]
        yield [words.title(step), words.doer(step), ours, *days, step.latest, *step.weeks, *lists, *step.cost, step.id]


def _settings(plan: Plan) -> Iterator[list[Value]]:
    for step in plan.steps:
        for one in step.settings:
            yield [one.market, step.id, one.path, one.feature, change_words(one.before, one.value)]
    for opening in plan.openings:
        for one in opening.assumptions:
            yield [one.market, "first", one.path, one.feature, change_words(one.before, one.value)]


def _shut(plan: Plan) -> Iterator[list[Value]]:
    for one in plan.shut:
        yield [one.name, one.market, label("outcome", one.outcome), one.day, words.shut_words(one)]
