# SPDX-License-Identifier: Apache-2.0
"""The difference for a terminal: totals, what was declared otherwise, then each finding with its cause by market."""

from __future__ import annotations

from carnet.assess.model import Outcome
from carnet.report.diff import KINDS, Difference, MarketChange, words
from carnet.report.digest import outcome_name
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS
from carnet.spoken import _

_FEW = 12
MANY = 4
"""Markets of which each finding is told unasked."""


def render(difference: Difference, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    page.text(words.title(difference), bold=True)
    page.gap()
    for cause, told in difference.causes.items():
        page.text(f"{words.cause(cause)}: {told}", 2)
    if not difference.causes:
        page.text(_("Nothing that could change a finding: same profile, law, day and engine."), 2)
    for told in words.alone(difference):
        page.text(told, 2)
    _totals(page, difference)
    _facts(page, difference, verbose)
    if not difference.changed:
        page.gap()
        page.text(difference.nothing)
    brief = len(difference.changed) > MANY and not verbose
    if brief:
        page.heading(_("Markets that changed ({n}); -v shows each finding").format(n=len(difference.changed)))
    for market in difference.changed:
        if brief:
            _line(page, market)
        else:
            _market(page, market, verbose)
    return str(page)


def _totals(page: Page, difference: Difference) -> None:
    if not difference.changed:
        return
    page.heading(_("In all"))
    for total in difference.totals:
        moved = total.before != total.after
        numbers = f"{total.before} -> {total.after}" if moved else str(total.after)
        page.raw(f"  {page.style(f'{numbers:>12}', bold=moved)}  {total.name}")


def _facts(page: Page, difference: Difference, verbose: bool) -> None:
    facts = difference.facts
    if not facts:
        return
    page.heading(_("Declared otherwise ({n})").format(n=len(facts)))
    for one in facts if verbose else facts[:_FEW]:
        page.text(one.words, 2, "-")
        page.text(words.moved(one, verbose), 4, dim=not one.moved)
    if len(facts) > _FEW and not verbose:
        page.text(_("and {n} more; -v shows them").format(n=len(facts) - _FEW), 2, dim=True)


def _line(page: Page, market: MarketChange) -> None:
    before, after = (page.style(outcome_name(o), **COLOURS[o]) for o in (Outcome(market.before), Outcome(market.after)))
    stands = f"{before} -> {after}" if market.better else after
    page.titled(f"{market.market}  {market.name}", f": {stands}", 2)
    page.text("; ".join(filter(None, (words.lacks(market), words.kinds(market)))), 6)


def _market(page: Page, market: MarketChange, verbose: bool) -> None:
    page.gap()
    before, after = (page.style(outcome_name(o), **COLOURS[o]) for o in (Outcome(market.before), Outcome(market.after)))
    same = _("{outcome}, as before").format(outcome=after)
    page.titled(
        f"{market.market}  {market.name} ({words.days(market)})",
        f": {before} -> {after}" if market.better else f": {same}",
    )
    if told := words.lacks(market):
        page.text(told, 2)
    if told := words.routes(market):
        page.text(told, 2)
    for kind, name in KINDS.items():
        changes = [change for change in market.changes if change.kind == kind]
        if changes:
            page.text(f"{_(name)} ({len(changes)})", 2)
        for change in changes if verbose else changes[:_FEW]:
            page.text(words.change(change), 4, "-")
        if len(changes) > _FEW and not verbose:
            page.text(_("and {n} more; -v shows them").format(n=len(changes) - _FEW), 4, dim=True)
