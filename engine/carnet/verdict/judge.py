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
        self._askable: dict[Ref | None, bool] = {}
        self._unasked: dict[int, tuple[Sequence[Clause], frozenset[Ref | None], list[ClauseDecision[B]]]] = {}

    def decide(self, layer: int) -> LayerDecision[B]:
        """The layer of that number."""
        if layer not in self._decided:
            self._decided[layer] = self._decide(self._layers[layer], self._limits(layer))
        return self._decided[layer]

    def keep(self, before: LayerJudge[B], layers: Iterable[int]) -> None:
        """Take over what was decided before of layers that ask for no truth that is another now."""
        self._decided.update((layer, before._decided[layer]) for layer in layers if layer in before._decided)
        if len(before._unasked) <= len(self._layers):  # the grants are mostly the same
            self._unasked = before._unasked

    def _decide(self, layer: LayerPlan, granted: Sequence[Clause]) -> LayerDecision[B]:
        every, truths, weighs = self.space.every, self._truths, self._weighs
        offered = {route.id: every & ~truths(route.available).false for route in layer.routes}
        rules = [self._rule(rule, offered) for rule in layer.rules]
        needs = {route.id: [self._need(need, offered[route.id]) for need in route.needs] for route in layer.routes}
        limits, some_asked = self._asked_of(granted, offered)
        heavy = list(filter(weighs, (*rules, *limits) if some_asked else rules))
        common = self._effects(decision for decision in heavy if not decision.clause.routes)
        own = [decision for decision in heavy if decision.clause.routes]
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
        placed = self._placed(
            clauses, {route.plan.id: _for_sure(route, choice.taken[route.plan.id]) for route in routes}
        )
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
        status, standing = self.status(rule.applies, rule.requires), every
        if rule.proven_by:
            status = self._proven(rule, status)
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
        proven = reduce(or_, (self._truths(ref).true for ref in rule.proven_by))
        return Statuses(
            status.compliant | (status.applying & proven), status.gap & ~proven, status.undetermined & ~proven
        )

    def _need(self, need: Clause, offered: B) -> ClauseDecision[B]:
        """A need, asked where its route may be on offer and no rule that applies states it already."""
        asked = reduce(and_, (~self._truths(ref).true for ref in need.stated_by), offered)
        status = self.status(need.applies, need.requires).within(asked)
        return ClauseDecision(need, status, asked, self.space.every)

    def _asked_of(
        self, granted: Sequence[Clause], offered: Mapping[str, B]
    ) -> tuple[Sequence[ClauseDecision[B]], bool]:
        """The limits of what is granted, and whether some may be asked; most are not, which is said once."""
        if id(granted) not in self._unasked:
            none = self.space.none
            nothing = [ClauseDecision(limit, Statuses(none, none, none), none, self.space.every) for limit in granted]
            self._unasked[id(granted)] = granted, frozenset(limit.asked for limit in granted), nothing
        _, asked, nothing = self._unasked[id(granted)]
        if not any(map(self._is_asked, asked)):
            return nothing, False
        return [self._limit(limit, offered, without) for limit, without in zip(granted, nothing, strict=True)], True

    def _is_asked(self, ref: Ref | None) -> bool:
        if ref not in self._askable:
            assert ref is not None
            self._askable[ref] = self.space.maybe(self._truths(ref).true)
        return self._askable[ref]

    def _limit(self, limit: Clause, offered: Mapping[str, B], nothing: ClauseDecision[B]) -> ClauseDecision[B]:
        """The limits of a grant, asked where it is held and declares some, or always carries some."""
        assert limit.asked is not None
        if not self._is_asked(limit.asked):
            return nothing
        asked = self._truths(limit.asked).true
        if limit.routes:
            ways = (offered[route] for route in limit.routes if route in offered)
            asked = asked & reduce(or_, ways, self.space.none)
        if not self.space.maybe(asked):
            return nothing
        covered = limit.covered
        status = self.status(limit.applies, limit.requires) if covered is None else self._uncovered(limit, covered)
        return ClauseDecision(limit, status.within(asked), asked, self.space.every)

    def _uncovered(self, limit: Clause, covered: Ref) -> Statuses[B]:
        """Where nothing else satisfies the law that relies on the grant."""
        applies, other = self._truths(limit.applies), self._truths(covered)
        alone = Truths(applies.true & other.false, applies.false | other.true)
        return statuses(alone, self._truths(limit.requires), self.space)

    def _weighs(self, decision: ClauseDecision[B]) -> bool:
        """Whether it may make an outcome worse."""
        clause, status, _, _ = decision
        maybe = self.space.maybe
        return (maybe(status.gap) or maybe(status.undetermined)) and not clause.advice

    def _effects(self, decisions: Iterable[ClauseDecision[B]]) -> Effects[B]:
        """What clauses that weigh make of an outcome."""
        effects = dict.fromkeys(EFFECTS, self.space.none)
        for clause, status, standing, _ in decisions:
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
        own = [*(rule for rule in rules if route.id in rule.clause.routes), *needs]
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

    def _placed(self, decisions: Iterable[ClauseDecision[B]], taken: Mapping[str, B]) -> list[ClauseDecision[B]]:
        """The decisions with where each is of the route taken; one of no route always is, one not asked nowhere."""
        every, none, maybe = self.space.every, self.space.none, self.space.maybe
        found: list[ClauseDecision[B]] = []
        known: dict[tuple[str, ...], B] = {(): every}
        for decision in decisions:
            clause, status, standing, _ = decision
            if clause.routes and (clause.kind == "rule" or maybe(standing)):
                on_route = known.get(clause.routes)
                if on_route is None:
                    ways = (taken[route] for route in clause.routes if route in taken)
                    on_route = known[clause.routes] = reduce(or_, ways, none)
                decision = ClauseDecision(clause, status, standing, on_route)
            found.append(decision)
        return found


def _for_sure(route: RouteDecision[B], taken: B) -> B:
    """Where a route is taken and, apart from driving itself, known to be on offer: what is asked of a function that the
    vehicle may not have stands in nobody's way."""
    return taken if route.plan.track == DRIVING else taken & route.available
