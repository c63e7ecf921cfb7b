# SPDX-License-Identifier: Apache-2.0
"""Outcomes, and the worst and the best of them over some rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TypeAlias

from carnet.logic.truths import B, Space


class Outcome(StrEnum):
    """Of a route, layer or market, best first."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    TEST_ONLY = "test_only"
    UNDETERMINED = "undetermined"
    CLOSED = "closed"
    PROHIBITED = "prohibited"


BEST_FIRST = tuple(Outcome)
LEVELS = BEST_FIRST[1:]
BARRED = (Outcome.CLOSED, Outcome.PROHIBITED)

Grade: TypeAlias = tuple[B, ...]
"""An outcome per row: the i-th bits say where it is at least as bad as the (i + 1)-th best one.

So the worst of several grades is their bitwise `or`.
"""


def grade(outcomes: Mapping[Outcome, B], space: Space[B]) -> Grade[B]:
    """The worst outcome whose bits are set, open where none is."""
    level, result = space.none, []
    for outcome in reversed(LEVELS):
        if outcome in outcomes:
            level = level | outcomes[outcome]
        result.append(level)
    return tuple(reversed(result))


def worst(grades: Iterable[Grade[B]], space: Space[B]) -> Grade[B]:
    """The worst of some grades; open where there is none."""
    best = tuple(space.none for _ in LEVELS)
    return tuple(reduce(or_, levels) for levels in zip(best, *grades, strict=True))


def at_least(graded: Grade[B], outcome: Outcome) -> B:
    """Where the grade is this outcome or a worse one; not to be asked of the best."""
    return graded[LEVELS.index(outcome)]


def where_is(graded: Grade[B], outcome: Outcome, space: Space[B]) -> B:
    """Where the grade is exactly this outcome."""
    at = BEST_FIRST.index(outcome)
    least = graded[at - 1] if at else space.every
    return least & ~graded[at] if at < len(LEVELS) else least


def of_one(graded: Grade[int]) -> Outcome:
    """The outcome of a single profile: each level that it reaches is one worse."""
    return BEST_FIRST[sum(graded)]


def worst_of(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several outcomes; open when there is none."""
    return max(outcomes, key=BEST_FIRST.index, default=Outcome.OPEN)
