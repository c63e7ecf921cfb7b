# SPDX-License-Identifier: Apache-2.0
"""What the pages share in one process, and what a page about one open profile has at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from carnet.api import Law, Profile
from carnet.assess.model import MarketAssessment, Report
from carnet.plan.model import Plan
from carnet.plan.questions import Question, questions
from carnet.report.timeline import Band
from carnet.serve.context import Here, Identity, Me, Services
from carnet.serve.web.assessed import Assessments, Kept
from carnet.serve.web.environment import render
from carnet.serve.web.language import language_of
from carnet.serve.web.opened import Opened, OpenProfiles
from carnet.spoken import LANGUAGES, language, use


class InLanguage:
    """The law in one language, and what was worked out in it: a finding puts itself into words once."""

    def __init__(self, here: Services, law: Law) -> None:
        self.law = law
        self.assessments = Assessments(self.law, here.computing)


class Pages:
    """What all pages share: the open profiles, and the law in the language that is spoken."""

    def __init__(self, here: Services) -> None:
        self.opened = OpenProfiles(lambda: here.drafts)
        self._here = here
        self._languages: Kept[InLanguage] = Kept(2 * len(LANGUAGES))
        self.plans: Kept[Plan] = Kept(16)
        self.months: Kept[tuple[Band, ...]] = Kept(64)
        self._bound: Kept[Mapping[str, tuple[str, ...]]] = Kept(2)

    @property
    def _spoken(self) -> InLanguage:
        law = self._here.law_in(language())
        return self._languages.get((law.sha256, law.language), lambda: InLanguage(self._here, law))

    @property
    def law(self) -> Law:
        return self._spoken.law

    @property
    def assessments(self) -> Assessments:
        return self._spoken.assessments

    def markets_of_rule(self, rule_id: str, day: dt.date) -> tuple[str, ...]:
        """The markets in whose law a rule stands on a day."""
        return self._bound.get((self._here.law.sha256, day), lambda: _bound(self._here.law, day)).get(rule_id, ())


def _bound(law: Law, day: dt.date) -> Mapping[str, tuple[str, ...]]:
    """By rule, the markets in whose law it stands."""
    found: dict[str, list[str]] = {}
    for market in law.markets():
        for bound in law.rulebook(market, day).rules():
            found.setdefault(bound.rule.id, []).append(market)
    return {rule: tuple(dict.fromkeys(markets)) for rule, markets in found.items()}


async def pages(request: Request, here: Here) -> Pages:
    """Made when the first page asks for it; from here on the request is answered in the reader's language."""
    use(language_of(request))
    state = request.app.state
    if getattr(state, "pages", None) is None:
        state.pages = Pages(here)
    found = state.pages
    assert isinstance(found, Pages)
    return found


@dataclass
class Subject:
    """The open profile that a page is about."""

    request: Request
    pages: Pages
    opened: Opened
    me: Identity

    @property
    def law(self) -> Law:
        return self.pages.law

    @property
    def url(self) -> str:
        return f"/profiles/{self.opened.id}"

    @cached_property
    def profile(self) -> Profile:
        return self.pages.assessments.profile(self.opened)

    @cached_property
    def report(self) -> Report:
        """The profile in every market."""
        return self.pages.assessments.report(self.opened)

    @cached_property
    def chosen(self) -> tuple[MarketAssessment, ...]:
        """The markets chosen; all where none is."""
        wanted = set(self.opened.markets)
        return tuple(market for market in self.report if not wanted or market.market in wanted)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the chosen markets wait for."""
        return questions(self.chosen)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        return render(self.request, template, status, subject=self, **values)


def subject(request: Request, id_: str, shared: Annotated[Pages, Depends(pages)], me: Me) -> Subject:
    """The open profile of an address.

    Raises:
        Refused: when it is not open any more.
    """
    return Subject(request, shared, shared.opened.get(id_, me.key), me)


Shared = Annotated[Pages, Depends(pages)]
About = Annotated[Subject, Depends(subject)]
