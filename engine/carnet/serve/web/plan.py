# SPDX-License-Identifier: Apache-2.0
"""The plan: which markets when, by which steps, drawn as a Gantt chart and planned again when the reader changes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from carnet.days import read_day
from carnet.errors import InputError, UnknownName, shown, suggest
from carnet.plan.model import OBJECTIVES, Plan
from carnet.plan.readiness import outlook
from carnet.report.formats import render_with
from carnet.report.html import charts
from carnet.report.plan import FORMATS, gantt, words
from carnet.serve.context import Here
from carnet.serve.web.downloads import attached
from carnet.serve.web.failing import PageRoute
from carnet.serve.web.language import language_of
from carnet.serve.web.state import About, Subject

router = APIRouter(prefix="/profiles/{id_}", route_class=PageRoute)
MOST, NEAREST = 16, 6
LIMIT = 6.0
"""The solver's deterministic seconds: a page is waited for, a command may take longer."""
WEEKS_AHEAD = 104


class Wish(NamedTuple):
    """What the reader asks for; the address holds it."""

    markets: tuple[str, ...]
    start: dt.date
    by: dt.date | None
    parallel: int | None
    objective: str


def wished(
    about: About,
    market: Annotated[list[str], Query(max_length=MOST)] = [],  # noqa: B006
    start: Annotated[str, Query(max_length=10)] = "",
    by: Annotated[str, Query(max_length=10)] = "",
    parallel: Annotated[str, Query(max_length=3)] = "",
    objective: Annotated[str, Query(max_length=20)] = OBJECTIVES[0],
) -> Wish:
    """What the address asks for; the markets chosen where it names none."""
    asked = market or about.opened.markets[:MOST]
    return Wish(
        tuple(about.law.head(code).id for code in asked),
        read_day(start) if start else dt.date.today(),
        read_day(by) if by else None,
        _number(parallel),
        objective,
    )


Asked = Annotated[Wish, Depends(wished)]


@router.get("/plan")
def plan_page(here: Here, about: About, wish: Asked) -> Response:
    """The road map of some markets."""
    plan = planned(here, about, wish) if wish.markets else None
    last = plan.last.late if plan and plan.last else wish.start
    return about.page(
        "plan_page.html.j2",
        here="plan",
        wish=wish,
        plan=plan,
        formats=list(FORMATS),
        query=about.request.url.query,
        offered=_offered(about, wish.markets),
        objectives=OBJECTIVES,
        today=dt.date.today(),
        weeks_ahead=WEEKS_AHEAD,
        w=words,
        gantt=gantt,
        axis=charts.Axis(wish.start, last, margin=1.5),
    )


@router.get("/download/plan.{name}")
def download(here: Here, about: About, wish: Asked, name: str) -> Response:
    """The road map in a format.

    Raises:
        UnknownName: for a format that does not exist.
        InputError: when no market is named and none is chosen.
    """
    if name not in FORMATS:
        raise UnknownName(f"unknown format {shown(name)}", hint=suggest(name[:20], FORMATS))
    if not wish.markets:
        raise InputError("no market is named", hint="tick those to open on the page of the plan")
    renderer = import_module(f"carnet.report.plan.{name}")
    made = render_with(renderer, planned(here, about, wish), language=language_of(about.request), width=80)
    return attached(about, "plan", name, next(iter(FORMATS[name]), ".csv"), made)


def planned(here: Here, about: Subject, wish: Wish) -> Plan:
    """The plan for a wish, made once."""
    law, profile = about.law, about.profile

    def make() -> Plan:
        with here.computing.turn():
            return law.plan(
                profile,
                wish.markets,
                wish.start,
                by=wish.by,
                parallel=wish.parallel,
                objective=wish.objective,
                limit=LIMIT,
            )

    return about.pages.plans.get((about.opened.text, law.sha256, law.language, wish), make)


def _offered(about: Subject, asked: Sequence[str]) -> list[str]:
    """The markets to tick: those asked for, those chosen, and the nearest."""
    view = outlook(about.report.markets, about.law)
    nearest = [ready.market for ready in view.rows if ready.weeks is not None and not ready.is_open]
    return list(dict.fromkeys([*asked, *about.opened.markets, *nearest[:NEAREST]]))


def _number(text: str) -> int | None:
    if text and not text.isdecimal():
        raise InputError(f"`{text}` is no number of steps", hint="write 1, 2, 3 ...")
    return int(text) if text else None
