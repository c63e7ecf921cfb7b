# SPDX-License-Identifier: Apache-2.0
"""What is to be decided under some rulebooks: their layers, with every condition known by its number in one program.

What two markets have in common word for word is one condition, one clause and, where a whole jurisdiction's say is the
same in both, one layer, which is then decided once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from carnet.law.ids import Need, closure_id, needs_of
from carnet.law.model import Confidence, Kind, Severity
from carnet.law.rulebook import BoundRoute, BoundRule, Layer, Rulebook, derived_needed
from carnet.logic.condition import FALSE, TRUE, AnyOf, Condition, facts_read, held
from carnet.logic.program import Derived, Program
from carnet.verdict.clause import Clause as Clause, Ref as Ref
from carnet.verdict.limits import Known, LayerLimits, Stated, stated_by_rules
from carnet.verdict.testing import TESTS


class RoutePlan(NamedTuple):
    """A route with what it needs."""

    id: str
    available: Ref
    deployment: bool
    track: str
    silent: bool
    needs: tuple[Clause, ...]


class LayerPlan(NamedTuple):
    """A jurisdiction's say; equal for two markets in which it is the same.

    grants: what tells the limits of grants apart: the approvals for which the market takes others, and the limits that
    its rules ask themselves. limits: those of grants that profiles may hold.
    tests: whether the profile tests, where it matters because there are routes to test.
    """

    jurisdiction: str
    rules: tuple[Clause, ...]
    routes: tuple[RoutePlan, ...]
    decided_below: tuple[Ref, ...]
    closed_for: tuple[Ref, ...]
    tests: tuple[Ref, ...]
    closure: Clause | None
    grants: tuple[object, object] = ((), ())
    limits: tuple[Clause, ...] = ()

    def clauses(self) -> Iterator[Clause]:
        """The rules, what each route needs, the limits of grants, then the closure of a layer with routes."""
        yield from self.rules
        for route in self.routes:
            yield from route.needs
        yield from self.limits
        if self.closure:
            yield self.closure

    def refs(self) -> frozenset[Ref]:
        """The conditions that it is decided and explained by."""
        found = {ref for clause in self.clauses() for ref in clause.refs()}
        found.update(route.available for route in self.routes)
        return frozenset(found.union(self.decided_below, self.closed_for, self.tests))


class MarketPlan(NamedTuple):
    """A market, or an exporter's home, with the numbers of its layers.

    changes: rules as they will be within the horizon. guidance: what counts for nothing. Both in the rulebook's order.
    """

    market: str
    name: str
    day: dt.date
    chain: tuple[str, ...]
    layers: tuple[int, ...]
    changes: tuple[Clause, ...] = ()
    guidance: tuple[Clause, ...] = ()


class Plan(NamedTuple):
    """Markets with the program and the distinct layers that they share.

    laws: for each layer, the law that it was made of. limits: for each layer, those of the grants that it relies on,
    laid out where they are asked for. testing: whether the profile says that it tests.
    """

    program: Program
    layers: tuple[LayerPlan, ...]
    laws: tuple[Layer, ...]
    markets: tuple[MarketPlan, ...]
    testing: Ref
    limits: tuple[LayerLimits, ...]


class Planner:
    """Numbers conditions and lays out rulebooks, one after the other.

    granted: the approvals that profiles may hold; their limits become part of the plan. The limits of other approvals
    can be laid out later: `conditions` then grows, past those that the program answers.
    """

    def __init__(self, granted: Iterable[str] = ()) -> None:
        self.conditions: list[Condition] = []
        self._granted = tuple(granted)
        self._known = Known({}, {}, {})
        self._numbers: dict[Condition, Ref] = {}
        self._derived: dict[str, Derived] = {}
        self._layers: dict[LayerPlan, int] = {}
        self._laws: list[Layer] = []
        self._limits: list[LayerLimits] = []
        self._markets: list[MarketPlan] = []
        self._testing = self.ref(TESTS)

    def ref(self, condition: Condition) -> Ref:
        """The number of a condition, which is asked of every profile from now on."""
        number = self._numbers.setdefault(condition, len(self.conditions))
        if number == len(self.conditions):
            self.conditions.append(condition)
        return number

    def add(
        self,
        book: Rulebook,
        derived: Iterable[Derived],
        rewritten: Callable[[Condition], Condition] = lambda condition: condition,
    ) -> MarketPlan:
        """Lay out a rulebook.

        derived: the derived facts that its conditions read. rewritten: a condition as this market reads it.
        """

        def ref(condition: Condition) -> Ref:
            return self.ref(rewritten(condition))

        self._derived.update((item.path, item) for item in derived)
        stated = stated_by_rules(book)
        layout = _Layout(book, ref, stated)
        numbers = []
        for law in book.layers:
            layer = layout.layer(law)
            limits = LayerLimits(book, law, layer.rules, ref, self._known, stated)
            if self._granted:
                wanted = (limits.of(name) for name in self._granted if name in limits.approvals)
                layer = layer._replace(limits=tuple(chain.from_iterable(wanted)))
            at = self._layers.setdefault(layer, len(self._layers))
            if at == len(self._laws):
                self._laws.append(law)
                self._limits.append(limits)
            numbers.append(at)
        changes = tuple(layout.rule(change.bound) for change in book.changes)
        guidance = tuple(map(layout.rule, book.guidance))
        market = MarketPlan(book.market, book.name, book.day, book.chain, tuple(numbers), changes, guidance)
        self._markets.append(market)
        return market

    def plan(self) -> Plan:
        """What was laid out; no rulebook is added afterwards."""
        conditions = tuple(self.conditions)
        program = Program(derived_needed(self._derived.values(), conditions), conditions)
        layers = tuple(self._layers), tuple(self._laws), tuple(self._markets)
        return Plan(program, *layers, self._testing, tuple(self._limits))


def plan_of(books: Iterable[Rulebook]) -> Plan:
    """The plan of some rulebooks, each once."""
    planner = Planner()
    for book in {id(book): book for book in books}.values():
        planner.add(book, book.derived)
    return planner.plan()


class _Layout:
    """Lays out the layers of one rulebook."""

    def __init__(self, book: Rulebook, ref: Callable[[Condition], Ref], stated: Stated) -> None:
        self._book, self._stated = book, stated
        self._ref = ref

    def layer(self, layer: Layer) -> LayerPlan:
        return LayerPlan(
            layer.jurisdiction,
            tuple(map(self.rule, layer.rules)),
            tuple(self._route(route, layer.rules) for route in layer.routes),
            tuple(self._ref(item.when) for item in layer.decided_below),
            tuple(self._ref(item.when) for item in layer.closed_for),
            tuple({self._ref(TESTS) for bound in layer.routes if bound.route.kind is Kind.TESTING}),
            self._closure(layer) if layer.routes else None,
            (tuple(self._book.recognises.items()), self._stated),
        )

    def _closure(self, layer: Layer) -> Clause:
        return Clause(closure_id(layer.jurisdiction), "closure", self._ref(TRUE), self._ref(FALSE), Severity.BLOCKING)

    def rule(self, bound: BoundRule) -> Clause:
        rule, ref = bound.rule, self._ref
        overrides = self._book.overrides.get(rule.id, ())
        return Clause(
            rule.id,
            "rule",
            ref(bound.applies),
            ref(bound.requires),
            rule.severity,
            rule.curable,
            rule.routes,
            tuple((override.by, ref(override.when)) for override in overrides),
            proven_by=tuple(ref(held(approval)) for approval in self._book.proven.get(rule.id, ())),
            advice=rule.advice,
            unread=rule.confidence is Confidence.MEMORY and rule.severity is Severity.BLOCKING and not rule.advice,
        )

    def _route(self, bound: BoundRoute, rules: Sequence[BoundRule]) -> RoutePlan:
        route, stating = bound.route, self._stating(bound.route.id, rules)
        return RoutePlan(
            route.id,
            self._ref(bound.available),
            route.kind is Kind.DEPLOYMENT,
            route.track,
            route.silent,
            tuple(self._need(need, stating) for need in needs_of(route)),
        )

    def _need(self, need: Need, stating: Mapping[frozenset[str], list[Ref]]) -> Clause:
        condition, ref = need_condition(need.group), self._ref
        stated_by = tuple(stating.get(facts_read(condition), ()))
        asked, wanted = ref(TRUE), ref(condition)
        routes = (need.route.id,)
        return Clause(need.id, "need", asked, wanted, Severity.BLOCKING, routes=routes, stated_by=stated_by)

    def _stating(self, route: str, rules: Sequence[BoundRule]) -> Mapping[frozenset[str], list[Ref]]:
        """The rules that state a need of the route themselves, by the approvals that they read."""
        found: dict[frozenset[str], list[Ref]] = {}
        for bound in rules:
            rule = bound.rule
            if states_need(bound) and (not rule.routes or route in rule.routes):
                found.setdefault(facts_read(bound.requires), []).append(self._ref(bound.applies))
        return found


def states_need(bound: BoundRule) -> bool:
    """Whether a rule, where it applies, says what a route needs."""
    rule = bound.rule
    return bool(rule.states_need) and rule.severity is Severity.BLOCKING and not rule.advice


def need_condition(group: tuple[str, ...]) -> Condition:
    """One of these approvals is held."""
    wanted = tuple(held(approval) for approval in group)
    return wanted[0] if len(wanted) == 1 else AnyOf(wanted)
