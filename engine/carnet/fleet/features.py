# SPDX-License-Identifier: Apache-2.0
"""Several features of a block's profiles put together: the market takes the worst of them.

A finding that is the same for each of them counts once, any other once for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

import numpy as np

from carnet.fleet.counted import CountedClause, CountedLayer, counted
from carnet.logic.columnar.bitmaps import Bits, ones, pack, zeros
from carnet.logic.columnar.columns import BoolColumn, Column, NumberColumn, SetColumn, TextColumn
from carnet.logic.columnar.counts import Rows
from carnet.logic.columnar.leaves import compare
from carnet.logic.columnar.program import Batch, ColumnarProgram
from carnet.logic.condition import Condition
from carnet.logic.formula import Expr
from carnet.logic.truths import Truths
from carnet.verdict.features import Features
from carnet.verdict.judge import LayerDecision, LayerJudge
from carnet.verdict.outcome import worst


class FeaturesOfBlock:
    """Decides layers for all features at once; every profile of the block has each of them."""

    def __init__(
        self,
        judges: Sequence[LayerJudge[Bits]],
        batches: Sequence[Batch],
        features: Sequence[str],
        program: ColumnarProgram,
    ) -> None:
        self._judges = judges
        self._features = features
        self._space = judges[0].space
        first, *others = (BlockView(program, batch) for batch in batches)
        self._compared = Features(program.program.conditions, [BlockPair(first, other) for other in others])
        self._counted: dict[int, CountedLayer] = {}

    def counted(self, layer: int) -> CountedLayer:
        """The layer of that number; no route, as each feature has its own."""
        if layer not in self._counted:
            parts = [judge.decide(layer) for judge in self._judges]
            outcome = worst((part.outcome for part in parts), self._space)
            self._counted[layer] = CountedLayer(tuple(self._clauses(parts)), outcome, {})
        return self._counted[layer]

    def _clauses(self, parts: Sequence[LayerDecision[Bits]]) -> Iterator[CountedClause]:
        for decisions in zip(*(part.clauses for part in parts), strict=True):
            each = [counted(decision) for decision in decisions]
            same = self._compared.same(decisions, each[0].counts)
            if same.any():
                yield each[0].within(same)
            for feature, clause in zip(self._features, each, strict=True):
                if (clause.counts & ~same).any():
                    yield clause.within(~same, feature)


class BlockView:
    """One feature's facts over a block."""

    def __init__(self, program: ColumnarProgram, batch: Batch) -> None:
        self.space = Rows(batch.rows)
        self.derived = {item.path: item for item in program.program.derived}
        self._program = program
        self._batch = batch
        self._refs: dict[int, tuple[Condition, int]] = {}

    def truth(self, condition: Condition) -> Truths[Bits]:
        kept = self._refs.get(id(condition))
        if kept is None:
            kept = self._refs[id(condition)] = (condition, self._program.graph.add(condition))
        return self._batch.truths(kept[1])

    def known(self, path: str) -> Bits:
        return self.column(path).known

    def computed(self, expr: Expr) -> Bits:
        return self.formula(expr).known

    def column(self, path: str) -> Column:
        return self._batch.column(path)

    def formula(self, expr: Expr) -> Column:
        return self._batch.formula(expr)


class BlockPair:
    """The facts of two features over a block."""

    def __init__(self, one: BlockView, other: BlockView) -> None:
        self.one, self.other = one, other
        self._same: dict[str, Bits] = {}

    def same(self, path: str) -> Bits:
        if path not in self._same:
            self._same[path] = same_values(self.one.column(path), self.other.column(path))
        return self._same[path]

    def same_formula(self, expr: Expr) -> Bits:
        return same_values(self.one.formula(expr), self.other.formula(expr))


def same_values(one: Column, other: Column) -> Bits:
    """Where two columns say the same; a set with the same names in another order does too."""
    known = one.known & other.known
    same: Bits = ones(one.rows) & ~(one.known ^ other.known)
    if not known.any():
        return same
    equal = _equal(one, other)
    same &= ~known | equal
    return same


def _equal(one: Column, other: Column) -> Bits:
    if isinstance(one, BoolColumn) and isinstance(other, BoolColumn):
        return ~(one.true ^ other.true)
    if isinstance(one, NumberColumn) and isinstance(other, NumberColumn):
        return pack(one.numbers == other.numbers)
    if isinstance(one, TextColumn) and isinstance(other, TextColumn):
        return compare(one, "eq", other).true
    if isinstance(one, SetColumn) and isinstance(other, SetColumn):
        names = tuple(dict.fromkeys((*one.names, *other.names)))
        unequal = (one.contains(name) ^ other.contains(name) for name in names)
        return ~reduce(or_, unequal, zeros(one.rows))
    return pack(np.array([a == b for a, b in zip(one.values(), other.values(), strict=True)], np.bool_))
