# SPDX-License-Identifier: Apache-2.0
"""Questions on a terminal page: the shortest list first, what may be answered, how many wait behind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from carnet.assess.model import MarketAssessment, Outcome
from carnet.plan.questions import Entry, Question, closable, entries, is_shut, questions, standing, to_ask
from carnet.report import digest
from carnet.report.digest import Ask
from carnet.report.layout import Page
from carnet.spoken import _

MOST = 10
"""Questions shown at first."""
PAPERS = 12
"""Approvals named in one question."""


class Asked:
    """Writes questions; `ask` gives the words for a fact, `answers` what may be answered."""

    def __init__(self, page: Page, ask: Ask, answers: Ask) -> None:
        self._page, self._ask, self._answers = page, ask, answers

    def of_market(self, market: MarketAssessment, declared: Collection[str], verbose: bool) -> None:
        """What one market waits for, duties of the exporter's home left out."""
        asked = [question for question in questions([market]) if not question.home]
        if not asked:
            return
        self._page.heading(_("Not known yet"))
        if is_shut(market) and not verbose:
            self.opens_nothing(market, len(asked))
            return
        now = entries(to_ask(asked))
        shown = entries(asked) if verbose else now[:MOST]
        self.standing(market)
        for entry in shown:
            self.entry(entry, "?")
        if not verbose:
            self.rest(len(now) - len(shown), len(asked) - len(to_ask(asked)), _("`carnet questions` or -v"))
        self.closable(asked, declared)

    def standing(self, market: MarketAssessment) -> None:
        """How many answers there are to the outcome of a market."""
        if market.outcome is Outcome.UNDETERMINED:
            stands = standing(market)
            if stands.answers:
                self._page.text(
                    _("{market}: at most {n} answers to the outcome.").format(market=market.name, n=stands.answers), 2
                )
            else:
                self._page.text(
                    _("{market}: the law leaves it open, no answer decides it.").format(market=market.name), 2
                )

    def opens_nothing(self, market: MarketAssessment, facts: int) -> None:
        """That answers do not open a market that nothing opens."""
        told = _("{market}: {n} not declared; no answer opens it, -v shows them.")
        self._page.text(told.format(market=market.name, n=facts), 2)

    def entry(self, entry: Entry, label: str) -> None:
        page = self._page
        if entry.is_approvals and len(entry.facts) > 1:
            papers = [fact.split(".")[1] for fact in entry.facts]
            more = _(" and {n} more").format(n=len(papers) - PAPERS) if len(papers) > PAPERS else ""
            page.text(
                _("Which of these do you hold: {names}?").format(names=", ".join(papers[:PAPERS]) + more), 2, label
            )
            page.text(_("approvals (`ID: held`, or `complete: [approvals]` for no others)"), 4, dim=True)
            return
        fact = entry.facts[0]
        page.text(self._ask(fact) or _("What is {fact}?").format(fact=fact), 2, label)
        page.text(" - ".join(filter(None, (fact, self._answers(fact)))), 4, hang=2, dim=True)
        page.text(digest.decides(entry.first), 4, dim=True)

    def rest(self, more: int, later: int, where: str) -> None:
        """How many questions there are besides, and how many only come up by the answers."""
        parts = []
        if more > 0:
            parts.append(_("1 more can be asked now") if more == 1 else _("{n} more can be asked now").format(n=more))
        if later:
            waits = _("1 waits behind an answer") if later == 1 else _("{n} wait behind these answers").format(n=later)
            parts.append(waits)
        if parts:
            self._page.text(_("{parts}; {where} shows all.").format(parts=", ".join(parts), where=where), 2, dim=True)

    def closable(self, asked: Iterable[Question], declared: Collection[str]) -> None:
        """Sections that could be declared complete as they are: empty."""
        for section, number in closable(asked, declared):
            hint = _("Nothing is declared in `{section}`: if there is nothing, `complete: [{section}]` answers {n}.")
            self._page.text(hint.format(section=section, n=number), 2, "!")

    def listed(self, shown: Sequence[Entry], titles: Callable[[str], str]) -> None:
        """Questions by section, in the order of their first; `titles` names a section."""
        for section in dict.fromkeys(entry.first.section for entry in shown):
            self._page.heading(titles(section))
            for entry in shown:
                if entry.first.section == section:
                    self.entry(entry, "?")
