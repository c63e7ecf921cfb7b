# SPDX-License-Identifier: Apache-2.0
"""What is a formula and what is not; what formulas come to is in tests/conformance/formulas.yaml."""

from __future__ import annotations

import pytest

from carnet.logic.condition import Computed, Constant, FactRef, ParamRef
from carnet.logic.formula import FormulaError, evaluate, parse_formula


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "expected a number, a name or `(` before `the end`", 0),
        ("   ", "expected a number, a name or `(` before `the end`", 3),
        ("1 +", "expected a number, a name or `(` before `the end`", 3),
        ("1 + + 2", "expected a number, a name or `(` before `+`", 4),
        ("(1 + 2", "expected `)` before `the end`", 6),
        ("1 2", "expected `the end` before `2`", 2),
        ("1 ^ 2", "cannot read `^`", 2),
        ("a.b ; import os", "cannot read `;`", 4),
        ("'x'", "cannot read `'`", 0),
        ("__import__('os')", "cannot read `'`", 11),
        ("eval(1)", "knows no function `eval`", 0),
        ("1 + sin(2)", "knows no function `sin`", 4),
        ("sqrt(1, 2)", "gives `sqrt` 2 values", 0),
        ("days(a.b)", "gives `days` 1 values", 0),
        ("1e5", "expected `the end` before `e5`", 1),
        ("(" * 31 + "1" + ")" * 31, "is nested deeper than 30 levels", 30),
        ("-" * 31 + "1", "is nested deeper than 30 levels", 30),
        ("1+" * 250 + "1", "is longer than 500 characters", 500),
    ],
)
def test_what_is_no_formula_says_where(text: str, message: str, offset: int) -> None:
    with pytest.raises(FormulaError) as error:
        parse_formula(text)
    assert str(error.value).startswith(message)
    assert error.value.offset == offset


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1+2*3", "1 + (2 * 3)"),
        ("a.b - c - 2.50", "(a.b - c) - 2.5"),
        ("-a.b / min(c, 4)", "-a.b / min(c, 4)"),
        ("approvals.UN-R157.max_speed_kmh-5", "approvals.UN-R157.max_speed_kmh - 5"),
    ],
)
def test_a_formula_can_be_read_back(text: str, written: str) -> None:
    assert str(parse_formula(text)) == written
    assert str(parse_formula(written)) == written


def test_names_with_dots_are_facts_and_others_parameters() -> None:
    expr = parse_formula("max(a.speed, limit) + approvals.DE-AFGBV.max_speed_kmh * limit")
    assert expr.facts() == {"a.speed", "approvals.DE-AFGBV.max_speed_kmh"}
    assert expr.params() == {"limit"}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (3, 13),
        (Constant(4), 14),
        (FactRef("a.y"), 15),
        (Computed(parse_formula("a.y * 2")), 20),
        (Computed(parse_formula("context.speed + derived.z")), 110),
    ],
)
def test_whatever_an_instance_gives_for_a_parameter(given: object, value: int) -> None:
    bound = parse_formula("a.x + limit").bind({"limit": given}, {"context.speed": 30}, {"derived.z": "derived.z@DE"})
    assert evaluate(bound, {"a.x": 10, "a.y": 5, "derived.z@DE": 70}) == value


def test_a_parameter_that_is_given_a_parameter_waits_for_it() -> None:
    bound = parse_formula("a.x + limit").bind({"limit": ParamRef("general_limit")}, {}, {})
    assert bound.params() == {"general_limit"}
    with pytest.raises(TypeError, match="not bound: general_limit"):
        evaluate(bound, {"a.x": 1})
    assert evaluate(bound.bind({"general_limit": 5}, {}, {}), {"a.x": 1}) == 6
