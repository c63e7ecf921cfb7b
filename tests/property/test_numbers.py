# SPDX-License-Identifier: Apache-2.0
"""Numbers compare as a person does, on every evaluator; what is printed as a limit or a remedy keeps to it."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from tests.conformance.test_conformance import ENGINES

from carnet.declare.vocabulary import Fact
from carnet.logic.condition import Compare, Computed, Constant, Not
from carnet.logic.formula import parse_formula
from carnet.logic.native import compile_condition
from carnet.logic.numbers import rounded_down, rounded_up, same
from carnet.logic.program import Program
from carnet.logic.solve import repairs
from carnet.logic.wording import required_text, value_text

numbers = st.floats(0.01, 1e6, allow_nan=False, allow_infinity=False)
OPS = st.sampled_from(["eq", "ne", "lt", "lte", "gt", "gte"])


class Vocabulary:
    def fact(self, path):
        return Fact(path, "number", range=(0, 1e15))


@settings(max_examples=60, deadline=None)
@given(a=numbers, b=numbers, op=OPS, off=st.sampled_from([0, 1e-12, -1e-12, 1e-6, -1e-6]))
def test_a_value_at_a_computed_limit_keeps_to_it(a, b, op, off):
    condition = Compare("n.x", op, Computed(parse_formula("n.a * n.b")))
    facts = {"n.x": a * b * (1 + off), "n.a": a, "n.b": b}
    wanted = {
        "eq": abs(off) < 1e-9, "lte": off < 1e-9, "gte": off > -1e-9, "lt": off <= -1e-9, "gt": off >= 1e-9
    }  # fmt: skip
    expected = wanted[op] if op != "ne" else not wanted["eq"]
    for engine in ENGINES.values():
        assert engine.prepare(Program((), (condition,))).run(facts)[0][0] is expected, engine.name
        constant = Compare("n.x", op, Constant(a * b))
        assert engine.prepare(Program((), (constant,))).run(facts)[0][0] is expected, engine.name


@given(numbers)
def test_a_printed_limit_is_never_easier_than_the_limit(limit):
    assert rounded_up(limit) >= limit or same(rounded_up(limit), limit)
    assert rounded_down(limit) <= limit or same(rounded_down(limit), limit)
    asked = {op: float(required_text(op, limit).partition(" ")[2]) for op in ("gte", "lte")}
    assert compile_condition(Compare("n.x", "gte", Constant(limit)))({"n.x": asked["gte"]})
    assert compile_condition(Compare("n.x", "lte", Constant(limit)))({"n.x": asked["lte"]})


@settings(max_examples=60, deadline=None)
@given(a=numbers, b=numbers, op=st.sampled_from(["lte", "gte"]))
def test_a_printed_remedy_closes_its_gap(a, b, op):
    condition = Compare("n.x", op, Computed(parse_formula("n.a * n.b")))
    facts = {"n.x": a * b * (2 if op == "lte" else 0.5), "n.a": a, "n.b": b}
    assert compile_condition(condition)(facts) is False
    change, *_ = repairs(condition, facts, Vocabulary())
    printed = {path: float(value_text(value)) for path, value in change.items()}
    assert compile_condition(condition)({**facts, **printed}) is True
    assert compile_condition(Not(condition))({**facts, **printed}) is False
