# SPDX-License-Identifier: Apache-2.0
"""Two profiles checked and compared: what each market says of both, as far as it is not the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.declare.profile import Profile
from carnet.law.law import Law
from carnet.report.diff import Data, Difference, diff
from carnet.report.diff.facts import Facts
from carnet.report.json import finding_data, plain

Progress = Callable[[str], None]


def diff_profiles(
    law: Law,
    old: Profile,
    new: Profile,
    markets: Sequence[str],
    day: dt.date | None = None,
    evaluator: str | None = None,
    progress: Progress | None = None,
) -> Difference:
    """What changed from one profile to another in these markets, with what was declared otherwise behind each change.

    Raises:
        UnknownName: for a market or evaluator that does not exist.
    """
    one, other = (check(law, profile, markets, day, evaluator, progress) for profile in (old, new))
    pairs = [_pair(*each) for each in zip(one.markets, other.markets, strict=True)]
    return diff(
        _data(one, [pair[0] for pair in pairs]), _data(other, [pair[1] for pair in pairs]), Facts(law, old, new)
    )


def _data(report: Report, markets: Sequence[Data]) -> Data:
    return {"receipt": report.receipt._asdict(), "profile": plain(report.profile), "markets": list(markets)}


def _pair(old: MarketAssessment, new: MarketAssessment) -> tuple[Data, Data]:
    """A market twice: findings in full where they may differ, lacks where something did."""
    before, after = ({(f.rule, f.feature): f for f in market.findings} for market in (old, new))
    alike = {key for key in before.keys() & after.keys() if _same(before[key], after[key])}
    moved = old.outcome is not new.outcome or len(alike) < max(len(before), len(after))
    return _market(old, alike, moved), _market(new, alike, moved)


def _same(one: Finding, other: Finding) -> bool:
    """Whether two findings stand as the same, as far as a comparison tells."""
    if (one.status, one.severity, one.waived, one.counts) != (other.status, other.severity, other.waived, other.counts):
        return False
    return one.status is not Status.GAP or not one.counts or one.because == other.because


def _market(market: MarketAssessment, alike: set[tuple[str, str]], moved: bool) -> Data:
    data: dict[str, Any] = {
        "market": market.market,
        "name": market.name,
        "outcome": market.outcome.value,
        "as_of": market.as_of.isoformat(),
        "route": market.route or None,
        "findings": list(_findings(market, alike)),
    }
    if moved:
        data["lacks"] = [{"severity": lack.severity.value, "waived": lack.waived} for lack in market.lacks]
    return data


def _findings(market: MarketAssessment, alike: set[tuple[str, str]]) -> Iterator[Data]:
    for finding in market.findings:
        if (finding.rule, finding.feature) in alike:
            yield {
                "rule": finding.rule,
                "title": finding.title,
                "feature": finding.feature or None,
                "status": finding.status.value,
                "severity": finding.severity.value,
                "on_route": finding.on_route,
                "superseded_by": finding.superseded_by or None,
            }
        else:
            yield finding_data(finding)
