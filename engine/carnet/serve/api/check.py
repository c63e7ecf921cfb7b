# SPDX-License-Identifier: Apache-2.0
"""Check a profile, and ask what to declare next or what another declaration would change."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from carnet.api import Law
from carnet.assess.check import check, receipt_to_be
from carnet.assess.model import Report
from carnet.plan.questions import ask, questions
from carnet.plan.whatif import overridden
from carnet.report.formats import FORMATS, render_with
from carnet.serve.answer import Answer, tag_of
from carnet.serve.api import media
from carnet.serve.api.asked import Markets, ProfileBody, check_amount, read_day, read_markets, read_profile
from carnet.serve.api.asking import LONG, Ask
from carnet.serve.api.models import Question, ReceiptModel, WhatIf
from carnet.serve.computing import Tick

router = APIRouter(tags=["profiles"])
ReportFormat = Literal["json", "terminal", "markdown", "html", "xlsx", "csv", "sarif", "junit", "oscal", "oscal-poam"]


class CheckBody(ProfileBody):
    """Check a profile against the law of some markets."""

    format: Annotated[ReportFormat, Field(description="Of the report")] = "json"
    language: Literal["en", "de", "zh", "ar"] = "en"


@router.post("/check", responses={200: media.REPORT, **LONG}, response_class=Response)
def check_profile(body: CheckBody, asking: Ask) -> Response:
    """The gap report: per market outcome, ways in and every finding with its provision and remedy."""
    with asking.turn() as turn:
        law = asking.here.law_in(body.language)
        profile, markets, day = read_profile(law, body.profile), read_markets(law, body.markets), read_day(body.as_of)
        check_amount(asking.here, [profile], markets)
        chosen = FORMATS[body.format]
        renderer = chosen.load()
        made = receipt_to_be(law, profile, markets, day, body.evaluator)
        tag = tag_of("check", [made], [markets, body.format, body.language, body.profile])

        def compute(tick: Tick) -> Answer:
            report = check(law, profile, markets, day, body.evaluator, tick)
            return rendered(law, report, renderer, body.format, body.language)

        return turn.answer("check", compute, tag, len(markets), body.language)


def rendered(law: Law, report: Report, renderer: Any, format_name: str, language: str) -> Answer:
    """A report in one of its formats, as a file to keep where it is not JSON."""
    wishes = {"verbose": True, "language": language, "width": 100, "colour": False, "ask": partial(ask, law)}
    return media.answer(render_with(renderer, report, **wishes), format_name, "report")


class QuestionsAnswer(BaseModel):
    """What is left open."""

    receipt: ReceiptModel
    questions: list[Question]


@router.post("/questions", response_model=QuestionsAnswer, responses=LONG)
def what_to_declare(body: ProfileBody, asking: Ask) -> Response:
    """What to declare next, the question first that decides most."""
    with asking.turn() as turn:
        law = asking.here.law
        profile, markets, day = read_profile(law, body.profile), read_markets(law, body.markets), read_day(body.as_of)
        check_amount(asking.here, [profile], markets)
        made = receipt_to_be(law, profile, markets, day, body.evaluator)

        def compute(tick: Tick) -> Answer:
            report = check(law, profile, markets, day, body.evaluator, tick)
            asked = [{"question": ask(law, one.fact), **one._asdict()} for one in questions(report)]
            return Answer.data({"receipt": report.receipt, "questions": asked})

        return turn.answer("questions", compute, tag_of("questions", [made], [markets]), len(markets))


class WhatIfBody(ProfileBody):
    """What would change if the profile declared something else."""

    markets: Markets = "all"
    set: Annotated[
        dict[str, Any], Field(description="Facts by path, as in a profile; null makes one unknown", min_length=1)
    ]
    within: Annotated[str | None, Field(description="Only in this jurisdiction and below it")] = None
    feature: Annotated[str | None, Field(description="Only for this feature of the vehicle")] = None


@router.post("/what-if", response_model=WhatIf, responses=LONG)
def what_if(body: WhatIfBody, asking: Ask) -> Response:
    """What that changes in each market: outcomes that flip, findings that turn; quick from the second question on."""
    with asking.turn() as turn:
        here, law = asking.here, asking.here.law
        profile, markets, day = read_profile(law, body.profile), read_markets(law, body.markets), read_day(body.as_of)
        check_amount(here, [profile], markets)
        within = read_markets(law, [body.within])[0] if body.within else None
        made = receipt_to_be(law, profile, markets, day, body.evaluator)
        tag = tag_of("what-if", [made], [markets, body.set, within, body.feature])

        def compute(tick: Tick) -> Answer:
            with here.what_ifs.about(law, profile, markets, day, body.evaluator) as asked:
                changes, after = asked.ask(body.set, overlay=within, feature=body.feature)
                before = {market.market: market.outcome for market in asked.before}
            above = {path: overridden(law, profile, markets, path, within, body.feature) for path in body.set}
            return Answer.data(
                {
                    "receipt": made,
                    "after": after.receipt,
                    "outcomes": changes.outcomes,
                    "findings": changes.findings,
                    "markets": [
                        {"market": one.market, "name": one.name, "before": before[one.market], "after": one.outcome}
                        for one in after
                    ],
                    "overridden": [
                        {"path": path, "feature": feature or None, "within": code or None}
                        for path, pairs in above.items()
                        for feature, code in pairs
                    ],
                }
            )

        return turn.answer("what-if", compute, tag, len(markets))
