# SPDX-License-Identifier: Apache-2.0
"""A layer's statuses, routes and outcome over a block of rows: the semantics of `carnet.assess`, on bitmaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

from carnet.assess.model import Outcome
from carnet.assess.outcome import DEPLOYMENT_ORDER, DRIVING
from carnet.fleet.compiled import CompiledLayer, CompiledRoute, CompiledRule, Need
from carnet.fleet.status import Grade, Statuses, grade, statuses, where_is, worst
from carnet.law.model import Severity
from carnet.logic.columnar.bitmaps import Bits, Truths, ones, zeros
from carnet.logic.columnar.counts import Slices, less, padded, total, where
from carnet.logic.columnar.graph import Ref
from carnet.logic.columnar.program import Batch

EFFECTS = (Outcome.CONDITIONAL, Outcome.UNDETERMINED, Outcome.CLOSED, Outcome.PROHIBITED)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule or need over the block.

    counts: where it is a finding of the route that the layer is judged by, which no other rule overrides. Elsewhere its
    status is left empty. feature: the only one of several that it speaks of.
    """

    id: str
    severity: Severity
    curable: bool
    routes: tuple[str, ...]
    status: Statuses
    counts: Bits
    feature: str = ""

    def within(self, mask: Bits, feature: str = "") -> Line:
        """What it says in the rows of a mask."""
        return replace(self, status=self.status.within(mask), counts=self.counts & mask, feature=feature)


@dataclass(frozen=True, slots=True)
class Judged:
    """A layer over the block: its lines, its outcome, and where each route is the one taken."""

    lines: tuple[Line, ...]
    outcome: Grade
    taken: tuple[tuple[str, Bits], ...]


Effects: TypeAlias = Mapping[Outcome, Bits]
"""What some lines make of an outcome: where they make it no better than each."""


@dataclass(frozen=True, slots=True)
class Way:
    """A route over the block.

    gaps, undetermined: how many of the lines of this route alone; those of all routes do not tell them apart.
    """

    route: CompiledRoute
    offered: Bits
    outcome: Grade
    missing: Slices
    gaps: Slices
    undetermined: Slices


