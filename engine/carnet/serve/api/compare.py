# SPDX-License-Identifier: Apache-2.0
"""Profiles against each other, against time and against what they were."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from carnet.assess.check import check, receipt_to_be
from carnet.errors import MissingExtra
from carnet.report.compare import matrix
from carnet.report.diff import Data, diff
from carnet.report.diff.shape import check_shape
from carnet.report.formats import render_with
from carnet.report.json import to_data
from carnet.report.timeline import span_of, timeline
from carnet.serve.answer import Answer, tag_of
from carnet.serve.api import media
from carnet.serve.api.asked import (
    Body,
    Content,
    Day,
    Evaluator,
    Markets,
    ProfileBody,
    check_amount,
    read_day,
    read_markets,
    read_profile,
)
from carnet.serve.api.asking import LONG, Ask
from carnet.serve.computing import Tick
from carnet.serve.context import Services

router = APIRouter(tags=["profiles"])
Language = Literal["en", "de", "zh", "ar"]
NEEDS = {"html": "jinja2", "xlsx": "openpyxl"}


def rendered(package: str, format_name: str, subject: Any, language: str) -> Answer:
    """What a renderer of `carnet.report.<package>` makes of something."""
    if format_name in NEEDS and find_spec(NEEDS[format_name]) is None:
        raise MissingExtra(f"{package} -f {format_name}", "reports")
    renderer = import_module(f"carnet.report.{package}.{format_name}")
    text = render_with(renderer, subject, language=language, width=100, colour=False, verbose=True)
    return media.answer(text, format_name, package)


class CompareBody(Body):
    """Profiles to compare, at most twenty."""

    profiles: Annotated[list[Content], Field(min_length=1, max_length=20)]
    markets: Markets = "all"
    as_of: Day = None
    evaluator: Evaluator = "native"
    sort: Literal["market", "outcome", "gaps", "name"] = "outcome"
    format: Literal["json", "terminal", "html", "xlsx", "csv"] = "json"
    language: Language = "en"


COMPARE = media.documented("Matrix", "terminal", "html", "xlsx", "csv")


@router.post("/compare", responses={200: COMPARE, **LONG}, response_class=Response)
def compare(body: CompareBody, asking: Ask) -> Response:
    """Outcomes and gaps of several profiles, market by market."""
    with asking.turn() as turn:
        law = asking.here.law_in(body.language)
        profiles = [read_profile(law, each, f"profiles[{place}]") for place, each in enumerate(body.profiles)]
        markets, day = read_markets(law, body.markets), read_day(body.as_of)
        check_amount(asking.here, profiles, markets)
        made = [receipt_to_be(law, profile, markets, day, body.evaluator) for profile in profiles]
        names = [profile.name for profile in profiles]

        def compute(tick: Tick) -> Answer:
            reports = [check(law, profile, markets, day, body.evaluator, tick) for profile in profiles]
            return rendered("compare", body.format, matrix(reports, body.sort, law), body.language)

        tag = tag_of("compare", made, [names, markets, body.sort, body.format, body.language])
        return turn.answer("compare", compute, tag, len(markets) * len(profiles), body.language)


class TimelineBody(ProfileBody):
    """A profile over time."""

    until: Annotated[dt.date | None, Field(description="Last day; by default three years on")] = None
    format: Literal["json", "terminal", "html", "ical"] = "json"
    language: Language = "en"


TIMELINE = media.documented("TimelineModel", "terminal", "html", "ical")


@router.post("/timeline", responses={200: TIMELINE, **LONG}, response_class=Response)
def over_time(body: TimelineBody, asking: Ask) -> Response:
    """How the outcome changes with the law, the approvals and the waivers; from today unless `as_of` says when."""
    with asking.turn() as turn:
        law = asking.here.law_in(body.language)
        profile, markets = read_profile(law, body.profile), read_markets(law, body.markets)
        start, last = span_of(read_day(body.as_of), read_day(body.until))
        check_amount(asking.here, [profile], markets)
        made = receipt_to_be(law, profile, markets, start, body.evaluator)

        def compute(tick: Tick) -> Answer:
            line = timeline(law, profile, markets, start, last, body.evaluator, tick)
            return rendered("timeline", body.format, line, body.language)

        tag = tag_of("timeline", [made], [profile.name, markets, last, body.format, body.language])
        return turn.answer("timeline", compute, tag, language=body.language)


class DiffBody(Body):
    """Two things to compare: reports as `check` gives them in JSON, or profiles, which are checked now."""

    old: Content
    new: Content
    markets: Annotated[
        Markets | None, Field(description="For profiles; by default those of the report beside it, else all")
    ] = None
    as_of: Day = None
    evaluator: Evaluator = "native"
    format: Literal["json", "terminal", "markdown"] = "json"


DIFF = media.documented("DifferenceModel", "terminal", "markdown")


@router.post("/diff", responses={200: DIFF, **LONG}, response_class=Response)
def difference(body: DiffBody, asking: Ask) -> Response:
    """What changed from the one to the other and why: the profile, the law or the day."""
    with asking.turn() as turn:
        given = {"old": body.old, "new": body.new}
        reports = {name: report for name, each in given.items() if (report := _report(each, name)) is not None}

        def compute(tick: Tick) -> Answer:
            found = {
                name: reports[name] if name in reports else _checked(asking.here, body, name, each, reports, tick)
                for name, each in given.items()
            }
            return rendered("diff", body.format, diff(found["old"], found["new"]), "en")

        return turn.answer("diff", compute)


def _report(content: Any, name: str) -> Data | None:
    """The report, where it is one."""
    if not isinstance(content, dict) or "receipt" not in content:
        return None
    check_shape(content, name)
    return content


def _checked(here: Services, body: DiffBody, name: str, content: Any, reports: dict[str, Data], tick: Tick) -> Data:
    """The report of a profile, in the markets of the report beside it unless some are named."""
    law = here.law
    profile = read_profile(law, content, name)
    beside = [market["market"] for report in reports.values() for market in report["markets"]]
    markets = read_markets(law, body.markets or beside or "all")
    check_amount(here, [profile], markets)
    return to_data(check(law, profile, markets, read_day(body.as_of), body.evaluator, tick))
