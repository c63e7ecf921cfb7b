# SPDX-License-Identifier: Apache-2.0
"""Which task comes before which, and the earliest and latest days that follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from carnet.plan.tasks import DAYS, Task

Edge = tuple[str, str]
"""A task, and one that begins only when the first is done."""


class Span(NamedTuple):
    """Days after the start of a plan."""

    start: int
    end: int


def days(task: Task, start: dt.date, late: bool) -> int:
    """How many days a task takes, fewest or most; one whose end is expected ends then."""
    if task.fixed is not None:
        return max((task.fixed - start).days, 0)
    return task.weeks[late] * DAYS


def release(task: Task, start: dt.date) -> int:
    """The first day on which it makes sense to begin: a renewal not before it is due."""
    return max((task.renews - start).days - days(task, start, late=True), 0) if task.renews else 0


def orders(tasks: Mapping[str, Task], used: Iterable[Iterable[str]], after: Mapping[str, Sequence[str]]) -> list[Edge]:
    """The order of tasks that some market may need together.

    used: for each market the tasks that it may need. after: by action, those that come first where both are needed. An
    order that would close a circle is left out; that of prerequisites goes before that of actions.
    """
    found: dict[Edge, None] = {}
    for task in tasks.values():
        before = (one for group in task.needs for one in group if one in tasks and not tasks[one].renews)
        found.update(dict.fromkeys((one, task.id) for one in before))
    weaker: dict[Edge, None] = {}
    for ids in used:
        own = [tasks[name] for name in sorted(ids) if not tasks[name].renews]  # what is held now keeps nobody waiting
        by_action: dict[str, list[str]] = defaultdict(list)
        for task in own:
            by_action[task.action].append(task.id)
        for task in own:
            first = after.get(task.action, ()) if not task.fixed else ()
            weaker.update(dict.fromkeys((one, task.id) for action in first for one in by_action[action]))
        last = [task.id for task in own if task.per_vehicle]
        weaker.update(dict.fromkeys((task.id, one) for one in last for task in own if not task.per_vehicle))
    return _without_circles(found, weaker)


def _without_circles(found: Iterable[Edge], weaker: Iterable[Edge]) -> list[Edge]:
    follows: dict[str, set[str]] = defaultdict(set)

    def reaches(one: str, other: str) -> bool:
        waiting, seen = [one], {one}
        while waiting:
            name = waiting.pop()
            if name == other:
                return True
            waiting += follows[name] - seen
            seen |= follows[name]
        return False

    kept = []
    for one, other in dict.fromkeys((*found, *weaker)):
        if one != other and not reaches(other, one):
            follows[one].add(other)
            kept.append((one, other))
    return kept


def forward(lengths: Mapping[str, int], edges: Iterable[Edge], releases: Mapping[str, int]) -> dict[str, Span]:
    """Each task as early as those before it, and its own first day, allow."""
    before = _before(lengths, edges)
    found: dict[str, Span] = {}
    for name in _sorted(lengths, before):
        start = max((found[one].end for one in before[name]), default=0)
        start = max(start, releases.get(name, 0))
        found[name] = Span(start, start + lengths[name])
    return found


def backward(lengths: Mapping[str, int], edges: Iterable[Edge], ends: Mapping[str, int]) -> dict[str, int]:
    """The latest end of each task with which every one in `ends` still ends by its day."""
    edges = list(edges)
    before = _before(lengths, edges)
    follows: dict[str, list[str]] = defaultdict(list)
    for one, other in edges:
        if one in lengths and other in lengths:
            follows[one].append(other)
    found: dict[str, int] = {}
    for name in reversed(_sorted(lengths, before)):
        limits = [found[other] - lengths[other] for other in follows[name] if other in found]
        if name in ends:
            limits.append(ends[name])
        if limits:
            found[name] = min(limits)
    return found


def _before(lengths: Mapping[str, int], edges: Iterable[Edge]) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {name: [] for name in lengths}
    for one, other in edges:
        if one in before and other in before:
            before[other].append(one)
    return before


def _sorted(lengths: Mapping[str, int], before: Mapping[str, Sequence[str]]) -> list[str]:
    """Every task after those before it, otherwise by name."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done:
            for one in sorted(before[name]):
                visit(one)
            done[name] = None

    for name in sorted(lengths):
        visit(name)
    return list(done)
