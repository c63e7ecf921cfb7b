# SPDX-License-Identifier: Apache-2.0
"""The solver's plan is the best there is: a planner that tries everything finds none better on small cases."""

from __future__ import annotations

import datetime as dt
from itertools import permutations, product

import pytest
from hypothesis import given, settings, strategies as st

import carnet
from carnet.assess.model import Outcome
from carnet.plan.choices import Slot, Way
from carnet.plan.options import Option
from carnet.plan.order import days, forward
from carnet.plan.tasks import Task
from carnet.plan.trial import Standing

pytest.importorskip("ortools")

START = dt.date(2027, 1, 1)
PROFILE = carnet.Profile.from_dict({"automation.sae_level": 2})
STANDING = Standing(Outcome.OPEN, Outcome.OPEN, ())
NAMES = ["a", "b", "c", "d", "e"]
Problem = tuple[dict[str, Task], list[tuple[str, str]], dict[str, list[Option]]]


def task(name: str, weeks: int, needs: tuple[tuple[str, ...], ...] = ()) -> Task:
    blank = {"work": "approval", "part": "", "title": name, "approval": name, "path": "", "action": "", "who": "owner"}
    return Task(id=name, kind="approval", with_=(), weeks=(weeks, weeks), needs=needs, **blank)


def option(market: str, slots: tuple[tuple[tuple[str, ...], ...], ...], begins: int) -> Option:
    ways = tuple(
        Slot(tuple({("", f"{at}{way}"): True} for way in range(len(slot))), ()) for at, slot in enumerate(slots)
    )
    first = START + dt.timedelta(days=begins)
    return Option(market, first, None, Way(ways, STANDING, ()), slots, PROFILE, False, None)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    tasks = {name: task(name, draw(st.integers(1, 6))) for name in NAMES}
    pairs = [(one, other) for at, one in enumerate(NAMES) for other in NAMES[at + 1 :]]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    alternative = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)
    slots = st.lists(st.lists(alternative, min_size=1, max_size=2, unique=True).map(tuple), min_size=1, max_size=2)
    options = {
        market: [
            option(market, tuple(draw(slots)), draw(st.sampled_from([0, 0, 30])))
            for _ in range(draw(st.integers(1, 2)))
        ]
        for market in ("X", "Y")
    }
    return tasks, edges, options


def brute(problem: Problem, parallel: int | None) -> int:
    """The earliest day of the last market, by trying every choice and every order of work."""
    tasks, edges, options = problem
    best = 10**6
    chosen = [
        [(one, picks) for one in own for picks in product(*(range(len(s)) for s in one.slots))]
        for own in options.values()
    ]
    for combination in product(*chosen):
        used = {name for one, picks in combination for name in one.tasks(picks)}
        lengths = {name: days(tasks[name], START, True) for name in used}
        own = [(one, other) for one, other in edges if one in used and other in used]
        for ends in _ends(lengths, own, parallel):
            opens = [
                max((one.begins - START).days, *(ends[name] for name in one.tasks(picks))) for one, picks in combination
            ]
            best = min(best, max(opens))
    return best


def _ends(lengths: dict[str, int], edges: list[tuple[str, str]], parallel: int | None) -> list[dict[str, int]]:
    if parallel is None:
        return [{name: span.end for name, span in forward(lengths, edges, {}).items()}]
    found = []
    for order in permutations(sorted(lengths)):
        if any(order.index(one) > order.index(other) for one, other in edges):
            continue
        ends: dict[str, int] = {}
        spans: list[tuple[int, int]] = []
        for name in order:
            ready = max((ends[one] for one, other in edges if other == name), default=0)
            start = next(
                day
                for day in sorted({ready, *(end for _, end in spans if end > ready)})
                if all(
                    sum(s <= moment < e for s, e in spans) < parallel
                    for moment in {day, *(s for s, _ in spans if day <= s < day + lengths[name])}
                )
            )
            ends[name] = start + lengths[name]
            spans.append((start, ends[name]))
        found.append(ends)
    return found


@settings(max_examples=60)
@given(problems(), st.sampled_from([None, 1, 2]))
def test_no_plan_is_better_than_the_solver_s(problem: Problem, parallel: int | None) -> None:
    from carnet.plan.schedule import Schedule, Wanted

    tasks, edges, options = problem
    solution = Schedule(options, tasks, edges, START, Wanted("last-market", None, parallel, None)).solve(20.0)
    assert solution is not None
    assert solution.optimal, solution.gap
    assert max(solution.opens.values()) == brute(problem, parallel)


@given(problems(), st.integers(7, 80))
@settings(max_examples=30)
def test_as_many_markets_open_in_time_as_can(problem: Problem, by: int) -> None:
    from carnet.plan.schedule import Schedule, Wanted

    tasks, _, options = problem  # an order of tasks of different markets would let one keep another waiting
    solution = Schedule(options, tasks, [], START, Wanted("most-markets", by, None, None)).solve(20.0)
    assert solution is not None
    alone = [brute((tasks, [], {market: own}), None) for market, own in options.items()]
    assert len(solution.opens) == sum(day <= by for day in alone)
    assert all(day <= by for day in solution.opens.values())


def test_the_same_question_has_the_same_answer() -> None:
    from carnet.plan.schedule import Schedule, Wanted

    tasks = {name: task(name, 2 + at) for at, name in enumerate(NAMES)}
    options = {"X": [option("X", ((("a",), ("b",)), (("c", "d"),)), 0)], "Y": [option("Y", ((("e",), ("a",)),), 0)]}
    wanted = Wanted("last-market", None, 2, None)
    found = [Schedule(options, tasks, [("a", "c")], START, wanted).solve(20.0) for _ in range(2)]
    assert found[0] == found[1]
