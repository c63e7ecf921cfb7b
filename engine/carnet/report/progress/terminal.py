# SPDX-License-Identifier: Apache-2.0
"""Progress for a terminal: a column for each report, a line for each market, then what stands still."""

from __future__ import annotations

from carnet.report.layout import Page, display_width, pad
from carnet.report.progress import Point, Progress
from carnet.spoken import _

LAST = 6
"""Reports shown side by side: the first, and the last ones."""
WIDE = 9


def render(progress: Progress, *, width: int = 80, colour: bool = False) -> str:
    page = Page(width, colour)
    page.text(_("Lacks in the way over time: {profile}").format(profile=progress.profile), bold=True)
    page.gap()
    every = list(range(len(progress.labels)))
    shown_at = every if len(every) <= LAST else [0, *every[1 - LAST :]]
    names = [f"{line.market}  {line.name}" for line in progress.lines]
    room = min(max(map(display_width, [*names, ""])), max(18, page.width - (WIDE + 2) * len(shown_at)))
    heads = "  ".join(pad(progress.labels[at][-WIDE:], WIDE, right=True) for at in shown_at)
    page.raw(page.style(f"{pad('', room)}  {heads}", dim=True))
    for line, name in zip(progress.lines, names, strict=True):
        cells = "  ".join(pad(_cell(line.points[at]), WIDE, right=True) for at in shown_at)
        page.raw(f"{pad(name, room)}  {cells}")
    totals = "  ".join(pad(str(progress.total(at)), WIDE, right=True) for at in shown_at)
    page.raw(page.style(f"{pad(_('All markets'), room)}  {totals}", bold=True))
    page.gap()
    page.text(_("Lacks in the way, + lesser ones. -: not checked."), dim=True)
    for line in progress.lines:
        if line.still:
            page.heading(_("{market}: unchanged since the first report").format(market=line.name))
            page.extend((f"{title} [{id_}]" for id_, title in line.still.items()), 2)
    return str(page)


def _cell(point: Point | None) -> str:
    if point is None:
        return "-"
    return f"{point.blocking} +{point.lesser}" if point.lesser else str(point.blocking)
