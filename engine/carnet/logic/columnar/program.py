# SPDX-License-Identifier: Apache-2.0
"""Programs over whole columns, and over one profile as a batch of one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from carnet.logic.columnar.bitmaps import Bits, ones, zeros
from carnet.logic.columnar.columns import BoolColumn, Column, from_python
from carnet.logic.columnar.counts import at_least, total
from carnet.logic.columnar.formulas import compute
from carnet.logic.columnar.graph import Every, Graph, Leaf, Ref, Step, step_of
from carnet.logic.columnar.leaves import Operand, compare, declared, within
from carnet.logic.condition import AreaRef, Compare, Computed, Constant, FactRef, Truth, facts_read
from carnet.logic.formula import Expr
from carnet.logic.program import Derived, Program
from carnet.logic.truths import Truths


class ColumnarEvaluator:
    """Many profiles at a time; offers one at a time as well, so that it passes the same tests as the others."""

    name = "columnar"

    def prepare(self, program: Program) -> ColumnarProgram:
        return ColumnarProgram(program)


class ColumnarProgram:
    """A program compiled to distinct steps; immutable, so that threads may share it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.graph = Graph()
        self.refs = [self.graph.add(condition) for condition in program.conditions]
        self.derived: dict[str, Ref | Expr] = {derived.path: self._derivation(derived) for derived in program.derived}

    def _derivation(self, derived: Derived) -> Ref | Expr:
        if derived.condition is not None:
            return self.graph.add(derived.condition)
        assert derived.expr is not None
        return derived.expr

    def reading(self, path: str) -> tuple[frozenset[str], frozenset[Ref]]:
        """The facts that a fact decides, itself and derived ones, and the steps that read any of them."""
        paths = {path}
        for item in self.program.derived:
            if not paths.isdisjoint(item.reads()):
                paths.add(item.path)
        steps: set[Ref] = set()
        for ref, step in enumerate(self.graph.steps):
            if isinstance(step, Leaf):
                reads = not paths.isdisjoint(facts_read(step.compare))
            else:
                reads = any(step_of(part) in steps for part in step.parts)
            if reads:
                steps.add(ref)
        return frozenset(paths), frozenset(steps)

    def over(self, columns: Mapping[str, Column], rows: int) -> Batch:
        """The program over these columns; one that is missing is a fact nobody declared."""
        return Batch(self, columns, rows)

    def run(self, facts: Mapping[str, Any]) -> tuple[Sequence[Truth], Mapping[str, Any]]:
        batch = self.over({path: from_python([value]) for path, value in facts.items()}, 1)
        derived = {path: batch.column(path).values()[0] for path in self.derived}
        truths = [_single(batch.truths(ref)) for ref in self.refs]
        return truths, {path: value for path, value in derived.items() if value is not None}

    def session(self, facts: Mapping[str, Any]) -> ColumnarSession:
        return ColumnarSession(self, facts)


def _single(truths: Truths[Bits]) -> Truth:
    return True if truths.true[0] else False if truths.false[0] else None


