# SPDX-License-Identifier: Apache-2.0
"""A way for one market to open: declarations found round by round, none of which can be left out.

Each round declares what the open clauses of the last one wait for, by the least change that breaks nothing that is met.
What is found is a way, not the best of all; `plan.choices` looks for other ways to the same end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from carnet.declare.vocabulary import Value
from carnet.law.model import Severity
from carnet.logic.condition import AllOf, Compare, Condition, Constant, facts_read
from carnet.logic.explain import ProfileView, settling, truth_of
from carnet.logic.solve import repairs
from carnet.plan.bounds import Bounds
from carnet.plan.expand import without_derived
from carnet.plan.sought import Changes, Key
from carnet.plan.trial import Open, Side, Standing, Trial
from carnet.verdict.choice import DRIVING
from carnet.verdict.judge import LayerDecision

ROUNDS = 24
PATIENCE = 5
WAYS = 12
Way = dict[str, Any]


class Found(NamedTuple):
    """Declarations and how the market stands with them."""

    changes: dict[Key, Value | None]
    standing: Standing


class Search:
    """Looks for declarations that open the market of a trial.

    bounds: what may not be declared otherwise. aim: by layer and track, the route to take; else the nearest.
    """

    def __init__(self, trial: Trial, bounds: Bounds, aim: Mapping[tuple[str, str], str] | None = None) -> None:
        self.trial, self.bounds, self.aim = trial, bounds, aim or {}

    def run(self) -> Found:
        """The best that is found; see `without_needless`."""
        changes: dict[Key, Value | None] = {}
        tried: Counter[str] = Counter()
        best: Found | None = None
        since = 0
        for _ in range(ROUNDS):
            now = Found(dict(changes), self.trial.judge(changes))
            better = best is None or now.standing.rank < best.standing.rank
            best, since = (now, 0) if better else (best, since + 1)
            more = self._round(now.standing, changes, tried)
            if not more or since > PATIENCE:
                break
            changes.update(more)
        assert best is not None
        return best

    def _round(self, standing: Standing, changes: Changes, tried: Counter[str]) -> dict[Key, Value | None]:
        found: dict[Key, Value | None] = {}
        for number, side in enumerate(self.trial.sides):
            rounds = Round(self, side, [one for one in standing.open if one.side == number], tried)
            for path, value in rounds.changes().items():
                key = self.trial.key(side, path)
                if key not in found and changes.get(key, _NOTHING) != value:
                    found[key] = value
        return found

    def without_needless(self, found: Found, outcome_alone: bool = False) -> Found:
        """The same with every change taken back that it does as well without, the dearest tried first.

        outcome_alone: as well means the same outcome, even if more is open then; else no more may be open.
        """
        changes, best, before = dict(found.changes), found.standing, 0
        length = 2 if outcome_alone else None
        while len(changes) != before:  # what another one needed may be needless without it
            before = len(changes)
            for key in sorted(changes, key=lambda key: (-self.bounds.price(self.trial, key, changes[key]), key)):
                fewer = {other: value for other, value in changes.items() if other != key}
                standing = self.trial.judge(fewer)
                if standing.rank[:length] <= best.rank[:length]:
                    changes, best = fewer, standing
        return Found(changes, self.trial.judge(changes))


_NOTHING = object()


class Round:
    """One round's changes for one side: for each condition that does not hold the least change that breaks none."""

    def __init__(self, search: Search, side: Side, open_: list[Open], tried: Counter[str]) -> None:
        self._search, self._side, self._tried = search, side, tried
        self._facts = side.values()
        self._start = dict(self._facts)
        self._vocabulary = search.trial.law.vocabulary
        self._changes: Way = {}
        self._open = sorted(open_, key=lambda one: (tuple(Severity).index(one.decision.clause.severity), one.id))
        self._met: list[tuple[Condition, frozenset[str]]] = [
            (side.condition(one.clause.requires), side.ready.reads((one.clause.requires,)))
            for _, layer in side.layers()
            for one in layer.clauses
            if one.counts and one.status.compliant
        ]

    def changes(self) -> Way:
        for _, layer in self._side.layers():
            self._routes(layer)
        for one in self._open:
            clause = one.decision.clause
            if clause.kind != "closure":  # a way in that is shut mends itself with what shuts it
                self._mend(one, self._side.condition(clause.applies), self._side.condition(clause.requires))
        return self._changes

    def _routes(self, layer: LayerDecision[int]) -> None:
        """Take the route that each track is judged by, or that is aimed at; leave other tracks alone."""
        if sum(layer.outcome) == 0:
            return
        aim = self._search.aim
        wanted = {aim.get((layer.plan.jurisdiction, track), "") for track in {r.plan.track for r in layer.routes}}
        for route in layer.routes:
            plan, available = route.plan, self._side.condition(route.plan.available)
            truth = truth_of(available, self._start)
            if plan.id in wanted or (not any(wanted) and layer.choice.no_way and plan.deployment):
                self._settle(plan.id, available, True)
            elif truth is None:
                taken = plan.track == DRIVING and layer.choice.taken.get(plan.id) and not any(wanted)
                self._settle(plan.id, available, bool(taken))

    def _mend(self, one: Open, applies: Condition, requires: Condition) -> None:
        """Do what is asked; failing that, be what it does not apply to, or say what it waits for."""
        if truth_of(applies, self._facts) is False or self._settle(one.id, requires):
            return
        if not self._settle(f"{one.id} applies", applies, False):
            view = ProfileView(self._facts, self._side.ready.sources)
            for path in settling((applies, requires), view):
                self._settle(path, Compare(path, "declared", Constant(True)))

    def _settle(self, name: str, condition: Condition, want: bool = True) -> bool:
        if truth_of(condition, self._facts) is want:
            return True
        ways = [way for way in self._ways(condition, want) if self._may(way)]
        if not ways:
            return False
        self._tried[name] += 1
        price, trial = self._search.bounds.price_of_way, self._search.trial
        judged = sorted(((len(self._broken(way)), price(trial, way), at) for at, way in enumerate(ways)))
        kept = [ways[at] for broken, _, at in judged if not broken] or [ways[at] for _, _, at in judged]
        way = kept[0] if self._tried[name] < 3 else kept[self._tried[name] % len(kept)]
        for met in self._broken(way) if want else ():
            joint = [other for other in self._ways(AllOf((met, condition)), True) if self._may(other)]
            way = next((other for other in joint if len(self._broken(other)) < len(self._broken(way))), way)
        self._facts.update(way)
        self._changes.update(way)
        if want:
            self._met.append((condition, facts_read(condition)))
        return True

    def _ways(self, condition: Condition, want: bool) -> Iterator[Way]:
        plain = without_derived(condition, self._side.ready.sources)
        yield from repairs(plain, self._facts, self._vocabulary, want, most=WAYS)

    def _may(self, way: Way) -> bool:
        return bool(way) and all(self._search.bounds.allow(self._search.trial, path, way[path]) for path in way)

    def _broken(self, way: Way) -> list[Condition]:
        after = {**self._facts, **way}
        touched = (met for met, reads in self._met if not reads.isdisjoint(way))
        return [met for met in touched if truth_of(met, self._facts) is True and truth_of(met, after) is not True]
