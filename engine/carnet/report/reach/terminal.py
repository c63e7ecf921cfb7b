# SPDX-License-Identifier: Apache-2.0
"""What it would take, for a terminal: each market's best outcome, what brings it there, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from carnet.plan.obstacles import KINDS, Obstacle
from carnet.plan.reach import Change, MarketReach, Reach
from carnet.report import digest
from carnet.report.changes import change_words, setting_words
from carnet.report.layout import Page
from carnet.report.terminal import COLOURS
from carnet.spoken import N_, _

FEW_MARKETS = 3
FEW = 4
TITLES = {
    "approval": N_("Approvals to obtain"),
    "change": N_("To change"),
    "declare": N_("To declare, as not declared yet"),
}


def render(
    reach: Reach,
    *,
    width: int = 80,
    colour: bool = False,
    verbose: bool = False,
    titles: Callable[[str], str] = lambda approval: "",
) -> str:
    """titles: of an approval by its id."""
    page = Page(width, colour)
    page.text(_("What it would take: {profile}").format(profile=reach.profile), bold=True)
    whole = verbose or len(reach.markets) <= FEW_MARKETS
    for one in reach.markets:
        if whole:
            page.gap()
        _market(page, one, whole)
        if whole:
            _details(page, one, verbose, titles)
    page.gap()
    if not whole:
        page.text(_("-v shows what to do in each market; so does naming up to three of them."), dim=True)
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(reach.receipt)), dim=True)
    page.text(_(digest.DISCLAIMER), dim=True)
    return str(page)


def _market(page: Page, one: MarketReach, whole: bool) -> None:
    before, after = (page.style(digest.outcome_name(o), **COLOURS[o]) for o in (one.before, one.outcome))
    way = f"{before} -> {after}" if one.before is not one.outcome else _("stays {outcome}").format(outcome=after)
    page.titled(f"{one.market}  {one.name}", f": {way}{_amount(one)}")
    if not whole and not one.changes and one.obstacles:
        page.text(obstacle_words(one.obstacles[0]), 4, dim=True)


def _amount(one: MarketReach) -> str:
    told = amounts(one)
    if not told:
        return ""
    way = _("; duties of home are met by {changes}") if one.before is one.outcome else _(" by {changes}")
    return way.format(changes=told)


def amounts(one: MarketReach) -> str:
    """How much it takes, or nothing."""
    kinds = [change.kind for change in one.changes]
    numbers = (
        (len(one.approvals), N_("1 approval"), N_("{n} approvals")),
        (kinds.count("change"), N_("1 change"), N_("{n} changes")),
        (kinds.count("declare"), N_("1 declaration"), N_("{n} declarations")),
    )
    names = ", ".join(digest.counted(*each) for each in numbers if each[0])
    return names + ("" if one.least or not names else _(", at most"))


def _details(page: Page, one: MarketReach, verbose: bool, titles: Callable[[str], str]) -> None:
    for kind, title in TITLES.items():
        changes = [change for change in one.changes if change.kind == kind]
        if changes:
            page.text(_(title), 2, bold=True)
        for change in changes:
            _change(page, change, verbose, titles)
    if one.obstacles:
        told = _("In the way") if one.outcome is not one.before else _("In the way, whatever is declared")
        page.text(told, 2, bold=True)
        shown: Sequence[Obstacle] = one.obstacles if verbose else one.obstacles[:FEW]
        page.extend(map(obstacle_words, shown), 4)
        if len(one.obstacles) > len(shown):
            page.text(_("and {n} more; -v shows them").format(n=len(one.obstacles) - len(shown)), 4, dim=True)


def _change(page: Page, change: Change, verbose: bool, titles: Callable[[str], str]) -> None:
    page.text(change_line(change, titles), 4, "-")
    for other in other_lines(change):
        page.text(_("or {changes}").format(changes=other), 6, dim=True)
    closes = change.closes if verbose else change.closes[:FEW]
    told = ", ".join(closes)
    if len(change.closes) > len(closes):
        told = _("{names} and {n} more").format(names=told, n=len(change.closes) - len(closes))
    if closes:
        page.text(_("for {names}").format(names=told), 6, dim=True)


def change_line(change: Change, titles: Callable[[str], str]) -> str:
    """What to declare or obtain, in one piece."""
    feature = f"{change.feature}: " if change.feature else ""
    if not change.approval:
        return f"{feature}{change.path}: {change_words(change.before, change.value)}"
    title, field = titles(change.approval), change.path.rpartition(".")[2]
    grant = "" if field == "held" else f", {field}: {change_words(change.before, change.value)}"
    return f"{feature}{change.approval}{f' ({title})' if title else ''}{grant}"


def other_lines(change: Change) -> list[str]:
    """What would do as well, each in one piece."""
    return [
        _(" and ").join(setting_words(path, value) for path, value in other.items()) for other in change.alternatives
    ]


def obstacle_words(obstacle: Obstacle) -> str:
    """What stands in the way, why, and by which rule."""
    rule = f" [{obstacle.rule}]" if obstacle.rule else ""
    text = f": {obstacle.text.rstrip('.')}" if obstacle.text and obstacle.text != obstacle.title else ""
    kind = f", {_(KINDS[obstacle.kind])}" if KINDS[obstacle.kind] else ""
    told = f"{obstacle.title}{rule}{kind}{text}"
    return told if told.endswith("?") else f"{told}."
