# SPDX-License-Identifier: Apache-2.0
"""What else would do: for each declaration of a way its alternatives, and for the whole way those of other routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import NamedTuple

from carnet.declare.vocabulary import Value
from carnet.logic.solve import repairs
from carnet.plan.bounds import Bounds
from carnet.plan.expand import without_derived
from carnet.plan.search import WAYS, Found, Search
from carnet.plan.sought import Changes, Key
from carnet.plan.trial import Side, Standing, Trial
from carnet.verdict.outcome import Outcome

LAWFUL = (Outcome.OPEN, Outcome.CONDITIONAL, Outcome.TEST_ONLY)
COMBINATIONS = 512
MOST = 6


class Slot(NamedTuple):
    """One thing to be settled: the ways that settle it, the one that was found first; what reopens without it."""

    ways: tuple[Changes, ...]
    closes: tuple[str, ...]

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset(self.ways[0])


class Way(NamedTuple):
    """A way for a market to reach an outcome: what settles each open thing, over certain routes.

    routes: those that the market is then judged by.
    """

    slots: tuple[Slot, ...]
    standing: Standing
    routes: tuple[str, ...]

    def changes(self, picks: Sequence[int] | None = None) -> dict[Key, Value | None]:
        """What is declared with one way picked for each slot, the first where none is."""
        found: dict[Key, Value | None] = {}
        for at, slot in enumerate(self.slots):
            found.update(slot.ways[picks[at] if picks else 0])
        return found


class Chooser:
    """Finds the ways of one market on one day."""

    def __init__(self, trial: Trial, bounds: Bounds) -> None:
        self.trial, self.bounds = trial, bounds

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The nearest way, then those over other routes to an outcome as good, cheapest first."""
        kept: list[Found] = []
        for found in self._found:
            least = Search(self.trial, self.bounds).without_needless(found)
            if not any(_covers(least, one) for one in kept):
                kept.append(least)
        return tuple(map(self._way, sorted(kept, key=lambda one: self.price(one.changes))))

    @property
    def outcome(self) -> Outcome:
        """The best outcome that is found; quicker than its ways."""
        return self._found[0].standing.outcome

    @cached_property
    def _found(self) -> Sequence[Found]:
        """What brings the market to its best outcome, the nearest way first, then over other routes."""
        first = Search(self.trial, self.bounds).run()
        found = [first, *(Search(self.trial, self.bounds, aim).run() for aim in self._aims(first))]
        best = min(one.standing.rank[:2] for one in found)
        return [one for one in found if one.standing.rank[:2] == best]

    def price(self, changes: Changes) -> tuple[int, int]:
        """The total price of declarations, then how many they are."""
        return sum(self.bounds.price(self.trial, key, value) for key, value in changes.items()), len(changes)

    def least(self, way: Way) -> tuple[dict[Key, Value | None], bool]:
        """The cheapest of a way's combinations that keeps the promise, and whether none is cheaper."""
        exact = prod(len(slot.ways) for slot in way.slots) <= COMBINATIONS
        first = way.changes()
        if not exact:
            return first, False
        picked = product(*(range(len(slot.ways)) for slot in way.slots))
        priced = sorted((self.price(way.changes(picks)), picks) for picks in picked)
        for price, picks in priced:
            if price >= self.price(first):
                break
            changes = way.changes(picks)
            standing = self.trial.judge(changes)
            if standing.rank <= way.standing.rank:
                return Search(self.trial, self.bounds).without_needless(Found(changes, standing)).changes, True
        return first, True

    def _aims(self, found: Found) -> Iterator[Mapping[tuple[str, str], str]]:
        """The other routes to deploy that may be on offer, one at a time."""
        self.trial.judge(found.changes)
        aims: dict[tuple[str, str, str], None] = {}
        for side in self.trial.sides:
            for _, layer in side.layers():
                for route in layer.plan.routes:
                    other = route.deployment and not route.silent and not layer.choice.taken.get(route.id)
                    if other and self._can_hold(side, route.available):
                        aims[layer.plan.jurisdiction, route.track, route.id] = None
        for jurisdiction, track, route_id in aims:
            yield {(jurisdiction, track): route_id}

    def _way(self, found: Found) -> Way:
        lawful = found.standing.outcome in LAWFUL
        slots = tuple(
            self._slot(found, key) if lawful else Slot(({key: found.changes[key]},), ()) for key in found.changes
        )
        self.trial.judge(found.changes)
        return Way(slots, found.standing, tuple(dict.fromkeys(self._routes())))

    def _routes(self) -> Iterator[str]:
        for side in self.trial.sides:
            for _, layer in side.layers():
                yield from (name for name, taken in layer.choice.taken.items() if taken)

    def _slot(self, found: Found, key: Key) -> Slot:
        """What settles the same as one declaration of the way; every alternative is tried."""
        fewer = {other: value for other, value in found.changes.items() if other != key}
        before = {one.id for one in found.standing.open}
        reopened = [one for one in self.trial.judge(fewer).open if one.id not in before]
        own: Changes = {key: found.changes[key]}
        ways: list[Changes] = [own]
        for one in reopened:
            if one.decision.clause.kind == "closure":
                continue
            self.trial.judge(fewer)
            side = self.trial.sides[one.side]
            for way in self._alternatives(side, one.decision.clause.requires):
                new = way not in ways and not (way.keys() & fewer.keys()) and len(ways) < MOST
                if new and self.trial.judge({**fewer, **way}).rank <= found.standing.rank:
                    ways.append(way)
        closes = [one.id for one in reopened if one.decision.clause.kind != "closure"] or [one.id for one in reopened]
        return Slot(tuple(ways), tuple(dict.fromkeys(closes)))

    def _can_hold(self, side: Side, ref: int) -> bool:
        """Whether a condition is true, or can be made so."""
        return side.truth(ref) is True or bool(self._alternatives(side, ref))

    def _alternatives(self, side: Side, ref: int) -> list[Changes]:
        """What may be declared to make a condition true."""
        condition = without_derived(side.condition(ref), side.ready.sources)
        ways = repairs(condition, side.values(), self.trial.law.vocabulary, most=WAYS)
        allowed = (w for w in ways if w and all(self.bounds.allow(self.trial, p, v) for p, v in w.items()))
        return [{self.trial.key(side, path): value for path, value in way.items()} for way in allowed]


def _covers(one: Found, other: Found) -> bool:
    """Whether a way asks for all that another one asks for."""
    return one.changes.items() >= other.changes.items()
