# SPDX-License-Identifier: Apache-2.0
"""What to do: the best outcome within reach, approvals, one application, and what a change sets off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from carnet.api import Law, Profile
from carnet.assess.check import receipt_to_be
from carnet.plan.impact_release import impact
from carnet.plan.reach import reach
from carnet.plan.register import register
from carnet.serve.answer import Answer, tag_of
from carnet.serve.api import media
from carnet.serve.api.asked import (
    Body,
    Content,
    Day,
    Markets,
    ProfileBody,
    check_amount,
    read_day,
    read_markets,
    read_profile,
)
from carnet.serve.api.asking import LONG, Ask
from carnet.serve.api.compare import Language, rendered
from carnet.serve.computing import Tick

router = APIRouter(tags=["plans"])
Names = Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=200)]
Work = Callable[[Law, Profile, tuple[str, ...], dt.date | None, Tick], Any]


class ReachBody(ProfileBody):
    """What it would take; facts of `keep` stay, approvals of `never` do not count, facts of `change` may change too."""

    keep: Names = ()
    never: Names = ()
    change: Names = ()
    format: Literal["json", "terminal"] = "json"


def answered(asking: Ask, package: str, body: Any, markets: Any, work: Work) -> Response:
    """The answer of a function over a profile and markets, rendered by `carnet.report.<package>`."""
    language = getattr(body, "language", "en")
    with asking.turn() as turn:
        law = asking.here.law_in(language)
        profile, codes, day = read_profile(law, body.profile), read_markets(law, markets), read_day(body.as_of)
        check_amount(asking.here, [profile], codes)
        made = receipt_to_be(law, profile, codes, day or dt.date.today(), None)
        asked = body.model_dump(mode="json", exclude={"profile"})
        tag = tag_of(package, [made], [asked, codes, profile.name])

        def compute(tick: Tick) -> Answer:
            return rendered(package, body.format, work(law, profile, codes, day, tick), language)

        return turn.answer(package, compute, tag, len(codes), language)


@router.post("/reach", responses={200: media.documented("ReceiptHolder", "terminal"), **LONG}, response_class=Response)
def within_reach(body: ReachBody, asking: Ask) -> Response:
    """The best outcome that each market can come to, and the least that brings it there, proven by a check."""
    return answered(
        asking,
        "reach",
        body,
        body.markets,
        lambda law, profile, markets, day, tick: reach(
            law, profile, markets, body.keep, body.never, body.change, day, tick
        ),
    )


class ApprovalsBody(Body):
    """A profile's approvals; with markets also what they need besides. `within_weeks`: how far ahead an end is near."""

    profile: Content
    markets: Markets | None = None
    as_of: Day = None
    within_weeks: Annotated[int, Field(ge=0, le=520)] = 26
    format: Literal["json", "terminal", "html", "xlsx", "ical"] = "json"
    language: Language = "en"


APPROVALS = media.documented("ReceiptHolder", "terminal", "html", "xlsx", "ical")


@router.post("/approvals", responses={200: APPROVALS, **LONG}, response_class=Response)
def approvals(body: ApprovalsBody, asking: Ask) -> Response:
    """What is held, asked for, running out and missing."""
    named = body.markets is not None

    def work(law: Law, profile: Profile, markets: tuple[str, ...], day: dt.date | None, tick: Tick) -> Any:
        return register(law, profile, markets if named else (), day, body.within_weeks)

    return answered(asking, "approvals", body, body.markets or "all", work)


class DossierBody(Body):
    """An application; `market` names whose law is meant where the approval counts in several."""

    profile: Content
    approval: Annotated[str, Field(min_length=1, max_length=200)]
    market: Annotated[str | None, Field(max_length=40)] = None
    as_of: Day = None
    format: Literal["json", "terminal", "html", "xlsx", "docx"] = "json"
    language: Language = "en"


DOSSIER = media.documented("ReceiptHolder", "terminal", "html", "xlsx", "docx")


@router.post("/dossier", responses={200: DOSSIER, **LONG}, response_class=Response)
def application(body: DossierBody, asking: Ask) -> Response:
    """The content of one application: what is there, what is missing, who owes it."""
    from carnet.plan.dossier_lines import dossier

    def work(law: Law, profile: Profile, markets: tuple[str, ...], day: dt.date | None, tick: Tick) -> Any:
        names = {name.upper(): name for name in law.approvals}
        approval = names.get(body.approval.upper(), body.approval)
        return dossier(law, profile, approval, markets[0] if body.market else "", day)

    return answered(asking, "dossier", body, [body.market] if body.market else "all", work)


class ImpactBody(ProfileBody):
    """A profile and what is to become of it."""

    new: Content
    format: Literal["json", "terminal", "html", "sarif", "junit"] = "json"
    language: Language = "en"


IMPACT = media.documented("Described", "terminal", "html", "sarif", "junit")


@router.post("/impact", responses={200: IMPACT, **LONG}, response_class=Response)
def sets_off(body: ImpactBody, asking: Ask) -> Response:
    """What the step from one profile to another sets off: notices, extensions, markets that have to wait."""

    def work(law: Law, profile: Profile, markets: tuple[str, ...], day: dt.date | None, tick: Tick) -> Any:
        return impact(law, profile, read_profile(law, body.new, "new"), markets, day)

    return answered(asking, "impact", body, body.markets, work)
