# SPDX-License-Identifier: Apache-2.0
"""Conditions as one graph of distinct steps, so that each runs once per batch whatever number of rules share it.

`any` becomes the negation of an `all` of negations, and a negation costs nothing: it swaps the two bitmaps. What is
left is leaves, `all` and `at_least`. A condition is referred to by the number of its step, its negation by `~number`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Not

Ref: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Leaf:
    compare: Compare


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Enough:
    n: int
    parts: tuple[Ref, ...]


Step: TypeAlias = Leaf | Every | Enough


def step_of(ref: Ref) -> int:
    """The step that a reference, or its negation, is of."""
    return ref if ref >= 0 else ~ref


class Graph:
    """Steps in an order in which each comes after what it reads."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._known: dict[Step, Ref] = {}

    def add(self, condition: Condition) -> Ref:
        """The reference of a condition, whose steps are added where they are new.

        Raises:
            TypeError: for a condition that still has unbound names.
        """
        if isinstance(condition, Compare):
            return self._step(Leaf(condition))
        if isinstance(condition, Not):
            return ~self.add(condition.item)
        if isinstance(condition, AllOf):
            return self.every(self.add(item) for item in condition.items)
        if isinstance(condition, AnyOf):
            return ~self.every(~self.add(item) for item in condition.items)
        if isinstance(condition, AtLeast):
            return self._step(Enough(condition.n, tuple(sorted(self.add(item) for item in condition.items))))
        raise TypeError(f"condition is not bound: {condition}")

    def every(self, parts: Iterable[Ref]) -> Ref:
        """The reference of the conjunction of what is referred to."""
        distinct = tuple(sorted(set(parts)))
        return distinct[0] if len(distinct) == 1 else self._step(Every(distinct))

    def _step(self, step: Step) -> Ref:
        ref = self._known.setdefault(step, len(self.steps))
        if ref == len(self.steps):
            self.steps.append(step)
        return ref
