# SPDX-License-Identifier: Apache-2.0
"""The gap report for people at a terminal: first where the product may go, then why not, then what to do.

Readable at 80 columns and when piped; colour only repeats what the words say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.assess.model import Finding, LayerResult, MarketAssessment, Outcome, Report, RouteResult, Status
from carnet.law.model import Severity
from carnet.plan.questions import questions
from carnet.report import digest, select, text
from carnet.report.digest import Ask, Digest, Group, count
from carnet.report.layout import Page, display_width, pad

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
BRIEFLY = 2
"""Comparisons shown of a gap that does not block."""


def render(
    report: Report, *, ask: Ask = digest.no_question, width: int = 80, colour: bool = False, verbose: bool = False
) -> str:
    """The report as text; `ask` gives the question for an undeclared fact."""
    page = Page(max(width, NARROWEST), colour)
    page.text(f"Carnet gap report: {select.profile_name(report)}", bold=True)
    if expecting := select.expecting(report):
        page.text(expecting)
    page.gap()
    _outcomes(page, report)
    brief = len(report.markets) > FULL_MARKETS and not verbose
    for market in report.markets:
        _Section(page, market, ask, verbose).write(brief)
    if brief:
        page.gap()
        page.text("Name fewer markets, or add -v, for the whole of each.", dim=True)
    page.gap()
    page.text(f"Receipt: {digest.receipt(report.receipt)}.", dim=True)
    page.text(digest.DISCLAIMER, dim=True)
    return str(page)


def _outcomes(page: Page, report: Report) -> None:
    """One line for each market: outcome, what is open, the route it is judged by."""
    names = [f"{market.market}  {market.name}" for market in report.markets]
    name_width = min(max(map(display_width, [*names, "Market"])), max(18, page.width // 3 - 4))
    route_width = page.width - name_width - 38
    header = f"{pad('Market', name_width)}  {'Outcome':<12}  Block Other  Open?  {'Route'}"
    page.raw(page.style(header, dim=True))
    for market, name in zip(report.markets, names, strict=True):
        found = Digest.of(market)
        line = pad(name, name_width) + "  "
        line += page.style(f"{digest.OUTCOMES[market.outcome]:<12}", **COLOURS[market.outcome])
        line += f"  {len(found.blocking):>5} {len(found.lesser):>5}  {len(found.undetermined):>5}  "
        page.raw(line + pad(digest.way_in(market), route_width))
    if len(report.markets) > 1:
        page.gap()
        page.text("Block: blocking gaps. Other: lesser gaps. Open?: not known yet.", dim=True)


class _Section:
    """One market's part of the page."""

    def __init__(self, page: Page, market: MarketAssessment, ask: Ask, verbose: bool) -> None:
        self.page = page
        self.market = market
        self.ask = ask
        self.verbose = verbose
        self.found = Digest.of(market)

    def write(self, brief: bool) -> None:
        page, market = self.page, self.market
        page.gap()
        page.raw(page.style("-" * page.width, dim=True))
        word = page.style(digest.outcome_word(market), **COLOURS[market.outcome])
        title = page.style(f"{market.market}  {market.name}", bold=True)
        page.raw(f"{title}: {word} on {market.as_of}")
        page.text(f"{digest.MEANINGS[market.outcome].capitalize()}.", 2)
        if digest.first_look(market):
            page.text(digest.confidence(market), 2)
        if brief:
            self._brief()
            return
        self._layers()
        self._blocking()
        self._questions()
        self._lesser()
        self._waived()
        self._folded()
        self._upcoming()
        self._home()
        self._notes()

    def _brief(self) -> None:
        for each in self.found.blocking[:FEW]:
            closed = each.finding.kind == "closure"
            why = f": {each.finding.text.rstrip('.')}." if closed else f" ({digest.provisions(each.finding)})"
            self.page.text(f"{each.title}{why}", 2, "-")
        self._more(len(self.found.blocking), "blocking gap")
        asked = questions([self.market])
        if asked and self.market.outcome is Outcome.UNDETERMINED:
            self.page.text("Most decisive to declare: " + ", ".join(q.fact for q in asked[:FEW]) + ".", 2)

    def _more(self, total: int, what: str, hint: str = "-v shows all") -> None:
        if total > FEW:
            self.page.text(f"and {count(total - FEW, f'more {what}')}; {hint}", 2, "-", dim=True)

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
        by = f", by: {titles.get(layer.route, layer.route)}" if layer.route else ""
        page.text(f"{layer.name}{feature}: {digest.OUTCOMES[layer.outcome]}{by}", 2)
        if layer.why:
            page.text(f"{layer.why.rstrip('.')}.", 6)
        if layer.members:
            page.text(f"Check one of its members: {', '.join(layer.members)}.", 6)

    def _routes(self) -> None:
        chosen = {layer.route for layer in self.market.layers}
        others = [r for r in self.market.routes if r.id not in chosen]
        shown = [r for r in others if r.on_offer is not False or self.verbose]
        if not shown:
            if others and not any(layer.route for layer in self.market.layers):
                ways = f"None of its {len(others)} routes is" if len(others) > 1 else "Its only route is not"
                self.page.text(f"{ways} on offer for this product; -v lists.", 2)
            return
        self.page.text("Other ways in:", 2)
        for route in shown:
            self._route(route)

    def _route(self, route: RouteResult) -> None:
        offer = {True: digest.OUTCOMES[route.outcome], False: "not on offer", None: "not known whether on offer"}
        kind = "testing, " if route.kind == "testing" else ""
        silent = ", the law is silent" if route.silent else ""
        feature = f" [{route.feature}]" if route.feature else ""
        self.page.text(f"{route.title}{feature} ({kind}{offer[route.on_offer]}{silent})", 4, "-")

    def _blocking(self) -> None:
        if self.found.blocking:
            self.page.heading(f"What blocks ({len(self.found.blocking)})")
            for number, each in enumerate(self.found.blocking, 1):
                self._gap(each, f"{number:>2}.")

    def _gap(self, each: Group, label: str) -> None:
        """A gap in full: title, provision and rule, declared against required, remedy."""
        page, finding = self.page, each.finding
        inner = len(label) + 3
        page.gap()
        page.text(each.title, 2, label, bold=True)
        page.text(f"{digest.provisions(finding)} [{finding.rule}], {digest.holder(finding)}", inner)
        for line in digest.because(finding, self.verbose):
            page.text(line, inner, hang=2)
        self._conflicts(finding, inner)
        if not finding.curable:
            page.text("The law leaves no way to cure this.", inner, "->", fg="red")
        elif finding.remedy:
            page.text(digest.remedy(finding.remedy), inner, "->", fg="cyan")
            if self.verbose and finding.remedy.set:
                page.text(f"then declare {text.settings_words(finding.remedy)}", inner + 3)
        if finding.waived and finding.waived.expired:
            page.text(text.waiver_words(finding), inner)
        if self.verbose and finding.evidence:
            page.text(f"Evidence: {finding.evidence}", inner)
        if self.verbose and finding.note:
            page.text(f"Note: {finding.note}", inner)

    def _conflicts(self, finding: Finding, indent: int) -> None:
        if others := select.contradicting(self.market, finding):
            self.page.text(f"Cannot be obeyed together with {', '.join(others)}.", indent)

    def _questions(self) -> None:
        asked = questions([self.market])
        if not asked:
            return
        self.page.heading(f"Not known yet ({count(len(asked), 'question')})")
        shown = asked if self.verbose else asked[: 2 * FEW]
        for question in shown:
            self.page.text(self.ask(question.fact) or f"What is {question.fact}?", 2, "?")
            self.page.text(f"{question.fact} ({digest.decides(question)})", 4, dim=True)
        if len(asked) > len(shown):
            rest = count(len(asked) - len(shown), "more question")
            self.page.text(f"and {rest}; `carnet questions` or -v shows all", 2, dim=True)

    def _lesser(self) -> None:
        if not self.found.lesser:
            return
        self.page.heading(f"Other gaps ({len(self.found.lesser)})")
        for each in self.found.lesser:
            if self.verbose:
                self._gap(each, f"{each.finding.severity.value}:")
            else:
                self._short(each)

    def _short(self, each: Group) -> None:
        """A gap in three or four lines: title, severity, provision and rule, and what it is about."""
        page, finding = self.page, each.finding
        law = f"{digest.provisions(finding)} [{finding.rule}]"
        page.text(each.title, 2, "-")
        page.text(f"{finding.severity.value}; {law}; {digest.holder(finding)}", 4, dim=True)
        lines = digest.because(finding)
        for line in lines[:BRIEFLY]:
            page.text(line, 4, hang=2)
        if len(lines) > BRIEFLY:
            page.text(f"and {count(len(lines) - BRIEFLY, 'more fact')}; -v shows all", 4, dim=True)

    def _waived(self) -> None:
        if self.found.waived:
            self.page.heading(f"Waived ({len(self.found.waived)})")
            self.page.extend((f"{g.title}. {text.waiver_words(g.finding)}" for g in self.found.waived), 2)

    def _folded(self) -> None:
        """What stands in nobody's way: a line of counts, or with `-v` a list of each kind."""
        found = self.found
        kinds = {
            "Met": found.compliant,
            "Undetermined": found.undetermined,
            "Open on other routes only": found.off_route,
            "Set aside by another rule": found.superseded,
            "Guidance and proposals": digest.group(self.market.guidance),
            "Not applicable": found.not_applicable,
        }
        self.page.gap()
        if self.verbose:
            for name, groups in kinds.items():
                self._list(name, groups)
            return
        del kinds["Undetermined"]
        counts = ", ".join(f"{name.lower()} {len(groups)}" for name, groups in kinds.items() if groups)
        if counts:
            self.page.text(f"The rest: {counts}; -v lists them.")

    def _list(self, name: str, groups: list[Group]) -> None:
        if groups:
            self.page.heading(f"{name} ({len(groups)})")
        for each in groups:
            finding = each.finding
            state = f"{finding.status.value.replace('_', ' ')}; " if name.startswith(("Open", "Guid", "Set")) else ""
            by = f"; set aside by {finding.superseded_by}" if finding.superseded_by else ""
            self.page.text(f"{each.title} ({state}{digest.provisions(finding)}{by}) [{finding.rule}]", 2, "-")

    def _upcoming(self) -> None:
        lines = digest.changes(self.market)
        if lines:
            self.page.heading(f"Law that changes within two years ({len(lines)})")
            self.page.extend(lines if self.verbose else lines[:FEW], 2)
            if not self.verbose:
                self._more(len(lines), "change")

    def _home(self) -> None:
        market = self.market
        if not market.home or market.home_outcome is None:
            return
        self.page.heading(f"Leaving home: export duties of {market.home}: {digest.OUTCOMES[market.home_outcome]}")
        gaps = digest.group(f for f in market.home_findings if f.is_open_gap)
        waiting = [f for f in market.home_findings if f.status is Status.UNDETERMINED]
        for each in gaps:
            self._gap(each, "!" if each.finding.severity is Severity.BLOCKING else "-")
        if waiting:
            self.page.text(f"{count(len(waiting), 'duty', 'duties')} not decided: declare what is asked above.", 2)

    def _notes(self) -> None:
        """What the report does not decide, and how far it can be trusted."""
        page, market = self.page, self.market
        page.gap()
        if self.verbose:
            self._listed("Good to know", [f"{n.title}: {n.text}" for n in market.notes])
            self._listed("Not checked", [f"{n.title}: {n.reason}" for n in market.not_covered])
            page.gap()
        else:
            parts = []
            if market.not_covered:
                parts.append(f"{count(len(market.not_covered), 'known provision')} not checked")
            if market.notes:
                parts.append(f"{count(len(market.notes), 'note')} on this law")
            if parts:
                page.text(f"{' and '.join(parts)}; -v or `carnet market {market.market}` shows the text.")
        if not digest.first_look(market):
            page.text(digest.confidence(market))

    def _listed(self, title: str, texts: list[str]) -> None:
        if texts:
            self.page.heading(f"{title} ({len(texts)})")
            self.page.extend(texts, 2)
