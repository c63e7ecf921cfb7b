# SPDX-License-Identifier: Apache-2.0
"""`carnet questions`: what to declare next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.api import Law
from carnet.cli import options, output
from carnet.plan.questions import Question, ask, questions
from carnet.report.digest import counted, decides
from carnet.report.inert import to_json
from carnet.report.layout import Page
from carnet.spoken import N_, _


@click.command("questions")
@options.profile_argument
@options.market_options
@options.as_of_option
@click.option("-n", "--number", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
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
    evaluator: str | None,
    language: str | None,
    folders: Sequence[str],
) -> None:
    """List what PROFILE leaves open in some markets, the question that decides most first."""
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    report = law.check(declared, options.markets_of(law, codes, every), as_of, evaluator)
    asked = questions(report)
    if form == "json":
        data = [{"question": ask(law, question.fact), **question._asdict()} for question in asked]
        output.emit(to_json(data), "")
        return
    page = Page(output.page_width(), output.wants_colour())
    if not asked:
        page.text(_("Nothing is left open: every rule of these markets can be decided."))
    for rank, question in enumerate(asked[:number], 1):
        _question(page, law, question, rank)
    if len(asked) > number:
        page.gap()
        rest = counted(len(asked) - number, N_("and 1 more question"), N_("and {n} more questions"))
        page.text(_("{rest}; `-n {n}` shows all").format(rest=rest, n=len(asked)), dim=True)
    output.emit(str(page), "", for_people=True)


def _question(page: Page, law: Law, question: Question, rank: int) -> None:
    """A question, the fact that answers it, what may be written, and what hangs on it."""
    page.text(ask(law, question.fact) or question.fact, 0, f"{rank:>3}.", bold=True)
    page.text(question.fact, 5)
    fact = law.vocabulary.fact(question.fact)
    if fact.values:
        told = _("any of {values}") if fact.type == "set" else _("one of {values}")
        page.text(told.format(values=", ".join(fact.values)), 5)
    told = _("{decides} in {markets}").format(decides=decides(question), markets=", ".join(question.markets))
    page.text(told, 5, dim=True)
