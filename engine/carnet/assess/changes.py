# SPDX-License-Identifier: Apache-2.0
"""What differs between two assessments of the same markets: outcomes, and statuses of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from carnet.assess.model import MarketAssessment, Outcome, Status


class OutcomeChange(NamedTuple):
    market: str
    before: Outcome
    after: Outcome


class FindingChange(NamedTuple):
    market: str
    rule: str
    title: str
    feature: str
    before: Status | None
    after: Status | None


class Changes(NamedTuple):
    """What a declaration changed: outcomes of markets and statuses of findings."""

    outcomes: tuple[OutcomeChange, ...]
    findings: tuple[FindingChange, ...]


def changes(before: Mapping[str, MarketAssessment], after: Mapping[str, MarketAssessment]) -> Changes:
    """What changed in each market; markets and findings that are the same object are passed over."""
    pairs = [(before[market], new) for market, new in after.items() if before[market] is not new]
    return Changes(
        tuple(OutcomeChange(new.market, old.outcome, new.outcome) for old, new in pairs if old.outcome != new.outcome),
        tuple(change for old, new in pairs for change in _of_findings(old, new)),
    )


def _of_findings(before: MarketAssessment, after: MarketAssessment) -> Iterator[FindingChange]:
    old, new = (*before.findings, *before.home_findings), (*after.findings, *after.home_findings)
    others = [(one, two) for one, two in zip_longest(old, new) if one is not two]
    was = {(one.rule, one.feature): one for one, _ in others if one}
    now = {(two.rule, two.feature): two for _, two in others if two}
    for key in dict.fromkeys((*was, *now)):
        one, two = was.get(key), now.get(key)
        status_before, status_after = one and one.status, two and two.status
        if status_before is not status_after:
            title = (two or one).title  # type: ignore[union-attr]
            yield FindingChange(after.market, key[0], title, key[1], status_before, status_after)
