# SPDX-License-Identifier: Apache-2.0
"""What a change sets off, for a terminal: what changed, where it may go out, what approvals ask, what could wait."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.assess.model import Outcome
from carnet.plan.impact import Impact, MarketImpact, Release
from carnet.report import digest
from carnet.report.impact import words
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS
from carnet.spoken import _

FEW = 8


def render(impact: Impact, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    title = impact.old if impact.old == impact.new else f"{impact.old} -> {impact.new}"
    page.text(_("What this change sets off: {title}").format(title=title), bold=True)
    page.text(_("Going out on {day}").format(day=impact.day))
    page.heading(_("What changed ({n})").format(n=len(impact.units)))
    shown = impact.units if verbose else impact.units[:FEW]
    page.extend((words.unit(unit) for unit in shown), 2)
    if len(shown) < len(impact.units):
        page.text(_("and {n} more; -v shows all").format(n=len(impact.units) - len(shown)), 2, dim=True)
    page.extend((words.faster(each) for each in impact.faster), 2)
    page.heading(_("Where it may go out"))
    for release, codes in impact.tally().items():
        tone = COLOURS[Outcome(_tone(release))]
        page.raw(f"  {page.style(words.release(release), **tone)}")
        page.text(", ".join(codes), 4)
    for split in impact.splits:
        page.gap()
        page.text(words.split(split), 2)
    _asked(page, impact, verbose)
    for market in impact.markets:
        if market.appeared or market.gone or market.before is not market.after:
            _market(page, market, verbose)
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(impact.receipts[1])), dim=True)
    page.text(_(words.NOTE), dim=True)
    return str(page)


def render_all(impacts: Sequence[Impact], *, width: int = 80, colour: bool = False) -> str:
    """Several releases, each with where it may go out."""
    page = Page(width, colour)
    page.text(_("What releases set off ({n})").format(n=len(impacts)), bold=True)
    for impact in impacts:
        page.heading(impact.new)
        page.text(words.names(impact.units) or _("nothing changes"), 2)
        page.extend((words.faster(each) for each in impact.faster), 2)
        for release, codes in impact.tally().items():
            word = page.style(words.release(release), **COLOURS[Outcome(_tone(release))])
            page.raw(f"  {word}")
            page.text(", ".join(codes), 4)
        for split in impact.splits[:1]:
            page.text(words.split(split), 2)
    if impacts:
        page.gap()
        page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(impacts[0].receipts[0])), dim=True)
    page.text(_(words.NOTE), dim=True)
    return str(page)


def _tone(release: Release) -> str:
    tone = words.TONES[release]
    return "undetermined" if tone == "not_applicable" else tone


def _asked(page: Page, impact: Impact, verbose: bool) -> None:
    asked = impact.asked()
    page.heading(_("What approvals ask ({n})").format(n=len(asked)))
    if not asked:
        page.text(_("Nothing that is held here rests on what changed, as far as is known."), 2)
    for each, codes in asked.items():
        page.text(f"{each.approval}: {each.title} ({', '.join(codes)})", 2)
        told = words.asked(each)
        page.text(told[0].upper() + told[1:] + ".", 4)
        if verbose and each.asks and each.asks.note:
            page.text(each.asks.note, 4, dim=True)


def _market(page: Page, market: MarketImpact, verbose: bool) -> None:
    page.gap()
    word = page.style(words.release(market.release), **COLOURS[Outcome(_tone(market.release))])
    title = page.style(f"{market.market}  {market.name}", bold=True)
    page.raw(f"{title}: {word}")
    page.text(f"{words.market(market)}.", 2)
    if market.appeared:
        page.text(_("Broken or open since the change:"), 2)
        shown = market.appeared if verbose else market.appeared[:FEW]
        page.extend((words.appeared(each) for each in shown), 4)
        if len(shown) < len(market.appeared):
            page.text(_("and {n} more; -v shows all").format(n=len(market.appeared) - len(shown)), 4, dim=True)
    if market.lacks:
        page.text(_("New lacks: {names}").format(names=", ".join(market.lacks)), 2)
    if market.gone:
        page.text(_("No longer in the way: {rules}").format(rules=", ".join(market.gone)), 2)
