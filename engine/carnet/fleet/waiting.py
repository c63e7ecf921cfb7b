# SPDX-License-Identifier: Apache-2.0
"""Which undeclared facts each row of a block waits for: `carnet.logic.explain.unknowns`, on bitmaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

from carnet.logic.columnar.bitmaps import Bits, ones, zeros
from carnet.logic.columnar.graph import Leaf, Ref
from carnet.logic.columnar.program import Batch, ColumnarProgram
from carnet.logic.condition import Compare, Computed, FactRef
from carnet.logic.formula import Expr

Paths: TypeAlias = Mapping[str, Bits]
"""By fact, where it is one of those that are waited for."""


class Waiting:
    """What the conditions of a program wait for in one batch."""

    def __init__(self, program: ColumnarProgram, batch: Batch) -> None:
        self._program = program
        self._batch = batch
        self._every, self._none = ones(batch.rows), zeros(batch.rows)
        self._found: dict[Ref, Paths] = {}

    def of(self, ref: Ref) -> Paths:
        """The facts that would settle a condition where it is unknown."""
        ref = ref if ref >= 0 else ~ref
        if ref not in self._found:
            truths = self._batch.truths(ref)
            unknown = self._every & ~(truths.true | truths.false)
            found: Paths = {}
            if unknown.any():
                step = self._program.graph.steps[ref]
                found = self._leaf(step.compare) if isinstance(step, Leaf) else union(map(self.of, step.parts))
            self._found[ref] = {path: bits & unknown for path, bits in found.items()}
        return self._found[ref]

    def _leaf(self, leaf: Compare) -> Paths:
        if isinstance(leaf.operand, Computed):
            expr = leaf.operand.expr
            return _within(self._declarable((leaf.path, *expr.facts())), ~self._hopeless(expr))
        return self._declarable((leaf.path, leaf.operand.path) if isinstance(leaf.operand, FactRef) else (leaf.path,))

    def _declarable(self, paths: Iterable[str]) -> Paths:
        """The undeclared facts behind these; nothing where one of them can never become known."""
        found: list[Paths] = []
        alive = self._every
        for path in paths:
            missing = self._every & ~self._batch.column(path).known
            if missing.any():
                found.append(_within(self._behind(path), missing))
                alive = alive & ~(missing & ~reduce(or_, found[-1].values(), self._none))
        return _within(union(found), alive)

    def _behind(self, path: str) -> Paths:
        derivation = self._program.derived.get(path)
        if derivation is None:
            return {path: self._every}
        if isinstance(derivation, Expr):
            return _within(self._declarable(derivation.facts()), ~self._hopeless(derivation))
        return self.of(derivation)

    def _hopeless(self, expr: Expr) -> Bits:
        """Where some part is unknown although every fact it reads is known."""
        if expr.op == "fact":
            return self._none
        known = reduce(and_, (self._batch.column(path).known for path in expr.facts()), self._every)
        dead: Bits = known & ~self._batch.formula(expr).known
        return reduce(or_, map(self._hopeless, expr.args), dead)


def union(parts: Iterable[Paths]) -> Paths:
    found: dict[str, Bits] = {}
    for part in parts:
        for path, bits in part.items():
            found[path] = found[path] | bits if path in found else bits
    return found


def _within(paths: Paths, mask: Bits) -> Paths:
    return {path: bits & mask for path, bits in paths.items()}
