# SPDX-License-Identifier: Apache-2.0
"""The difference for a terminal: outcomes first, then findings by what their change means, each with its cause."""

from __future__ import annotations

from carnet.assess.model import Outcome
from carnet.report.diff import KINDS, Change, Difference, MarketChange
from carnet.report.digest import outcome_name
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS

_FEW = 12


def render(difference: Difference, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    page.text("What changed between two reports", bold=True)
    page.gap()
    for cause, words in difference.causes.items():
        page.text(f"{cause}: {words}", 2)
    if not difference.causes:
        page.text("Nothing that could change a finding: same profile, law, day and engine.", 2)
    for words, codes in (("Only in the new report", difference.added), ("Only in the old report", difference.removed)):
        if codes:
            page.text(f"{words}: {', '.join(codes)}.", 2)
    if not difference.changed:
        page.gap()
        page.text(difference.nothing)
    for market in difference.changed:
        _market(page, market, verbose)
    return str(page)


def _market(page: Page, market: MarketChange, verbose: bool) -> None:
    page.gap()
    before, after = (page.style(outcome_name(o), **COLOURS[o]) for o in (Outcome(market.before), Outcome(market.after)))
    title = page.style(f"{market.market}  {market.name}", bold=True)
    page.raw(f"{title}: {before} -> {after}" if market.better else f"{title}: {after}, as before")
    if market.routes[0] != market.routes[1]:
        page.text(f"judged by {market.routes[1] or 'its rules alone'}, before by {market.routes[0] or 'its rules'}", 2)
    for kind, words in KINDS.items():
        changes = [change for change in market.changes if change.kind == kind]
        if changes:
            page.text(f"{words} ({len(changes)})", 2)
        for change in changes if verbose else changes[:_FEW]:
            page.text(_words(change), 4, "-")
        if len(changes) > _FEW and not verbose:
            page.text(f"and {len(changes) - _FEW} more; -v shows them", 4, dim=True)


def _words(change: Change) -> str:
    feature = f"{change.feature}: " if change.feature else ""
    cause = " or ".join(change.causes)
    why = ": ".join(part for part in (cause, change.detail) if part)
    law = f" ({change.provision})" if change.provision else ""
    return f"{feature}{change.title}{law}, {change.severity}; {why or 'cause unknown'}"
