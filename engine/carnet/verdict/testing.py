# SPDX-License-Identifier: Apache-2.0
"""Testing judged as testing: where no deployment stands, a market is judged again as if the operation were a test."""

from __future__ import annotations

from carnet.declare.facts import PHASE as PHASE, TESTING as TESTING
from carnet.logic.condition import Compare, Constant
from carnet.logic.truths import B, Space
from carnet.verdict.outcome import LEVELS, Grade, Outcome, at_least

TESTS = Compare(PHASE, "eq", Constant(TESTING))
"""Whether a profile says that it tests."""


def in_question(declared: Grade[B], tests: B, space: Space[B]) -> B:
    """Where a market is to be judged again: it is barred as declared, and what is declared is no test."""
    return space.every & at_least(declared, Outcome.CLOSED) & ~tests


def lawful(testing: Grade[B], space: Space[B]) -> B:
    """Where the test would be lawful."""
    return space.every & ~at_least(testing, Outcome.UNDETERMINED)


def test_only(declared: Grade[B], tested: B | None) -> Grade[B]:
    """The outcome, with `test only` where nothing but a test is lawful."""
    if tested is None:
        return declared
    at_worst = LEVELS.index(Outcome.TEST_ONLY)
    return tuple((level & ~tested) | tested if at <= at_worst else level & ~tested for at, level in enumerate(declared))