class Batch:
    """A program over some rows; each step, derived fact and formula is computed when first asked for, and kept."""

    def __init__(self, program: ColumnarProgram, columns: Mapping[str, Column], rows: int) -> None:
        self.rows = rows
        self._program = program
        self._declared = columns
        self._derived: dict[str, Column] = {}
        self._underway: set[str] = set()
        self._computed: dict[Expr, Column] = {}
        self._truths: dict[Ref, Truths[Bits]] = {}

    def supposing(self, path: str, column: Column) -> Batch:
        """The same rows with another value of a fact; what does not read it is computed once for both."""
        return Supposed(self._program, self, path, column)

    def condition(self, index: int) -> Truths[Bits]:
        """The truth of the program's condition of that index."""
        return self.truths(self._program.refs[index])

    def truths(self, ref: Ref) -> Truths[Bits]:
        if ref < 0:
            return ~self.truths(~ref)
        found = self._truths.get(ref)
        if found is None:
            found = self._truths[ref] = self._run(self._program.graph.steps[ref])
        return found

    def column(self, path: str) -> Column:
        """A fact, declared or derived."""
        if path in self._program.derived and path not in self._underway:
            self._underway.add(path)
            self._derived[path] = self._derive(self._program.derived[path])
        column = self._derived.get(path) or self._declared.get(path)
        return column or Column.unknown(self.rows)

    def _derive(self, derivation: Ref | Expr) -> Column:
        if isinstance(derivation, Expr):
            return self.formula(derivation)
        truths = self.truths(derivation)
        return BoolColumn(self.rows, truths.true | truths.false, truths.true)

    def formula(self, expr: Expr) -> Column:
        if expr not in self._computed:
            columns = {path: self.column(path) for path in expr.facts()}
            self._computed[expr] = compute(expr, columns, self.rows)
        return self._computed[expr]

    def _run(self, step: Step) -> Truths[Bits]:
        if isinstance(step, Leaf):
            return self._leaf(step.compare)
        parts = [self.truths(ref) for ref in step.parts]
        if isinstance(step, Every):
            return every(parts, self.rows)
        trues, falses = total(part.true for part in parts), total(part.false for part in parts)
        spare = len(parts) - step.n
        return Truths(at_least(trues, step.n, self.rows), at_least(falses, spare + 1, self.rows))

    def _leaf(self, leaf: Compare) -> Truths[Bits]:
        column = self.column(leaf.path)
        operand = leaf.operand
        if leaf.op == "declared":
            return declared(column, isinstance(operand, Constant) and operand.value is True)
        other: Operand
        if isinstance(operand, Constant):
            other = operand.value
        elif isinstance(operand, FactRef):
            other = self.column(operand.path)
        elif isinstance(operand, Computed):
            other = self.formula(operand.expr)
        elif isinstance(operand, AreaRef):
            return within(column, self.column(operand.path), operand)
        else:
            raise TypeError(f"condition is not bound: {leaf}")
        return compare(column, leaf.op, other)


class Supposed(Batch):
    """A batch in which one fact is another; all that does not depend on it is the original's."""

    def __init__(self, program: ColumnarProgram, original: Batch, path: str, column: Column) -> None:
        super().__init__(program, {path: column}, original.rows)
        self._original = original
        self._paths, self._steps = program.reading(path)

    def truths(self, ref: Ref) -> Truths[Bits]:
        return super().truths(ref) if step_of(ref) in self._steps else self._original.truths(ref)

    def column(self, path: str) -> Column:
        return super().column(path) if path in self._paths else self._original.column(path)

    def formula(self, expr: Expr) -> Column:
        own = not self._paths.isdisjoint(expr.facts())
        return super().formula(expr) if own else self._original.formula(expr)


def every(parts: Sequence[Truths[Bits]], rows: int) -> Truths[Bits]:
    """The Kleene conjunction of all parts."""
    if not parts:
        return Truths(ones(rows), zeros(rows))
    true, false = parts[0].true & parts[1].true, parts[0].false | parts[1].false
    for part in parts[2:]:
        true &= part.true
        false |= part.false
    return Truths(true, false)


class ColumnarSession:
    """A live evaluation for completeness' sake: each change runs the whole program again."""

    def __init__(self, prepared: ColumnarProgram, facts: Mapping[str, Any]) -> None:
        self._prepared = prepared
        self._facts = dict(facts)
        self._truths, self._derived = prepared.run(self._facts)

    def truths(self) -> Sequence[Truth]:
        return tuple(self._truths)

    def derived(self) -> Mapping[str, Any]:
        return self._derived

    def declare(self, facts: Mapping[str, Any]) -> frozenset[int]:
        self._facts.update(facts)
        return self._rerun()

    def retract(self, paths: Iterable[str]) -> frozenset[int]:
        for path in paths:
            self._facts.pop(path, None)
        return self._rerun()

    def close(self) -> None:
        self._facts.clear()

    def _rerun(self) -> frozenset[int]:
        before = self._truths
        self._truths, self._derived = self._prepared.run(self._facts)
        pairs = enumerate(zip(before, self._truths, strict=True))
        return frozenset(index for index, (old, new) in pairs if old is not new)
