# SPDX-License-Identifier: Apache-2.0
"""Which decisions are the same for several features of one profile: what is said of all is said once.

Two are the same when their status is, and what decided it. The features of a vehicle are one company's, so whose duty
it is is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Generic, Protocol

from carnet.logic.condition import AreaRef, Compare, Computed, Condition, FactRef, Not, children
from carnet.logic.formula import Expr
from carnet.logic.truths import B
from carnet.logic.waiting import View, Waiting
from carnet.verdict.judge import ClauseDecision


class Pair(Protocol[B]):
    """The facts of two features side by side."""

    @property
    def one(self) -> View[B]: ...
    @property
    def other(self) -> View[B]: ...

    def same(self, path: str) -> B:
        """Where a fact has the same value, or is unknown, for both."""

    def same_formula(self, expr: Expr) -> B:
        """The same of a formula."""


class Features(Generic[B]):
    """Compares the decisions of several features; `pairs` are the first of them beside each other one."""

    def __init__(self, conditions: Sequence[Condition], pairs: Sequence[Pair[B]]) -> None:
        self._conditions = conditions
        self._alike = [Alike(pair) for pair in pairs]

    def same(self, decisions: Sequence[ClauseDecision[B]], within: B) -> B:
        """Where one finding would be said of all features, of the rows in `within`."""
        first, same = decisions[0], within
        for alike, other in zip(self._alike, decisions[1:], strict=True):
            pairs = ((first.standing, other.standing), (first.on_route, other.on_route))
            for mine, theirs in (*pairs, *zip(first.status, other.status, strict=True)):
                same = same & ~(mine ^ theirs)
            if not alike.space.any(same):
                break
            same = self._told_alike(alike, first, same)
        return same

    def _told_alike(self, alike: Alike[B], decision: ClauseDecision[B], same: B) -> B:
        """Where what decided it is the same too, of rows in which the status is."""
        clause, space = decision.clause, alike.space
        applies, requires = self._conditions[clause.applies], self._conditions[clause.requires]
        overrides = [self._conditions[ref] for _, ref in clause.overridden_by]
        same = reduce(and_, map(alike.true, overrides), same)
        compliant, gap, undetermined = (bits & same for bits in decision.status)
        told = space.none
        if space.any(compliant):
            told = told | (compliant & alike.reasons(requires, True))
        if space.any(gap):
            told = told | (gap & alike.repairs(requires))  # and so what broke it
        if space.any(undetermined):
            unknowns = alike.unknowns((applies, requires, *overrides))
            told = told | (undetermined & alike.reasons(requires, False) & unknowns)
        rest = same & ~(compliant | gap | undetermined)
        if space.any(rest):
            told = told | (rest & alike.reasons(applies, False))
        return told


class Alike(Generic[B]):
    """Where two features' facts give a condition the same explanation (see `carnet.logic.explain`)."""

    def __init__(self, pair: Pair[B]) -> None:
        self._pair = pair
        self.space = pair.one.space
        self._views = (pair.one, pair.other)
        self._waiting = [Waiting(view) for view in self._views]
        self._deciding: dict[tuple[int, bool, bool], tuple[Condition, B]] = {}

    def true(self, condition: Condition) -> B:
        """Where it is true for both, or for neither."""
        one, other = (view.truth(condition).true for view in self._views)
        return self.space.every & ~(one ^ other)

    def reasons(self, condition: Condition, truth: bool) -> B:
        """Where the leaves that give the condition this truth are the same, and the values they found."""
        return self._decided(condition, truth, True)

    def repairs(self, condition: Condition) -> B:
        """Where the leaves that do not yet make the condition true are the same, and the values they found."""
        return self._decided(condition, True, False)

    def unknowns(self, conditions: Sequence[Condition]) -> B:
        """Where the same facts would settle the conditions."""
        one, other = (waiting.of_all(conditions) for waiting in self._waiting)
        none = self.space.none
        unequal = (one.get(path, none) ^ other.get(path, none) for path in {*one, *other})
        return self.space.every & ~reduce(or_, unequal, none)

    def _decided(self, condition: Condition, truth: bool, has: bool) -> B:
        """By what gives the condition a truth; with `has` false, by what does not."""
        if isinstance(condition, Not):
            return self._decided(condition.item, not truth, has)
        key = (id(condition), truth, has)
        if key not in self._deciding:
            found = (t.true if truth else t.false for t in (view.truth(condition) for view in self._views))
            mine, theirs = found if has else (self.space.every & ~bits for bits in found)
            if isinstance(condition, Compare):
                parts = map(self._leaf, (condition,))
            else:
                parts = map(partial(self._decided, truth=truth, has=has), children(condition))
            self._deciding[key] = (condition, self._both(mine, theirs, parts))
        return self._deciding[key][1]

    def _both(self, mine: B, theirs: B, within: Iterable[B]) -> B:
        """Where neither is set, or both are and what lies within is the same."""
        same = self.space.every & ~(mine ^ theirs)
        if self.space.any(mine & theirs):
            same = same & (~mine | reduce(and_, within, self.space.every))
        return same

    def _leaf(self, leaf: Compare) -> B:
        same, operand = self._pair.same(leaf.path), leaf.operand
        if isinstance(operand, (AreaRef, FactRef)):
            return same & self._pair.same(operand.path)
        return same & self._pair.same_formula(operand.expr) if isinstance(operand, Computed) else same
