# SPDX-License-Identifier: Apache-2.0
"""Gaps that many markets share, told in full once on a page."""

from __future__ import annotations

from collections import defaultdict

from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.report import select


class Repeats:
    """Gaps that law above several markets gives each of them: told in full once where there are many markets.

    A treaty's or a union's gap stands in dozens of markets with the same words; the page would grow past what a
    browser or a mail box takes.
    """

    MANY = 8

    def __init__(self, report: Report) -> None:
        self._anchors: dict[tuple[str, int], str] = {}
        self._first: dict[tuple[str, int], str] = {}
        if len(report.markets) <= self.MANY:
            return
        seen: dict[object, list[tuple[str, int]]] = defaultdict(list)
        for market in report:
            home = (f for f in market.home_findings if f.status is Status.GAP and f.counts)
            for finding in (*select.counted(market, Status.GAP), *home):
                seen[_same(finding)].append((market.market, id(finding)))
        for number, alike in enumerate((alike for alike in seen.values() if len(alike) > 1), 1):
            self._anchors[alike[0]] = f"g{number}"
            self._first.update(dict.fromkeys(alike[1:], f"g{number}"))

    def anchor(self, market: MarketAssessment, finding: Finding) -> str:
        """The anchor of a gap that others refer to, else nothing."""
        return self._anchors.get((market.market, id(finding)), "")

    def first(self, market: MarketAssessment, finding: Finding) -> str:
        """Where the same gap stands in full; nothing for the first."""
        return self._first.get((market.market, id(finding)), "")


def _same(finding: Finding) -> object:
    return finding.rule, finding.feature, repr(finding.because), repr(finding.remedy), finding.waived
