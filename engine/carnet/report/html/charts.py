# SPDX-License-Identifier: Apache-2.0
"""Inline SVG. Positions are percentages, so that drawings stretch with the page while their text keeps its size.

Drawings are decoration for a reader's eye: the same numbers stand in the text beside them, and each drawing carries a
sentence for those who do not see it. Right-to-left pages mirror them in the stylesheet or through `flip`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from carnet.report import atlas

ORDER = ("compliant", "undetermined", "gap")


def bar(counts: Mapping[str, int], sentence: str, total: int = 0) -> Markup:
    """A stacked bar of what applies: compliant, undetermined, gap. `total` sets the scale, else the bar is full."""
    parts = [(str(key), counts.get(key, 0)) for key in ORDER]
    whole = max(total, sum(count for _, count in parts), 1)
    start, drawn = 0.0, []
    for key, count in parts:
        if count:
            width = 100 * count / whole
            drawn.append(f'<rect class="f-{key}" x="{start:.2f}%" width="{width:.2f}%" height="10"/>')
            start += width
    return Markup('<svg class="bar" role="img" aria-label="{}">{}</svg>').format(sentence, Markup("".join(drawn)))


class Axis:
    """Days on a line of 100 %, with a margin on both sides for labels."""

    def __init__(self, first: dt.date, last: dt.date, flip: bool = False, margin: float = 7.0) -> None:
        self.first, self.last, self.flip, self.margin = first, max(last, first + dt.timedelta(days=30)), flip, margin

    def at(self, day: dt.date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        place = self.margin + (100 - 2 * self.margin) * min(max(share, 0.0), 1.0)
        return 100 - place if self.flip else place

    def span(self, start: dt.date, end: dt.date) -> tuple[float, float]:
        """Left edge and width."""
        one, other = self.at(start), self.at(end)
        return min(one, other), abs(other - one)

    def ticks(self) -> list[tuple[dt.date, str]]:
        """First days of years, or of quarters where fewer than three years begin."""
        years = [dt.date(year, 1, 1) for year in range(self.first.year, self.last.year + 1)]
        inside = [day for day in years if self.first <= day <= self.last]
        if len(inside) >= 3:
            step = -(-len(inside) // 12)
            return [(day, str(day.year)) for day in inside[::step]]
        quarters = [dt.date(year.year, month, 1) for year in years for month in (1, 4, 7, 10)]
        return [(day, f"{day:%Y-%m}") for day in quarters if self.first <= day <= self.last]


def axis(line: Axis, height: int) -> Markup:
    """Tick lines and their labels along the top."""
    drawn = []
    for number, (day, text) in enumerate(line.ticks()):
        x = f"{line.at(day):.2f}%"
        odd = ' class="odd"' if number % 2 else ""
        drawn.append(f'<g{odd}><line class="tick" x1="{x}" x2="{x}" y1="18" y2="{height}"/>')
        drawn.append(f'<text x="{x}" y="12" text-anchor="middle">{text}</text></g>')
    return Markup("".join(drawn))


def dates(days: Iterable[dt.date | None], today: dt.date, sentence: str, flip: bool = False) -> Markup:
    """Dots on a time line; several on one day are stacked and counted."""
    known = [day for day in days if day is not None]
    if not known:
        return Markup("")
    counts = {day: known.count(day) for day in sorted(set(known))}
    line = Axis(min(today, *counts), max(counts), flip)
    drawn = [str(axis(line, 64)), '<line class="base" x1="0" x2="100%" y1="50" y2="50"/>']
    for day, count in counts.items():
        x, radius = f"{line.at(day):.2f}%", min(5 + count, 12)
        drawn.append(f'<circle class="dot" cx="{x}" cy="50" r="{radius}"><title>{day}: {count}</title></circle>')
        if count > 1:
            drawn.append(f'<text class="in" x="{x}" y="54" text-anchor="middle">{count}</text>')
    return Markup('<svg class="dates" role="img" aria-label="{}">{}</svg>').format(sentence, Markup("".join(drawn)))


def band(line: Axis, spans: Sequence[tuple[dt.date, dt.date, str]], sentence: str) -> Markup:
    """One market's outcomes over time: a block per outcome, told apart by colour and by pattern."""
    drawn = []
    for start, end, outcome in spans:
        x, width = line.span(start, end)
        drawn.append(f'<rect class="o-{outcome}" x="{x:.2f}%" width="{width:.2f}%" y="2" height="18"/>')
        if outcome in PATTERNS:
            drawn.append(f'<rect fill="url(#p-{outcome})" x="{x:.2f}%" width="{width:.2f}%" y="2" height="18"/>')
    return Markup('<svg class="band" role="img" aria-label="{}">{}</svg>').format(sentence, Markup("".join(drawn)))


PATTERNS: Mapping[str, str] = {
    "conditional": '<circle cx="4" cy="4" r="1.2"/>',
    "test_only": '<path d="M0 4h8"/>',
    "undetermined": '<path d="M4 0v8"/>',
    "closed": '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4"/>',
    "prohibited": '<path d="M0 8l8-8M0 0l8 8"/>',
}


def patterns() -> Markup:
    """The definitions that `band` refers to; once a page."""
    made = "".join(
        f'<pattern id="p-{name}" width="8" height="8" patternUnits="userSpaceOnUse">{shape}</pattern>'
        for name, shape in PATTERNS.items()
    )
    return Markup(f'<svg class="defs" aria-hidden="true" width="0" height="0"><defs>{made}</defs></svg>')


WIDTH, HEIGHT = 62, 40
"""Of a tile, in the units of the map's drawing; 3 of them are the gap to the next."""


def tiles(rows: Iterable[tuple[str, str, str, str, bool]], sentence: str) -> Markup:
    """Markets as tiles that lie like a map: code, name, outcome, what stands below the code, whether thinly known."""
    found = list(rows)
    places = atlas.spots(code for code, *_ in found)
    drawn = []
    for code, name, outcome, below, thin in found:
        x, y = places[code].x * WIDTH, places[code].y * HEIGHT
        box = f'x="{x}" y="{y}" width="{WIDTH - 3}" height="{HEIGHT - 3}" rx="4"'
        tile = Markup('<a href="#r-{}"><title>{}: {}</title><rect class="t-{}" {}/>').format(
            code, name, below, outcome, Markup(box)
        )
        tile += Markup('<rect class="faint" fill="url(#p-faint)" {}/>').format(Markup(box)) if thin else ""
        middle = x + (WIDTH - 3) / 2
        tile += Markup('<text class="t-{}" x="{}" y="{}">{}</text>').format(outcome, middle, y + 16, code)
        tile += Markup('<text class="below t-{}" x="{}" y="{}">{}</text></a>').format(outcome, middle, y + 30, below)
        drawn.append(tile)
    wide = (1 + max((spot.x for spot in places.values()), default=0)) * WIDTH - 3
    high = (1 + max((spot.y for spot in places.values()), default=0)) * HEIGHT - 3
    return Markup('<svg class="tiles" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>').format(
        wide, high, sentence, _FAINT, Markup("").join(drawn)
    )


_FAINT = Markup(
    '<defs><pattern id="p-faint" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0v7"/></pattern></defs>'
)
