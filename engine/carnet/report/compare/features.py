# SPDX-License-Identifier: Apache-2.0
"""The features of one profile beside each other, as profiles are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from carnet.assess.model import MarketAssessment, Report, Status
from carnet.report.compare import Cell, Matrix, Row, in_order
from carnet.report.digest import titles_of_routes
from carnet.report.trust import first_look
from carnet.verdict.outcome import worst_of


def by_feature(report: Report, sort: str = "market") -> Matrix:
    """A matrix with a column for each feature, from the layers and findings that are said of it."""
    features = tuple(dict.fromkeys(layer.feature for market in report for layer in market.layers))
    rows = [_row(market, features) for market in report]
    return Matrix(features, tuple(in_order(rows, sort)), (report.receipt,) * len(features))


def _row(market: MarketAssessment, features: Sequence[str]) -> Row:
    return Row(market.market, market.name, tuple(_cell(market, feature) for feature in features), first_look(market))


def _cell(market: MarketAssessment, feature: str) -> Cell:
    layers = [layer for layer in market.layers if layer.feature == feature]
    findings = [finding for finding in market.findings if finding.counts and finding.feature in ("", feature)]
    statuses = Counter(finding.status for finding in findings)
    gaps = Counter(finding.severity.value for finding in findings if finding.status is Status.GAP)
    titles = titles_of_routes(market)
    return Cell(
        outcome=worst_of(layer.outcome for layer in layers),
        route=next((titles[layer.route] for layer in reversed(layers) if layer.route in titles), ""),
        blocking=gaps["blocking"],
        major=gaps["major"],
        advisory=gaps["advisory"],
        undetermined=statuses[Status.UNDETERMINED],
        compliant=statuses[Status.COMPLIANT],
        as_of=market.as_of,
        barred=any(finding.kind == "closure" for finding in findings),
    )
