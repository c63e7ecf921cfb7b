# SPDX-License-Identifier: Apache-2.0
"""The board: every market by how near it is, as tiles laid out like a map and as a table; filtered, sorted, chosen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from carnet.api import Law
from carnet.assess.model import MarketAssessment, Outcome
from carnet.days import read_day
from carnet.law.known import Level
from carnet.plan.readiness import Outlook, Readiness, outlook
from carnet.report import atlas, digest
from carnet.serve.web.state import About
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)
NEAR, FAR = 52, 120
"""Weeks up to which a market is near, and from which it is far."""
SORTS = ("readiness", "name", "lacks", "questions", "known")


@dataclass(frozen=True, slots=True)
class Line:
    """One market on the board, with its place among all, nearest first."""

    ready: Readiness
    place: int
    route: str
    spot: atlas.Spot

    @property
    def market(self) -> str:
        return self.ready.market

    @property
    def name(self) -> str:
        return self.ready.name

    @property
    def outcome(self) -> Outcome:
        return self.ready.outcome

    @property
    def lacks(self) -> int:
        """How many lacks stand in the way."""
        return len(self.ready.blocking)

    @property
    def questions(self) -> int:
        return self.ready.questions

    @property
    def known(self) -> int:
        """Per cent of the areas of its law that are known."""
        return round(100 * self.ready.known.share)

    @property
    def is_thin(self) -> bool:
        return self.ready.known.level is Level.THINLY

    @property
    def nearness(self) -> int:
        """1 where it opens soon, 3 where that takes long or no action opens it."""
        late = self.ready.weeks[1] if self.ready.weeks else FAR
        return 1 if late <= NEAR else 2 if late < FAR else 3


def lines(markets: Iterable[MarketAssessment], law: Law) -> tuple[Outlook, list[Line]]:
    """The outlook over some markets, and a line for each, nearest first."""
    found = {market.market: market for market in markets}
    view, spots = outlook(tuple(found.values()), law), atlas.spots(found)
    return view, [
        Line(ready, place, digest.route_titles(found[ready.market]), spots[ready.market])
        for place, ready in enumerate(view.rows)
    ]


def ordered(found: Iterable[Line], sort: str) -> list[Line]:
    """By one of `SORTS`; what is equal stands nearest first."""
    keys: dict[str, Callable[[Line], int]] = {
        "lacks": lambda line: line.lacks,
        "questions": lambda line: line.questions,
        "known": lambda line: -line.known,
    }
    nearest = sorted(found, key=lambda line: line.place)
    if sort == "name":
        return sorted(nearest, key=lambda line: line.name.casefold())
    return sorted(nearest, key=keys[sort]) if sort in keys else nearest


@router.get("")
def board(
    about: About,
    q: Annotated[str, Query(max_length=80)] = "",
    outcome: Annotated[list[str], Query(max_length=6)] = [],  # noqa: B006
    sort: str = "readiness",
) -> Response:
    """All markets; those that a filter leaves are shown."""
    view, found = lines(about.report, about.law)
    return about.page(
        "board.html.j2",
        here="board",
        lines=ordered(found, sort),
        outlook=view,
        tally={each: Counter(line.outcome for line in found)[each] for each in Outcome},
        q=q,
        outcomes=outcome,
        sort=sort,
        sorts=SORTS,
        fitting={line.market for line in found if _matches(line, q, outcome)},
    )


@router.post("/choice")
def choose(
    about: About,
    market: Annotated[list[str], Form()] = [],  # noqa: B006
    as_of: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Choose markets, and the day on which all are looked at; nothing chosen is all of them."""
    day: dt.date | None = read_day(as_of) if as_of else None
    known = [about.law.head(code).id for code in market]
    about.pages.opened.choose(about.opened, known, day)
    where = back if back in ("compare", "downloads", "plan", "timeline") else ""
    return RedirectResponse(f"{about.url}/{where}".rstrip("/"), 303)


def _matches(line: Line, text: str, outcomes: list[str]) -> bool:
    words = f"{line.market} {line.name}".casefold()
    return (not outcomes or line.outcome in outcomes) and text.strip().casefold() in words
