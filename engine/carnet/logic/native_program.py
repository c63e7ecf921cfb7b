# SPDX-License-Identifier: Apache-2.0
"""Programs on the native evaluator: run whole, or live with re-runs of only what reads a changed fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from carnet.logic.condition import Truth, facts_read
from carnet.logic.formula import evaluate
from carnet.logic.native import Test, compile_condition
from carnet.logic.program import Derived, Program


class NativeEvaluator:
    """The reference evaluator."""

    name = "native"

    def prepare(self, program: Program) -> NativeProgram:
        return NativeProgram(program)


class NativeProgram:
    def __init__(self, program: Program) -> None:
        self.program = program
        self._tests = [compile_condition(condition) for condition in program.conditions]
        self._derivations = [(derived, compile_derived(derived)) for derived in program.derived]

    @cached_property
    def derived_reads(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The derived facts with what each reads."""
        return tuple((derived.path, derived.reads()) for derived in self.program.derived)

    @cached_property
    def readers(self) -> Mapping[str, Sequence[int]]:
        """By fact, the conditions that read it."""
        found: dict[str, list[int]] = {}
        for index, condition in enumerate(self.program.conditions):
            for path in facts_read(condition):
                found.setdefault(path, []).append(index)
        return found

    def run(self, facts: Mapping[str, Any]) -> tuple[Truths, Mapping[str, Any]]:
        values = dict(facts)
        derived: dict[str, Any] = {}
        for derivation, compute in self._derivations:
            if (value := compute(values)) is not None:
                values[derivation.path] = derived[derivation.path] = value
        return Truths(self._tests, values), derived

    def session(self, facts: Mapping[str, Any]) -> NativeSession:
        return NativeSession(self, facts)

    def derive(self, index: int, facts: Mapping[str, Any]) -> Any:
        return self._derivations[index][1](facts)


_NOT_ASKED = object()


class Truths(Sequence[Truth]):
    """The truths of conditions over facts that no longer change, each decided when it is first asked for.

    Nobody asks what a rule requires where it does not apply, and that is most rules.
    """

    __slots__ = ("_facts", "_found", "_tests")

    def __init__(self, tests: Sequence[Test], facts: Mapping[str, Any]) -> None:
        self._tests = tests
        self._facts = facts
        self._found: list[Any] = [_NOT_ASKED] * len(tests)

    def later(self, facts: Mapping[str, Any], touched: Iterable[int]) -> Truths:
        """The same over other facts, which only some of the conditions read."""
        after = Truths(self._tests, facts)
        after._found = self._found.copy()
        for index in touched:
            after._found[index] = _NOT_ASKED
        return after

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> Truth: ...
    @overload
    def __getitem__(self, index: slice) -> list[Truth]: ...
    def __getitem__(self, index: int | slice) -> Truth | list[Truth]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        truth: Truth = self._found[index]
        if truth is _NOT_ASKED:
            truth = self._found[index] = self._tests[index](self._facts)
        return truth

    def __iter__(self) -> Iterator[Truth]:
        return (self[at] for at in range(len(self)))


def compile_derived(derived: Derived) -> Any:
    """A function from facts to the derived fact's value, None while it is unknown."""
    if derived.condition is not None:
        return compile_condition(derived.condition)
    expr = derived.expr
    assert expr is not None
    return lambda facts: evaluate(expr, facts)


class NativeSession:
    """Keeps truths; a change re-computes the derived facts and conditions that read it, and nothing else."""

    def __init__(self, prepared: NativeProgram, facts: Mapping[str, Any]) -> None:
        self._prepared = prepared
        self._truths, derived = prepared.run(facts)
        self._values = {**facts, **derived}

    def truths(self) -> Sequence[Truth]:
        return self._truths

    def derived(self) -> Mapping[str, Any]:
        return {path: self._values[path] for path, _ in self._prepared.derived_reads if path in self._values}

    def declare(self, facts: Mapping[str, Any]) -> frozenset[int]:
        changed = {path for path, value in facts.items() if self._values.get(path) != value}
        return self._rerun({**self._values, **facts}, changed)

    def retract(self, paths: Iterable[str]) -> frozenset[int]:
        values = dict(self._values)
        changed = {path for path in paths if values.pop(path, None) is not None}
        return self._rerun(values, changed)

    def close(self) -> None:
        self._values = {}

    def _rerun(self, values: dict[str, Any], changed: set[str]) -> frozenset[int]:
        self._values = values
        for index, (path, reads) in enumerate(self._prepared.derived_reads):
            if reads.isdisjoint(changed):
                continue
            value = self._prepared.derive(index, values)
            if values.get(path) != value:
                changed.add(path)
            if value is None:
                values.pop(path, None)
            else:
                values[path] = value
        readers = self._prepared.readers
        touched = {index for path in changed for index in readers.get(path, ())}
        before, self._truths = self._truths, self._truths.later(values, touched)
        return frozenset(index for index in touched if before[index] is not self._truths[index])
