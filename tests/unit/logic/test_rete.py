# SPDX-License-Identifier: Apache-2.0
"""One test for each limit of durable-rules that the evaluator has to stay within, and for what it promises itself."""

from __future__ import annotations

import gc
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from carnet.errors import CarnetError, InputError, LimitError, UnknownName
from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Constant, FactRef, Not
from carnet.logic.evaluators import evaluator
from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Derived, Program
from carnet.logic.rete import ReteEvaluator, available, network as engine_network
from carnet.logic.rete.compiler import compile_program
from carnet.logic.rete.network import MAX_LEAVES, Network, Rule
from carnet.logic.rete.patterns import Pair, literal_pair

pytestmark = pytest.mark.skipif(not available(), reason="durable-rules cannot be imported here")


def number(path: str, op: str, value: float) -> Compare:
    return Compare(path, op, Constant(value))


def program(*conditions: Condition, derived: tuple[Derived, ...] = ()) -> Program:
    return Program(derived, conditions)


def assert_same(prog: Program, *profiles: dict[str, object]) -> None:
    native, rete = NativeEvaluator().prepare(prog), ReteEvaluator().prepare(prog)
    for facts in profiles:
        expected, derived = native.run(facts)
        assert list(rete.run(facts)[0]) == list(expected)
        assert rete.run(facts)[1] == derived


def networks(prog: Program) -> Iterator[Network]:
    for stage in compile_program(prog).stages:
        yield from stage.networks


def many(count: int, facts: int, seed: int = 1) -> tuple[Program, dict[str, object]]:
    draw = random.Random(seed)
    paths = [f"section.fact_{i}" for i in range(facts)]

    def leaf() -> Condition:
        return number(draw.choice(paths), draw.choice(("lt", "gte", "eq", "ne")), draw.randrange(10))

    def condition(i: int) -> Condition:
        return AllOf((leaf(), AnyOf((leaf(), Not(leaf()))), leaf())) if i % 2 else AnyOf((leaf(), leaf()))

    conditions = dict.fromkeys(condition(i) for i in range(count))
    return program(*conditions), {path: draw.randrange(10) for path in paths}


def test_two_thousand_conditions_over_three_hundred_facts() -> None:
    prog, facts = many(2000, 300)
    assert len(prog.conditions) > 1990
    assert_same(prog, facts, {}, {path: value for path, value in facts.items() if hash(path) % 2})


def network_of(*rules: Rule) -> Network:
    return Network(rules, lambda prop, constant: int(constant))