class LayerJudge:
    """Judges layers over one block; what layers share is computed once."""

    def __init__(self, layers: Sequence[CompiledLayer], batch: Batch) -> None:
        self._layers = layers
        self.batch = batch
        self._rows = batch.rows
        self._every = ones(batch.rows)
        self._statuses: dict[tuple[Ref, Ref], Statuses] = {}
        self._judged: dict[int, Judged] = {}

    def judge(self, layer: int) -> Judged:
        """The layer of that index."""
        if layer not in self._judged:
            self._judged[layer] = self._judge(self._layers[layer])
        return self._judged[layer]

    def _judge(self, layer: CompiledLayer) -> Judged:
        offered = {route.id: self._every & ~self.batch.truths(route.available).false for route in layer.routes}
        rules = [self._rule(rule, offered) for rule in layer.rules]
        needs = {
            route.id: [self._need(need, route, offered[route.id]) for need in route.needs] for route in layer.routes
        }
        common = self._effects(line for line in rules if not line.routes)
        ways = []
        for route in layer.routes:
            own = [*(line for line in rules if route.id in line.routes), *needs[route.id]]
            ways.append(self._way(route, offered[route.id], common, own))
        outcome, taken = self._choose(ways)
        if not layer.routes:
            outcome = grade(common, self._rows)
        for ref in layer.decided_below:
            outcome = self._decided_below(outcome, self.batch.truths(ref))
        lines = [*rules, *(line for route in layer.routes for line in needs[route.id])]
        return Judged(tuple(self._on_route(line, taken) for line in lines), outcome, tuple(taken.items()))

    def status(self, applies: Ref, requires: Ref) -> Statuses:
        key = (applies, requires)
        if key not in self._statuses:
            truths = self.batch.truths
            self._statuses[key] = statuses(truths(applies), truths(requires), self._every)
        return self._statuses[key]

    def _rule(self, rule: CompiledRule, offered: Mapping[str, Bits]) -> Line:
        status = self.status(rule.applies, rule.requires)
        if rule.routes:
            on_offer = [offered[route] for route in rule.routes if route in offered]
            status = status.within(reduce(or_, on_offer, zeros(self._rows)))
        counts = self._every
        if rule.overridden_by:
            overrides = [self.batch.truths(ref) for ref in rule.overridden_by]
            counts = reduce(and_, (~when.true for when in overrides), self._every)
            sure = reduce(and_, (when.false for when in overrides))
            status = status.within(counts)
            status = status._replace(gap=status.gap & sure, undetermined=status.undetermined | (status.gap & ~sure))
        return Line(rule.id, rule.severity, rule.curable, rule.routes, status, counts)

    def _need(self, need: Need, route: CompiledRoute, offered: Bits) -> Line:
        truths = self.batch.truths(need.held)
        asked = reduce(and_, (~self.batch.truths(ref).true for ref in need.stated), offered)
        status = Statuses(truths.true & asked, truths.false & asked, asked & ~(truths.true | truths.false))
        return Line(need.id, Severity.BLOCKING, True, (route.id,), status, asked)

    def _effects(self, lines: Iterable[Line]) -> Effects:
        effects = {outcome: zeros(self._rows) for outcome in EFFECTS}
        for line in lines:
            blocking = line.severity is Severity.BLOCKING
            closing = Outcome.CLOSED if line.curable else Outcome.PROHIBITED
            effects[closing if blocking else Outcome.CONDITIONAL] |= line.status.gap
            if blocking:
                effects[Outcome.UNDETERMINED] |= line.status.undetermined
        return effects

    def _way(self, route: CompiledRoute, offered: Bits, common: Effects, own: Sequence[Line]) -> Way:
        """A route under the rules that bind on all of them and its own; never better than it is certain."""
        effects = {outcome: common[outcome] | bits for outcome, bits in self._effects(own).items()}
        unsure = self._every if route.silent else offered & ~self.batch.truths(route.available).true
        effects[Outcome.UNDETERMINED] |= unsure
        missing = total(self.batch.truths(need.held).false for need in route.needs)
        gaps = total(line.status.gap for line in own)
        undetermined = total(line.status.undetermined for line in own)
        return Way(route, offered, grade(effects, self._rows), missing, gaps, undetermined)

    def _choose(self, ways: Sequence[Way]) -> tuple[Grade, dict[str, Bits]]:
        """The outcome over all tracks, and where each route is the one that its track is judged by."""
        grades, taken = [], {}
        for track in dict.fromkeys(way.route.track for way in ways):
            on_track = [way for way in ways if way.route.track == track]
            outcome, chosen = self._choose_on_track(on_track)
            if track != DRIVING:
                maybe = reduce(or_, (way.offered for way in on_track))
                touched = reduce(or_, (self.batch.truths(way.route.available).true for way in on_track))
                outcome = (*(level & maybe for level in outcome[:3]), *(level & touched for level in outcome[3:]))
            grades.append(outcome)
            taken.update(chosen)
        return worst(grades, self._rows), taken

    def _choose_on_track(self, ways: Sequence[Way]) -> tuple[Grade, dict[str, Bits]]:
        """The outcome, and where each route is taken: those that are best in a row are rivals there."""
        rows = self._rows
        deployments = [way for way in ways if way.route.deployment]
        tests = [way for way in ways if not way.route.deployment]
        rivals = {way.route.id: zeros(rows) for way in ways}
        outcomes: dict[Outcome, Bits] = {}
        left = self._every
        for outcome in (*DEPLOYMENT_ORDER, Outcome.TEST_ONLY):
            found = zeros(rows)
            for way in tests if outcome is Outcome.TEST_ONLY else deployments:
                good = ~way.outcome[1] if outcome is Outcome.TEST_ONLY else where_is(way.outcome, outcome, rows)
                hits = way.offered & good & left
                rivals[way.route.id] |= hits
                found |= hits
            outcomes[outcome] = found
            left = left & ~found
        deployable = reduce(or_, (way.offered for way in deployments), zeros(rows))
        for way in ways:
            rivals[way.route.id] |= way.offered & (left if way.route.deployment else left & ~deployable)
        offered = reduce(or_, (way.offered for way in ways))
        prohibited = reduce(and_, (~way.offered | way.outcome[-1] for way in ways), offered & left)
        outcomes |= {Outcome.CLOSED: left & ~prohibited, Outcome.PROHIBITED: prohibited}
        return grade(outcomes, rows), self._nearest(ways, rivals)

    def _nearest(self, ways: Sequence[Way], rivals: Mapping[str, Bits]) -> dict[str, Bits]:
        """Of the rivals in each row the nearest: fewest needs missing, then gaps, then undetermined.

        The first of equals, as `assess.outcome` chooses.
        """
        missing = max(len(way.missing) for way in ways)
        gaps = max(len(way.gaps) for way in ways)
        undetermined = max(len(way.undetermined) for way in ways)
        winners: dict[str, Bits] = {}
        taken = zeros(self._rows)
        least: Slices = ()
        for way in ways:
            bits = rivals[way.route.id]
            least_of_all = padded(way.undetermined, undetermined, taken)
            key = (*least_of_all, *padded(way.gaps, gaps, taken), *padded(way.missing, missing, taken), way.outcome[-1])
            wins = bits & (~taken | less(key, least, self._rows)) if (bits & taken).any() else bits
            least = where(wins, key, least)
            winners = {route: chosen & ~wins for route, chosen in winners.items()} | {way.route.id: wins}
            taken = taken | bits
        return winners

    def _decided_below(self, outcome: Grade, when: Truths) -> Grade:
        """Where the question is left to members, the layer is undetermined unless it is closed anyway."""
        open_question = self._every & ~when.false & ~outcome[3]
        return (*(level | open_question for level in outcome[:3]), *outcome[3:])

    def _on_route(self, line: Line, taken: Mapping[str, Bits]) -> Line:
        if not line.routes:
            return line
        on_route = reduce(or_, (taken[route] for route in line.routes if route in taken), zeros(self._rows))
        return line.within(on_route)
