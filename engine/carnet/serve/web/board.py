# SPDX-License-Identifier: Apache-2.0
"""The board: every market by how near it is, as tiles laid out like a map and as a table; filtered, sorted, chosen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from carnet.assess.lacks import Work
from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome
from carnet.days import read_day
from carnet.law.known import Level
from carnet.plan.questions import questions
from carnet.report import atlas, digest
from carnet.serve.web.failing import PageRoute
from carnet.serve.web.state import About

router = APIRouter(prefix="/profiles/{id_}", route_class=PageRoute)
FEW, MANY = 2, 7
"""So many lacks that block are few, or many."""
SORTS = ("readiness", "name", "lacks", "questions", "known")


@dataclass(frozen=True, slots=True)
class Line:
    """One market on the board.

    approvals, changes: what is lacking there, of each kind; blocking: those of both that stand in the way. questions:
    undeclared facts it waits for. barred: no way in is on offer, or the law forbids it. known: how well
    its law is known, in one word and as a share of its areas.
    """

    market: str
    name: str
    outcome: Outcome
    route: str
    approvals: int
    changes: int
    blocking: int
    questions: int
    level: Level
    known: int
    first_look: bool
    barred: bool
    spot: atlas.Spot

    @property
    def lacks(self) -> int:
        return self.approvals + self.changes

    @property
    def nearness(self) -> int:
        """1 where little stands in the way, 3 where much does."""
        if self.barred:
            return 3
        return 1 if self.blocking <= FEW else 2 if self.blocking < MANY else 3

    @property
    def readiness(self) -> tuple[int, bool, int, int, int]:
        """Sorts the nearest market first; one that no approval and no change opens is the furthest of its outcome."""
        return BEST_FIRST.index(self.outcome), self.barred, self.blocking, self.lacks, self.questions


def lines(markets: Iterable[MarketAssessment]) -> list[Line]:
    """The markets as the board shows them, in the order given."""
    found = list(markets)
    spots = atlas.spots(market.market for market in found)
    return [_line(market, spots[market.market]) for market in found]


def _line(market: MarketAssessment, spot: atlas.Spot) -> Line:
    lacks = [lack for lack in market.lacks if not lack.waived]
    return Line(
        market=market.market,
        name=market.name,
        outcome=market.outcome,
        route=digest.route_titles(market),
        approvals=sum(bool(lack.approval) for lack in lacks),
        changes=sum(not lack.approval and lack.work is not Work.BAR for lack in lacks),
        blocking=sum(lack.blocking for lack in lacks),
        questions=len(questions([market])),
        level=market.known.level,
        known=round(100 * market.known.share),
        first_look=digest.first_look(market),
        barred=any(lack.work is Work.BAR for lack in lacks),
        spot=spot,
    )


def ordered(found: list[Line], sort: str) -> list[Line]:
    """By one of `SORTS`; what is equal stands by readiness, then name."""
    keys: Mapping[str, object] = {"name": 0, "lacks": "lacks", "questions": "questions", "known": "known"}
    nearest = sorted(found, key=lambda line: (line.readiness, line.name))
    if sort == "name":
        return sorted(found, key=lambda line: line.name.casefold())
    if sort == "known":
        return sorted(nearest, key=lambda line: -line.known)
    return sorted(nearest, key=lambda line: getattr(line, str(keys[sort]))) if sort in keys else nearest


@router.get("")
def board(
    about: About,
    q: Annotated[str, Query(max_length=80)] = "",
    outcome: Annotated[list[str], Query(max_length=6)] = [],  # noqa: B006
    sort: str = "readiness",
) -> Response:
    """All markets; those that a filter leaves are shown."""
    found = lines(about.report)
    return about.page(
        "board.html.j2",
        here="board",
        lines=ordered(found, sort),
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
