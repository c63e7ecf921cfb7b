# SPDX-License-Identifier: Apache-2.0
"""The least set of changes that makes several conditions hold together: a small exact search with a bound.

What is counted are units, not facts: an approval with its fields is one, any other fact is one of its own, and a unit
that several worlds (the facts of a vehicle's features) change is still one. Of equally small sets the one that holds
the unit which stands first is taken, so the answer does not depend on the order of the conditions, and what is left
when one of the units has been dealt with is still the answer for what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, islice, product
from typing import Any, NamedTuple

from carnet.logic.condition import AllOf, AtLeast, Compare, Condition, Not, children
from carnet.logic.explain import truth_of
from carnet.logic.solve import Domains, Wanted, settle

MAX_WAYS = 96
MAX_NODES = 20_000
MAX_JOINT = 64
Facts = Mapping[str, Any]
Way = tuple[Wanted, ...]
Rank = tuple[Any, ...]


class Asked(NamedTuple):
    """A condition that is to hold in one of the worlds, by its number."""

    condition: Condition
    world: int = 0


class Least(NamedTuple):
    """The least changes.

    changes: for each world the facts to declare. ways: for each condition the units of each way to make it hold,
    empty where nothing does. exact: whether it was proven that fewer do not do; else it is at most so many.
    """

    changes: tuple[Mapping[str, Any], ...]
    ways: tuple[tuple[frozenset[str], ...], ...]
    exact: bool

    @property
    def units(self) -> frozenset[str]:
        return frozenset(unit_of(path) for changes in self.changes for path in changes)


def unit_of(path: str) -> str:
    """What is changed as one: `approvals.<ID>` for the fields of an approval, else the fact itself."""
    return path.rpartition(".")[0] if path.startswith("approvals.") else path


class Possible(NamedTuple):
    """The ways to make one condition hold, with the units that each changes; whole: whether these are all."""

    ways: tuple[tuple[Way, frozenset[str]], ...]
    whole: bool


class Solver:
    """Finds least changes in the same worlds again and again; what makes one condition hold is looked for once."""

    def __init__(self, worlds: Sequence[Facts], domains: Domains) -> None:
        self.worlds, self.domains = worlds, domains
        self.possible = cache(self._possible)

    def least(self, asked: Sequence[Asked], rank: Callable[[str], Rank]) -> Least:
        """The fewest units that make all these conditions hold, as far as anything makes them.

        rank: orders the units; its first element counts before their number, so that what had better stay is changed
        last.
        """
        return _Search(asked, self, rank).run()

    def _possible(self, asked: Asked) -> Possible:
        """Ways that can be gone by themselves; none that needs more than another."""
        facts = self.worlds[asked.world]
        found: list[tuple[Way, frozenset[str]]] = []
        every = list(islice(ways(asked.condition, True, facts), MAX_WAYS + 1))
        for way in every[:MAX_WAYS]:
            changes = settle(list(way), facts, self.domains)
            if changes is not None and truth_of(asked.condition, {**facts, **changes}) is True:
                found.append((way, frozenset(map(unit_of, changes))))
        least = tuple((way, units) for way, units in found if not any(other < units for _, other in found))
        return Possible(least, len(every) <= MAX_WAYS)


def least(asked: Sequence[Asked], worlds: Sequence[Facts], domains: Domains, rank: Callable[[str], Rank]) -> Least:
    """What `Solver.least` finds, where the worlds are asked once."""
    return Solver(worlds, domains).least(asked, rank)


class _Search:
    """Chooses a way for each condition, the one with the fewest ways first."""

    def __init__(self, asked: Sequence[Asked], solver: Solver, rank: Callable[[str], Rank]) -> None:
        self._asked, self._worlds, self._domains, self._rank = asked, solver.worlds, solver.domains, rank
        found = [solver.possible(one) for one in asked]
        self.exact = all(one.whole for one in found)
        self._ways = [one.ways for one in found]
        self._open = [number for number, ways in enumerate(self._ways) if ways]
        self._nodes = 0
        self._best: tuple[Any, ...] | None = None
        self._found: list[dict[str, Any]] = [{} for _ in self._worlds]

    def run(self) -> Least:
        self._go(frozenset())
        options = tuple(tuple(dict.fromkeys(units for _, units in ways)) for ways in self._ways)
        return Least(tuple(self._found), options, self.exact)

    def _key(self, units: frozenset[str]) -> tuple[Any, ...]:
        ranks = sorted(map(self._rank, units))
        return sum(rank[0] for rank in ranks), len(ranks), ranks

    def _go(self, chosen: frozenset[str]) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.exact = False
            return
        left = [n for n in self._open if not any(units <= chosen for _, units in self._ways[n])]
        if not left:
            self._arrive(chosen)
            return
        if self._best is not None and self._bound(chosen, left) > self._best[:2]:
            return
        branch = min(left, key=lambda n: (len(self._ways[n]), n))
        options = sorted({units | chosen for _, units in self._ways[branch]}, key=self._key)
        for more in options:
            self._go(more)

    def _bound(self, chosen: frozenset[str], left: Sequence[int]) -> tuple[int, int]:
        """What must be paid at least: of conditions that share no unit each its cheapest way."""
        costly, number, _ = self._key(chosen)
        seen: set[str] = set()
        for condition in left:
            touched = frozenset().union(*(units for _, units in self._ways[condition])) - chosen
            if seen.isdisjoint(touched):
                seen |= touched
                costs = [self._key(units - chosen)[:2] for _, units in self._ways[condition]]
                costly += min(cost[0] for cost in costs)
                number += min(cost[1] for cost in costs)
        return costly, number

    def _arrive(self, chosen: frozenset[str]) -> None:
        key = self._key(chosen)
        if self._best is not None and key >= self._best:
            return
        found = self._together(chosen)
        if found is not None:
            self._best, self._found = key, found

    def _together(self, chosen: frozenset[str]) -> list[dict[str, Any]] | None:
        """Values for these units with which all conditions hold at once; None where none was found."""
        usable = [[way for way, units in self._ways[n] if units <= chosen] for n in self._open]
        for tried, combination in enumerate(product(*usable)):
            if tried == MAX_JOINT:
                self.exact = False
                return None
            wanted: list[list[Wanted]] = [[] for _ in self._worlds]
            for number, way in zip(self._open, combination, strict=True):
                wanted[self._asked[number].world].extend(way)
            found = [settle(each, facts, self._domains) for each, facts in zip(wanted, self._worlds, strict=True)]
            changes = [each for each in found if each is not None]
            if len(changes) == len(found) and self._all_hold(changes):
                return changes
        return None

    def _all_hold(self, changes: Sequence[Mapping[str, Any]]) -> bool:
        after = [{**facts, **each} for facts, each in zip(self._worlds, changes, strict=True)]
        asked = (self._asked[number] for number in self._open)
        return all(truth_of(one.condition, after[one.world]) is True for one in asked)


def ways(condition: Condition, want: bool, facts: Facts) -> Iterator[Way]:
    """The alternatives that give a condition the wanted truth, each as the comparisons that must come out so.

    Of what has the wanted truth already one alternative is enough: the one by which it has it.
    """
    if isinstance(condition, Compare):
        yield (Wanted(condition, want),)
        return
    if isinstance(condition, Not):
        yield from ways(condition.item, not want, facts)
        return
    items = children(condition)
    need = len(items) if isinstance(condition, AllOf) else condition.n if isinstance(condition, AtLeast) else 1
    if not want:
        need = len(items) - need + 1
    there = [item for item in items if truth_of(item, facts) is want]
    rest = [item for item in items if truth_of(item, facts) is not want]
    kept = [next(ways(item, want, facts)) for item in there[:need]]
    for chosen in combinations(rest, max(need - len(kept), 0)):
        for combined in product(*(list(islice(ways(item, want, facts), MAX_WAYS)) for item in chosen)):
            yield tuple(dict.fromkeys(wanted for part in (*kept, *combined) for wanted in part))
