# SPDX-License-Identifier: Apache-2.0
"""The status table: what a clause finds, from the truth of its two conditions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, NamedTuple

from carnet.logic.condition import Truth
from carnet.logic.truths import ONE, TRUTHS, B, Space, Truths


class Status(StrEnum):
    """Of a finding."""

    COMPLIANT = "compliant"
    GAP = "gap"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


class Statuses(NamedTuple, Generic[B]):
    """Where a clause is met, broken or undecided; elsewhere it does not apply."""

    compliant: B
    gap: B
    undetermined: B

    def within(self, mask: B) -> Statuses[B]:
        """The same where the mask is set, not applicable elsewhere."""
        return Statuses(self.compliant & mask, self.gap & mask, self.undetermined & mask)

    @property
    def applying(self) -> B:
        """Where it applies, or may."""
        return self.compliant | self.gap | self.undetermined


def statuses(applies: Truths[B], requires: Truths[B], space: Space[B]) -> Statuses[B]:
    """What is asked cannot be a gap where it does not apply, nor undetermined where it is met anyway."""
    possible = space.every & ~applies.false
    compliant = possible & requires.true
    gap = applies.true & requires.false
    return Statuses(compliant, gap, possible ^ compliant ^ gap)


_OF_ONE: Mapping[tuple[int, int, int], Status] = {
    (1, 0, 0): Status.COMPLIANT,
    (0, 1, 0): Status.GAP,
    (0, 0, 1): Status.UNDETERMINED,
    (0, 0, 0): Status.NOT_APPLICABLE,
}


def of_one(found: Statuses[int]) -> Status:
    """The status of a single profile."""
    return _OF_ONE[found]


_TABLE: Mapping[tuple[Truth, Truth], Status] = {
    (applies, requires): of_one(statuses(TRUTHS[applies], TRUTHS[requires], ONE))
    for applies in TRUTHS
    for requires in TRUTHS
}


def status_of(applies: Truth, requires: Truth) -> Status:
    """The status of a single profile, from its two truths."""
    return _TABLE[applies, requires]
