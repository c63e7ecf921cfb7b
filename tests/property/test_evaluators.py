# SPDX-License-Identifier: Apache-2.0
"""Whatever the program and the profile: every evaluator says the same, and what it says obeys Kleene's laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.unit.columnar.columnar_strategies import (
    ALL_PATHS,
    KIND_OF,
    NAMES,
    VALUES,
    conditions,
    facts,
    leaves,
    programs,
)

from carnet.logic.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Condition,
    Constant,
    Not,
    leaves as leaves_of,
)
from carnet.logic.explain import describe, reasons, truth_of, unknowns
from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Derived, Evaluator, Program
from carnet.logic.rete import ReteEvaluator, available

relaxed = settings(
    max_examples=settings.default.max_examples // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ENGINES: list[type[Evaluator]] = [NativeEvaluator, *([ReteEvaluator] if available() else [])]
needs_rete = pytest.mark.skipif(not available(), reason="durable-rules cannot be imported here")
engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)

wide = st.lists(leaves(), min_size=20, max_size=45).map(tuple)
SHAPES: tuple[Callable[[tuple[Condition, ...]], Condition], ...] = (
    AllOf,
    AnyOf,
    lambda items: Not(AllOf(items)),
    lambda items: AnyOf((AllOf(items[:22]), AllOf(items[9:]))),
    *(lambda items, n=n: AtLeast(n, items[:20]) for n in (2, 9, 17)),
)
large = st.builds(lambda shape, items: shape(items), st.sampled_from(SHAPES), wide)


def transformed(condition: Condition, act: Callable[[Condition], Condition]) -> Condition:
    """The condition with `act` done to each node, innermost first."""
    if isinstance(condition, (AllOf, AnyOf, AtLeast)):
        return act(condition._replace(items=tuple(transformed(item, act) for item in condition.items)))
    return act(Not(transformed(condition.item, act)) if isinstance(condition, Not) else condition)


def everywhere(program: Program, act: Callable[[Condition], Condition]) -> Program:
    """The program with `act` done to each node of each condition."""
    derived = (
        item._replace(condition=transformed(item.condition, act)) if item.condition is not None else item
        for item in program.derived
    )
    return Program(tuple(derived), tuple(transformed(condition, act) for condition in program.conditions))


def never_asks_what_is_declared(condition: Condition) -> Condition:
    if isinstance(condition, Compare) and condition.op == "declared":
        return Compare(condition.path, "eq", Constant(True))
    return condition


monotone = programs().map(lambda program: everywhere(program, never_asks_what_is_declared))


def run(engine: type[Evaluator], program: Program, row: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    truths, derived = engine().prepare(program).run(row)
    return list(truths), dict(derived)


@needs_rete
@relaxed
@given(programs(), st.lists(facts, min_size=1, max_size=4))
def test_rete_says_what_native_says(program: Program, rows: list[dict[str, Any]]) -> None:
    native, rete = NativeEvaluator().prepare(program), ReteEvaluator().prepare(program)
    for row in rows:
        expected, derived = native.run(row)
        assert list(rete.run(row)[0]) == list(expected)
        assert rete.run(row)[1] == derived


@needs_rete
@relaxed
@given(st.lists(large, min_size=1, max_size=3), facts)
def test_conditions_larger_than_a_ruleset(big: list[Condition], row: dict[str, Any]) -> None:
    program = Program((), tuple(big))
    assert run(ReteEvaluator, program, row) == run(NativeEvaluator, program, row)


@engines
@relaxed
@given(programs(), facts, st.lists(st.text(), min_size=len(NAMES), max_size=len(NAMES), unique=True))
def test_texts_are_only_names(engine: type[Evaluator], program: Program, row: dict[str, Any], texts: list[str]) -> None:
    names = dict(zip(NAMES, texts, strict=True))

    def renamed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(renamed(item) for item in value)
        return names.get(value, value) if isinstance(value, str) else value

    def act(condition: Condition) -> Condition:
        if isinstance(condition, Compare) and isinstance(condition.operand, Constant):
            return condition._replace(operand=Constant(renamed(condition.operand.value)))
        return condition

    other = everywhere(program, act), {path: renamed(value) for path, value in row.items()}
    assert run(engine, *other) == run(NativeEvaluator, program, row)


@engines
@relaxed
@given(programs(), facts, st.randoms(use_true_random=False))
def test_order_never_matters(engine: type[Evaluator], program: Program, row: dict[str, Any], draw: Any) -> None:
    def shuffled(condition: Condition) -> Condition:
        if isinstance(condition, (AllOf, AnyOf, AtLeast)):
            return condition._replace(items=tuple(draw.sample(condition.items, len(condition.items))))
        return condition

    assert run(engine, everywhere(program, shuffled), row) == run(engine, program, row)


@engines
@relaxed
@given(programs(), facts)
def test_de_morgan(engine: type[Evaluator], program: Program, row: dict[str, Any]) -> None:
    def dual(condition: Condition) -> Condition:
        if isinstance(condition, (AllOf, AnyOf)):
            other = AnyOf if isinstance(condition, AllOf) else AllOf
            return Not(other(tuple(Not(item) for item in condition.items)))
        if isinstance(condition, AtLeast):
            return Not(AtLeast(len(condition.items) - condition.n + 1, tuple(Not(item) for item in condition.items)))
        return condition

    assert run(engine, everywhere(program, dual), row) == run(engine, program, row)


@engines
@relaxed
@given(monotone, facts, facts)
def test_declaring_more_never_flips_a_known_truth(
    engine: type[Evaluator], program: Program, row: dict[str, Any], more: dict[str, Any]
) -> None:
    before, derived_before = run(engine, program, row)
    after, derived_after = run(engine, program, {**more, **row})
    assert all(old is None or new is old for old, new in zip(before, after, strict=True))
    assert derived_before.items() <= derived_after.items()


steps = st.lists(
    st.one_of(
        st.sampled_from(ALL_PATHS).flatmap(lambda path: st.tuples(st.just(path), VALUES[KIND_OF[path]])),
        st.sampled_from(ALL_PATHS).map(lambda path: (path, None)),
    ),
    max_size=8,
)


@engines
@relaxed
@given(programs(), facts, steps)
def test_a_session_is_a_fresh_run(
    engine: type[Evaluator], program: Program, row: dict[str, Any], changes: list[tuple[str, Any]]
) -> None:
    prepared = engine().prepare(program)
    session = prepared.session(row)
    for path, value in changes:
        before = session.truths()
        changed = session.retract([path]) if value is None else session.declare({path: value})
        row = {p: v for p, v in {**row, path: value}.items() if v is not None}
        truths, derived = prepared.run(row)
        assert list(session.truths()) == list(truths)
        assert session.derived() == derived
        assert changed == {i for i, (old, new) in enumerate(zip(before, truths, strict=True)) if old is not new}


@relaxed
@given(conditions, facts)
def test_explanations_agree_with_the_truth(condition: Condition, row: dict[str, Any]) -> None:
    ((truth,), _) = run(NativeEvaluator, Program((), (condition,)), row)
    assert truth_of(condition, row) is truth
    assert describe(condition)
    if truth is not None:
        assert unknowns(condition, row) == ()
        assert reasons(condition, row, not truth) == ()
    if truth is False and not any(isinstance(leaf, Compare) for leaf in leaves_of(condition)):
        assert reasons(condition, row) == ()


@relaxed
@given(monotone, facts, facts)
def test_only_the_named_facts_can_settle_an_unknown(
    program: Program, row: dict[str, Any], more: dict[str, Any]
) -> None:
    prepared = NativeEvaluator().prepare(program)
    truths, derived = prepared.run(row)
    sources: dict[str, Derived] = {item.path: item for item in program.derived}
    for index, condition in enumerate(program.conditions):
        if truths[index] is None:
            named = unknowns(condition, {**row, **derived}, sources)
            assert named == tuple(dict.fromkeys(named))
            assert row.keys().isdisjoint(named)
            others = {path: value for path, value in more.items() if path not in named}
            assert prepared.run({**others, **row})[0][index] is None
