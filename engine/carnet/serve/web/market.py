# SPDX-License-Identifier: Apache-2.0
"""A market's page: routes side by side, what is lacking, what to answer, what is coming, and how well it is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from carnet.api import Law
from carnet.assess.model import MarketAssessment, Report, RouteResult, Status
from carnet.law.ids import needs_of
from carnet.law.model import Approval
from carnet.plan.questions import questions
from carnet.report import coming, select
from carnet.report.html import MANY
from carnet.serve.web.fields import fields
from carnet.serve.web.state import About
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)
ASKED_AT_ONCE = 12


class NeedShown(NamedTuple):
    """One need of a route: any of these approvals is enough; status as it was found."""

    approvals: tuple[Approval, ...]
    status: Status | None


class Way(NamedTuple):
    """A route beside the others. taken: whether the market is judged by it."""

    route: RouteResult
    needs: tuple[NeedShown, ...]
    taken: bool


@router.get("/markets/{code}")
def market_page(about: About, code: str) -> Response:
    """One market in full."""
    about.law.head(code)
    market = about.report.market(code)
    asked = questions([market])
    waiting = {question.fact: question for question in asked}
    report = Report(about.report.receipt, about.report.profile, (market,))
    return about.page(
        "market.html.j2",
        here="board",
        market=market,
        report=report,
        many=MANY,
        head=about.law.head(code),
        ways=_ways(about.law, market),
        fields=fields(about.law, about.profile, [question.fact for question in asked[:ASKED_AT_ONCE]], waiting),
        more=len(asked) - ASKED_AT_ONCE,
        changes=coming.changes(market),
    )


def _ways(law: Law, market: MarketAssessment) -> list[Way]:
    """The routes on offer, from the widest layer to the market's own."""
    taken = {(layer.feature, layer.route) for layer in market.layers}
    found = {(finding.feature, finding.rule): finding.status for finding in market.findings if finding.kind == "need"}

    def needs(route: RouteResult) -> Iterator[NeedShown]:
        for need in needs_of(law.route(route.id)):
            status = found.get((route.feature, need.id)) or found.get(("", need.id))
            yield NeedShown(tuple(law.approvals[name] for name in need.group), status)

    wide_first = market.chain[::-1]
    routes = sorted(select.offered(market), key=lambda route: (wide_first.index(route.layer), route.kind))
    return [Way(route, tuple(needs(route)), (route.feature, route.id) in taken) for route in routes]
