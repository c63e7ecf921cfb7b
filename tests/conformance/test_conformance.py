# SPDX-License-Identifier: Apache-2.0
"""The meaning of conditions, as cases: truth on every evaluator, and the facts that would settle an unknown one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from carnet.logic.bind import Binding, bind
from carnet.logic.condition import Computed, FactRef, NoLimit
from carnet.logic.evaluators import NAMES, evaluator
from carnet.logic.explain import reasons, truth_of, unknowns
from carnet.logic.formula import parse_formula
from carnet.logic.parse import ConditionParser
from carnet.logic.program import Derived, Evaluator, Program
from carnet.logic.rete import available
from carnet.source import Source, read_source

TRUTHS = {True: True, False: False, "unknown": None}


def engines() -> dict[str, Evaluator]:
    """Every evaluator that can run here."""
    found = {name: evaluator(name) for name in NAMES if name != "rete" or available()}
    try:
        from carnet.logic.columnar import ColumnarEvaluator
    except ImportError:
        return found
    return {**found, "columnar": ColumnarEvaluator()}


ENGINES = engines()


class Case:
    """One case of a file: a program with one condition, the facts, and what is expected of them."""

    def __init__(self, source: Source, index: int) -> None:
        data = source.data["cases"][index]
        unread = set(data) - {"name", "condition", "derived", "facts", "bind", "expect", "unknown"}
        assert not unread, f"{data['name']}: {unread}"
        self.name: str = data["name"]
        self.expect = TRUTHS[data["expect"]]
        assert ("unknown" in data) is (self.expect is None), f"{self.name}: say what would settle an unknown"
        self.unknown = tuple(data.get("unknown", ()))
        given = {**source.data.get("given", {}), **data.get("facts", {})}
        self.facts = {path: tuple(value) if isinstance(value, list) else value for path, value in given.items()}
        binding = binding_of(data.get("bind", {}))
        parser, path = ConditionParser(source), ("cases", index)
        derived = [
            Derived(item["fact"], expr=parse_formula(item["formula"]))
            if "formula" in item
            else Derived(item["fact"], bind(parser.parse(item["when"], (*path, "derived", i, "when")), binding))
            for i, item in enumerate(data.get("derived", ()))
        ]
        self.condition = bind(parser.parse(data["condition"], (*path, "condition")), binding)
        self.program = Program(tuple(derived), (self.condition,))


def binding_of(data: Mapping[str, Any]) -> Binding:
    unread = set(data) - {"params", "optional", "groups", "context", "applies"}
    assert not unread, unread
    applied = data.get("applies", ())
    return Binding(
        params={name: parameter(value) for name, value in data.get("params", {}).items()},
        optional=frozenset(data.get("optional", ())),
        groups={name: tuple(members) for name, members in data.get("groups", {}).items()},
        context={path: tuple(v) if isinstance(v, list) else v for path, v in data.get("context", {}).items()},
        applies=lambda approval: approval in applied,
    )


def parameter(value: Any) -> Any:
    if value == "none":
        return NoLimit.NONE
    if isinstance(value, dict):
        return FactRef(value["fact"]) if "fact" in value else Computed(parse_formula(value["formula"]))
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return value


def cases() -> Iterator[Any]:
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        source = read_source(path)
        for index in range(len(source.data["cases"])):
            case = Case(source, index)
            yield pytest.param(case, id=f"{path.stem}: {case.name}")


CASES = list(cases())


def test_there_are_many_cases_and_each_has_its_own_name() -> None:
    assert len(CASES) >= 250
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_truth(engine: str, case: Case) -> None:
    truths, _ = ENGINES[engine].prepare(case.program).run(case.facts)
    assert list(truths) == [case.expect]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_truth_fact_by_fact(engine: str, case: Case) -> None:
    session = ENGINES[engine].prepare(case.program).session({})
    before = session.truths()
    for path, value in case.facts.items():
        changed = session.declare({path: value})
        assert changed == frozenset({0} if session.truths() != before else ())
        before = session.truths()
    assert list(before) == [case.expect]
    session.close()


@pytest.mark.parametrize("case", CASES)
def test_what_would_settle_it(case: Case) -> None:
    _, derived = ENGINES["native"].prepare(case.program).run(case.facts)
    facts = {**case.facts, **derived}
    assert truth_of(case.condition, facts) is case.expect
    assert unknowns(case.condition, facts, {item.path: item for item in case.program.derived}) == case.unknown
    assert not (case.expect is not None and case.unknown)
    for truth in (True, False):
        assert not reasons(case.condition, facts, truth) or truth is case.expect
