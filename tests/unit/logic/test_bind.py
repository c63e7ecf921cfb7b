# SPDX-License-Identifier: Apache-2.0
"""What binding keeps, folds and refuses; what bound conditions mean is in tests/conformance/binding.yaml."""

from __future__ import annotations

import pytest

from carnet.logic.bind import Binding, UnboundParameter, bind
from carnet.logic.columnar import ColumnarEvaluator
from carnet.logic.condition import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Applied,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    Not,
    ParamRef,
)
from carnet.logic.explain import truth_of, unknowns
from carnet.logic.formula import parse_formula
from carnet.logic.native import compile_condition
from carnet.logic.program import Program
from carnet.logic.rete import ReteEvaluator, available

LEAF = Compare("a.x", "gte", Constant(1))
OTHER = Compare("a.y", "gte", Constant(1))
HERE = Compare("context.drives_on", "eq", Constant("right"))
ELSEWHERE = Compare("context.drives_on", "eq", Constant("left"))
RIGHT = Binding(context={"context.drives_on": "right", "context.currency": None})


def test_what_needs_nothing_stays_the_same_object() -> None:
    condition = AllOf((LEAF, AnyOf((OTHER, Not(LEAF)))))
    assert bind(condition, RIGHT) is condition


@pytest.mark.parametrize(
    ("condition", "bound"),
    [
        (HERE, TRUE),
        (ELSEWHERE, FALSE),
        (Not(HERE), FALSE),
        (Not(ELSEWHERE), TRUE),
        (AllOf((HERE, LEAF)), LEAF),
        (AllOf((HERE, LEAF, OTHER)), AllOf((LEAF, OTHER))),
        (AllOf((ELSEWHERE, LEAF)), FALSE),
        (AnyOf((ELSEWHERE, LEAF)), LEAF),
        (AnyOf((HERE, LEAF)), TRUE),
        (AnyOf((ELSEWHERE, Not(HERE))), FALSE),
        (AtLeast(2, (HERE, LEAF, OTHER)), AtLeast(1, (LEAF, OTHER))),
        (AtLeast(2, (HERE, HERE, OTHER)), TRUE),
        (AtLeast(2, (ELSEWHERE, ELSEWHERE, OTHER)), FALSE),
    ],
)
def test_what_context_decides_is_folded_away(condition: object, bound: object) -> None:
    assert bind(condition, RIGHT) == bound  # type: ignore[arg-type]


def test_context_that_is_not_known_decides_nothing() -> None:
    currency = Compare("context.currency", "eq", Constant("EUR"))
    against = Compare("a.currency", "eq", FactRef("context.currency"))
    assert bind(currency, RIGHT) is currency
    assert bind(against, RIGHT) is against


def test_a_missing_parameter_is_an_error_unless_it_may_come_later() -> None:
    condition = Compare("a.x", "gte", ParamRef("limit"))
    with pytest.raises(UnboundParameter, match="limit"):
        bind(condition, Binding())
    assert bind(condition, Binding(partial=True)) is condition


@pytest.mark.parametrize("op", ["gte", "declared"])
def test_what_was_never_bound_is_not_evaluated(op: str) -> None:
    with pytest.raises(TypeError, match="not bound"):
        compile_condition(Compare("a.x", op, ParamRef("limit")))({"a.x": 1})


def test_a_formula_without_its_parameter_is_an_error_unless_it_may_come_later() -> None:
    condition = Compare("a.x", "gte", Computed(parse_formula("limit * 2")))
    with pytest.raises(UnboundParameter, match="limit"):
        bind(condition, Binding())
    assert bind(condition, Binding(partial=True)) is condition
    bound = compile_condition(bind(condition, Binding(params={"limit": 2})))
    assert [bound({"a.x": value}) for value in (3, 4)] == [False, True]


def test_approvals_that_a_market_applies_wait_until_it_is_known() -> None:
    condition = Applied(("UN-R1", "UN-R2"))
    assert bind(condition, Binding()) is condition
    held = Compare("approvals.UN-R1.held", "eq", Constant(True))
    assert bind(condition, Binding(applies=lambda name: name == "UN-R1")) == AllOf((held,))
    assert bind(condition, Binding(applies=lambda name: False)) == TRUE


UNBOUND = [Applied(("UN-R1",)), Not(Applied(("UN-R1",))), AllOf((LEAF, Applied(("UN-R1",))))]


@pytest.mark.parametrize("condition", UNBOUND)
def test_no_evaluator_takes_what_was_never_bound(condition: Condition) -> None:
    evaluators = [ColumnarEvaluator(), *([ReteEvaluator()] if available() else [])]
    for use in (
        compile_condition,
        lambda it: truth_of(it, {"a.x": 1}),
        lambda it: unknowns(it, {"a.x": 1}),
        *(lambda it, prepare=evaluator.prepare: prepare(Program((), (it,))) for evaluator in evaluators),
    ):
        with pytest.raises(TypeError, match="not bound"):
            use(condition)


def test_the_columnar_evaluator_takes_no_parameter() -> None:
    with pytest.raises(TypeError, match="not bound"):
        ColumnarEvaluator().prepare(Program((), (Compare("a.x", "gte", ParamRef("limit")),))).run({"a.x": 1})
