# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt

import pytest

from carnet.logic.condition import Computed, Condition
from carnet.logic.explain import Reason, describe, reasons, truth_of, unknowns
from carnet.logic.formula import parse_formula
from carnet.logic.parse import ConditionParser
from carnet.logic.program import Derived
from carnet.logic.wording import value_text
from carnet.source import parse_source


def condition(text: str) -> Condition:
    source = parse_source(f"when: {text}\n")
    return ConditionParser(source).parse(source.data["when"], ("when",))


SUM = Computed(parse_formula("a.zero + 2"))
FACTS = {"a.n": 5, "a.flag": True, "a.set": ("police", "ambulance"), "a.day": dt.date(2026, 1, 1), "a.zero": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{u.x: 1}", ("u.x",)),
        ("{a.n: {lte: {fact: u.x}}}", ("u.x",)),
        ("{u.y: {lte: {fact: u.x}}}", ("u.y", "u.x")),
        ("{a.n: {lte: {formula: u.x + a.n}}}", ("u.x",)),
        ("{all: [{u.x: 1}, {a.flag: true}, {u.y: 1}]}", ("u.x", "u.y")),
        ("{all: [{u.x: 1}, {a.flag: false}]}", ()),
        ("{any: [{u.x: 1}, {all: [{u.y: 1}, {a.flag: false}]}]}", ("u.x",)),
        ("{not: {any: [{u.x: 1}, {a.n: 4}]}}", ("u.x",)),
        ("{at_least: {n: 2, of: [{u.x: 1}, {a.n: 5}, {u.y: 1}]}}", ("u.x", "u.y")),
        ("{at_least: {n: 3, of: [{u.x: 1}, {a.n: 4}, {u.y: 1}]}}", ()),
        ("{u.x: {lte: {formula: 10 / a.zero}}}", ()),
        ("{u.x: {declared: true}}", ()),
        ("{all: [{u.x: 1}, {u.x: {gte: 1}}]}", ("u.x",)),
    ],
)
def test_unknowns_name_what_would_settle_it(text: str, expected: tuple[str, ...]) -> None:
    assert unknowns(condition(text), FACTS) == expected


def test_unknown_derived_facts_stand_for_the_declared_ones_they_wait_for() -> None:
    derived = {
        "derived.far": Derived("derived.far", expr=parse_formula("u.speed * 2 + a.n")),
        "derived.ok": Derived("derived.ok", condition=condition("{all: [{derived.far: {gte: 3}}, {a.flag: true}]}")),
        "derived.never": Derived("derived.never", expr=parse_formula("u.speed / a.zero")),
    }
    assert unknowns(condition("{derived.ok: true}"), FACTS, derived) == ("u.speed",)
    assert unknowns(condition("{a.n: {lt: {fact: derived.far}}}"), FACTS, derived) == ("u.speed",)
    assert unknowns(condition("{u.x: {lt: {fact: derived.never}}}"), {**FACTS, "u.speed": 1}, derived) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a.flag: false}", [Reason("a.flag", True, "= false")]),
        ("{a.n: {lte: 4}}", [Reason("a.n", 5, "<= 4")]),
        ("{not: {a.n: {lte: 5}}}", [Reason("a.n", 5, "> 5")]),
        ("{not: {a.flag: true}}", [Reason("a.flag", True, "= false")]),
        ("{a.set: {contains: fire}}", [Reason("a.set", FACTS["a.set"], "contains fire", ("fire",))]),
        (
            "{a.set: {contains_all: [police, fire, post]}}",
            [Reason("a.set", FACTS["a.set"], "contains police, fire, post", ("fire", "post"))],
        ),
        (
            "{a.set: {ranks: [ambulance, police]}}",
            [Reason("a.set", FACTS["a.set"], "ranks, in this order, ambulance, police")],
        ),
        ("{not: {a.set: {contains: police}}}", [Reason("a.set", FACTS["a.set"], "does not contain police")]),
        ("{a.set: {size: {gte: 3}}}", [Reason("a.set", FACTS["a.set"], "has >= 3 items")]),
        (
            "{a.n: {gte: {fact: a.zero}, lt: {formula: a.zero + 2}}}",
            [Reason("a.n", 5, "< 2", operand=SUM)],
        ),
        ("{u.x: {declared: true}}", [Reason("u.x", None, "is declared")]),
        ("{not: {a.n: {declared: true}}}", [Reason("a.n", 5, "is not declared")]),
        ("{a.n: {gte: 7.5}}", [Reason("a.n", 5, ">= 7.5", short_by=2.5)]),
        ("{any: [{a.n: 4}]}", [Reason("a.n", 5, "= 4")]),
        (
            "{any: [{a.n: 4}, {a.n: 3}]}",
            [Reason("a.n", 5, "= 4", choice=(1, 1)), Reason("a.n", 5, "= 3", choice=(1, 2))],
        ),
        (
            "{a.n: 4, any: [{a.n: 1}, {all: [{a.n: 2}, {a.flag: false}]}]}",
            [
                Reason("a.n", 5, "= 4"),
                Reason("a.n", 5, "= 1", choice=(1, 1)),
                Reason("a.n", 5, "= 2", choice=(1, 2)),
                Reason("a.flag", True, "= false", choice=(1, 2)),
            ],
        ),
        (
            "{any: [{any: [{a.n: 1}, {a.n: 2}]}, {all: [{a.n: 3}, {not: {all: [{a.n: 5}, {a.flag: true}]}}]}]}",
            [
                Reason("a.n", 5, "= 1", choice=(1, 1)),
                Reason("a.n", 5, "= 2", choice=(1, 2)),
                Reason("a.n", 5, "= 3", choice=(1, 3)),
                Reason("a.n", 5, "!= 5", choice=(1, 3, 2, 1)),
                Reason("a.flag", True, "= false", choice=(1, 3, 2, 2)),
            ],
        ),
        (
            "{at_least: {n: 2, of: [{a.flag: true}, {a.n: 1}, {a.n: 2}]}}",
            [Reason("a.n", 5, "= 1", choice=(1, 1)), Reason("a.n", 5, "= 2", choice=(1, 2))],
        ),
        (
            "{at_least: {n: 2, of: [{a.flag: false}, {a.n: 1}, {a.n: 2}]}}",
            [Reason("a.flag", True, "= false"), Reason("a.n", 5, "= 1"), Reason("a.n", 5, "= 2")],
        ),
        ("{all: [{u.x: 1}, {a.n: 4}, {a.flag: true}]}", [Reason("a.n", 5, "= 4")]),
        (
            "{not: {all: [{a.flag: true}, {a.n: 5}]}}",
            [Reason("a.flag", True, "= false", choice=(1, 1)), Reason("a.n", 5, "!= 5", choice=(1, 2))],
        ),
        ("{not: {any: [{a.flag: true}, {a.n: 5}]}}", [Reason("a.flag", True, "= false"), Reason("a.n", 5, "!= 5")]),
        ("{a.day: {gte: 2026-01-02}}", [Reason("a.day", FACTS["a.day"], ">= 2026-01-02")]),
        ("{a.n: 5}", []),
        ("{u.x: 5}", []),
    ],
)
def test_reasons_are_the_leaves_that_make_it_false(text: str, expected: list[Reason]) -> None:
    assert list(reasons(condition(text), FACTS)) == expected


