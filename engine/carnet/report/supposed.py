# SPDX-License-Identifier: Apache-2.0
"""What-ifs in words and as data: how many lacks are left and which block, sweeps as a line of outcomes a market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carnet.assess.lacks import Lack
from carnet.assess.model import Outcome
from carnet.plan.supposing import Supposed, SupposedMarket
from carnet.plan.sweep import Flip, Sweep, SweptMarket
from carnet.plan.whatif import KINDS, kind
from carnet.report.changes import shown
from carnet.report.digest import counted, outcome_name
from carnet.report.layout import Page, clean
from carnet.report.plain import plain
from carnet.report.terminal import COLOURS
from carnet.report.typesetting import set_type
from carnet.spoken import N_, _

FEW = 3
LINES = 12


def write_lacks(page: Page, supposed: Supposed, verbose: bool) -> None:
    """For each market how many lacks there were and are; of few markets all, of many those in which that changes."""
    told = [m for m in supposed.markets if len(supposed.markets) <= FEW or _moved(m)]
    if not any(map(_moved, told)):
        return
    page.heading(_("Lacks"))
    for one in told if verbose else told[:LINES]:
        page.text(lacks_words(one, None if verbose else FEW), 2)
    if len(told) > LINES and not verbose:
        page.text(_("and {n} more markets; -v shows all").format(n=len(told) - LINES), 2, dim=True)


def write_summary(page: Page, supposed: Supposed) -> None:
    """Of many markets: which outcomes flip where, how many lacks there were and are, how many rules change how."""
    flips: dict[tuple[Outcome, Outcome], list[str]] = {}
    for change in supposed.changes.outcomes:
        flips.setdefault((change.before, change.after), []).append(change.market)
    if flips:
        page.heading(_("Outcomes"))
    for outcomes, codes in sorted(flips.items(), key=lambda flip: (-len(flip[1]), flip[1])):
        before, after = map(outcome_name, outcomes)
        page.text(f"{before} -> {after} ({len(codes)}): {', '.join(codes)}", 2)
    if not flips:
        page.text(_("No market's outcome changes."))
    moved = [one for one in supposed.markets if _moved(one)]
    if moved:
        page.heading(_("Lacks"))
        where = counted(len(moved), N_("1 market"), N_("{n} markets"))
        were, are = sum(len(one.lacks_before) for one in moved), sum(len(one.lacks) for one in moved)
        page.text(f"{where}: {lacks(were)} -> {lacks(are)}", 2)
    page.heading(_("Findings"))
    for name, title in KINDS.items():
        rules = {(change.rule, change.feature) for change in supposed.changes.findings if kind(change) == name}
        if rules:
            page.text(f"{_(title)}: {len(rules)}", 2)
    page.gap()
    page.text(_("Name fewer markets, or add -v, for the whole of each."), dim=True)


def _moved(one: SupposedMarket) -> bool:
    return [lack.id for lack in one.lacks_before] != [lack.id for lack in one.lacks]


def lacks_words(one: SupposedMarket, few: int | None = FEW) -> str:
    """`DE  Germany: 6 lacks, 1 left, which blocks: UN-R171`."""
    left = len(one.lacks)
    after = _("{n} left").format(n=left) if left else _("none left")
    head = f"{one.market}  {clean(one.name)}: {lacks(len(one.lacks_before))}, {after}"
    blocking = one.blocking
    if not blocking:
        return _("{lacks}, none of which blocks.").format(lacks=head) if left else f"{head}."
    named = "; ".join(lack_words(lack) for lack in blocking[:few])
    if few is not None and len(blocking) > few:
        named = _("{names} and {n} more").format(names=named, n=len(blocking) - few)
    one_blocks, some_block = _("{lacks}, 1 of which blocks: {names}."), _("{lacks}, {n} of which block: {names}.")
    told = one_blocks if len(blocking) == 1 else some_block
    return told.format(lacks=head, n=len(blocking), names=named)


def lacks(number: int) -> str:
    return counted(number, N_("1 lack"), N_("{n} lacks"))


def lack_words(lack: Lack) -> str:
    """A lack by what closes it."""
    return clean(lack.title)


def supposed_data(supposed: Supposed) -> dict[str, Any]:
    """Outcomes and findings that change, and each market with its lacks before and after."""
    markets = [
        {
            "market": one.market,
            "name": one.name,
            "before": one.before.value,
            "after": one.after.value,
            "lacks_before": [lack.id for lack in one.lacks_before],
            "lacks": [lack.id for lack in one.lacks],
            "blocking": [lack.id for lack in one.blocking],
        }
        for one in supposed.markets
    ]
    return {"receipt": plain(supposed.receipt), **plain(supposed.changes), "markets": markets}


def write_sweep(page: Page, sweep: Sweep, verbose: bool) -> None:
    """A line a market: outcomes over spans of values, flips, and the flip nearest to what is declared."""
    head = _("{fact} from {first} to {last}")
    page.text(head.format(fact=sweep.path, first=shown(sweep.values[0]), last=shown(sweep.values[-1])), bold=True)
    told = _("not declared; {n} values tried, each flip searched between them")
    if sweep.declared is not None:
        told = _("declared {value}; {n} values tried, each flip searched between them")
    page.text(told.format(value=shown(sweep.declared), n=len(sweep.values)), dim=True)
    page.gap()
    if not any(map(_depends, sweep.markets)):
        told = _("{fact} makes no difference in {markets}: no outcome and no number of lacks depends on it.")
        page.text(told.format(fact=sweep.path, markets=_all(sweep)))
        return
    still = [one for one in sweep.markets if not one.flips]
    for one in sweep.markets:
        if one.flips or verbose or len(sweep.markets) <= FEW:
            _swept(page, one, sweep.values)
    if still and not verbose and len(sweep.markets) > FEW:
        page.text(_("No outcome flips in {markets}.").format(markets=", ".join(one.market for one in still)))


def _all(sweep: Sweep) -> str:
    codes = [one.market for one in sweep.markets]
    return ", ".join(codes) if len(codes) <= LINES else counted(len(codes), N_("1 market"), N_("{n} markets"))


def _depends(one: SweptMarket) -> bool:
    """Whether a market is not the same at every value."""
    return len(set(zip(one.outcomes, one.lacks, strict=True))) > 1


def _swept(page: Page, one: SweptMarket, values: Sequence[Any]) -> None:
    page.raw(page.style(f"{one.market}  {clean(one.name)}", bold=True))
    same = list(zip(one.outcomes, one.lacks, strict=True))
    if not _depends(one):
        outcome = page.style(outcome_name(one.outcomes[0]), **COLOURS[one.outcomes[0]])
        told = _("{outcome}, {lacks} at every value: it makes no difference here")
        page.raw(set_type(f"  {told.format(outcome=outcome, lacks=lacks(one.lacks[0]))}"))
        return
    starts = [at for at in range(len(values)) if at == 0 or same[at] != same[at - 1]]
    for start, end in zip(starts, [*starts[1:], len(values)], strict=True):
        first, last = shown(values[start]), shown(values[end - 1])
        span = first if first == last else _("{first} to {last}").format(first=first, last=last)
        number = lacks(one.lacks[start])
        outcome = page.style(outcome_name(one.outcomes[start]), **COLOURS[one.outcomes[start]])
        page.raw(set_type(f"  {span}: {outcome}, {number}"))
    if one.nearest:
        page.text(_("nearest flip: {flip}").format(flip=flip_words(one.nearest)), 2, dim=True)


def flip_words(flip: Flip) -> str:
    """`open up to 60, closed from 61`."""
    below, at = shown(flip.below), shown(flip.at)
    if isinstance(flip.at, (int, float)) and not isinstance(flip.at, bool):
        told = _("{before} up to {below}, {after} from {at}")
        return told.format(before=outcome_name(flip.before), below=below, after=outcome_name(flip.after), at=at)
    return _("{outcome} with {value}").format(outcome=outcome_name(flip.after), value=at)


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """The sweep as plain data."""
    return plain(sweep)  # type: ignore[no-any-return]
