# SPDX-License-Identifier: Apache-2.0
"""The gap report for people at a terminal: first where the product may go, then why not, then what to do.

Readable at 80 columns and when piped; colour only repeats what the words say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from carnet.assess.model import LayerResult, MarketAssessment, Outcome, Report, RouteResult
from carnet.plan.questions import questions
from carnet.report import digest, lack_words, select, story, trust
from carnet.report.digest import Ask
from carnet.report.layout import Page, display_width, pad, wrap
from carnet.report.terminal_lacks import Lacks, briefly
from carnet.report.terminal_questions import Asked
from carnet.report.terminal_rest import Rest
from carnet.report.typesetting import set_type
from carnet.spoken import _

COLOURS: Mapping[Outcome, Mapping[str, Any]] = {
    Outcome.OPEN: {"fg": "green", "bold": True},
    Outcome.CONDITIONAL: {"fg": "yellow", "bold": True},
    Outcome.TEST_ONLY: {"fg": "cyan", "bold": True},
    Outcome.UNDETERMINED: {"fg": "magenta", "bold": True},
    Outcome.CLOSED: {"fg": "red", "bold": True},
    Outcome.PROHIBITED: {"fg": "red", "bold": True, "reverse": True},
}
NARROWEST = 64
FULL_MARKETS = 3
"""With more markets than this, each is summed up in a few lines unless everything is asked for."""
FEW = 5
"""Questions, gaps and changes shown of each kind before the rest is only counted."""


def render(
    report: Report,
    *,
    ask: Ask = digest.no_question,
    answers: Ask = digest.no_question,
    width: int = 80,
    colour: bool = False,
    verbose: bool = False,
) -> str:
    """The report as text; `ask` gives the question for an undeclared fact, `answers` what may be answered."""
    page = Page(max(width, NARROWEST), colour)
    page.text(_("Carnet gap report: {name}").format(name=select.profile_name(report)), bold=True)
    for told in select.told_first(report):
        page.text(told)
    page.gap()
    page.text(story.opening(report))
    page.gap()
    _outcomes(page, report)
    declared = report.profile.get("sections", ())
    brief = len(report.markets) > FULL_MARKETS and not verbose
    for market in report.markets:
        _Section(page, market, ask, answers, declared, verbose).write(brief)
    if brief:
        page.gap()
        page.text(_("Name fewer markets, or add -v, for the whole of each."), dim=True)
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(report.receipt)), dim=True)
    page.text(_(digest.DISCLAIMER), dim=True)
    return str(page)


def _outcomes(page: Page, report: Report) -> None:
    """Each market with its outcome and what stands in the way of a better one."""
    names = [f"{market.market}  {market.name}" for market in report.markets]
    name_width = min(max(map(display_width, names)), max(18, page.width // 3))
    for market, name in zip(report.markets, names, strict=True):
        outcome = digest.outcome_word(market)
        rest = lack_words.outcome_line(market, outcome)[len(outcome) :]
        first, *more = wrap(set_type(f"{outcome}{rest}"), page.width - name_width - 2)
        page.raw(f"{pad(name, name_width)}  {page.style(outcome, **COLOURS[market.outcome])}{first[len(outcome) :]}")
        for line in more:
            page.raw(f"{' ' * (name_width + 2)}{line}")


class _Section:
    """One market's part of the page."""

    def __init__(
        self,
        page: Page,
        market: MarketAssessment,
        ask: Ask,
        answers: Ask,
        declared: Collection[str],
        verbose: bool,
    ) -> None:
        self.page = page
        self.market = market
        self.ask, self.answers, self.declared = ask, answers, declared
        self.verbose = verbose

    def write(self, brief: bool) -> None:
        page, market = self.page, self.market
        page.gap()
        page.raw(page.style("-" * page.width, dim=True))
        word = page.style(digest.outcome_word(market), **COLOURS[market.outcome])
        title = page.style(f"{market.market}  {market.name}", bold=True)
        page.raw(_("{market}: {outcome} on {day}").format(market=title, outcome=word, day=market.as_of))
        page.text(digest.meaning(market.outcome), 2)
        if trust.first_look(market):
            page.text(trust.confidence(market), 2)
        if brief:
            self._brief()
            return
        self._layers()
        self._features()
        lacks = Lacks(self.page, self.market, self.verbose)
        lacks.blocking(lack_words.blocks(self.market))
        self._questions()
        lacks.lesser(lack_words.lesser(self.market))
        lacks.waived(lack_words.waived(self.market))
        Rest(self.page, self.market, self.verbose).write()

    def _brief(self) -> None:
        briefly(self.page, lack_words.blocks(self.market), FEW)
        for one in self.market.apart:
            if digest.better(one.locked, one.declared):
                self.page.text(lack_words.apart(one), 2, "-")
        asked = questions([self.market])
        if asked and self.market.outcome is Outcome.UNDETERMINED:
            facts = ", ".join(q.fact for q in asked[:FEW])
            self.page.text(_("Most decisive to declare: {facts}.").format(facts=facts), 2)

    def _features(self) -> None:
        """For each automated feature the outcome with it and with it locked."""
        if self.market.apart:
            self.page.text(_("Vehicle and feature apart:"), 2)
        for one in self.market.apart:
            self.page.text(lack_words.apart(one), 4, "-")

    def _layers(self) -> None:
        """Each jurisdiction that has routes or a say of its own, then the ways in."""
        for layer in self.market.layers:
            if layer.route or layer.why or layer.outcome is not Outcome.OPEN or self.verbose:
                self._layer(layer)
        self._routes()

    def _layer(self, layer: LayerResult) -> None:
        page = self.page
        titles = digest.titles_of_routes(self.market)
        feature = f" [{layer.feature}]" if layer.feature else ""
        told = {"layer": f"{layer.name}{feature}", "outcome": digest.outcome_name(layer.outcome)}
        by = _("{layer}: {outcome}, by: {route}") if layer.route else _("{layer}: {outcome}")
        page.text(by.format(**told, route=titles.get(layer.route, layer.route)), 2)
        if layer.why:
            page.text(f"{layer.why.rstrip('.')}.", 6)
        if layer.members:
            page.text(_("Check one of its members: {members}.").format(members=", ".join(layer.members)), 6)

    def _routes(self) -> None:
        chosen = {layer.route for layer in self.market.layers}
        others = [r for r in self.market.routes if r.id not in chosen]
        shown = [r for r in others if r.on_offer is not False or self.verbose]
        if not shown:
            if others and not any(layer.route for layer in self.market.layers):
                none = _("None of its {n} routes is on offer for this product; -v lists.").format(n=len(others))
                one = _("Its only route is not on offer for this product; -v lists.")
                self.page.text(none if len(others) > 1 else one, 2)
            return
        self.page.text(_("Other ways in:"), 2)
        for route in shown:
            self._route(route)

    def _route(self, route: RouteResult) -> None:
        offer = {
            True: digest.outcome_name(route.outcome),
            False: _("not on offer"),
            None: _("not known whether on offer"),
        }
        parts = [_("testing")] if route.kind == "testing" else []
        parts += [offer[route.on_offer], *([_("the law is silent")] if route.silent else ())]
        feature = f" [{route.feature}]" if route.feature else ""
        self.page.text(f"{route.title}{feature} ({', '.join(parts)})", 4, "-")

    def _questions(self) -> None:
        Asked(self.page, self.ask, self.answers).of_market(self.market, self.declared, self.verbose)
