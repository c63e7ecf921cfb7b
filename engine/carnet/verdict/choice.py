# SPDX-License-Identifier: Apache-2.0
"""The best way in on each track of a layer, and the outcome over all tracks that a profile touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Generic, NamedTuple

from carnet.logic.truths import B, Space
from carnet.verdict.counts import Digits, less, padded, where
from carnet.verdict.outcome import Grade, Outcome, at_least, grade, where_is, worst

if TYPE_CHECKING:
    from carnet.verdict.judge import RouteDecision

BEST_TO_WORST = (Outcome.OPEN, Outcome.CONDITIONAL, Outcome.TEST_ONLY, Outcome.UNDETERMINED)
DRIVING = "driving"
Routes = Sequence["RouteDecision[B]"]


class Choice(NamedTuple, Generic[B]):
    """What a layer's routes come to.

    outcome: over all tracks. taken: by route, where it is the one that its track is judged by. rivals: by route, where
    it is as good as the one taken. shut: where some track is closed although the route that it is judged by is not.
    no_way: where no route to drive is on offer.
    """

    outcome: Grade[B]
    taken: Mapping[str, B]
    rivals: Mapping[str, B]
    shut: B
    no_way: B


def choose(routes: Routes[B], tests: B, space: Space[B]) -> Choice[B]:
    """The best way in over all tracks; `tests` is where the profile says that it tests.

    Driving is always touched; another track where one of its routes is on offer. While that is not known, a track is
    undetermined at worst.
    """
    grades: list[Grade[B]] = []
    taken: dict[str, B] = {}
    rivals: dict[str, B] = {}
    shut = no_way = space.none
    for track in dict.fromkeys(route.plan.track for route in routes):
        on_track = [route for route in routes if route.plan.track == track]
        outcome, equals = _on_track(on_track, tests, space)
        chosen = _nearest(on_track, equals, space)
        if track != DRIVING:
            maybe = reduce(or_, (route.offered for route in on_track))
            touched = reduce(or_, (route.available for route in on_track))
            outcome = (*(level & maybe for level in outcome[:3]), *(level & touched for level in outcome[3:]))
        else:
            no_way = space.every & ~reduce(or_, chosen.values())
        barring = (chosen[route.plan.id] & at_least(route.outcome, Outcome.CLOSED) for route in on_track)
        shut = shut | (at_least(outcome, Outcome.CLOSED) & ~reduce(or_, barring))
        grades.append(outcome)
        taken.update(chosen)
        rivals.update(equals)
    return Choice(worst(grades, space), taken, rivals, shut, no_way)


def _on_track(routes: Routes[B], testing: B, space: Space[B]) -> tuple[Grade[B], Mapping[str, B]]:
    """The outcome, and where each route is a rival: those that are best in a row are.

    A deployment route that is open or conditional is best; failing these, for a profile that tests, a testing route
    that could be used; failing that, one that is undetermined; else the track is closed.
    """
    usable = {route.plan.id: route.offered if route.plan.deployment else route.offered & testing for route in routes}
    rivals = {route.plan.id: space.none for route in routes}
    outcomes: dict[Outcome, B] = {}
    left = space.every
    for outcome in BEST_TO_WORST:
        found = space.none
        for route in routes:
            if outcome is not Outcome.UNDETERMINED and route.plan.deployment is (outcome is Outcome.TEST_ONLY):
                continue
            lawful = ~at_least(route.outcome, Outcome.TEST_ONLY)
            good = lawful if outcome is Outcome.TEST_ONLY else where_is(route.outcome, outcome, space)
            hits = usable[route.plan.id] & good & left
            rivals[route.plan.id] = rivals[route.plan.id] | hits
            found = found | hits
        outcomes[outcome] = found
        left = left & ~found
    deployable = reduce(or_, (route.offered for route in routes if route.plan.deployment), space.none)
    for route in routes:
        last = usable[route.plan.id] & (left if route.plan.deployment else left & ~deployable)
        rivals[route.plan.id] = rivals[route.plan.id] | last
    offered = reduce(or_, usable.values())
    barred = [~usable[route.plan.id] | at_least(route.outcome, Outcome.PROHIBITED) for route in routes]
    prohibited = reduce(and_, barred, offered & left)
    outcomes |= {Outcome.CLOSED: left & ~prohibited, Outcome.PROHIBITED: prohibited}
    return grade(outcomes, space), rivals


def _nearest(routes: Routes[B], rivals: Mapping[str, B], space: Space[B]) -> Mapping[str, B]:
    """Of the rivals in each row the nearest: fewest needs missing, then gaps, then undetermined; the first of equals.

    A company that holds a route's permit is on that route, however few duties another one has. A prohibited route comes
    last.
    """
    none = space.none
    missing = max(len(route.missing) for route in routes)
    gaps = max(len(route.gaps) for route in routes)
    undetermined = max(len(route.undetermined) for route in routes)
    winners: dict[str, B] = {}
    taken = none
    least: Digits[B] = ()
    for route in routes:
        bits = rivals[route.plan.id]
        key = (
            *padded(route.undetermined, undetermined, none),
            *padded(route.gaps, gaps, none),
            *padded(route.missing, missing, none),
            at_least(route.outcome, Outcome.PROHIBITED),
        )
        wins = bits & (~taken | less(key, least, none)) if space.any(bits & taken) else bits
        least = where(wins, key, least, none)
        winners = {other: chosen & ~wins for other, chosen in winners.items()} | {route.plan.id: wins}
        taken = taken | bits
    return winners
