# SPDX-License-Identifier: Apache-2.0
"""One feature's facts under decided law: layers and routes in words, each layer once for all markets that share it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple

from carnet.assess.answers import Answers
from carnet.assess.evidence import Evidence
from carnet.assess.findings import FindingWriter
from carnet.assess.model import (
    Explanation,
    Finding,
    LayerResult,
    Outcome,
    Pending,
    RouteResult,
    Told,
    Upcoming,
)
from carnet.declare.facts import Facts
from carnet.declare.reading import Waiver
from carnet.law.law import Law
from carnet.law.model import Explanation as LawExplanation, Kind
from carnet.law.rulebook import BoundRoute, Change, Layer, Rulebook
from carnet.logic.truths import number
from carnet.verdict.judge import ClauseDecision, LayerDecision, RouteDecision
from carnet.verdict.outcome import BARRED, of_one
from carnet.verdict.plan import Clause, MarketPlan
from carnet.verdict.status import of_one as status_of_one


class LayerParts(NamedTuple):
    """What one feature means in one layer: a finding for each clause, None for a need that is not asked."""

    decision: LayerDecision[int]
    result: LayerResult
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding | None, ...]


class FeatureAssessor:
    """Puts into words what the answers for one feature's facts mean on a day."""

    def __init__(
        self, law: Law, facts: Facts, answers: Answers, feature: str, day: dt.date, waivers: Mapping[str, Waiver]
    ) -> None:
        self.answers = answers
        self.feature = feature
        self.evidence = Evidence(law, facts, answers.derived, answers.ready.sources)
        self._law, self._day, self._waivers = law, day, waivers
        self._conditions = answers.ready.conditions
        self._writer = FindingWriter(self.evidence, self._conditions, answers.truth, feature, day, waivers)
        self._layers: dict[int, LayerParts] = {}
        self._findings: dict[tuple[int, int], Finding] = {}

    def later(self, facts: Facts, answers: Answers, changed: Set[str]) -> FeatureAssessor:
        """The assessor when some facts changed; what reads none of them stays the very object it was."""
        after = FeatureAssessor(self._law, facts, answers, self.feature, self._day, self._waivers)
        ready = answers.ready
        for number_, parts in self._layers.items():
            same = ready.limits(number_, self.answers.granted) == ready.limits(number_, answers.granted)
            if same and ready.layer_reads(number_, answers.granted).isdisjoint(changed):
                after._layers[number_] = parts
                continue
            for at, finding in enumerate(parts.findings):
                placed = same or (finding is not None and finding.kind in ("rule", "need"))
                if finding is not None and placed and self._made_of(parts.decision.clauses[at]).isdisjoint(changed):
                    after._findings[number_, at] = finding
        return after

    def _made_of(self, decision: ClauseDecision[int]) -> frozenset[str]:
        """What a finding is made of; what a rule requires is not looked at where it does not apply."""
        clause = decision.clause
        return self.answers.ready.made_of(clause, clause.kind != "rule" or bool(decision.status.applying))

    def layer(self, number_: int) -> LayerParts:
        """The layer of that number in the plan."""
        parts = self._layers.get(number_)
        if parts is None:
            parts = self._layers[number_] = self._layer(number_)
        return parts

    def _layer(self, number_: int) -> LayerParts:
        decision, law = self.answers.layer(number_), self.answers.ready.plan.laws[number_]
        common = [one.status for one in decision.clauses if one.standing and not one.clause.routes]
        shared = sum(status.gap for status in common), sum(status.undetermined for status in common)
        routes = tuple(
            self._route(bound, route, shared) for bound, route in zip(law.routes, decision.routes, strict=True)
        )
        result = self._result(law, decision, routes)
        findings = tuple(
            self._finding(number_, at, one, law, result.why) if one.standing or one.clause.kind == "rule" else None
            for at, one in enumerate(decision.clauses)
        )
        pending = (*self._left_to_members(law, decision), *_of_rivals(decision, findings))
        if result.outcome is Outcome.UNDETERMINED and pending:
            result = result._replace(pending=pending)
        return LayerParts(decision, result, routes, findings)

    def _left_to_members(self, law: Layer, decision: LayerDecision[int]) -> Iterator[Pending]:
        """Whether a question is left to members, where that is not known."""
        for item, ref in zip(law.decided_below, decision.plan.decided_below, strict=True):
            if self.answers.truth(ref) is None:
                tell = partial(lambda when: Told(unknown=self.evidence.unknown([when])), item.when)
                yield Pending(law.jurisdiction, Explanation(tell))

    def _finding(self, layer: int, at: int, decision: ClauseDecision[int], law: Layer, why: str) -> Finding:
        kept = self._findings.get((layer, at))
        if kept is not None and _says(kept, decision) and (kept.kind != "closure" or kept.text == why):
            return kept
        return self._write(layer, at, decision, law, why)

    def _write(self, layer: int, at: int, decision: ClauseDecision[int], law: Layer, why: str) -> Finding:
        if at < len(law.rules):
            return self._writer.rule(law.rules[at].rule, decision)
        at -= len(law.rules)
        for bound in law.routes:
            needs = bound.route.needs
            if at < len(needs):
                return self._writer.need(bound.route, needs[at], self._law.approvals, decision)
            at -= len(needs)
        if decision.clause.kind == "limit":
            return self._limit(layer, law, decision)
        return self._writer.closure(law, why, decision)

    def _limit(self, layer: int, law: Layer, decision: ClauseDecision[int]) -> Finding:
        kinds = {bound.route.id: bound.route.kind for bound in law.routes}
        testing = Kind.TESTING in map(kinds.get, decision.clause.routes)
        return self._writer.limit(law, decision, testing, partial(self._forbidden, layer))

    def _forbidden(self, layer: int) -> frozenset[str]:
        """The facts of which a rule of the layer is broken."""
        broken = (one for one in self.answers.layer(layer).clauses if one.clause.kind == "rule" and one.status.gap)
        return self.answers.ready.reads(one.clause.requires for one in broken if one.counts)

    def _route(self, bound: BoundRoute, route: RouteDecision[int], shared: tuple[int, int]) -> RouteResult:
        """shared: how many gaps and undetermined findings stand on every route of the layer."""
        law = bound.route
        available = True if route.available else None if route.offered else False
        unknown = self.evidence.unknown([bound.available]) if available is None else ()
        return RouteResult(
            id=law.id,
            title=law.title,
            layer=law.jurisdiction,
            kind=str(law.kind),
            track=law.track,
            outcome=of_one(route.outcome) if route.offered else Outcome.CLOSED,
            on_offer=available,
            gaps=shared[0] + number(route.gaps),
            undetermined=shared[1] + number(route.undetermined),
            silent=law.silent,
            feature=self.feature,
            needs=law.needs,
            missing=number(route.missing),
            unknown=unknown,
            asks=self.evidence.first(unknown),
            authority=law.authority,
            cites=law.cites,
            note=law.note,
        )

    def _result(self, law: Layer, decision: LayerDecision[int], routes: Sequence[RouteResult]) -> LayerResult:
        outcome, plan, choice = of_one(decision.outcome), decision.plan, decision.choice
        truth, by_id = self.answers.truth, {route.id: route for route in routes}
        taken = [by_id[name] for name, chosen in choice.taken.items() if chosen]
        why = ""
        members: tuple[str, ...] = ()
        told: list[LawExplanation] = []
        if outcome is Outcome.UNDETERMINED:
            for item, ref in zip(law.decided_below, plan.decided_below, strict=True):
                if truth(ref) is not False:
                    why, members, told = item.explanation.why, item.explanation.members, [item.explanation]
        if outcome in (*BARRED, Outcome.TEST_ONLY):
            told = [i.explanation for i, r in zip(law.closed_for, plan.closed_for, strict=True) if truth(r)]
            none = "no route of this layer is on offer for this profile" if choice.no_way else ""
            why = " ".join(one.why for one in told) or none
        elif any(route.silent for route in taken):
            why = "the law is silent, not the profile: no text permits or forbids it"
        first = taken[0].id if taken else ""
        return LayerResult(law.jurisdiction, law.name, outcome, first, self.feature, why, members, told=tuple(told))

    def upcoming(self, market: MarketPlan, book: Rulebook) -> tuple[Upcoming, ...]:
        """What changes within the horizon, with the status the profile would have under it."""
        return tuple(dict.fromkeys(map(self._upcoming, book.changes, market.changes)))

    def _upcoming(self, change: Change, clause: Clause) -> Upcoming:
        rule = change.bound.rule
        return Upcoming(
            rule.id,
            rule.title,
            rule.jurisdiction,
            change.date,
            change.kind,
            status_of_one(self.answers.judge.status(clause.applies, clause.requires)),
            rule.severity,
            rule.cites,
            rule.legal_status,
            rule.topic,
            self.feature,
        )

    def guidance(self, market: MarketPlan, book: Rulebook) -> tuple[tuple[ClauseDecision[int], Finding], ...]:
        """Proposed law and guidelines: what they would find, counting for nothing."""
        found = []
        for bound, clause in zip(book.guidance, market.guidance, strict=True):
            decision = ClauseDecision(clause, self.answers.judge.status(clause.applies, clause.requires), 1, 1)
            found.append((decision, self._writer.rule(bound.rule, decision)._replace(waived=None)))
        return tuple(found)


def _of_rivals(decision: LayerDecision[int], findings: Iterable[Finding | None]) -> Iterator[Pending]:
    """What is undetermined on routes that are no worse than the one taken, which comes first by what it lacks."""
    choice = decision.choice
    rivals = {route for route, equal in choice.rivals.items() if equal and not choice.taken[route]}
    for one, finding in zip(decision.clauses, findings, strict=True):
        waits = one.standing and one.status.undetermined and not (one.on_route or one.clause.advice)
        if finding and waits and not rivals.isdisjoint(one.clause.routes):
            yield Pending(finding.rule, finding.explanation)


def _says(finding: Finding, decision: ClauseDecision[int]) -> bool:
    """Whether a finding is of this very decision; by which rule it is overridden, its facts say."""
    standing, on_route = bool(decision.standing), bool(decision.on_route)
    same = finding.status is status_of_one(decision.status) and finding.on_route is on_route
    return same and (standing or finding.kind != "rule") is not bool(finding.superseded_by)
