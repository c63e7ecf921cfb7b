# SPDX-License-Identifier: Apache-2.0
"""The time line for a terminal: a letter per month for every market, then each day on which something changes."""

from __future__ import annotations

import datetime as dt

from carnet.assess.model import Outcome
from carnet.report import digest
from carnet.report.layout import Page, display_width, pad
from carnet.report.terminal import COLOURS
from carnet.report.timeline import Band, Timeline, Turn
from carnet.report.timeline.words import reason_words
from carnet.spoken import _

LETTERS = {
    Outcome.OPEN: "o",
    Outcome.CONDITIONAL: "c",
    Outcome.TEST_ONLY: "t",
    Outcome.UNDETERMINED: "?",
    Outcome.CLOSED: "x",
    Outcome.PROHIBITED: "P",
}
_FEW = 6


def render(line: Timeline, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    told = _("Time line of {profile}, {start} to {until}")
    page.text(told.format(profile=line.profile, start=line.start, until=line.until), bold=True)
    page.gap()
    _bands(page, line)
    page.gap()
    legend = ", ".join(f"{letter} {digest.outcome_name(outcome)}" for outcome, letter in LETTERS.items())
    page.text(f"{legend}.", dim=True)
    still = [band.market for band in line.bands if not band.turns]
    for band in line.bands:
        if band.turns or band.undated:
            _turns(page, band, verbose)
    if still:
        page.gap()
        page.text(_("Nothing changes in {markets}.").format(markets=", ".join(still)))
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=digest.receipt(line.receipt)), dim=True)
    stays = _("What is declared today is taken to stay as it is.")
    page.text(f"{stays} {_(digest.DISCLAIMER)}", dim=True)
    return str(page)


def _bands(page: Page, line: Timeline) -> None:
    labels = [f"{band.market}  {band.name}" for band in line.bands]
    label_width = min(max(map(display_width, labels)), max(16, page.width // 3))
    room = page.width - label_width - 2
    months = _months(line.start, line.until)
    step = -(-len(months) // room)
    shown = months[::step]
    starts = [place for place, month in enumerate(shown) if place == 0 or month.year != shown[place - 1].year]
    years = ""
    for place, following in zip(starts, [*starts[1:], len(shown)], strict=True):
        if following - place > len("2026"):
            years = f"{years:<{place}}{shown[place].year}"
    page.raw(page.style(f"{pad('', label_width)}  {years}", dim=True))
    for band, label in zip(line.bands, labels, strict=True):
        letters = "".join(_letter(page, band, month) for month in shown)
        page.raw(f"{pad(label, label_width)}  {letters}")


def _months(start: dt.date, until: dt.date) -> list[dt.date]:
    """The day to look at in each month: the first of the line, then each month's last, as far as the line goes."""
    days, year, month = [start], start.year, start.month
    while True:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        first = dt.date(year, month, 1)
        if first > until:
            return days
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        days.append(min(following - dt.timedelta(days=1), until))


def _letter(page: Page, band: Band, day: dt.date) -> str:
    outcome = next(outcome for start, end, outcome in reversed(band.spans()) if start <= day)
    return page.style(LETTERS[outcome], **COLOURS[outcome])


def _turns(page: Page, band: Band, verbose: bool) -> None:
    page.gap()
    title = page.style(f"{band.market}  {band.name}", bold=True)
    outcome = page.style(digest.outcome_name(band.outcome), **COLOURS[band.outcome])
    page.raw(_("{market}: {outcome} on {day}").format(market=title, outcome=outcome, day=band.start))
    for turn in band.turns:
        _turn(page, turn, verbose)
    if band.undated:
        page.text(_("Adopted without a first day: {laws}.").format(laws="; ".join(band.undated)), 2)


def _turn(page: Page, turn: Turn, verbose: bool) -> None:
    before, after = (page.style(digest.outcome_name(o), **COLOURS[o]) for o in (turn.before, turn.after))
    still = _("still {outcome}").format(outcome=after)
    page.raw(f"  {turn.day}  {f'{before} -> {after}' if turn.outcome_changes else still}")
    reasons = turn.reasons if verbose else turn.reasons[:_FEW]
    for reason in reasons:
        page.text(reason_words(reason), 4, "-")
    if len(turn.reasons) > len(reasons):
        page.text(_("and {n} more; -v shows all").format(n=len(turn.reasons) - len(reasons)), 4, dim=True)
