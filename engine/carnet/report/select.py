# SPDX-License-Identifier: Apache-2.0
"""The parts of a report in the order in which people read them; shared by all renderers, which decide nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from carnet.assess.model import (
    Because,
    Finding,
    MarketAssessment,
    Outcome,
    RemedyPlan,
    Report,
    RouteResult,
    Status,
    Upcoming,
)
from carnet.law.model import TOPICS, Severity
from carnet.report.words import said
from carnet.spoken import _

SEVERITIES = tuple(Severity)
_TOPIC_ORDER = {topic: number for number, topic in enumerate(TOPICS)}


def weight(finding: Finding) -> tuple[int, int, str, str]:
    """Sorts by severity, then topic, then id."""
    topic = _TOPIC_ORDER.get(finding.topic, len(_TOPIC_ORDER))
    return SEVERITIES.index(finding.severity), topic, finding.rule, finding.feature


def counted(market: MarketAssessment, *statuses: Status) -> tuple[Finding, ...]:
    """Findings with one of these statuses that count on the route the market is judged by, heaviest first."""
    found = (f for f in market.findings if f.status in statuses and f.counts)
    return tuple(sorted(found, key=weight))


def assessed(report: Report) -> tuple[MarketAssessment, ...]:
    """For lists: the markets, then the exporter's home as one more; it stands once and not per market."""
    homes: dict[object, MarketAssessment] = {}
    for market in report:
        if market.home:
            homes.setdefault((market.home, repr(market.home_findings)), market)
    several = len(homes) > 1
    return (*report, *(_home(market, several) for market in homes.values()))


def closures(market: MarketAssessment) -> tuple[Finding, ...]:
    """The findings that a layer has ways in, but none for this product."""
    return tuple(f for f in market.findings if f.kind == "closure" and f.counts)


def _home(market: MarketAssessment, named: bool) -> MarketAssessment:
    """The home layer as an assessment; with overlays it may differ from market to market, which the code then names."""
    findings = market.home_findings
    return market._replace(
        market=f"{market.home}-HOME" + (f"-{market.market}" if named else ""),
        name=f"{market.home}, duties of the exporter" + (f" to {market.name}" if named else ""),
        outcome=market.home_outcome or Outcome.OPEN,
        route="",
        layers=(),
        routes=(),
        findings=findings,
        counts={status.value: sum(f.status is status for f in findings) for status in Status},
        severities={s.value: sum(f.status is Status.GAP and f.severity is s for f in findings) for s in Severity},
        upcoming=(),
        notes=(),
        not_covered=(),
        guidance=(),
        home="",
        home_outcome=None,
        home_findings=(),
        chain=(market.home,),
    )


def conflicts(market: MarketAssessment) -> tuple[tuple[Finding, tuple[str, ...]], ...]:
    """Findings whose law cannot be obeyed together with other law that applies there too, each pair told once."""
    told: set[frozenset[str]] = set()
    found = []
    for finding in sorted((f for f in (*market.findings, *market.home_findings) if f.conflicts_with), key=weight):
        others = [rule for rule in met(market, finding) if frozenset((rule, finding.rule)) not in told]
        told |= {frozenset((other, finding.rule)) for other in others}
        if others:
            found.append((finding, tuple(others)))
    return tuple(found)


def met(market: MarketAssessment, finding: Finding) -> tuple[str, ...]:
    """The rules named as its conflicts that apply in this market beside it, duties of the exporter's home included."""
    findings = (*market.findings, *market.home_findings)
    applying = {f.rule for f in findings if f.status is not Status.NOT_APPLICABLE and not f.superseded_by}
    return tuple(rule for rule in finding.conflicts_with if rule in applying and finding.rule in applying)


def contradicting(market: MarketAssessment, finding: Finding) -> tuple[str, ...]:
    """What to name beside a finding: the conflicts met here; failing these, for the market's own law, all it names."""
    return met(market, finding) or (finding.conflicts_with if finding.layer != "home" else ())


