# SPDX-License-Identifier: Apache-2.0
"""Profiles against markets: how far away each market is, made from one report per profile.

A renderer is a module of this package with `render(matrix, ...) -> str | bytes`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome, Receipt, Report
from carnet.plan.readiness import Outlook, Readiness, outlook
from carnet.report import digest, select, trust

if TYPE_CHECKING:
    from carnet.law.law import Law

FORMATS = {"terminal": (".txt",), "html": (".html", ".htm"), "xlsx": (".xlsx",), "csv": (".csv",), "json": (".json",)}
SORTS = ("distance", "market", "outcome", "gaps", "name")


@dataclass(frozen=True, slots=True)
class Cell:
    """One profile in one market; `barred` when no way in is on offer, whatever the gaps. ready: what opening takes,
    where a whole profile was judged."""

    outcome: Outcome
    route: str
    blocking: int
    major: int
    advisory: int
    undetermined: int
    compliant: int
    as_of: dt.date
    barred: bool = False
    ready: Readiness | None = None

    @property
    def gaps(self) -> int:
        return self.blocking + self.major + self.advisory

    @property
    def readiness(self) -> tuple[int, int, int, int]:
        """Sorts the nearest market first."""
        return BEST_FIRST.index(self.outcome), self.blocking, self.gaps, self.undetermined


@dataclass(frozen=True, slots=True)
class Row:
    """A market; `first_look` when too little of its law is known for its outcomes to say much.

    place: by distance for the first profile, nearest first.
    """

    market: str
    name: str
    cells: tuple[Cell, ...]
    first_look: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows are markets, cells stand in the order of `profiles`."""

    profiles: tuple[str, ...]
    rows: tuple[Row, ...]
    receipts: tuple[Receipt, ...]
    outlooks: tuple[Outlook, ...] = ()
    sort: str = ""

    @property
    def first_looks(self) -> tuple[str, ...]:
        """The markets whose outcomes say little."""
        return tuple(row.market for row in self.rows if row.first_look)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Those that occur, best first."""
        found = {cell.outcome for row in self.rows for cell in row.cells}
        return tuple(outcome for outcome in Outcome if outcome in found)

    def tally(self, place: int) -> dict[Outcome, int]:
        """How many markets have each outcome for one profile, best first."""
        return {outcome: sum(row.cells[place].outcome is outcome for row in self.rows) for outcome in Outcome}


def matrix(reports: Sequence[Report], sort: str = "market", law: Law | None = None) -> Matrix:
    """The matrix of reports over the same markets; with the law, prerequisites count in how long a market takes.

    sort: `distance` puts the markets first that take least, for the first profile; `market` keeps the order given;
    `outcome` puts the markets first that are nearest for any of the profiles;
    `gaps` those with fewest blocking gaps over all profiles; `name` the alphabet.
    """
    outlooks = tuple(outlook(report.markets, law) for report in reports)
    rows = [_row(market.market, reports, outlooks) for market in reports[0]]
    receipts = tuple(report.receipt for report in reports)
    return Matrix(_names(reports), tuple(in_order(rows, sort)), receipts, outlooks, sort)


def in_order(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows in one of the orders that `matrix` knows."""
    rows = list(rows)
    if sort == "distance":
        rows.sort(key=lambda row: row.place)
    elif sort == "outcome":
        rows.sort(key=lambda row: (sorted(cell.readiness for cell in row.cells), row.name))
    elif sort == "gaps":
        rows.sort(key=lambda row: (sum(c.blocking for c in row.cells), sum(c.gaps for c in row.cells), row.name))
    elif sort == "name":
        rows.sort(key=lambda row: row.name.casefold())
    return rows


def _row(code: str, reports: Sequence[Report], outlooks: Sequence[Outlook]) -> Row:
    markets = [report.market(code) for report in reports]
    first_look = any(trust.first_look(market) for market in markets)
    places = [[row.market for row in one.rows].index(code) for one in outlooks]
    ready = [one.rows[place] for one, place in zip(outlooks, places, strict=True)]
    return Row(code, markets[0].name, tuple(map(_cell, markets, ready)), first_look, places[0])


def _cell(market: MarketAssessment, ready: Readiness) -> Cell:
    severe, counts = market.severities, market.counts
    return Cell(
        outcome=market.outcome,
        route=digest.route_titles(market),
        blocking=severe.get("blocking", 0),
        major=severe.get("major", 0),
        advisory=severe.get("advisory", 0),
        undetermined=counts.get("undetermined", 0),
        compliant=counts.get("compliant", 0),
        as_of=market.as_of,
        ready=ready,
        barred=bool(select.closures(market)),
    )


def _names(reports: Sequence[Report]) -> tuple[str, ...]:
    """The profiles' names; where several have the same, with what tells them apart: file, else path, else place."""
    names = [select.profile_name(report) for report in reports]
    files = [PurePath(select.profile_file(report.profile)) for report in reports]
    labels = [(file.name, str(file), str(place)) for place, file in enumerate(files, 1)]
    made = []
    for name, label in zip(names, labels, strict=True):
        same = [other for other_name, other in zip(names, labels, strict=True) if other_name == name]
        level = next(level for level in range(3) if len({other[level] for other in same}) == len(same))
        made.append(f"{name} ({label[level]})" if len(same) > 1 else name)
    return tuple(made)
