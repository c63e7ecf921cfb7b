# SPDX-License-Identifier: Apache-2.0
"""A bound rule in a form that searches can run thousands of times: classifications written out, conditions compiled.

A yes-or-no classification (`derived.driverless: true`) is replaced by its own condition, a computed number on the right
by its formula, so that a search sees the declared facts behind them. Only a computed number on the left keeps its name
and is worked out anew for each set of facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from carnet.law.casework.rule_under_test import RuleUnderTest
from carnet.logic.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    Not,
    Truth,
    leaves,
    operand_facts,
)
from carnet.logic.formula import Expr
from carnet.logic.native import Test, compile_condition
from carnet.logic.native_program import compile_derived
from carnet.logic.program import Derived
from carnet.verdict.status import Status, status_of

Facts = Mapping[str, Any]
Truths = tuple[Truth, Truth]
Filter = Callable[[str, Any], bool]


class SearchableRule:
    """A rule's two conditions over declared facts; `paths` are those that matter, `computed` names left to work out.

    can_be: whether a fact can have a value; what it cannot be is left out of the lists that it is compared with.
    """

    def __init__(self, tried: RuleUnderTest, can_be: Filter) -> None:
        self.tried = tried
        self._writer = _Writer(tried.derived, can_be)
        self.applies, self.requires = self._writer.condition(tried.applies), self._writer.condition(tried.requires)
        self._context = tried.maker.context
        both = AllOf((self.applies, self.requires))
        self.leaves = tuple(leaf for leaf in leaves(both) if isinstance(leaf, Compare))
        named = {leaf.path for leaf in self.leaves if leaf.path in tried.derived}
        self.computed = {path: self._writer.source(tried.derived[path]) for path in sorted(named)}
        self._compute = [(path, compile_derived(item)) for path, item in self.computed.items()]
        self._tests = (compile_condition(self.applies), compile_condition(self.requires))
        self.paths = self._read()

    def _read(self) -> tuple[str, ...]:
        """The declared facts behind the conditions, in order of appearance."""
        found: dict[str, None] = {}
        for leaf in self.leaves:
            own = sorted(self.computed[leaf.path].reads()) if leaf.path in self.computed else [leaf.path]
            found.update(dict.fromkeys([*own, *sorted(operand_facts(leaf.operand))]))
        return tuple(path for path in found if not path.startswith(("context.", "derived.")))

    def seen(self, facts: Facts) -> dict[str, Any]:
        """Facts with the market's context and what is computed from them."""
        values = {**self._context, **facts}
        for path, compute in self._compute:
            if (value := compute(values)) is not None:
                values[path] = value
        return values

    def truths(self, facts: Facts) -> Truths:
        values = self.seen(facts)
        return self._tests[0](values), self._tests[1](values)

    def status(self, facts: Facts) -> Status:
        return status_of(*self.truths(facts))

    def written_out(self, tried: RuleUnderTest) -> tuple[Condition, Condition]:
        """The conditions of a changed rule in the same market and day, in the same form."""
        return self._writer.condition(tried.applies), self._writer.condition(tried.requires)

    def variant(self, tried: RuleUnderTest) -> tuple[Test, Test]:
        """The tests of a changed rule, to run on what `seen` returns."""
        applies, requires = self.written_out(tried)
        return compile_condition(applies), compile_condition(requires)


class _Writer:
    """Writes conditions out over declared facts; what it returns has the same truth for every profile."""

    def __init__(self, derived: Mapping[str, Derived], can_be: Filter) -> None:
        self._derived = derived
        self._can_be = can_be

    def condition(self, condition: Condition) -> Condition:
        if isinstance(condition, Not):
            return Not(self.condition(condition.item))
        if isinstance(condition, Compare):
            return self._leaf(condition)
        assert isinstance(condition, (AllOf, AnyOf, AtLeast))
        items = tuple(self.condition(item) for item in condition.items)
        if isinstance(condition, AtLeast):
            return AtLeast(condition.n, items)
        return AllOf(items) if isinstance(condition, AllOf) else AnyOf(items)

    def _leaf(self, leaf: Compare) -> Condition:
        operand = leaf.operand
        source = self._derived.get(leaf.path)
        if source is not None and source.condition is not None and leaf.op in ("eq", "ne"):
            inner = self.condition(source.condition)
            return inner if (operand == Constant(True)) is (leaf.op == "eq") else Not(inner)
        if isinstance(operand, FactRef) and operand.path in self._derived:
            expr = self._derived[operand.path].expr
            return Compare(leaf.path, leaf.op, Computed(self._expr(expr))) if expr else leaf
        if isinstance(operand, Computed) and operand.expr.facts() & self._derived.keys():
            return Compare(leaf.path, leaf.op, Computed(self._expr(operand.expr)))
        if leaf.op in _MEMBERSHIP and isinstance(operand, Constant) and isinstance(operand.value, tuple):
            possible = tuple(value for value in operand.value if self._can_be(leaf.path, value))
            return Compare(leaf.path, leaf.op, Constant(possible)) if len(possible) < len(operand.value) else leaf
        return leaf

    def source(self, derived: Derived) -> Derived:
        if derived.condition is not None:
            return Derived(derived.path, self.condition(derived.condition))
        assert derived.expr is not None
        return Derived(derived.path, None, self._expr(derived.expr))

    def _expr(self, expr: Expr) -> Expr:
        if expr.op == "fact" and expr.value in self._derived:
            behind = self._derived[expr.value].expr
            return self._expr(behind) if behind else expr
        return Expr(expr.op, expr.value, tuple(map(self._expr, expr.args))) if expr.args else expr


_MEMBERSHIP = ("in", "not_in", "contains_any", "disjoint", "subset_of")