def test_reasons_of_a_true_condition() -> None:
    met = condition("{any: [{a.n: 4}, {a.flag: true}, {not: {a.n: {gt: 5}}}]}")
    assert truth_of(met, FACTS) is True
    assert reasons(met, FACTS, truth=True) == (Reason("a.flag", True, "= true"), Reason("a.n", 5, "<= 5"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a.n: {gte: 4}, a.flag: false}", "a.n is at least 4 and a.flag is false"),
        ("{any: [{a.n: 1}, {all: [{a.n: 2}, {a.flag: true}]}]}", "a.n is 1 or (a.n is 2 and a.flag is true)"),
        ("{not: {any: [{a.n: 1}, {a.flag: true}]}}", "a.n is not 1 and a.flag is false"),
        ("{a.set: {contains: fire}}", "a.set contains fire"),
        ("{a.set: {contains_all: {param: classes}}}", "a.set contains the parameter `classes`"),
        ("{a.set: {disjoint: [x, y]}}", "a.set contains none of x, y"),
        ("{a.c: {in: [x, y]}}", "a.c is one of x, y"),
        ("{a.c: {in: {group: EEA}}}", "a.c is one of the group EEA"),
        ("{a.n: {lte: {fact: approvals.UN-R157.max_speed_kmh}}}", "a.n is at most approvals.UN-R157.max_speed_kmh"),
        ("{a.n: {lte: {formula: 'sqrt(a.x) * 2'}}}", "a.n is at most sqrt(a.x) * 2"),
        ("{approvals: {any_of: [A, B]}}", "A is held or B is held"),
        ("{approvals: {any_of: {param: ids}}}", "any of the parameter `ids` is held"),
        ("{approvals: {applied_of: [A, B]}}", "each of A, B that the market applies is held"),
        ("{at_least: {n: 2, of: [{a.n: 1}, {a.n: 2}, {a.n: 3}]}}", "at least 2 of (a.n is 1; a.n is 2; a.n is 3)"),
        ("{a.set: {size: {gte: 2}}}", "a.set has >= 2 items"),
        ("{a.set: {declared: true}}", "a.set is declared"),
        ("{not: {a.set: {ranks: [x, y]}}}", "a.set does not rank, in this order, x, y"),
    ],
)
def test_describe_is_plain_english(text: str, expected: str) -> None:
    assert describe(condition(text)) == expected


def test_describe_calls_facts_by_other_names() -> None:
    assert describe(condition("{a.n: {gte: 4}}"), lambda path: f"the {path}") == "the a.n is at least 4"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (30.0, "30"),
        (33.3333333, "33.333"),
        (0.00012, "0.00012"),
        (-0.5, "-0.5"),
        (None, "unknown"),
        (("a", "b"), "a, b"),
        ((), "nothing"),
        (dt.date(2026, 1, 1), "2026-01-01"),
        ("M1", "M1"),
    ],
)
def test_values_as_a_profile_writes_them(value: object, text: str) -> None:
    assert value_text(value) == text
