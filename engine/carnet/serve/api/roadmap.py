# SPDX-License-Identifier: Apache-2.0
"""The road map: what to do first, by when, with whom, and which market next."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from carnet.api import Law, Profile
from carnet.errors import MissingExtra
from carnet.serve.api import media
from carnet.serve.api.asked import ProfileBody, read_day
from carnet.serve.api.asking import LONG, Ask
from carnet.serve.api.compare import Language
from carnet.serve.api.plans import Names, answered
from carnet.serve.computing import Tick

router = APIRouter(tags=["plans"])
SECONDS = 20.0
"""Of searching for a better plan, counted in work done."""


class PlanBody(ProfileBody):
    """A road map; `by`: the day to open by; `best`: open only so many; `parallel`: so many steps at once."""

    start: dt.date | None = None
    by: dt.date | None = None
    best: Annotated[int | None, Field(ge=1, le=1000)] = None
    parallel: Annotated[int | None, Field(ge=1, le=1000)] = None
    objective: Annotated[str, Field(max_length=40, description="Such as last-market or most-markets")] = "last-market"
    role: Annotated[str | None, Field(max_length=200, description="Only the part of a role or partner")] = None
    keep: Names = ()
    never: Names = ()
    change: Names = ()
    format: Literal["json", "terminal", "markdown", "html", "xlsx", "csv", "jira", "ical"] = "json"
    language: Language = "en"


PLAN = media.documented("ReceiptHolder", "terminal", "markdown", "html", "xlsx", "csv", "jira", "ical")


@router.post("/plan", responses={200: PLAN, **LONG}, response_class=Response)
def road_map(body: PlanBody, asking: Ask) -> Response:
    """Steps, who does them and when, and the order of entry; each opening proven by a check. Best asked as a job."""
    if find_spec("ortools") is None:
        raise MissingExtra("plan", "plan")
    from carnet.plan.partner import plan_for, role_of
    from carnet.plan.roadmap import Ask as PlanAsk, plan

    def work(law: Law, profile: Profile, markets: tuple[str, ...], day: dt.date | None, tick: Tick) -> Any:
        role = role_of(law, profile, body.role) if body.role else ""
        start = read_day(body.start) or day or dt.date.today()
        wanted = PlanAsk(start, read_day(body.by), body.parallel, body.objective, body.best, SECONDS)
        made = plan(law, profile, markets, wanted, body.keep, body.never, body.change, tick)
        return plan_for(law, made, role, profile) if role else made

    return answered(asking, "plan", body, body.markets, work)
