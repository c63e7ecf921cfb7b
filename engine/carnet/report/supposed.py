# SPDX-License-Identifier: Apache-2.0
"""What-ifs in words and as data: how many lacks are left and which block, sweeps as a line of outcomes a market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carnet.assess.lacks import Lack
from carnet.plan.supposing import Supposed, SupposedMarket
from carnet.plan.sweep import Flip, Sweep, SweptMarket
from carnet.report.changes import shown
from carnet.report.digest import count, outcome_name
from carnet.report.layout import Page, clean
from carnet.report.plain import plain
from carnet.report.terminal import COLOURS

FEW = 3
LINES = 12


def write_lacks(page: Page, supposed: Supposed, verbose: bool) -> None:
    """For each market how many lacks there were and are; of few markets all, of many those in which that changes."""
    told = [m for m in supposed.markets if len(supposed.markets) <= FEW or _moved(m)]
    if not any(map(_moved, told)):
        return
    page.heading("Lacks")
    for one in told if verbose else told[:LINES]:
        page.text(lacks_words(one, None if verbose else FEW), 2)
    if len(told) > LINES and not verbose:
        page.text(f"and {len(told) - LINES} more markets; -v shows all", 2, dim=True)


def _moved(one: SupposedMarket) -> bool:
    return [lack.id for lack in one.lacks_before] != [lack.id for lack in one.lacks]


def lacks_words(one: SupposedMarket, few: int | None = FEW) -> str:
    """`DE  Germany: 6 lacks, 1 left, which blocks: UN-R171`."""
    left = len(one.lacks)
    before = count(len(one.lacks_before), "lack")
    head = f"{one.market}  {clean(one.name)}: {before}, {left or 'none'} left"
    blocking = one.blocking
    if not blocking:
        return f"{head}{', none of which blocks' if left else ''}."
    named = [lack_words(lack) for lack in blocking[:few]]
    more = f" and {len(blocking) - len(named)} more" if len(blocking) > len(named) else ""
    return f"{head}, {len(blocking)} of which block{'s' if len(blocking) == 1 else ''}: {'; '.join(named)}{more}."


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
    return {**plain(supposed.changes), "markets": markets}


def write_sweep(page: Page, sweep: Sweep, verbose: bool) -> None:
    """A line a market: outcomes over spans of values, flips, and the flip nearest to what is declared."""
    page.text(f"{sweep.path} from {shown(sweep.values[0])} to {shown(sweep.values[-1])}", bold=True)
    declared = "not declared" if sweep.declared is None else f"declared {shown(sweep.declared)}"
    page.text(f"{declared}; {len(sweep.values)} values tried, each flip searched between them", dim=True)
    page.gap()
    still = [one for one in sweep.markets if not one.flips]
    for one in sweep.markets:
        if one.flips or verbose or len(sweep.markets) <= FEW:
            _swept(page, one, sweep.values)
    if still and not verbose and len(sweep.markets) > FEW:
        page.text(f"No outcome flips in {', '.join(one.market for one in still)}.")


def _swept(page: Page, one: SweptMarket, values: Sequence[Any]) -> None:
    page.raw(page.style(f"{one.market}  {clean(one.name)}", bold=True))
    same = list(zip(one.outcomes, one.lacks, strict=True))
    starts = [at for at in range(len(values)) if at == 0 or same[at] != same[at - 1]]
    for start, end in zip(starts, [*starts[1:], len(values)], strict=True):
        first, last = shown(values[start]), shown(values[end - 1])
        span = first if first == last else f"{first} to {last}"
        number = count(one.lacks[start], "lack")
        outcome = page.style(outcome_name(one.outcomes[start]), **COLOURS[one.outcomes[start]])
        page.raw(f"  {span}: {outcome}, {number}")
    if one.nearest:
        page.text(f"nearest flip: {flip_words(one.nearest)}", 2, dim=True)


def flip_words(flip: Flip) -> str:
    """`open up to 60, closed from 61`."""
    below, at = shown(flip.below), shown(flip.at)
    if isinstance(flip.at, (int, float)) and not isinstance(flip.at, bool):
        return f"{outcome_name(flip.before)} up to {below}, {outcome_name(flip.after)} from {at}"
    return f"{outcome_name(flip.after)} with {at}"


def sweep_data(sweep: Sweep) -> dict[str, Any]:
    """The sweep as plain data."""
    return plain(sweep)  # type: ignore[no-any-return]
