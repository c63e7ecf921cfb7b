# SPDX-License-Identifier: Apache-2.0
"""Several features of a profile put together, as `carnet.assess.check` does for one profile.

A market takes the worst of its features. A finding that is the same for each of them counts once, any other once for
each; two are the same when their status is, and what decided it. The features of a vehicle are one company's, so whose
duty it is is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import numpy as np

from carnet.fleet.compiled import Compiled, CompiledLayer
from carnet.fleet.judge import Judged, LayerJudge, Line
from carnet.fleet.status import worst
from carnet.fleet.waiting import Waiting, union
from carnet.logic.columnar.bitmaps import Bits, ones, pack, zeros
from carnet.logic.columnar.columns import BoolColumn, Column, NumberColumn, SetColumn, TextColumn
from carnet.logic.columnar.graph import Leaf, Ref, Step
from carnet.logic.columnar.leaves import compare
from carnet.logic.columnar.program import Batch, ColumnarProgram
from carnet.logic.condition import Compare, Computed, FactRef


class Asked(NamedTuple):
    """A rule, or a need, which applies wherever it is asked."""

    applies: Ref | None
    requires: Ref
    overridden_by: tuple[Ref, ...] = ()


class Together:
    """Judges layers for all features at once; every profile of the block has each of them."""

    def __init__(self, judges: Sequence[LayerJudge], features: Sequence[str], compiled: Compiled) -> None:
        self._judges = judges
        self._features = features
        self._layers = compiled.layers
        self._rows = judges[0].batch.rows
        first, *others = (judge.batch for judge in judges)
        self._alike = [Alike(compiled.program, first, other) for other in others]
        self._judged: dict[int, Judged] = {}

    def judge(self, layer: int) -> Judged:
        """The layer of that index; no route, as each feature has its own."""
        if layer not in self._judged:
            parts = [judge.judge(layer) for judge in self._judges]
            outcome = worst((part.outcome for part in parts), self._rows)
            self._judged[layer] = Judged(tuple(self._lines(self._layers[layer], parts)), outcome, ())
        return self._judged[layer]

    def _lines(self, layer: CompiledLayer, parts: Sequence[Judged]) -> Iterator[Line]:
        asked = [Asked(rule.applies, rule.requires, rule.overridden_by) for rule in layer.rules]
        asked += [Asked(None, need.held) for route in layer.routes for need in route.needs]
        for rule, *lines in zip(asked, *(part.lines for part in parts), strict=True):
            same = self._same(rule, lines)
            if same.any():
                yield lines[0].within(same)
            for feature, line in zip(self._features, lines, strict=True):
                if (line.counts & ~same).any():
                    yield line.within(~same, feature)

    def _same(self, rule: Asked, lines: Sequence[Line]) -> Bits:
        """Where one finding would be said of all features."""
        first, requires = lines[0], rule.requires
        same = reduce(and_, (line.counts for line in lines))
        for alike, line in zip(self._alike, lines[1:], strict=True):
            if not same.any():
                break
            for mine, other in zip(first.status, line.status, strict=True):
                same = same & ~(mine ^ other)
            compliant, gap, undetermined = (bits & same for bits in first.status)
            told = zeros(self._rows)
            if compliant.any():
                told |= compliant & alike.reasons(requires, True)
            if gap.any():
                told |= gap & alike.reasons(requires, False) & alike.repairs(requires)
            if undetermined.any():
                told |= undetermined & _undetermined(alike, rule)
            if rule.applies is not None and (rest := same & ~(compliant | gap | undetermined)).any():
                told |= rest & alike.reasons(rule.applies, False)
            same = told
        return same


def _undetermined(alike: Alike, rule: Asked) -> Bits:
    """Where an undetermined finding is the same."""
    if rule.applies is None:
        return alike.unknowns((rule.requires,))
    refs = (rule.applies, rule.requires, *rule.overridden_by)
    return alike.reasons(rule.requires, False) & alike.unknowns(refs)


class Alike:
    """Where two features' facts give a condition the same explanation (see `carnet.logic.explain`)."""

    def __init__(self, program: ColumnarProgram, one: Batch, other: Batch) -> None:
        self._program = program
        self._pair = (one, other)
        self._every = ones(one.rows)
        self._deciding: dict[tuple[Ref, bool, bool], Bits] = {}
        self._waiting = [Waiting(program, batch) for batch in self._pair]
        self._values: dict[str, Bits] = {}

    def reasons(self, ref: Ref, truth: bool) -> Bits:
        """Where the leaves that give the condition this truth are the same, and the values they found."""
        return self._decided(ref, truth, True)

    def repairs(self, ref: Ref) -> Bits:
        """Where the leaves that do not yet make the condition true are the same, and the values they found."""
        return self._decided(ref, True, False)

    def _decided(self, ref: Ref, truth: bool, has: bool) -> Bits:
        """By what gives the condition a truth; with `has` false, by what does not."""
        if ref < 0:
            ref, truth = ~ref, not truth
        key = (ref, truth, has)
        if key not in self._deciding:
            step = self._program.graph.steps[ref]
            found = (t.true if truth else t.false for t in (batch.truths(ref) for batch in self._pair))
            mine, others = found if has else (self._every & ~bits for bits in found)
            parts = [self._leaf(step.compare)] if isinstance(step, Leaf) else None
            self._deciding[key] = self._both(
                mine, others, parts or (self._decided(part, truth, has) for part in _parts(step))
            )
        return self._deciding[key]

    def _both(self, mine: Bits, others: Bits, within: Iterable[Bits]) -> Bits:
        """Where neither is set, or both are and what lies within is the same."""
        same: Bits = self._every & ~(mine ^ others)
        if (mine & others).any():
            same = same & (~mine | reduce(and_, within, self._every))
        return same

    def _leaf(self, leaf: Compare) -> Bits:
        same, operand = self.values(leaf.path), leaf.operand
        if isinstance(operand, FactRef):
            return same & self.values(operand.path)
        if isinstance(operand, Computed):
            one, other = (batch.formula(operand.expr) for batch in self._pair)
            return same & same_values(one, other)
        return same

    def values(self, path: str) -> Bits:
        """Where a fact has the same value, or is unknown, for both."""
        if path not in self._values:
            one, other = (batch.column(path) for batch in self._pair)
            self._values[path] = same_values(one, other)
        return self._values[path]

    def unknowns(self, refs: Sequence[Ref]) -> Bits:
        """Where the same facts would settle the conditions."""
        one, other = (union(map(waiting.of, refs)) for waiting in self._waiting)
        none = zeros(self._pair[0].rows)
        unequal = (one.get(path, none) ^ other.get(path, none) for path in {*one, *other})
        return self._every & ~reduce(or_, unequal, none)


def _parts(step: Step) -> tuple[Ref, ...]:
    return () if isinstance(step, Leaf) else step.parts


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
