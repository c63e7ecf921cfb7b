# SPDX-License-Identifier: Apache-2.0
"""`carnet markets`, `market`, `rule` and `instrument`: the law as it can be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.cli.market_page import MarketPage, field, name_of, section
from carnet.law.find import all_rules, find_clause, find_instrument
from carnet.law.ids import GrantLimit, Need
from carnet.law.model import TOPICS, Cite, InForce, Reading, Rule
from carnet.logic.wording import describe
from carnet.report.inert import to_json
from carnet.report.layout import Page, clean, pad
from carnet.report.plain import plain
from carnet.report.text import duty_holder_words, span_words
from carnet.report.words import said
from carnet.spoken import _, lowered

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
    MarketPage(page, law, code, day, verbose).write()
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
    section(page, _("Applied by"), _adopters(law, instrument.id))
    section(page, _("Rules drawn from it"), [f"{_provisions(rule, instrument.id)}: {name_of(rule)}" for rule in rules])
    _show(page)


def _page() -> Page:
    return Page(output.page_width(), output.wants_colour())


def _show(page: Page) -> None:
    output.emit(str(page), "", for_people=True)


def _json(data: Any) -> None:
    output.emit(to_json(data), "")


def _provisions(rule: Rule, instrument: str) -> str:
    return ", ".join(cite.provision for cite in rule.cites if cite.instrument == instrument) or _("as a whole")


def _adopters(law: Law, instrument: str) -> list[str]:
    lines = []
    for head in map(law.head, law.codes):
        if adoption := head.applies.get(instrument):
            since = _(" from {day}").format(day=adoption.span.start) if adoption.span.start else ""
            until = _(" until {day}").format(day=adoption.span.until) if adoption.span.until else ""
            series = _(", series {n}").format(n=f"{adoption.series:02d}") if adoption.series is not None else ""
            lines.append(f"{head.name} ({head.id}){since}{until}{series}")
    return lines


def _read(read: Reading | None) -> str:
    """When which text was read, and where."""
    return ", ".join(filter(None, (str(read.on), read.what, read.at))) if read else _("not recorded")


def _span(span: InForce) -> str:
    return span_words(span) or _("no first day named")


def _rule(page: Page, law: Law, rule: Rule) -> None:
    page.text(rule.title, bold=True)
    page.text(f"{rule.id}, {law.head(rule.jurisdiction).name}, {lowered(_(TOPICS.get(rule.topic, rule.topic)))}")
    if rule.text:
        page.gap()
        page.text(rule.text)
    page.gap()
    for cite in rule.cites:
        field(page, _("law"), _cite(cite))
    field(page, _("in force"), f"{_span(rule.in_force)} ({said('legal_status', rule.legal_status)})")
    field(
        page,
        _("rests on"),
        _("{basis}, text known as {confidence}").format(
            basis=said("basis", rule.basis), confidence=said("confidence", rule.confidence)
        ),
    )
    field(page, _("read"), _read(rule.read))
    field(page, _("severity"), said("severity", rule.severity) + ("" if rule.curable else _(", cannot be cured")))
    field(page, _("duty of"), duty_holder_words(rule.duty_holder))
    field(page, _("applies when"), describe(rule.applies_when, _fact))
    field(page, _("requires"), describe(rule.requires, _fact))
    field(page, _("only on"), ", ".join(rule.routes))
    action = law.actions.get(rule.remedy.action)
    field(page, _("remedy"), rule.remedy.text or (action.title if action else ""))
    field(page, _("evidence"), rule.evidence)
    field(page, _("duty"), _("an instance of `{duty}`").format(duty=rule.duty) if rule.duty else "")
    field(page, _("sets aside"), ", ".join(rule.supersedes))
    field(page, _("conflicts"), ", ".join(rule.conflicts_with))
    field(page, _("note"), rule.note)
    field(page, _("written in"), f"{_relative(law, rule.place.file)}:{rule.place.line}")


def _need(page: Page, law: Law, need: Need) -> None:
    route = need.route
    page.text(_(" or ").join(law.approvals[name].title for name in need.group), bold=True)
    page.text(f"{need.id}, {law.head(route.jurisdiction).name}")
    page.gap()
    field(page, _("needed by"), f"{route.title} ({route.id})")
    for name in need.group:
        approval = law.approvals[name]
        granter = approval.granted_by or _("the authority")
        field(page, _("approval"), _("{name}, granted by {granter}").format(name=name, granter=granter))
        for cite in approval.cites or route.cites:
            field(page, _("law"), _cite(cite))
        field(page, _("first"), "; ".join(_(" or ").join(group) for group in approval.after))
        field(page, _("note"), approval.note)


def _grant(page: Page, law: Law, limit: GrantLimit) -> None:
    """A limit of an approval: what is done where a route or rule relies on it must lie within."""
    approval, asked = limit.approval, law.vocabulary.approval_fields[limit.field]
    heading = _("Within what {approval} ({id}) allows: {field}")
    page.text(heading.format(approval=approval.title, id=approval.id, field=limit.field), bold=True)
    page.text(f"{limit.id}, {law.head(limit.by.jurisdiction).name}")
    page.gap()
    field(page, _("relied on by"), f"{limit.by.title} ({limit.by.id})")
    field(page, _("asks"), asked.question)
    field(page, _("requires"), describe(law.limits.of(limit.field, approval.id), _fact))
    field(page, _("always given"), _("yes") if limit.field in approval.limits else _("no"))
    for cite in approval.cites or limit.by.cites:
        field(page, _("law"), _cite(cite))


def _fact(path: str) -> str:
    """A fact as a rule's page calls it: what the engine supplies has no path that anybody declares."""
    if path == "context.chain":
        return _("the market's chain of law")
    return _("the market's {word}").format(word=path.removeprefix("context.")) if path.startswith("context.") else path


def _relative(law: Law, file: str) -> str:
    path = Path(file)
    return next((str(path.relative_to(f)) for f in law.folders if path.is_relative_to(f)), file)


def _cite(cite: Cite) -> str:
    return f"{cite} {cite.url}".strip()
