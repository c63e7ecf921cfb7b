# SPDX-License-Identifier: Apache-2.0
"""Profiles, or the features of one, beside each other in the markets chosen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from carnet.assess.model import Report
from carnet.report import compare
from carnet.report.compare.features import by_feature
from carnet.serve.web.state import About, Subject
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)
MOST = 6


@router.get("/compare")
def compare_page(
    about: About,
    beside: Annotated[list[str], Query(max_length=MOST)] = [],  # noqa: B006
    features: bool = False,
    sort: str = "distance",
) -> Response:
    """The matrix of this profile and those beside it, or of its features."""
    sort = sort if sort in compare.SORTS else "distance"
    others = [about.pages.opened.get(id_, about.me.key) for id_ in dict.fromkeys(beside) if id_ != about.opened.id]
    report = _chosen(about, about.report)
    if features and about.profile.features:
        matrix = by_feature(report, sort)
    else:
        reports = [report, *(_chosen(about, about.pages.assessments.report(other)) for other in others)]
        matrix = compare.matrix(reports, sort, about.law)
    mine = (each for each in about.pages.opened.of(about.me.key) if each.id != about.opened.id)
    candidates = [(each, about.pages.assessments.profile(each)) for each in mine]
    return about.page(
        "compare_page.html.j2",
        here="compare",
        matrix=matrix,
        candidates=candidates,
        beside={other.id for other in others},
        features=features,
        sort=sort,
        sorts=compare.SORTS,
    )


def _chosen(about: Subject, report: Report) -> Report:
    wanted = about.opened.markets
    return Report(
        report.receipt,
        report.profile,
        tuple(market for market in report if not wanted or market.market in wanted),
    )