def topic_table(findings: Iterable[Finding]) -> dict[str, dict[Status, int]]:
    """Findings per topic and status, topics in the law's order, without those of which nothing applies."""
    table: dict[str, dict[Status, int]] = defaultdict(lambda: dict.fromkeys(Status, 0))
    for finding in findings:
        if finding.counts:
            table[finding.topic][finding.status] += 1
    applying = [topic for topic, row in table.items() if sum(row.values()) > row[Status.NOT_APPLICABLE]]
    return {topic: table[topic] for topic in sorted(applying, key=lambda t: _TOPIC_ORDER.get(t, len(_TOPIC_ORDER)))}


def concerning(report: Report) -> tuple[tuple[Upcoming, tuple[str, ...]], ...]:
    """Upcoming law that can change something for this product: what does not apply before or after is left out."""
    return tuple(event for event in events(report) if event[0].status is not Status.NOT_APPLICABLE)


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


def alternatives(reasons: Sequence[Because]) -> Iterator[tuple[str, Because]]:
    """Each comparison with the word before it, which says how it hangs together with those above; often nothing."""
    before: tuple[int, ...] = ()
    for reason in reasons:
        yield _link(before, reason.choice), reason
        before = reason.choice


def _link(before: tuple[int, ...], choice: tuple[int, ...]) -> str:
    """`either`, `or`, `and`; within an alternative that has alternatives of its own `and either`, `... or`."""
    if not choice:
        return ""
    if before[:1] != choice[:1]:
        return "either"
    if before[:2] != choice[:2]:
        return "or"
    if len(choice) < 4 or before[:4] == choice:
        return "and"
    return "... or" if before[2:3] == choice[2:3] else "and either"


def profile_name(report: Report) -> str:
    return str(report.profile.get("name") or "profile")


def told_first(report: Report) -> tuple[str, ...]:
    """What a reader has to know of a whole report before it is read."""
    return tuple(filter(None, (part_of(report), expecting(report))))


def part_of(report: Report) -> str:
    """That it is made for one partner, with its duties alone."""
    role = report.profile.get("role")
    if not role:
        return ""
    told = _("Only the part of the {role}: its own duties, without what is confidential.")
    return told.format(role=said("duty_holder", str(role)))


def expecting(report: Report) -> str:
    """That approvals count which are only expected, with the days from which they do; empty where none does."""
    expected = report.profile.get("expected")
    if not isinstance(expected, Mapping):
        return ""
    days = ", ".join(f"{name} ({day})" for name, day in expected.items()) or _("none is expected")
    return _("Approvals count from the day on which they are expected: {days}.").format(days=days)


def profile_file(profile: Mapping[str, object]) -> str:
    """The profile's file as it was named, or a stand-in for a profile that was built in memory."""
    return str(profile.get("file") or "profile.yaml")


def tally(report: Report) -> dict[Outcome, int]:
    """How many markets have each outcome, best first."""
    return {outcome: sum(market.outcome is outcome for market in report) for outcome in Outcome}


def remedy_text(remedy: RemedyPlan) -> str:
    """The action's title with the rule's own words after it, where both say something."""
    return ": ".join(dict.fromkeys(part for part in (remedy.title, remedy.text) if part)) or remedy.action


def off_route(market: MarketAssessment) -> tuple[Finding, ...]:
    """Gaps and open questions that stand only on routes other than the one the market is judged by."""
    found = (f for f in market.findings if not f.on_route and f.status in (Status.GAP, Status.UNDETERMINED))
    return tuple(sorted(found, key=weight))


def offered(market: MarketAssessment) -> tuple[RouteResult, ...]:
    """The routes that this operation may take or, as far as is declared, might."""
    return tuple(route for route in market.routes if route.on_offer is not False)


def not_offered(market: MarketAssessment) -> tuple[RouteResult, ...]:
    return tuple(route for route in market.routes if route.on_offer is False)


def widest(table: Mapping[str, Mapping[Status, int]]) -> int:
    """The most findings that apply in one topic: the common scale of its bars."""
    return max((sum(row.values()) - row[Status.NOT_APPLICABLE] for row in table.values()), default=1)


def dates(changes: Sequence[tuple[Upcoming, tuple[str, ...]]]) -> list[dt.date | None]:
    return [change.date for change, _ in changes]


def day(report: Report) -> dt.date:
    """The first day assessed."""
    return min(market.as_of for market in report)
