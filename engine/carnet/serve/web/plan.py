# SPDX-License-Identifier: Apache-2.0
"""The plan: which markets when, by which steps, drawn as a Gantt chart and planned again when the reader changes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from carnet.days import read_day
from carnet.errors import CarnetError, InputError, UnknownName, shown, suggest
from carnet.plan.model import OBJECTIVES, Plan
from carnet.plan.readiness import outlook
from carnet.report import i18n
from carnet.report.formats import render_with
from carnet.report.html import charts
from carnet.report.plan import FORMATS, gantt, words
from carnet.serve.answer import Answer
from carnet.serve.computing import Tick
from carnet.serve.context import Here, Identity, Me
from carnet.serve.jobs import Cancelled
from carnet.serve.problems import Refused
from carnet.serve.web.downloads import attached
from carnet.serve.web.environment import in_language
from carnet.serve.web.failing import PageRoute, error_page
from carnet.serve.web.language import language_of
from carnet.serve.web.state import About, Subject
from carnet.spoken import ENGLISH, language, speaking

router = APIRouter(prefix="/profiles/{id_}", route_class=PageRoute)
MOST, NEAREST = 16, 6
LIMIT = 6.0
"""The solver's deterministic seconds: a page is waited for, a command may take longer."""
WEEKS_AHEAD = 104
MARGIN = 1.5
"""Beside the days of the chart, in percent."""


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
def plan_page(
    here: Here, about: About, me: Me, wish: Asked, job: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The road map of some markets; the one that a job has made, where there is one."""
    made = _made(here, about, me, job) if job else None
    if made is not None:
        return made
    with here.computing.turn() as tick:
        return _page(about, wish, planned(about, wish, tick) if wish.markets else None)


@router.post("/plan/job")
def plan_job(request: Request, here: Here, about: About, me: Me, wish: Asked) -> Response:
    """Begin to plan; the page that comes out of it is shown at its own address once the job is done."""
    if not wish.markets:
        raise InputError("no market is named", hint="tick those to open")
    spoken = language()

    def compute(tick: Tick) -> Answer:
        with speaking(spoken):
            try:
                return Answer.of(_page(about, wish, planned(about, wish, tick)))
            except Cancelled:
                raise
            except CarnetError as error:
                return Answer.of(error_page(request, error))

    job = here.jobs.start(_kind(about), me.key, compute, len(wish.markets))
    return JSONResponse({"id": job.id}, 202)


def _kind(about: Subject) -> str:
    return f"plan of {about.opened.id}"


def _made(here: Here, about: Subject, me: Identity, job: str) -> Response | None:
    """The page that a job of this person and profile has made; None where there is none any more."""
    try:
        return here.jobs.answer(job, me.key).response() if here.jobs.find(job, me.key).kind == _kind(about) else None
    except Refused:
        return None


def _page(about: Subject, wish: Wish, plan: Plan | None) -> HTMLResponse:
    last = plan.last.late if plan and plan.last else wish.start
    asked = [pair for pair in about.request.query_params.multi_items() if pair[0] not in ("job", "language")]
    return about.page(
        "plan_page.html.j2",
        here="plan",
        wish=wish,
        plan=plan,
        formats=list(FORMATS),
        query=urlencode(asked),
        language_url=in_language(f"{about.url}/plan", asked),
        offered=_offered(about, wish.markets),
        objectives=OBJECTIVES,
        today=dt.date.today(),
        weeks_ahead=WEEKS_AHEAD,
        w=words,
        gantt=gantt,
        axis=charts.Axis(wish.start, last, i18n.direction(language()) == "rtl", margin=MARGIN),
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
    spoken = language_of(about.request)
    with here.computing.turn() as tick, speaking(spoken if name == "html" else ENGLISH):  # programs read the others
        made = render_with(renderer, planned(about, wish, tick), language=spoken, width=80)
    return attached(about, "plan", name, next(iter(FORMATS[name]), ".csv"), made)


def planned(about: Subject, wish: Wish, tick: Tick) -> Plan:
    """The plan for a wish, made once."""
    law, profile = about.law, about.profile

    def make() -> Plan:
        from carnet.plan.roadmap import Ask, plan

        ask = Ask(wish.start, wish.by, wish.parallel, wish.objective, limit=LIMIT)
        return plan(law, profile, wish.markets, ask, progress=tick)

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
