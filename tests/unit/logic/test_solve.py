# SPDX-License-Identifier: Apache-2.0
"""What to declare so that a condition comes out as wanted: every way found, fewest changes first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from carnet.declare.vocabulary import Fact
from carnet.logic.condition import Condition
from carnet.logic.native import compile_condition
from carnet.logic.parse import ConditionParser
from carnet.logic.solve import repairs
from carnet.source import parse_source

WORDS = {"a": "", "b": "", "c": ""}
FACTS = (
    Fact("a.flag", "bool", "?"),
    Fact("a.level", "int", "?", range=(0, 5)),
    Fact("a.speed", "number", "?"),
    Fact("a.top", "number", "?", range=(60, 100)),
    Fact("a.day", "date", "?"),
    Fact("a.kind", "choice", "?", values=WORDS),
    Fact("a.land", "text", "?", items="country"),
    Fact("a.set", "set", "?", values=WORDS),
    Fact("a.open", "set", "?"),
    Fact("a.lands", "set", "?", items="country"),
)


class Facts:
    def fact(self, path: str) -> Fact:
        return next(fact for fact in FACTS if fact.path == path)


def condition(text: str) -> Condition:
    source = parse_source(f"when: {text}\n")
    return ConditionParser(source).parse(source.data["when"], ("when",))


DAY = dt.date(2026, 1, 1)
CASES: list[tuple[str, dict[str, Any], bool, list[dict[str, Any]]]] = [
    ("{a.flag: true}", {"a.flag": True}, True, [{}]),
    ("{a.flag: false}", {}, True, [{"a.flag": False}]),
    ("{a.level: {gt: 4}}", {}, True, [{"a.level": 5}]),
    ("{a.level: {gt: 5}}", {}, True, []),
    ("{a.level: {ne: 0}}", {"a.level": 0}, True, [{"a.level": 1}]),
    ("{a.speed: {lt: 0.5}}", {}, True, [{"a.speed": -0.5}]),
    ("{a.day: {gt: 2026-01-01}}", {"a.day": DAY}, True, [{"a.day": DAY + dt.timedelta(days=1)}]),
    ("{a.kind: {not_in: [a, b]}}", {"a.kind": "a"}, True, [{"a.kind": "c"}]),
    ("{a.land: {not_in: [AQ, BV]}}", {}, True, [{"a.land": "HM"}]),
    ("{a.kind: {declared: false}}", {"a.kind": "a"}, True, [{"a.kind": None}]),
    ("{all: [{a.kind: {declared: false}}, {a.flag: true}]}", {}, True, [{"a.flag": True}]),
    ("{a.kind: {declared: true}}", {}, True, [{"a.kind": "a"}]),
    ("{a.set: {declared: true}}", {}, True, [{"a.set": ("a",)}]),
    ("{a.top: {declared: true}}", {}, True, [{"a.top": 60}]),
    ("{a.day: {declared: true}}", {}, True, [{"a.day": DAY}]),
    ("{a.flag: {declared: true}}", {}, True, [{"a.flag": True}]),
    ("{a.open: {declared: true}}", {}, True, [{"a.open": ("other",)}]),
    ("{all: [{a.kind: {declared: false}}, {a.kind: a}]}", {}, True, []),
    ("{a.speed: {lte: {fact: a.top}}}", {"a.speed": 90}, True, [{"a.top": 90}]),
    ("{a.level: {lte: {fact: a.top}}}", {}, True, [{"a.top": 60, "a.level": 0}]),
    ('{a.speed: {lte: {formula: "a.top / 2"}}}', {}, True, [{"a.top": 60, "a.speed": 30.0}]),
    ("{a.speed: {lte: {fact: derived.x}}}", {}, True, []),
    ("{a.set: {contains_all: [a, b]}}", {"a.set": ("c",)}, True, [{"a.set": ("c", "a", "b")}]),
    ("{a.set: {contains_all: [b, a]}}", {"a.set": ("a", "b")}, False, [{"a.set": ("b",)}]),
    ("{a.set: {contains_any: [a, b]}}", {"a.set": ("c",)}, True, [{"a.set": ("c", "a")}]),
    ("{a.set: {contains_any: [a, b]}}", {"a.set": ("a", "b", "c")}, False, [{"a.set": ("c",)}]),
    ("{a.set: {disjoint: [a, b]}}", {"a.set": ("a", "c")}, True, [{"a.set": ("c",)}]),
    ("{a.set: {disjoint: [a, b]}}", {"a.set": ("c",)}, False, [{"a.set": ("c", "a")}]),
    ("{a.set: {subset_of: [a, b]}}", {"a.set": ("a", "c")}, True, [{"a.set": ("a",)}]),
    ("{a.set: {subset_of: [a, b]}}", {"a.set": ("a",)}, False, [{"a.set": ("a", "c")}]),
    ("{a.set: {ranks: [b, a]}}", {"a.set": ("a", "c", "b")}, True, [{"a.set": ("b", "a", "c")}]),
    ("{a.set: {ranks: [b, a]}}", {"a.set": ("b", "a")}, False, [{"a.set": ("b",)}]),
    ("{a.set: [a, b]}", {"a.set": ("c",)}, True, [{"a.set": ("a", "b")}]),
    ("{a.set: [a, b]}", {"a.set": ("a", "b")}, False, [{"a.set": ("a", "b", "c")}]),
    ("{a.set: {ne: [a, b]}}", {"a.set": ("a", "b")}, True, [{"a.set": ("a", "b", "c")}]),
    ("{a.set: {ne: [a, b]}}", {"a.set": ("c",)}, False, [{"a.set": ("a", "b")}]),
    ("{a.set: {size: {gte: 2}}}", {"a.set": ("a",)}, True, [{"a.set": ("a", "b")}]),
    ("{a.set: {size: {lt: 2}}}", {"a.set": ("a", "b", "c")}, True, [{"a.set": ("a",)}]),
    ("{a.set: {size: {gt: 3}}}", {}, True, []),
    ("{all: [{a.set: {size: {gte: 1}}}, {a.set: {disjoint: [a, b, c]}}]}", {}, True, []),
    (
        "{any: [{all: [{a.flag: true}, {a.level: 3}]}, {a.kind: b}]}",
        {},
        True,
        [{"a.kind": "b"}, {"a.flag": True, "a.level": 3}],
    ),
    (
        "{at_least: {n: 2, of: [{a.flag: true}, {a.level: 3}, {a.kind: b}]}}",
        {"a.flag": True},
        True,
        [{"a.level": 3}, {"a.kind": "b"}],
    ),
    (
        "{at_least: {n: 2, of: [{a.flag: true}, {a.level: 3}, {a.kind: b}]}}",
        {},
        True,
        [{"a.flag": True, "a.level": 3}, {"a.flag": True, "a.kind": "b"}, {"a.level": 3, "a.kind": "b"}],
    ),
    (
        "{not: {any: [{a.flag: true}, {a.level: 3}]}}",
        {"a.flag": True, "a.level": 3},
        True,
        [{"a.flag": False, "a.level": 2}],
    ),
]


@pytest.mark.parametrize(("text", "facts", "want", "ways"), CASES)
def test_every_way_found(text: str, facts: dict[str, Any], want: bool, ways: list[dict[str, Any]]) -> None:
    found = repairs(condition(text), facts, Facts(), want)
    assert found == ways
    assert all(compile_condition(condition(text))({**facts, **changes}) is want for changes in found)


def test_no_more_ways_than_asked_for() -> None:
    text = "{any: [{a.flag: true}, {a.level: 3}, {a.kind: b}]}"
    assert repairs(condition(text), {}, Facts(), most=2) == [{"a.flag": True}, {"a.level": 3}]


def test_of_a_chain_the_country_is_named() -> None:
    """A market may be a part of a country, which is no item of a set of countries."""
    wanted = condition("{a.lands: {contains_any: [DE-BY, DE, EU]}}")
    assert repairs(wanted, {}, Facts()) == [{"a.lands": ("DE",)}]
