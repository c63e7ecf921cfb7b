# SPDX-License-Identifier: Apache-2.0
"""`carnet market CODE`: one market's page, and how pages of the law are laid out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from carnet.api import Law
from carnet.law.known import ABOVE, NOT_RESEARCHED, RESEARCHED
from carnet.law.model import TOPICS, LegalStatus, Note, Route, Rule
from carnet.logic.condition import NoLimit
from carnet.logic.wording import value_text
from carnet.report.layout import Page, pad
from carnet.report.words import said
from carnet.spoken import N_, _

STATES: Mapping[str, str] = {
    "encoded": N_("encoded"),
    "searched": N_("searched, nothing found"),
    ABOVE: N_("only what stands above it"),
    NOT_RESEARCHED: N_("not researched"),
}
AREAS: Mapping[str, str] = {
    "vehicle_approval": N_("vehicle approval"),
    "registration": N_("registration"),
    "import_and_duties": N_("import and duties"),
    "driver_assistance": N_("driver assistance"),
    "automated_driving": N_("automated driving"),
    "testing": N_("testing"),
    "traffic_rules": N_("traffic rules"),
    "passenger_or_goods_service": N_("passenger or goods service"),
    "data": N_("data"),
    "cyber_and_software": N_("cyber security and software"),
    "radio_and_maps": N_("radio and maps"),
    "insurance_and_liability": N_("insurance and liability"),
    "electric_vehicles_and_batteries": N_("electric vehicles and batteries"),
    "consumers_and_recall": N_("consumers and recall"),
}


TRACKS: Mapping[str, str] = {"driving": N_("driving"), "parking": N_("parking"), "remote": N_("remote driving")}


def section(page: Page, title: str, items: Sequence[str]) -> None:
    if items:
        page.heading(f"{title} ({len(items)})")
        page.extend(items, 2)


def name_of(item: Rule | Route) -> str:
    return f"{item.title} [{item.id}]"


def field(page: Page, name: str, text: str) -> None:
    """A named value, the values aligned below each other."""
    if text:
        page.text(text, 2, pad(name, 13))


class MarketPage:
    """One market's page."""

    def __init__(self, page: Page, law: Law, code: str, day: dt.date, verbose: bool) -> None:
        self.page = page
        self.law = law
        self.day = day
        self.verbose = verbose
        self.chain = [law.jurisdiction(each) for each in law.chain(code)]
        self.market = self.chain[0]
        self.book = law.rulebook(code, day)

    def write(self) -> None:
        page, market = self.page, self.market
        page.text(f"{market.id}  {market.name}", bold=True)
        if market.summary:
            page.text(market.summary)
        page.gap()
        chain = [f"{each.name} ({each.id})" for each in self.chain]
        field(page, _("law of"), ", ".join(chain))
        field(page, _("drives on"), f"the {self._nearest('drives_on')}" if self._nearest("drives_on") else "")
        field(page, _("currency"), self._nearest("currency"))
        field(page, _("languages"), ", ".join(self._nearest("languages")))
        treaties = next((each.treaties for each in self.chain if each.treaties), {})
        bound = [f"{name} ({_('bound') if holds else _('not bound')})" for name, holds in treaties.items()]
        field(page, _("treaties"), ", ".join(bound))
        field(page, _("checked as of"), str(self.day))
        field(page, _("note"), market.note if self.verbose else "")
        authorities = [f"{a.name}: {a.role} {a.url}".rstrip() for each in self.chain for a in each.authorities]
        section(page, _("Authorities"), authorities)
        self._known()
        self._limits()
        self._routes()
        self._rules()
        self._texts()

    def _known(self) -> None:
        """How well the law is known, and the areas in which nobody has looked or only above."""
        known = self.law.known(self.market.id)
        researched = sum(state in RESEARCHED for state in known.areas.values())
        self.page.heading(
            _("Law known: {level}; {n} of {all} areas are researched").format(
                level=said("known", known.level), n=researched, all=len(known.areas)
            )
        )
        for state, words in STATES.items():
            areas = [_(AREAS[area]) for area, found in known.areas.items() if found == state]
            if areas:
                self.page.text(f"{_(words)}: {', '.join(areas)}", 2)

    def _nearest(self, name: str) -> Any:
        return next((value for each in self.chain if (value := getattr(each, name))), "")

    def _limits(self) -> None:
        found: dict[str, str] = {}
        for each in self.chain:
            for name, parameter in each.parameters.items():
                current = parameter.on(self.day)
                if current and name not in found:
                    none = current.value is NoLimit.NONE
                    text = _("no general one") if none else f"{value_text(current.value)} {parameter.unit}".rstrip()
                    words = name.removesuffix("_kmh").replace("_", " ")
                    note = f"; {current.note}" if current.note and self.verbose else ""
                    found[name] = f"{words}: {text} ({each.id}){note}"
        shown = [text for name, text in found.items() if self.verbose or name.startswith(("speed_", "recommended_"))]
        section(self.page, _("Limits"), shown)

    def _routes(self) -> None:
        lines = []
        for layer in self.book.layers:
            for bound in layer.routes:
                route = bound.route
                needs = _(" and ").join(_(" or ").join(either) for either in route.needs)
                kind = _("testing") if route.kind == "testing" else _(TRACKS.get(route.track, route.track))
                silent = _(", the law is silent") if route.silent else ""
                told = _(": needs {approvals}").format(approvals=needs) if needs else ""
                lines.append(f"{name_of(route)} ({kind}{silent}){told}")
        section(self.page, _("Ways in on {day}").format(day=self.day), lines)
        if any(bound.route.needs for layer in self.book.layers for bound in layer.routes):
            self.page.text(_("`carnet fact ID` explains what is needed."), 2, dim=True)

    def _rules(self) -> None:
        rules = [bound.rule for bound in self.book.rules()]
        if self.verbose:
            for topic, title in TOPICS.items():
                section(self.page, _(title), [name_of(rule) for rule in rules if rule.topic == topic])
            return
        counts = Counter(rule.topic for rule in rules)
        own = sum(rule.jurisdiction == self.market.id for rule in rules)
        self.page.heading(
            _("Rules in force on {day} ({n}, {own} of them its own)").format(day=self.day, n=len(rules), own=own)
        )
        for topic, title in TOPICS.items():
            if counts[topic]:
                self.page.text(f"{pad(_(title), 30)} {counts[topic]:>4}", 2)

    def _texts(self) -> None:
        notes = [f"{_status(note)}{note.title}: {note.text}" for note in self.book.notes]
        gaps = [f"{item.title}: {item.reason}" for item in self.book.not_covered]
        section(self.page, _("Good to know"), notes)
        section(self.page, _("Known law that is not checked"), gaps)


def _status(note: Note) -> str:
    """What is not yet law says so."""
    return "" if note.legal_status is LegalStatus.IN_FORCE else f"({said('legal_status', note.legal_status)}) "
