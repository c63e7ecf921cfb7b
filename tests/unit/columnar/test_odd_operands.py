# SPDX-License-Identifier: Apache-2.0
"""What has no operator over whole columns is compared row by row, with the same truths."""

from __future__ import annotations

import datetime as dt

import pytest

pytest.importorskip("numpy")

from carnet.logic.columnar import ColumnarEvaluator
from carnet.logic.condition import Compare, Computed, Constant, FactRef
from carnet.logic.formula import parse_formula
from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Program

DAY = dt.date(2026, 1, 31)
FACTS = {"a.n": 5, "a.text": "5", "a.set": ("x", "y"), "a.day": DAY, "a.flag": True, "a.one": "x", "a.odd": (1, 2)}


def formula(text: str, **params: object) -> Computed:
    return Computed(parse_formula(text).bind(params, {}, {}))


CONDITIONS = {
    "a number and a text": Compare("a.n", "eq", Constant("5")),
    "a text and a number": Compare("a.text", "ne", FactRef("a.n")),
    "a number and a day": Compare("a.n", "eq", FactRef("a.day")),
    "a day and a number": Compare("a.day", "ne", Constant(5)),
    "a set and a text": Compare("a.set", "eq", Constant("x")),
    "a set and a number": Compare("a.set", "eq", FactRef("a.n")),
    "a truth and a text": Compare("a.flag", "eq", Constant("true")),
    "one of texts and numbers": Compare("a.n", "in", Constant(("5", 5))),
    "none of texts": Compare("a.n", "not_in", Constant(("5", "6"))),
    "a text among those of a fact": Compare("a.one", "in", FactRef("a.set")),
    "a day among texts": Compare("a.day", "in", Constant(("2026-01-31",))),
    "a step over a day": Compare("a.n", "gte", formula("step(t, a.day)", t=((0, 1), (5, 9)))),
    "a step over a number": Compare("a.n", "lt", formula("step(t, a.n)", t=((0, 1), (5, 9)))),
    "a sum with a text": Compare("a.n", "eq", formula("a.text + 1")),
    "a list of numbers": Compare("a.odd", "contains_any", Constant((2, 3))),
    "a table with words in it": Compare("a.n", "gte", formula("step(t, a.n)", t=((0, "low"), (9, "high")))),
    "the length of a set": Compare("a.n", "gt", formula("a.set + 1")),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_same_truth_as_native(name: str) -> None:
    program = Program((), (CONDITIONS[name],))

    def outcome(evaluator: object) -> object:
        try:
            truths, derived = evaluator().prepare(program).run(FACTS)
            return list(truths), dict(derived)
        except TypeError as error:
            return type(error)

    assert outcome(ColumnarEvaluator) == outcome(NativeEvaluator)
