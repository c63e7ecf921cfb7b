# SPDX-License-Identifier: Apache-2.0
"""The features of one market put together: the market takes the worst of them, and says once what all of them say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from operator import is_not
from typing import Any

from carnet.assess.conflicts import told_by_both
from carnet.assess.jobs import Job
from carnet.assess.market import FeatureAssessor
from carnet.assess.model import Finding, MarketAssessment, Status, Upcoming
from carnet.law.model import Severity
from carnet.verdict.outcome import worst_of as worst

Findings = tuple[Finding, ...]


class Said:
    """Findings of several features, in which what is the same for each of them is said once, naming none.

    Asked again, it compares only findings that are others than before.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[Finding], list[Finding]]] = {}

    def by_all(self, features: Sequence[Findings]) -> Findings:
        if len(features) < 2:
            return features[0] if features else ()
        groups: dict[str, list[Finding]] = {}
        for findings in features:
            for finding in findings:
                groups.setdefault(finding.rule, []).append(finding)
        return tuple(said for rule, group in groups.items() for said in self._once(rule, group, len(features)))

    def _once(self, rule: str, group: list[Finding], features: int) -> list[Finding]:
        known = self._known.get(rule)
        if known is None or len(known[0]) != len(group) or any(map(is_not, known[0], group)):
            bare = [finding._replace(feature="") for finding in group]
            same = len(group) == features and all(item == bare[0] for item in bare)
            known = self._known[rule] = (group, bare[:1] if same else group)
        return known[1]


def put_together(assessors: Sequence[tuple[Job, FeatureAssessor]], said: Said) -> MarketAssessment:
    """The market's assessment from those of its jobs."""
    results = [(job, assessor.assess()) for job, assessor in assessors]
    own = [result for job, result in results if not job.home]
    home = [result for job, result in results if job.home]
    book = next(job.rulebook for job, _ in assessors if not job.home)
    home_findings = said.by_all([result.findings for result in home])
    findings = told_by_both(said.by_all([result.findings for result in own]), home_findings)
    counted = [f for f in findings if f.counts]
    outcome = worst([result.outcome for result in own])
    return MarketAssessment(
        market=book.market,
        name=book.name,
        as_of=book.day,
        outcome=outcome,
        route=next((result.route for result in own if result.outcome is outcome), ""),
        layers=tuple(layer for result in own for layer in result.layers),
        routes=tuple(route for result in own for route in result.routes),
        findings=findings,
        counts=_counts(Status, [f.status for f in counted]),
        severities=_counts(Severity, [f.severity for f in counted if f.status is Status.GAP]),
        upcoming=_soonest_first(item for job, assessor in assessors if not job.home for item in assessor.upcoming()),
        notes=book.notes,
        not_covered=book.not_covered,
        home=next((job.rulebook.market for job, _ in assessors if job.home), ""),
        home_outcome=worst([result.outcome for result in home]) if home else None,
        home_findings=home_findings,
        guidance=said.by_all([assessor.guidance() for job, assessor in assessors if not job.home]),
        confidence_share={c.value: n for c, n in Counter([f.confidence for f in counted if f.kind == "rule"]).items()},
        chain=book.chain,
    )


def _counts(values: type[StrEnum], found: list[Any]) -> dict[str, int]:
    """How often each value is found, those that are not found included."""
    return {value.value: found.count(value) for value in values}


def _soonest_first(changes: Iterable[Upcoming]) -> tuple[Upcoming, ...]:
    return tuple(sorted(changes, key=lambda item: (item.date or date.max, item.rule)))
