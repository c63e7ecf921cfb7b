# SPDX-License-Identifier: Apache-2.0
"""Statuses and outcomes of many rows as bitmaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeAlias

from carnet.assess.model import BEST_FIRST, Outcome
from carnet.logic.columnar.bitmaps import Bits, Truths, ones, zeros


class Statuses(NamedTuple):
    """Where a rule is met, broken or undecided; elsewhere it does not apply."""

    compliant: Bits
    gap: Bits
    undetermined: Bits

    def within(self, mask: Bits) -> Statuses:
        """The same where the mask is set, not applicable elsewhere."""
        return Statuses(self.compliant & mask, self.gap & mask, self.undetermined & mask)


def statuses(applies: Truths, requires: Truths, every: Bits) -> Statuses:
    """The status table of the design; `every` is the bitmap of all rows."""
    possible = every & ~applies.false
    compliant = possible & requires.true
    gap = applies.true & requires.false
    return Statuses(compliant, gap, possible ^ compliant ^ gap)


Grade: TypeAlias = tuple[Bits, ...]
"""An outcome per row: the i-th bitmap says where it is at least as bad as the (i + 1)-th best one.

So the worst of several grades is their bitwise `or`.
"""

LEVELS = tuple(BEST_FIRST[1:])


def best(rows: int) -> Grade:
    """Open in every row."""
    return tuple(zeros(rows) for _ in LEVELS)


def grade(outcomes: Mapping[Outcome, Bits], rows: int) -> Grade:
    """The worst outcome whose bitmap is set, open where none is."""
    level, result = zeros(rows), []
    for outcome in reversed(LEVELS):
        if outcome in outcomes:
            level = level | outcomes[outcome]
        result.append(level)
    return tuple(reversed(result))


def worst(grades: Iterable[Grade], rows: int) -> Grade:
    return tuple(reduce(or_, levels) for levels in zip(best(rows), *grades, strict=True))


def where_is(graded: Grade, outcome: Outcome, rows: int) -> Bits:
    """Where the grade is exactly this outcome."""
    at = BEST_FIRST.index(outcome)
    least = graded[at - 1] if at else ones(rows)
    return least & ~graded[at] if at < len(LEVELS) else least
