# SPDX-License-Identifier: Apache-2.0
"""The parts of a report in the order in which people read them; shared by all renderers, which decide nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from carnet.assess.model import Finding, MarketAssessment, RemedyPlan, Report, Status, Upcoming
from carnet.law.model import TOPICS, Severity
from carnet.plan.questions import Question as Question
from carnet.plan.questions import questions as questions

SEVERITIES = tuple(Severity)
_TOPIC_ORDER = {topic: number for number, topic in enumerate(TOPICS)}


@dataclass(frozen=True, slots=True)
class Step:
    """One action and all the gaps it closes, over all markets. `settings` maps each fact to the values wanted."""

    remedy: RemedyPlan
    gaps: tuple[tuple[MarketAssessment, Finding], ...]

    @property
    def markets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(market.market for market, _ in self.gaps))

    @property
    def blocking(self) -> int:
        return sum(finding.severity is Severity.BLOCKING for _, finding in self.gaps)


def weight(finding: Finding) -> tuple[int, int, str, str]:
    """Sorts by severity, then topic, then id."""
    topic = _TOPIC_ORDER.get(finding.topic, len(_TOPIC_ORDER))
    return SEVERITIES.index(finding.severity), topic, finding.rule, finding.feature


def counted(market: MarketAssessment, *statuses: Status) -> tuple[Finding, ...]:
    """Findings with one of these statuses that count on the route the market is judged by, heaviest first."""
    found = (f for f in market.findings if f.status in statuses and f.on_route and not f.superseded_by)
    return tuple(sorted(found, key=weight))


def topic_table(findings: Iterable[Finding]) -> dict[str, dict[Status, int]]:
    """Findings per topic and status, topics in the law's order, without empty ones."""
    table: dict[str, dict[Status, int]] = defaultdict(lambda: dict.fromkeys(Status, 0))
    for finding in findings:
        if finding.on_route and not finding.superseded_by:
            table[finding.topic][finding.status] += 1
    return {topic: table[topic] for topic in sorted(table, key=lambda t: _TOPIC_ORDER.get(t, len(_TOPIC_ORDER)))}


def steps(report: Report) -> tuple[Step, ...]:
    """Actions over all markets, those that close most blocking gaps first; gaps without a remedy are left out."""
    grouped: dict[str, list[tuple[MarketAssessment, Finding]]] = defaultdict(list)
    for market in report:
        for finding in counted(market, Status.GAP):
            if finding.remedy is not None and finding.is_open_gap:
                grouped[finding.remedy.action or finding.remedy.title].append((market, finding))
    made = []
    for gaps in grouped.values():
        remedy = gaps[0][1].remedy
        assert remedy is not None
        made.append(Step(remedy, tuple(gaps)))
    return tuple(sorted(made, key=lambda step: (-step.blocking, -len(step.gaps), step.remedy.action)))


def events(report: Report) -> tuple[tuple[Upcoming, tuple[str, ...]], ...]:
    """Upcoming law over all markets, each change once with the markets it reaches; undated last."""
    reached: dict[tuple[str, object, str], list[str]] = defaultdict(list)
    first: dict[tuple[str, object, str], Upcoming] = {}
    for market in report:
        for item in market.upcoming:
            key = (item.rule, item.date, item.change)
            first.setdefault(key, item)
            reached[key].append(market.market)
    order = sorted(first, key=lambda key: (first[key].date is None, str(first[key].date), key[0]))
    return tuple((first[key], tuple(dict.fromkeys(reached[key]))) for key in order)


def profile_name(report: Report) -> str:
    return str(report.profile.get("name") or "profile")


def profile_file(profile: Mapping[str, object]) -> str:
    """The profile's file as it was named, or a stand-in for a profile that was built in memory."""
    return str(profile.get("file") or "profile.yaml")