def test_rulesets_hold_at_most_sixty_leaf_comparisons() -> None:
    assert all(len(network.properties) <= MAX_LEAVES for network in networks(many(200, 40)[0]))
    pair = literal_pair(0, "$gte", 1)
    network_of(*(Rule(i, pair) for i in range(MAX_LEAVES // 2)))
    with pytest.raises(LimitError, match="62 leaf comparisons is refused; at most 60"):
        network_of(*(Rule(i, pair) for i in range(MAX_LEAVES // 2 + 1)))


def test_sixty_matching_siblings_stay_below_error_303() -> None:
    prog = program(*(number(f"a.x{i}", "gte", i % 3) for i in range(500)))
    assert_same(prog, {f"a.x{i}": 3 for i in range(500)})


@pytest.mark.parametrize("size", [25, 70, 300])
def test_a_single_condition_of_any_size(size: int) -> None:
    leaves = tuple(number(f"a.x{i}", "gte", 5) for i in range(size))
    prog = program(AllOf(leaves), AnyOf(leaves), Not(AllOf(leaves)), AtLeast(size // 2, leaves[:40]))
    yes = {f"a.x{i}": 9 for i in range(size)}
    assert_same(prog, yes, {**yes, "a.x3": 1}, dict.fromkeys(yes, 1), {"a.x1": 1}, {"a.x1": 9}, {})


def test_at_least_with_large_items_and_many_choices() -> None:
    items = tuple(AllOf(tuple(number(f"a.x{i}_{j}", "gte", 5) for j in range(6))) for i in range(9))
    prog = program(*(AtLeast(n, items[:k]) for k in (3, 4, 9) for n in range(1, k + 1)))
    draw = random.Random(2)
    paths = [f"a.x{i}_{j}" for i in range(9) for j in range(6)]
    profiles = [{path: draw.choice((1, 9, 9, 9, 9, 9, 9)) for path in paths if draw.random() < 0.9} for _ in range(40)]
    assert_same(prog, *profiles)


def test_alternatives_within_alternatives_do_not_multiply() -> None:
    choice = tuple(AnyOf(tuple(number(f"a.x{i}_{j}", "gte", 5) for j in range(8))) for i in range(8))
    prog = program(AllOf(choice), Not(AllOf(choice)))
    assert all(
        max(pattern.size.branches for pattern in rule.pair) <= 24
        for stage in compile_program(prog).stages
        for network in stage.networks
        for rule in network.rules
    )
    assert_same(prog, {f"a.x{i}_{j}": 9 for i in range(8) for j in range(8)}, {f"a.x3_{j}": 1 for j in range(8)})


def test_deep_nesting() -> None:
    condition: Condition = number("a.x0", "gte", 5)
    for i in range(1, 60):
        leaf = number(f"a.x{i}", "gte", 5)
        condition = AllOf((leaf, AnyOf((Not(leaf), Not(condition))))) if i % 2 else AnyOf((leaf, condition))
    assert_same(program(condition), {f"a.x{i}": 9 for i in range(60)}, {f"a.x{i}": i % 10 for i in range(60)}, {})


TEXTS = [
    *("M1", "", " ", '"', "\\", '\\"', "'", "$nex", "id", "sid", "null", "true", "130"),
    *("é", "漢", "\U0001f697", "\udce4", "\x00", "\n", "x" * 200_000),
]


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_texts_of_any_content(text: str) -> None:
    prog = program(
        *(Compare("a.kind", op, Constant(value)) for op in ("eq", "ne") for value in (text, "M1", "other")),
        Compare("a.kind", "in", Constant((text, "x"))),
        Compare("a.items", "contains_all", Constant((text,))),
        Compare("a.kind", "eq", FactRef("a.other")),
    )
    assert_same(
        prog, {"a.kind": text}, {"a.kind": "M1", "a.items": (text, "M1")}, {"a.kind": text, "a.other": text}, {}
    )


def test_facts_named_as_the_engine_names_its_own() -> None:
    names = ["id", "sid", "$s", "$nex", "$and", "m", "a b", 'q"q', "ü", "p0"]
    prog = program(*(number(name, "gte", 5) for name in names))
    assert_same(prog, {name: i for i, name in enumerate(names)})


NUMBERS = [0, -1, 1e-9, 0.1, -2.5, 1e15, 2**53 - 1, 2**53, 2**53 + 1, 2**70, -(2**70), 10**400, 1e300, float("inf")]


@pytest.mark.parametrize("value", NUMBERS)
def test_numbers_of_any_size(value: float) -> None:
    prog = program(*(number("a.x", op, bound) for op in ("lt", "lte", "gt", "gte", "eq", "ne") for bound in NUMBERS))
    assert_same(prog, {"a.x": value})


def test_what_is_missing_or_null_is_unknown() -> None:
    prog = program(number("a.x", "ne", 1), Not(number("a.x", "eq", 1)), Compare("a.x", "declared", Constant(True)))
    rete = ReteEvaluator().prepare(prog)
    assert list(rete.run({})[0]) == [None, None, False]
    assert list(rete.run({"a.x": None})[0]) == [None, None, False]


def test_conditions_that_no_fact_can_change() -> None:
    always, never = AllOf(()), AnyOf(())
    derived = (Derived("derived.on", condition=always), Derived("derived.off", condition=Not(always)))
    reads = Compare("derived.on", "eq", Constant(True))
    prog = program(always, never, Not(never), AnyOf((number("a.x", "gte", 1), always)), reads, derived=derived)
    assert_same(prog, {}, {"a.x": 0})


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_memory_is_flat_over_five_thousand_profiles() -> None:
    prog, facts = many(60, 30)
    rete = ReteEvaluator().prepare(prog)
    for i in range(500):
        rete.run({**facts, "section.fact_1": i})
    before = megabytes()
    for i in range(5000):
        rete.run({**facts, "section.fact_1": i, "section.fact_2": i * 7})
    assert megabytes() - before < 3


def test_rulesets_are_freed_with_their_program() -> None:
    def build(count: int) -> None:
        for seed in range(count):
            prog, facts = many(60, 30, seed)
            ReteEvaluator().prepare(prog).run(facts)
        gc.collect()

    build(5)
    before = megabytes()
    build(25)
    assert megabytes() - before < 6


def test_rulesets_in_which_no_rule_ever_fired_can_be_freed() -> None:
    prog, _ = many(60, 30)
    for _ in range(20):
        rete = ReteEvaluator().prepare(prog)
        assert set(rete.run({"section.other": 1})[0]) == {None}
        network = next(networks(prog))
        assert network.decide('{"other":1}') == {}


def test_an_equal_profile_is_not_taken_for_a_duplicate() -> None:
    prog, facts = many(40, 10)
    rete = ReteEvaluator().prepare(prog)
    first = list(rete.run(facts)[0])
    assert all(list(rete.run(dict(facts))[0]) == first for _ in range(20))


def test_two_threads_share_one_program() -> None:
    prog, facts = many(120, 40)
    native, rete = NativeEvaluator().prepare(prog), ReteEvaluator().prepare(prog)
    threads_before = threading.active_count()
    wrong: list[int] = []

    def work(shift: int) -> None:
        for i in range(60):
            mine = {path: (int(str(value)) + i + shift) % 10 for path, value in facts.items()}
            if list(rete.run(mine)[0]) != list(native.run(mine)[0]):
                wrong.append(i)

    workers = [threading.Thread(target=work, args=(shift,)) for shift in (0, 5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    assert threading.active_count() == threads_before


def test_what_the_engine_refuses_is_an_error_and_not_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(Rule(0, literal_pair(0, "$gte", 1)))

    class Broken:
        error = RuntimeError

        def assert_fact(self, handle: int, fact: str) -> None:
            raise RuntimeError("error code: 303")

        def retract_fact(self, handle: int, fact: str) -> None: ...

    monkeypatch.setattr(network, "_core", Broken())
    with pytest.raises(LimitError, match="303"):
        network.decide('{"p0":1}')


def test_a_condition_found_both_true_and_false_is_an_error() -> None:
    pattern = literal_pair(0, "$gte", 1).true
    with pytest.raises(CarnetError, match="both true and false"):
        network_of(Rule(0, Pair(pattern, pattern))).decide('{"p0":1}')


def test_session_reruns_only_rulesets_that_read_a_changed_property(monkeypatch: pytest.MonkeyPatch) -> None:
    prog, facts = many(400, 200)
    session = ReteEvaluator().prepare(prog).session(facts)
    decide, ran = Network.decide, []
    monkeypatch.setattr(Network, "decide", lambda self, fact: ran.append(self) or decide(self, fact))
    session.declare({"section.fact_7": facts["section.fact_7"]})
    assert ran == []
    session.retract(["section.fact_7"])
    assert 0 < len(ran) < len(list(networks(prog))) / 2


def test_durable_rules_is_imported_when_it_is_first_needed() -> None:
    code = "import sys, carnet.logic.evaluators; print(any(n.startswith('durable') for n in sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"


def test_evaluators_by_name() -> None:
    assert evaluator().name == "rete"
    assert evaluator("native").name == "native"
    with pytest.raises(UnknownName, match="did you mean `rete`"):
        evaluator("reet")


def test_without_durable_rules_native_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    engine_network.engine.cache_clear()
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    try:
        assert not available()
        assert evaluator().name == "native"
        with pytest.raises(InputError, match="use the evaluator `native`"):
            evaluator("rete")
    finally:
        engine_network.engine.cache_clear()
