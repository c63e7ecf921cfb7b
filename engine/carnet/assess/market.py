# SPDX-License-Identifier: Apache-2.0
"""The assessment of one rulebook for one feature: findings, then routes, then layers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from carnet.assess.evidence import Evidence
from carnet.assess.findings import held_facts, need_condition, need_finding, rule_finding
from carnet.assess.model import Finding, LayerResult, Outcome, RouteResult, Status, Upcoming
from carnet.assess.outcome import Choice, choose, is_touched, route_outcome
from carnet.declare.reading import Waiver
from carnet.law.model import Kind, Severity
from carnet.law.rulebook import BoundRoute, BoundRule, Change, Layer, Rulebook
from carnet.logic.condition import Condition, Truth, facts_read
from carnet.verdict.outcome import worst_of as worst
from carnet.verdict.status import status_of

OPEN = (Status.GAP, Status.UNDETERMINED)
Offer = Mapping[str, Truth]
"""Whether each route of a layer is on offer, by its id."""


class FeatureResult(NamedTuple):
    """What one feature means in one rulebook."""

    feature: str
    layers: tuple[LayerResult, ...]
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome
    route: str


class LayerParts(NamedTuple):
    """What one feature means in one layer."""

    result: LayerResult
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...]


def conditions_of(rulebook: Rulebook) -> Iterator[Condition]:
    """Every condition whose truth an assessment of this rulebook asks for."""
    changing = [change.bound for change in rulebook.changes]
    for bound in (*rulebook.rules(), *changing, *rulebook.guidance):
        yield bound.applies
        yield bound.requires
    for overrides in rulebook.overrides.values():
        for override in overrides:
            yield override.when
    for layer in rulebook.layers:
        for route in layer.routes:
            yield route.available
            for group in route.route.needs:
                yield need_condition(group)
        for explanation in (*layer.closed_for, *layer.decided_below):
            yield explanation.when


class FeatureAssessor:
    """Assesses one feature against one rulebook."""

    def __init__(self, rulebook: Rulebook, evidence: Evidence, feature: str, waivers: Mapping[str, Waiver]) -> None:
        self._book = rulebook
        self._evidence = evidence
        self._feature = feature
        self._waivers = waivers
        self._day: dt.date = rulebook.day

    def assess(self) -> FeatureResult:
        parts = [self._layer(layer) for layer in self._book.layers]
        layers = tuple(part.result for part in parts)
        routed = [layer.route for layer in layers if layer.route]
        return FeatureResult(
            feature=self._feature,
            layers=layers,
            routes=tuple(chain.from_iterable(part.routes for part in parts)),
            findings=tuple(chain.from_iterable(part.findings for part in parts)),
            outcome=worst([layer.outcome for layer in layers]),
            route=routed[-1] if routed else "",
        )

    def _layer(self, layer: Layer) -> LayerParts:
        offer = self._offer(layer)
        findings = self._rules(layer, offer)
        open_ = [f for f in findings if f.status in OPEN and not f.superseded_by]
        needs = self._needs(layer, offer)
        routes = [self._route(route, offer[route.route.id], open_, needs[route.route.id]) for route in layer.routes]
        choices = self._choices(routes)
        if layer.routes:
            outcome = worst([choice.outcome for choice in choices])
        else:
            outcome = route_outcome([f for f in open_ if not f.routes], True, False)
        taken = {choice.route.id for choice in choices if choice.route}
        every = chain(findings, *needs.values())
        placed = tuple([self._off_route(f) if f.routes and taken.isdisjoint(f.routes) else f for f in every])
        return LayerParts(self._explain(layer, outcome, choices, routes), tuple(routes), placed)

    def _offer(self, layer: Layer) -> Offer:
        return {route.route.id: self._evidence.truth(route.available) for route in layer.routes}

    def _rules(self, layer: Layer, offer: Offer) -> list[Finding]:
        return [self._rule(bound, on_offer(bound, offer)) for bound in layer.rules]

    def _rule(self, bound: BoundRule, on_offer: bool) -> Finding:
        overrides = self._book.overrides.get(bound.rule.id, ())
        doubts = [override.when for override in overrides if self._evidence.truth(override.when) is None]
        by = next((override.by for override in overrides if self._evidence.truth(override.when)), "")
        finding = rule_finding(
            bound, self._evidence, self._feature, self._day, self._waivers, on_offer, () if by else doubts
        )
        return finding._replace(superseded_by=by) if by else finding

    def _off_route(self, finding: Finding) -> Finding:
        """A finding that does not count for the route the layer is judged by."""
        return finding._replace(on_route=False)

    def _needs(self, layer: Layer, offer: Offer) -> dict[str, list[Finding]]:
        """The needs of each route that no rule of the layer states already in the same words.

        A rule that may not apply states none.
        """
        stated = [
            (bound.rule.routes, facts_read(bound.requires))
            for bound in layer.rules
            if states_need(bound) and self._evidence.truth(bound.applies)
        ]
        needs: dict[str, list[Finding]] = {}
        for bound in layer.routes:
            id_ = bound.route.id
            words = [facts for routes, facts in stated if not routes or id_ in routes]
            groups = bound.route.needs if offer[id_] is not False else ()
            needs[id_] = [self._need(bound, group) for group in groups if held_facts(group) not in words]
        return needs

    def _need(self, route: BoundRoute, group: tuple[str, ...]) -> Finding:
        return need_finding(route, group, self._book.approvals, self._evidence, self._feature, self._day, self._waivers)

    def _route(
        self, bound: BoundRoute, available: bool | None, open_: Iterable[Finding], needs: list[Finding]
    ) -> RouteResult:
        route = bound.route
        own = [f for f in open_ if not f.routes or route.id in f.routes] + needs
        statuses = [f.status for f in own]
        outcome = route_outcome(own, available, route.silent) if available is not False else Outcome.CLOSED
        return RouteResult(
            id=route.id,
            title=route.title,
            layer=route.jurisdiction,
            kind=str(route.kind),
            track=route.track,
            outcome=outcome,
            on_offer=available,
            gaps=statuses.count(Status.GAP),
            undetermined=statuses.count(Status.UNDETERMINED),
            silent=route.silent,
            feature=self._feature,
            needs=route.needs,
            missing=sum(self._evidence.truth(need_condition(group)) is False for group in route.needs),
            unknown=self._evidence.unknown([bound.available]) if available is None else (),
            authority=route.authority,
            cites=route.cites,
            note=route.note,
        )

    def _choices(self, routes: list[RouteResult]) -> list[Choice]:
        tracks = dict.fromkeys(route.track for route in routes)
        choices = []
        for track in tracks:
            on_track = [route for route in routes if route.track == track]
            choice = choose(on_track, is_touched(track, on_track))
            if choice is not None:
                choices.append(choice)
        return choices

    def _explain(
        self, layer: Layer, outcome: Outcome, choices: list[Choice], routes: Iterable[RouteResult]
    ) -> LayerResult:
        why = ""
        members: tuple[str, ...] = ()
        for item in layer.decided_below:
            truth = self._evidence.truth(item.when)
            if truth is not False and outcome not in (Outcome.CLOSED, Outcome.PROHIBITED):
                outcome, why, members = Outcome.UNDETERMINED, item.explanation.why, item.explanation.members
        if outcome in (Outcome.CLOSED, Outcome.PROHIBITED, Outcome.TEST_ONLY):
            reasons = [i.explanation.why for i in layer.closed_for if self._evidence.truth(i.when) is True]
            no_way = "no route of this layer is on offer for this profile"
            none_on_offer = any(choice.route is None for choice in choices)
            why = " ".join(reasons) or (no_way if none_on_offer else "")
            if outcome is Outcome.CLOSED and (tests := _undecided_tests(routes)):
                why = f"{why} No way to service; whether testing is lawful is not known yet ({tests}).".strip()
        elif any(choice.route and choice.route.silent for choice in choices):
            why = "the law is silent, not the profile: no text permits or forbids it"
        taken = next((choice.route.id for choice in choices if choice.route), "")
        return LayerResult(layer.jurisdiction, layer.name, outcome, taken, self._feature, why, members)

    def upcoming(self) -> tuple[Upcoming, ...]:
        """What changes within the horizon, with the status the profile would have under it."""
        return tuple(dict.fromkeys(self._upcoming(change) for change in self._book.changes))

    def _upcoming(self, change: Change) -> Upcoming:
        rule = change.bound.rule
        applies = self._evidence.truth(change.bound.applies)
        status = status_of(applies, self._evidence.truth(change.bound.requires))
        return Upcoming(
            rule.id,
            rule.title,
            rule.jurisdiction,
            change.date,
            change.kind,
            status,
            rule.severity,
            rule.cites,
            rule.legal_status,
            rule.topic,
            self._feature,
        )

    def guidance(self) -> tuple[Finding, ...]:
        """Proposed law and guidelines: what they would find, counting for nothing."""
        return tuple(self._proposal(bound) for bound in self._book.guidance)

    def _proposal(self, bound: BoundRule) -> Finding:
        return rule_finding(bound, self._evidence, self._feature, self._day, {})


def on_offer(bound: BoundRule, offer: Offer) -> bool:
    """Whether a rule binds everybody, or on a route that may be on offer."""
    routes = bound.rule.routes
    return not routes or any(offer.get(route) is not False for route in routes if route in offer)


def states_need(bound: BoundRule) -> bool:
    """Whether a rule, where it applies, says what a route needs."""
    return bool(bound.rule.states_need) and bound.rule.severity is Severity.BLOCKING


def _undecided_tests(routes: Iterable[RouteResult]) -> str:
    """The testing routes that facts still unknown may open: a closed layer owes its reader that hint."""
    undecided = (
        route.title
        for route in routes
        if route.kind == Kind.TESTING and route.on_offer is not False and route.outcome is Outcome.UNDETERMINED
    )
    return "; ".join(undecided)
