# SPDX-License-Identifier: Apache-2.0
"""A layer decided: the status of each clause, the outcome of each route, the route taken, the layer's outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Generic, NamedTuple

from carnet.law.model import Severity
from carnet.logic.truths import B, Space, Truths
from carnet.verdict.choice import DRIVING, Choice, choose
from carnet.verdict.clause import Clause, Ref
from carnet.verdict.counts import Digits
from carnet.verdict.outcome import Grade, Outcome, at_least, grade, worst
from carnet.verdict.plan import LayerPlan, Plan, RoutePlan
from carnet.verdict.status import Statuses, statuses

EFFECTS = (Outcome.CONDITIONAL, Outcome.UNDETERMINED, Outcome.CLOSED, Outcome.PROHIBITED)
Effects = Mapping[Outcome, B]
"""What some clauses make of an outcome: where they make it no better than each."""


class ClauseDecision(NamedTuple, Generic[B]):
    """A clause over the rows.

    standing: where no other rule takes its place and, of a need or closure, where there is one. on_route: where it is
    of the route that the layer is judged by.
    """

    clause: Clause
    status: Statuses[B]
    standing: B
    on_route: B

    @property
    def counts(self) -> B:
        """Where it counts for the outcome."""
        return self.standing ^ self.standing if self.clause.advice else self.standing & self.on_route


class RouteDecision(NamedTuple, Generic[B]):
    """A route over the rows.

    offered: where it is on offer, or may be. missing: how many of its needs are not met. gaps, undetermined: how many
    of the clauses of this route alone; those of all routes do not tell them apart.
    """

    plan: RoutePlan
    offered: B
    available: B
    outcome: Grade[B]
    missing: Digits[B]
    gaps: Digits[B]
    undetermined: Digits[B]


class LayerDecision(NamedTuple, Generic[B]):
    """A layer over the rows: its clauses and routes in the order of the plan, and what the routes come to."""

    plan: LayerPlan
    clauses: tuple[ClauseDecision[B], ...]
    routes: tuple[RouteDecision[B], ...]
    choice: Choice[B]
    outcome: Grade[B]


class LayerJudge(Generic[B]):
    """Decides layers over the same rows, each once.

    truths: the truth of a condition by its number. limits: what is asked of the grants that these rows hold, by layer;
    those of the plan where it is left out. confirmed: rules whose text somebody read for the
    profile.
    """

    def __init__(
        self,
        plan: Plan,
        truths: Callable[[Ref], Truths[B]],
        space: Space[B],
        confirmed: Collection[str] = (),
        limits: Callable[[int], Sequence[Clause]] | None = None,
    ) -> None:
        self._confirmed = confirmed
        self._limits = limits or (lambda layer: plan.layers[layer].limits)
        self._layers = plan.layers
        self.tests = truths(plan.testing).true
        self._truths = truths
        self.space = space
        self._statuses: dict[tuple[Ref, Ref], Statuses[B]] = {}
        self._decided: dict[int, LayerDecision[B]] = {}

    def decide(self, layer: int) -> LayerDecision[B]:
        """The layer of that number."""
        if layer not in self._decided:
            self._decided[layer] = self._decide(self._layers[layer], self._limits(layer))
        return self._decided[layer]

    def keep(self, before: LayerJudge[B], layers: Iterable[int]) -> None:
        """Take over what was decided before of layers that ask for no truth that is another now."""
        self._decided.update((layer, before._decided[layer]) for layer in layers if layer in before._decided)

    def _decide(self, layer: LayerPlan, granted: Sequence[Clause]) -> LayerDecision[B]:
        every, truths = self.space.every, self._truths
        offered = {route.id: every & ~truths(route.available).false for route in layer.routes}
        rules = [self._rule(rule, offered) for rule in layer.rules]
        needs = {route.id: [self._need(need, offered[route.id]) for need in route.needs] for route in layer.routes}
        limits = [self._limit(limit, offered) for limit in granted]
        common = self._effects(decision for decision in (*rules, *limits) if not decision.clause.routes)
        own = [*rules, *(limit for limit in limits if limit.clause.routes)]
        routes = tuple(self._route(route, offered[route.id], common, own, needs[route.id]) for route in layer.routes)
        none = self.space.none
        choice = (
            choose(routes, self.tests, self.space) if routes else Choice(grade(common, self.space), {}, {}, none, none)
        )
        ban = grade({Outcome.PROHIBITED: common[Outcome.PROHIBITED]}, self.space)
        outcome = worst((choice.outcome, ban), self.space)  # whatever the route
        for ref in layer.decided_below:
            outcome = self._decided_below(outcome, truths(ref))
        clauses = [*rules, *(need for route in layer.routes for need in needs[route.id]), *limits]
        taken = {route.plan.id: _for_sure(route, choice.taken[route.plan.id]) for route in routes}
        placed = [self._placed(one, taken) for one in clauses]
        if layer.closure:
            shut = Statuses(none, choice.shut, none)
            placed.append(ClauseDecision(layer.closure, shut, choice.shut, self.space.every))
        return LayerDecision(layer, tuple(placed), routes, choice, outcome)

    def status(self, applies: Ref, requires: Ref) -> Statuses[B]:
        """What two conditions make of a clause; what is required is looked at only where it may apply."""
        key = (applies, requires)
        if key not in self._statuses:
            may = self._truths(applies)
            wanted = self._truths(requires) if self.space.maybe(self.space.every & ~may.false) else may
            self._statuses[key] = statuses(may, wanted, self.space)
        return self._statuses[key]

    def _rule(self, rule: Clause, offered: Mapping[str, B]) -> ClauseDecision[B]:
        """A rule; one whose routes are all not on offer does not apply.

        While it is not known whether another rule takes its place, nothing makes it a gap for sure.
        """
        every = self.space.every
        status, standing = self._proven(rule, self.status(rule.applies, rule.requires)), every
        if rule.routes:
            ways = [offered[route] for route in rule.routes if route in offered]
            status = status.within(reduce(or_, ways, self.space.none))
        if rule.overridden_by:
            overrides = [self._truths(ref) for _, ref in rule.overridden_by]
            standing = reduce(and_, (~when.true for when in overrides), every)
            sure = reduce(and_, (when.false for when in overrides)) | (every & ~standing)
            gap, undetermined = status.gap & sure, status.undetermined | (status.gap & ~sure)
            status = Statuses(status.compliant, gap, undetermined)
        if rule.unread and rule.id not in self._confirmed:
            status = Statuses(status.compliant, self.space.none, status.undetermined | status.gap)
        return ClauseDecision(rule, status, standing, every)

    def _proven(self, rule: Clause, status: Statuses[B]) -> Statuses[B]:
        """Met, wherever it applies or may, where an approval is held that proves it."""
        if not rule.proven_by:
            return status
        proven = reduce(or_, (self._truths(ref).true for ref in rule.proven_by))
        return Statuses(
            status.compliant | (status.applying & proven), status.gap & ~proven, status.undetermined & ~proven
        )

    def _need(self, need: Clause, offered: B) -> ClauseDecision[B]:
        """A need, asked where its route may be on offer and no rule that applies states it already."""
        asked = reduce(and_, (~self._truths(ref).true for ref in need.stated_by), offered)
        status = self.status(need.applies, need.requires).within(asked)
        return ClauseDecision(need, status, asked, self.space.every)

    def _limit(self, limit: Clause, offered: Mapping[str, B]) -> ClauseDecision[B]:
        """The limits of a grant, asked where it is held and declares some, or always carries some."""
        assert limit.asked is not None
        none = self.space.none
        asked = self._truths(limit.asked).true
        if limit.routes:
            asked = asked & reduce(or_, (offered[route] for route in limit.routes if route in offered), none)
        if not self.space.maybe(asked):
            return ClauseDecision(limit, Statuses(none, none, none), none, self.space.every)
        status = self._uncovered(limit) if limit.covered is not None else self.status(limit.applies, limit.requires)
        return ClauseDecision(limit, status.within(asked), asked, self.space.every)

    def _uncovered(self, limit: Clause) -> Statuses[B]:
        """Where nothing else satisfies the law that relies on the grant."""
        assert limit.covered is not None
        applies, covered = self._truths(limit.applies), self._truths(limit.covered)
        alone = Truths(applies.true & covered.false, applies.false | covered.true)
        return statuses(alone, self._truths(limit.requires), self.space)

    def _effects(self, decisions: Iterable[ClauseDecision[B]]) -> Effects[B]:
        effects = dict.fromkeys(EFFECTS, self.space.none)
        for clause, status, standing, _ in decisions:
            if clause.advice:
                continue
            blocking = clause.severity is Severity.BLOCKING
            if self.space.maybe(status.gap):
                closing = Outcome.CLOSED if clause.curable else Outcome.PROHIBITED
                effect = closing if blocking else Outcome.CONDITIONAL
                effects[effect] = effects[effect] | (status.gap & standing)
            if blocking and self.space.maybe(status.undetermined):
                effects[Outcome.UNDETERMINED] = effects[Outcome.UNDETERMINED] | (status.undetermined & standing)
        return effects

    def _route(
        self,
        route: RoutePlan,
        offered: B,
        common: Effects[B],
        rules: Sequence[ClauseDecision[B]],
        needs: Sequence[ClauseDecision[B]],
    ) -> RouteDecision[B]:
        """A route under the rules that bind on all of them and its own; never better than it is certain."""
        own = [*(rule for rule in rules if route.id in rule.clause.routes and not rule.clause.advice), *needs]
        effects = {outcome: common[outcome] | bits for outcome, bits in self._effects(own).items()}
        available = self._truths(route.available).true
        unsure = self.space.every if route.silent else offered & ~available
        effects[Outcome.UNDETERMINED] = effects[Outcome.UNDETERMINED] | unsure
        total, truths = self.space.total, self._truths
        return RouteDecision(
            route,
            offered,
            available,
            grade(effects, self.space),
            total(truths(need.requires).false for need in route.needs),
            total(one.status.gap & one.standing for one in own),
            total(one.status.undetermined & one.standing for one in own),
        )

    def _decided_below(self, outcome: Grade[B], when: Truths[B]) -> Grade[B]:
        """Where the question is left to members, the layer is undetermined unless it is closed anyway."""
        left = self.space.every & ~when.false & ~at_least(outcome, Outcome.CLOSED)
        return (*(level | left for level in outcome[:3]), *outcome[3:])

    def _placed(self, decision: ClauseDecision[B], taken: Mapping[str, B]) -> ClauseDecision[B]:
        """The decision with where it is of the route taken; a rule of no route always is."""
        routes = decision.clause.routes
        if not routes:
            return decision
        on_route = reduce(or_, (taken[route] for route in routes if route in taken), self.space.none)
        return decision._replace(on_route=on_route)


def _for_sure(route: RouteDecision[B], taken: B) -> B:
    """Where a route is taken and, apart from driving itself, known to be on offer: what is asked of a function that the
    vehicle may not have stands in nobody's way."""
    return taken if route.plan.track == DRIVING else taken & route.available
