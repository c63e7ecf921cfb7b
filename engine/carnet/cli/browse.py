# SPDX-License-Identifier: Apache-2.0
"""`carnet markets`, `market`, `rule` and `instrument`: the law as it can be read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.law.find import all_rules, find_clause, find_instrument
from carnet.law.model import TOPICS, Cite, GrantLimit, InForce, Need, Route, Rule
from carnet.logic.condition import NoLimit
from carnet.logic.wording import describe, value_text
from carnet.report.inert import to_json
from carnet.report.layout import Page, clean, pad
from carnet.report.plain import plain
from carnet.report.text import duty_holder_words, span_words
from carnet.report.words import said
from carnet.spoken import _

json_option = click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")


@click.command("markets")
@json_option
@options.language_option
@options.law_option
def markets_command(form: str, language: str | None, folders: Sequence[str]) -> None:
    """List every market that can be checked, states and cities below their country."""
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    heads = [law.head(code) for code in law.markets()]
    if form == "json":
        _json([{"market": head.id, "name": head.name, "kind": head.kind, "parent": head.parent} for head in heads])
        return
    known = {head.id for head in heads}
    lineage = {head.id: [code for code in reversed(law.chain(head.id)) if code in known] for head in heads}
    page = _page()
    for head in sorted(heads, key=lambda head: lineage[head.id]):
        indent = "  " * (len(lineage[head.id]) - 1)
        page.raw(f"{indent}{pad(head.id, 10 - len(indent))}  {clean(head.name)}")
    _show(page)


@click.command("market")
@click.argument("code", shell_complete=complete.markets)
@options.as_of("Day to show. [default: today]")
@json_option
@click.option("-v", "--verbose", is_flag=True, help="Every rule, note and regulation by name.")
@options.language_option
@options.law_option
def market_command(
    code: str, as_of: dt.date | None, form: str, verbose: bool, language: str | None, folders: Sequence[str]
) -> None:
    """Show a market: its authorities, limits, ways in, and how much law is known of it."""
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    (code,) = options.markets_of(law, [code], False)
    day = as_of or dt.date.today()
    if form == "json":
        _json(plain(law.jurisdiction(code)))
        return
    page = _page()
    _Market(page, law, code, day, verbose).write()
    _show(page)


@click.command("rule")
@click.argument("name", metavar="NAME", shell_complete=complete.rules)
@json_option
@options.language_option
@options.law_option
def rule_command(name: str, form: str, language: str | None, folders: Sequence[str]) -> None:
    """Show a rule: what it asks, when, of whom, by which provision, and what shows that it is met.

    NAME is its id or a part of its id or title, or the id of a route's need or of a grant's limits as a
    report prints it.
    """
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    rule = find_clause(law, name)
    if form == "json":
        _json(plain(rule))
        return
    page = _page()
    if isinstance(rule, Need):
        _need(page, law, rule)
    elif isinstance(rule, GrantLimit):
        _grant(page, law, rule)
    else:
        _rule(page, law, rule)
    _show(page)


@click.command("instrument")
@click.argument("name", metavar="NAME", shell_complete=complete.instruments)
@json_option
@options.language_option
@options.law_option
def instrument_command(name: str, form: str, language: str | None, folders: Sequence[str]) -> None:
    """Show a statute, regulation or standard, where it binds, and the rules drawn from it.

    NAME is its id, its short title as it is cited, or a part of its title.
    """
    options.speak(language, machine=form == "json")
    law = options.open_law(folders)
    instrument = find_instrument(law, name)
    rules = [rule for rule in all_rules(law) if any(cite.instrument == instrument.id for cite in rule.cites)]
    if form == "json":
        _json({**plain(instrument), "rules": [rule.id for rule in rules]})
        return
    page = _page()
    page.text(instrument.title, bold=True)
    short = f"{instrument.short}, " if instrument.short and instrument.short != instrument.title else ""
    page.text(f"{short}{instrument.kind} of {law.head(instrument.jurisdiction).name} [{instrument.id}]")
    page.text(instrument.url)
    _section(page, _("Applied by"), _adopters(law, instrument.id))
    _section(page, _("Rules drawn from it"), [f"{_provisions(rule, instrument.id)}: {_name(rule)}" for rule in rules])
    _show(page)


def _page() -> Page:
    return Page(output.page_width(), output.wants_colour())


def _show(page: Page) -> None:
    output.emit(str(page), "", for_people=True)


def _json(data: Any) -> None:
    output.emit(to_json(data), "")


def _section(page: Page, title: str, items: Sequence[str]) -> None:
    if items:
        page.heading(f"{title} ({len(items)})")
        page.extend(items, 2)


def _name(item: Rule | Route) -> str:
    return f"{item.title} [{item.id}]"


def _provisions(rule: Rule, instrument: str) -> str:
    return ", ".join(cite.provision for cite in rule.cites if cite.instrument == instrument) or "as a whole"


def _adopters(law: Law, instrument: str) -> list[str]:
    lines = []
    for head in map(law.head, law.codes):
        if adoption := head.applies.get(instrument):
            since = f" from {adoption.span.start}" if adoption.span.start else ""
            until = f" until {adoption.span.until}" if adoption.span.until else ""
            series = f", series {adoption.series:02d}" if adoption.series is not None else ""
            lines.append(f"{head.name} ({head.id}){since}{until}{series}")
    return lines


def _field(page: Page, name: str, text: str) -> None:
    """A named value, the values aligned below each other."""
    if text:
        page.text(text, 2, pad(name, 13))


def _span(span: InForce) -> str:
    return span_words(span) or _("no first day named")


def _rule(page: Page, law: Law, rule: Rule) -> None:
    page.text(rule.title, bold=True)
    page.text(f"{rule.id}, {law.head(rule.jurisdiction).name}, {_(TOPICS.get(rule.topic, rule.topic)).lower()}")
    if rule.text:
        page.gap()
        page.text(rule.text)
    page.gap()
    for cite in rule.cites:
        _field(page, _("law"), _cite(cite))
    _field(page, _("in force"), f"{_span(rule.in_force)} ({said('legal_status', rule.legal_status)})")
    _field(page, _("source read"), said("confidence", rule.confidence))
    _field(page, _("severity"), said("severity", rule.severity) + ("" if rule.curable else _(", cannot be cured")))
    _field(page, _("duty of"), duty_holder_words(rule.duty_holder))
    _field(page, _("applies when"), describe(rule.applies_when, _fact))
    _field(page, _("requires"), describe(rule.requires, _fact))
    _field(page, _("only on"), ", ".join(rule.routes))
    action = law.actions.get(rule.remedy.action)
    _field(page, _("remedy"), rule.remedy.text or (action.title if action else ""))
    _field(page, _("evidence"), rule.evidence)
    _field(page, _("duty"), _("an instance of `{duty}`").format(duty=rule.duty) if rule.duty else "")
    _field(page, _("sets aside"), ", ".join(rule.supersedes))
    _field(page, _("conflicts"), ", ".join(rule.conflicts_with))
    _field(page, _("note"), rule.note)
    _field(page, _("written in"), f"{_relative(law, rule.place.file)}:{rule.place.line}")


def _need(page: Page, law: Law, need: Need) -> None:
    route = need.route
    page.text(" or ".join(law.approvals[name].title for name in need.group), bold=True)
    page.text(f"{need.id}, {law.head(route.jurisdiction).name}")
    page.gap()
    _field(page, _("needed by"), f"{route.title} ({route.id})")
    for name in need.group:
        approval = law.approvals[name]
        _field(page, _("approval"), f"{name}, granted by {approval.granted_by or 'the authority'}")
        for cite in approval.cites or route.cites:
            _field(page, _("law"), _cite(cite))
        _field(page, _("first"), "; ".join(" or ".join(group) for group in approval.after))
        _field(page, _("note"), approval.note)


def _grant(page: Page, law: Law, limit: GrantLimit) -> None:
    """A limit of an approval: what is done where a route or rule relies on it must lie within."""
    approval, field = limit.approval, law.vocabulary.approval_fields[limit.field]
    page.text(f"Within what {approval.title} ({approval.id}) allows: {limit.field}", bold=True)
    page.text(f"{limit.id}, {law.head(limit.by.jurisdiction).name}")
    page.gap()
    _field(page, "relied on by", f"{limit.by.title} ({limit.by.id})")
    _field(page, "asks", field.question)
    _field(page, "requires", describe(law.limits.of(limit.field, approval.id), _fact))
    _field(page, "given with every one", "yes" if limit.field in approval.limits else "no")
    for cite in approval.cites or limit.by.cites:
        _field(page, "law", _cite(cite))


def _fact(path: str) -> str:
    """A fact as a rule's page calls it: what the engine supplies has no path that anybody declares."""
    return "the market's chain of law" if path == "context.chain" else path.replace("context.", "the market's ")


