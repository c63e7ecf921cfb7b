# SPDX-License-Identifier: Apache-2.0
"""The assessment of one rulebook for one feature: findings, then routes, then layers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from carnet.assess.evidence import Evidence
from carnet.assess.findings import need_condition, need_finding, rule_finding
from carnet.assess.model import Finding, LayerResult, Outcome, RouteResult, Status, Upcoming, worst
from carnet.assess.outcome import Choice, choose, is_touched, route_outcome
from carnet.declare.reading import Waiver
from carnet.law.model import Kind, Severity
from carnet.law.rulebook import BoundRoute, BoundRule, Layer, Rulebook
from carnet.logic.condition import Condition, facts_read
from carnet.logic.status import status_of


class FeatureResult(NamedTuple):
    """What one feature means in one rulebook."""

    feature: str
    layers: tuple[LayerResult, ...]
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome
    route: str


def conditions_of(rulebook: Rulebook) -> Iterator[Condition]:
    """Every condition whose truth an assessment of this rulebook asks for."""
    changing = [change.bound for change in rulebook.changes]
    for bound in (*rulebook.rules(), *changing, *rulebook.guidance):
        yield bound.applies
        yield bound.requires
    for overrides in rulebook.overrides().values():
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
        self._overrides = rulebook.overrides()

    def assess(self) -> FeatureResult:
        parts = [self._layer(layer) for layer in self._book.layers]
        layers = tuple(part[0] for part in parts)
        routed = [layer.route for layer in layers if layer.route]
        return FeatureResult(
            feature=self._feature,
            layers=layers,
            routes=tuple(route for part in parts for route in part[1]),
            findings=tuple(finding for part in parts for finding in part[2]),
            outcome=worst([layer.outcome for layer in layers]),
            route=routed[-1] if routed else "",
        )

    def _layer(self, layer: Layer) -> tuple[LayerResult, list[RouteResult], list[Finding]]:
        offer = {route.route.id: self._evidence.truth(route.available) for route in layer.routes}
        findings = [self._rule(bound, offer) for bound in layer.rules]
        needs = {
            route.route.id: self._needs(route) if offer[route.route.id] is not False else [] for route in layer.routes
        }
        routes = [self._route(route, offer[route.route.id], findings, needs[route.route.id]) for route in layer.routes]
        choices = self._choices(routes)
        if layer.routes:
            outcome = worst([choice.outcome for choice in choices])
        else:
            outcome = route_outcome([f for f in findings if not f.routes and not f.superseded_by], True, False)
        taken = {choice.route.id for choice in choices if choice.route}
        every = [*findings, *(finding for route in layer.routes for finding in needs[route.route.id])]
        every = [f._replace(on_route=not f.routes or not taken.isdisjoint(f.routes)) for f in every]
        return self._explain(layer, outcome, choices, routes), routes, every

    def _rule(self, bound: BoundRule, offer: Mapping[str, bool | None]) -> Finding:
        routes = bound.rule.routes
        on_offer = not routes or any(offer.get(route) is not False for route in routes if route in offer)
        overrides = self._overrides.get(bound.rule.id, ())
        doubts = [override.when for override in overrides if self._evidence.truth(override.when) is None]
        by = next((override.by for override in overrides if self._evidence.truth(override.when)), "")
        return rule_finding(
            bound, self._evidence, self._feature, self._day, self._waivers, on_offer, () if by else doubts
        )._replace(superseded_by=by)

    def _needs(self, route: BoundRoute) -> list[Finding]:
        """The needs that no rule of the layer states already in the same words; one that may not apply states none."""
        stated = {
            frozenset(facts_read(bound.requires))
            for layer in self._book.layers
            if layer.jurisdiction == route.route.jurisdiction
            for bound in layer.rules
            if bound.rule.states_need and (not bound.rule.routes or route.route.id in bound.rule.routes)
            if bound.rule.severity is Severity.BLOCKING and self._evidence.truth(bound.applies)
        }
        found = []
        for group in route.route.needs:
            condition = need_condition(group)
            if frozenset(facts_read(condition)) in stated:
                continue
            found.append(
                need_finding(
                    route,
                    group,
                    condition,
                    self._book.approvals,
                    self._evidence,
                    self._feature,
                    self._day,
                    self._waivers,
                )
            )
        return found

    def _route(
        self, bound: BoundRoute, available: bool | None, findings: Iterable[Finding], needs: list[Finding]
    ) -> RouteResult:
        route = bound.route
        own = [f for f in findings if (not f.routes or route.id in f.routes) and not f.superseded_by] + needs
        outcome = route_outcome(own, available, route.silent) if available is not False else Outcome.CLOSED
        return RouteResult(
            id=route.id,
            title=route.title,
            layer=route.jurisdiction,
            kind=str(route.kind),
            track=route.track,
            outcome=outcome,
            on_offer=available,
            gaps=sum(f.status is Status.GAP for f in own),
            undetermined=sum(f.status is Status.UNDETERMINED for f in own),
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

    def upcoming(self) -> Iterator[Upcoming]:
        """What changes within the horizon, with the status the profile would have under it."""
        for change in self._book.changes:
            rule = change.bound.rule
            applies = self._evidence.truth(change.bound.applies)
            status = status_of(applies, self._evidence.truth(change.bound.requires))
            yield Upcoming(
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

    def guidance(self) -> Iterator[Finding]:
        """Proposed law and guidelines: what they would find, counting for nothing."""
        for bound in self._book.guidance:
            yield rule_finding(bound, self._evidence, self._feature, self._day, {})


def _undecided_tests(routes: Iterable[RouteResult]) -> str:
    """The testing routes that facts still unknown may open: a closed layer owes its reader that hint."""
    undecided = (
        route.title
        for route in routes
        if route.kind == Kind.TESTING and route.on_offer is not False and route.outcome is Outcome.UNDETERMINED
    )
    return "; ".join(undecided)
