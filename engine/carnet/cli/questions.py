# SPDX-License-Identifier: Apache-2.0
"""`carnet questions`: what to declare next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from carnet.api import Law
from carnet.assess.model import MarketAssessment, Outcome, Report
from carnet.cli import options, output
from carnet.cli.dialogue import Dialogue
from carnet.errors import InputError, Place
from carnet.plan.questions import Question, allowed, ask, entries, is_shut, questions, standing, to_ask
from carnet.report.inert import to_json
from carnet.report.layout import Page
from carnet.report.terminal_questions import MOST, Asked
from carnet.spoken import _

SHUT = 8
"""Markets named that nothing opens."""


@click.command("questions")
@options.profile_argument
@options.market_options
@options.as_of_option
@click.option("-n", "--number", type=click.IntRange(1), default=10, show_default=True, help="How many to show.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
@click.option("--ask", "dialogue", is_flag=True, help="Ask them one by one and write the answers into PROFILE.")
@options.evaluator_option
@options.language_option
@options.law_option
def questions_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    number: int,
    form: str,
    dialogue: bool,
    evaluator: str | None,
    language: str | None,
    folders: Sequence[str],
) -> None:
    """List what PROFILE leaves open in some markets: the shortest list first, by section, the most decisive on top.

    What only matters after another answer waits behind it; export duties of home stand apart and count once.
    """
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    markets = options.markets_of(law, codes, every)
    if dialogue:
        _dialogue(law, profile, markets)
        return
    report = law.check(declared, markets, as_of, evaluator)
    asked = questions(report)
    if form == "json":
        output.emit(to_json([_data(law, question) for question in asked]), "")
        return
    output.emit(_page(law, report, asked, number), "", for_people=True)


def _dialogue(law: Law, profile: str, markets: Sequence[str]) -> None:
    """Ask one by one; the file is whole after each answer, with its comments and order."""
    if profile == "-":
        raise InputError("answers are written into a file", Place("<stdin>"), "name the profile's file")
    text = Path(profile).read_bytes().decode("utf-8-sig")
    Dialogue(law, text, profile, markets, lambda after: output.emit(after, profile)).run()


def _data(law: Law, question: Question) -> dict[str, object]:
    words = {"question": ask(law, question.fact), "allowed": allowed(law, question.fact)}
    return {**words, **question._asdict(), "section": question.section}


def _title(law: Law, section: str) -> str:
    known = law.vocabulary.sections.get(section)
    return known.title if known else section.replace("_", " ").capitalize()


def _stays_open(page: Page, market: MarketAssessment) -> None:
    """Why a market stays undetermined whatever is declared: its law, a text that nobody read, a formula."""
    for why in dict.fromkeys(layer.why for layer in market.layers if layer.why):
        page.text(f"  {why}")
    for finding in market.undetermined:
        notes = [line.note for line in finding.because if line.note]
        unread = _("known from memory; read the text and confirm it") if finding.cause == "unread" else ""
        page.text(f"  {finding.title} [{finding.rule}]: {'; '.join((*filter(None, (unread,)), *notes))}".rstrip(": "))


def _page(law: Law, report: Report, asked: Sequence[Question], number: int) -> str:
    page = Page(output.page_width(), output.wants_colour())
    writer = Asked(page, partial(ask, law), partial(allowed, law))
    if not asked:
        staying = [market for market in report if market.outcome is Outcome.UNDETERMINED or market.undetermined]
        if not staying:
            page.text(_("Nothing is left open: every rule of these markets can be decided."))
        for market in staying:
            page.text(_("{market}: nothing more to declare settles what is open.").format(market=market.name))
            _stays_open(page, market)
    own = [question for question in asked if not question.home]
    for market in report:
        if own and standing(market).answers:
            writer.standing(market)
    shut = [market.name for market in report if is_shut(market)]
    if shut and asked:
        told = _("No answer opens {markets}: there is no way in for this product, or a ban.")
        page.text(told.format(markets=", ".join(shut[:SHUT]) + (" ..." if len(shut) > SHUT else "")))
    now = entries(to_ask(own))
    writer.listed((now if number <= len(now) else entries(own))[:number], partial(_title, law))
    page.gap()
    if number <= len(now):
        writer.rest(len(now) - number, len(own) - len(to_ask(own)), f"`-n {len(own)}`")
    writer.closable(own, report.profile.get("sections", ()))
    home = [question for question in asked if question.home and not (question.idle and number <= MOST)]
    if home:
        codes = ", ".join(dict.fromkeys(code for question in home for code in question.markets))
        page.heading(_("Export duties of home: {codes}").format(codes=codes))
        shown = entries(to_ask(home))
        for entry in shown[:number]:
            writer.entry(entry, "?")
        writer.rest(len(shown) - number, len(home) - len(to_ask(home)), f"`-n {len(home)}`")
    return str(page)