def _relative(law: Law, file: str) -> str:
    path = Path(file)
    return next((str(path.relative_to(f)) for f in law.folders if path.is_relative_to(f)), file)


def _cite(cite: Cite) -> str:
    return f"{cite} {cite.url}".strip()


class _Market:
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
        _field(page, _("law of"), ", ".join(chain))
        _field(page, _("drives on"), f"the {self._nearest('drives_on')}" if self._nearest("drives_on") else "")
        _field(page, _("currency"), self._nearest("currency"))
        _field(page, _("languages"), ", ".join(self._nearest("languages")))
        _field(page, _("checked as of"), str(self.day))
        authorities = [f"{a.name}: {a.role} {a.url}".rstrip() for each in self.chain for a in each.authorities]
        _section(page, _("Authorities"), authorities)
        self._limits()
        self._routes()
        self._rules()
        self._texts()

    def _nearest(self, name: str) -> Any:
        return next((value for each in self.chain if (value := getattr(each, name))), "")

    def _limits(self) -> None:
        found: dict[str, str] = {}
        for each in self.chain:
            for name, parameter in each.parameters.items():
                current = parameter.on(self.day)
                if current and name not in found:
                    none = current.value is NoLimit.NONE
                    text = "no general one" if none else f"{value_text(current.value)} {parameter.unit}".rstrip()
                    words = name.removesuffix("_kmh").replace("_", " ")
                    found[name] = f"{words}: {text} ({each.id})"
        shown = [text for name, text in found.items() if self.verbose or name.startswith(("speed_", "recommended_"))]
        _section(self.page, _("Limits"), shown)

    def _routes(self) -> None:
        lines = []
        for layer in self.book.layers:
            for bound in layer.routes:
                route = bound.route
                needs = " and ".join(" or ".join(either) for either in route.needs)
                kind = "testing" if route.kind == "testing" else route.track
                silent = ", the law is silent" if route.silent else ""
                lines.append(f"{_name(route)} ({kind}{silent}){': needs ' + needs if needs else ''}")
        _section(self.page, f"Ways in on {self.day}", lines)
        if any(bound.route.needs for layer in self.book.layers for bound in layer.routes):
            self.page.text(_("`carnet fact ID` explains what is needed."), 2, dim=True)

    def _rules(self) -> None:
        rules = [bound.rule for bound in self.book.rules()]
        if self.verbose:
            for topic, title in TOPICS.items():
                _section(self.page, _(title), [_name(rule) for rule in rules if rule.topic == topic])
            return
        counts = Counter(rule.topic for rule in rules)
        own = sum(rule.jurisdiction == self.market.id for rule in rules)
        self.page.heading(f"Rules in force on {self.day} ({len(rules)}, {own} of them its own)")
        for topic, title in TOPICS.items():
            if counts[topic]:
                self.page.text(f"{pad(_(title), 30)} {counts[topic]:>4}", 2)

    def _texts(self) -> None:
        notes = [f"{note.title}: {note.text}" for note in self.book.notes]
        gaps = [f"{item.title}: {item.reason}" for item in self.book.not_covered]
        _section(self.page, _("Good to know"), notes)
        _section(self.page, _("Known law that is not checked"), gaps)
