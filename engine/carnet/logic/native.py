# SPDX-License-Identifier: Apache-2.0
"""The reference evaluator: a condition compiled to nested closures over a plain dict of facts.

It is the specification in code. A missing key is an unknown fact, and every other evaluator must agree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from carnet.logic.condition import (
    WITHIN,
    AllOf,
    AnyOf,
    AreaRef,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    Not,
    Operand,
    Truth,
)
from carnet.logic.formula import evaluate
from carnet.logic.numbers import ORDER, among, same
from carnet.logic.places import Area

Facts: TypeAlias = Mapping[str, Any]
Test: TypeAlias = Callable[[Facts], Truth]


def _ranks(value: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    at = [value.index(name) for name in wanted if name in value]
    return len(at) == len(wanted) and at == sorted(at)


RELATIONS: Mapping[str, Callable[[Any, Any], Truth]] = {
    "eq": lambda a, b: set(a) == set(b) if isinstance(a, tuple) and isinstance(b, tuple) else same(a, b),
    "ne": lambda a, b: set(a) != set(b) if isinstance(a, tuple) and isinstance(b, tuple) else not same(a, b),
    **ORDER,
    "in": among,
    "not_in": lambda a, b: not among(a, b),
    "contains_any": lambda a, b: not set(b).isdisjoint(a),
    "contains_all": lambda a, b: set(b).issubset(a),
    "subset_of": lambda a, b: set(a).issubset(b),
    "disjoint": lambda a, b: set(a).isdisjoint(b),
    "ranks": _ranks,
    "size_eq": lambda a, b: len(a) == b,
    "size_ne": lambda a, b: len(a) != b,
    "size_lt": lambda a, b: len(a) < b,
    "size_lte": lambda a, b: len(a) <= b,
    "size_gt": lambda a, b: len(a) > b,
    "size_gte": lambda a, b: len(a) >= b,
    WITHIN: lambda places, area: area.holds(places),
}
"""By operator, whether it holds between two known values; unknown where places cannot be told apart."""


def operand_value(operand: Operand, facts: Facts) -> Any:
    """The operand's value, None when it is unknown.

    Raises:
        TypeError: for a parameter, group or adopted Regulation that was never bound.
    """
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, FactRef):
        return facts.get(operand.path)
    if isinstance(operand, Computed):
        return evaluate(operand.expr, facts)
    if isinstance(operand, AreaRef):
        granted = facts.get(operand.path)
        return None if granted is None else Area(granted, operand.jurisdiction, operand.places)
    raise TypeError(f"condition is not bound: {operand}")


def compile_condition(condition: Condition) -> Test:
    """A function from facts to the condition's truth."""
    if isinstance(condition, Compare):
        return _compile_leaf(condition)
    if isinstance(condition, Not):
        return _compile_not(compile_condition(condition.item))
    if isinstance(condition, AtLeast):
        return _compile_at_least(condition.n, [compile_condition(item) for item in condition.items])
    if isinstance(condition, (AllOf, AnyOf)):
        tests = [compile_condition(item) for item in condition.items]
        return tests[0] if len(tests) == 1 else _compile_junction(tests, isinstance(condition, AllOf))
    raise TypeError(f"condition is not bound: {condition}")


def _compile_not(test: Test) -> Test:
    def negation(facts: Facts) -> Truth:
        truth = test(facts)
        return None if truth is None else not truth

    return negation


def _compile_junction(tests: list[Test], neutral: bool) -> Test:
    def junction(facts: Facts) -> Truth:
        result: Truth = neutral
        for test in tests:
            truth = test(facts)
            if truth is None:
                result = None
            elif truth is not neutral:
                return truth
        return result

    return junction


def _compile_at_least(n: int, tests: list[Test]) -> Test:
    def count(facts: Facts) -> Truth:
        truths = [test(facts) for test in tests]
        if truths.count(True) >= n:
            return True
        return False if truths.count(True) + truths.count(None) < n else None

    return count


def _compile_leaf(leaf: Compare) -> Test:
    path, operand = leaf.path, leaf.operand
    if leaf.op == "declared":
        wanted = operand_value(operand, {})
        return lambda facts: (facts.get(path) is not None) is wanted
    if isinstance(operand, Constant):
        return _against_constant(path, leaf.op, operand.value)
    relation = RELATIONS[leaf.op]

    def compare(facts: Facts) -> Truth:
        value = facts.get(path)
        if value is None:
            return None
        other = operand_value(operand, facts)
        return None if other is None else relation(value, other)

    return compare


def _against_constant(path: str, op: str, other: Any) -> Test:
    """Most comparisons are with a constant, so those that a constant makes cheaper are written out."""
    if op == "contains_all" and len(other) == 1:
        (only,) = other
        return lambda facts: None if (value := facts.get(path)) is None else only in value
    if op in _SET_TESTS:
        return _set_test(path, op, frozenset(other))
    if op == "eq" and isinstance(other, (bool, str)):
        return lambda facts: None if (value := facts.get(path)) is None else value == other
    if op == "in" and all(isinstance(item, str) for item in other):
        return lambda facts: None if (value := facts.get(path)) is None else value in other
    relation = RELATIONS[op]
    return lambda facts: None if (value := facts.get(path)) is None else relation(value, other)


_SET_TESTS: Mapping[str, tuple[str, bool]] = {
    "contains_all": ("issubset", True),
    "subset_of": ("issuperset", True),
    "disjoint": ("isdisjoint", True),
    "contains_any": ("isdisjoint", False),
}


def _set_test(path: str, op: str, other: frozenset[Any]) -> Test:
    method, holds = _SET_TESTS[op]
    asked = getattr(other, method)
    return lambda facts: None if (value := facts.get(path)) is None else asked(value) is holds
