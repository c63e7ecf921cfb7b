# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from carnet.declare.vocabulary import Fact, FirstQuestion, Vocabulary
from carnet.declare.vocabulary_files import load_vocabulary
from carnet.errors import Problems, UnknownName


def write(root: Path, text: str, name: str = "vehicle.yaml") -> Path:
    folder = root / "rules" / "vocabulary"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return root


def test_facts_stand_in_the_order_of_their_file(vocabulary: Vocabulary) -> None:
    assert vocabulary.sections["vehicle"].facts[:2] == ("vehicle.category", "vehicle.seats")
    assert vocabulary.sections["vehicle"].title == "Vehicle"
    assert "approvals" not in vocabulary.sections


def test_a_fact_carries_what_its_file_says(vocabulary: Vocabulary) -> None:
    mass = vocabulary.fact("vehicle.gross_mass_kg")
    assert (mass.type, mass.unit, mass.range) == ("number", "kg", (0, 100000))
    assert vocabulary.fact("vehicle.category").values["M1"] == "car"
    assert vocabulary.fact("hmi.languages").per_market
    assert not vocabulary.fact("hmi.sold_in").per_market


def test_approval_fields_resolve_for_every_approval(vocabulary: Vocabulary) -> None:
    assert vocabulary.fact("approvals.UN-R157.series").path == "approvals.UN-R157.series"
    assert vocabulary.fact("approvals.UN-R157.held").type == "bool"


def test_context_and_derived_facts_resolve(vocabulary: Vocabulary) -> None:
    derived = Fact("derived.driverless", "bool")
    assert "derived.driverless" not in vocabulary
    extended = vocabulary.with_derived([derived])
    assert extended.fact("derived.driverless") is derived
    assert "derived.driverless" not in vocabulary
    assert vocabulary.fact("context.chain").type == "set"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("odd.max_sped_kmh", "did you mean `odd.max_speed_kmh`?"),
        ("driver_on_board", "did you mean `operation.driver_on_board`?"),
        ("approvals.UN-R157.serie", "did you mean `series`?"),
        ("approvals.UN-R157", "name a field of it, such as `approvals.UN-R157.held`"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(vocabulary: Vocabulary, name: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        vocabulary.fact(name)
    assert caught.value.hint == hint
    assert f"`{name}`" in str(caught.value)


def test_survives_pickling(vocabulary: Vocabulary) -> None:
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary


def test_a_later_directory_adds_and_replaces(tmp_path: Path) -> None:
    base = write(tmp_path / "a", "{section: v, title: V, facts: {v.one: {type: bool, question: A?}}}")
    private = write(
        tmp_path / "b",
        "{section: v, facts: {v.two: {type: bool, question: B?}, v.one: {type: date, question: C?}}}",
    )
    vocabulary = load_vocabulary([base, private])
    assert vocabulary.sections["v"].facts == ("v.one", "v.two")
    assert vocabulary.sections["v"].title == "V"
    assert vocabulary.fact("v.one").type == "date"


def test_a_directory_without_vocabulary_adds_nothing(tmp_path: Path) -> None:
    assert load_vocabulary([tmp_path]).facts == {}


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ("v.x: {type: choice, question: Q?}", "the choice `v.x` has no values"),
        ("v.x: {type: set, question: Q?}", "the set `v.x` needs either values or items"),
        ("v.x: {type: set, items: text, values: {a: b}, question: Q?}", "needs either values or items"),
        ("v.x: {type: bool, values: {a: b}, question: Q?}", "`v.x` has values but is a bool"),
        ("v.x: {type: date, items: country, question: Q?}", "`v.x` has items but is a date"),
        ("v.x: {type: text, range: [0, 1], question: Q?}", "`v.x` has a unit or range but is a text"),
        ("v.x: {type: int, range: [2, 1], question: Q?}", "the range of `v.x` ends before it begins"),
        ("v.x: {type: int, range: [0, 9], likely: [0, 10], question: Q?}", "`v.x` has a likely or possible"),
        ("v.x: {type: int, likely: [0, 1], question: Q?}", "`v.x` has a likely or possible"),
        (
            "v.x: {type: int, range: [0, 9], possible: {by: v.y, ranges: {a: [0, 1]}}, question: Q?}",
            "unknown fact `v.y`",
        ),
        (
            "v.y: {type: choice, values: {alpha: A}, question: Q?}\n"
            "  v.x: {type: int, range: [0, 9], possible: {by: v.y, ranges: {alpa: [0, 1]}}, question: Q?}",
            "`v.y` cannot be `alpa`; did you mean `alpha`?",
        ),
        ("v.x: {type: number, unit: km/h, question: Q?}", "does not end in `_kmh`"),
        ("v.x: {type: number, unit: furlong, question: Q?}", "`facts.v.x.unit` cannot be used"),
        ("v.x: {type: integer, question: Q?}", "`facts.v.x.type` cannot be used"),
        ("v.x: {type: bool, question: Q?, rang: [0, 1]}", "unknown key `rang`; did you mean `range`?"),
        ("v.x: {type: bool}", "`question` is missing"),
        ("w.x: {type: bool, question: Q?}", "`w.x` does not begin with its section"),
        ("v.X: {type: bool, question: Q?}", "`v.X` is not a lower-case dotted name"),
        ("v.x: {type: bool, question: Q?}\n  v.x.y: {type: bool, question: Q?}", "lies below the fact `v.x`"),
    ],
)
def test_a_faulty_fact_is_refused_with_its_line(tmp_path: Path, fact: str, message: str) -> None:
    write(tmp_path, f"section: v\ntitle: V\nfacts:\n  {fact}\n")
    with pytest.raises(Problems) as caught:
        load_vocabulary([tmp_path])
    assert message in str(caught.value)
    assert "vehicle.yaml:" in str(caught.value)


def test_the_facts_to_ask_for_first(vocabulary: Vocabulary) -> None:
    assert [question.path for question in vocabulary.first][:2] == ["vehicle.category", "automation.sae_level"]


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("[v.ones]", "unknown fact `v.ones`; did you mean `v.one`?"),
        ("[v.one, {ask: v.two, when: {v.ones: [true]}}]", "unknown fact `v.ones`; did you mean `v.one`?"),
        (
            "[{ask: v.two, when: {v.one: [true]}}]",
            "`v.two` depends on `v.one`, which is asked later; ask for it before",
        ),
        ("[v.two, {ask: v.one, when: {v.two: [rad]}}]", "`v.two` cannot be `rad`; did you mean `red`?"),
    ],
)
def test_faulty_first_questions_are_refused(tmp_path: Path, first: str, message: str) -> None:
    facts = "{v.one: {type: bool, question: Q?}, v.two: {type: choice, question: Q?, values: {red: r, blue: b}}}"
    write(tmp_path, f"{{section: v, title: V, facts: {facts}}}")
    write(tmp_path, f"first: {first}", "first.yaml")
    with pytest.raises(Problems) as caught:
        load_vocabulary([tmp_path])
    assert str(caught.value).endswith(f"first.yaml:1:1: {message}")


def test_a_first_question_is_asked_unless_an_answer_makes_it_pointless() -> None:
    question = FirstQuestion("v.two", (("v.one", (True,)), ("v.set", ("a", "b"))))
    assert question.is_open({})
    assert question.is_open({"v.one": True, "v.set": ("b", "c")})
    assert not question.is_open({"v.one": False})
    assert not question.is_open({"v.one": True, "v.set": ("c",)})


def test_all_problems_of_all_files_are_reported_together(tmp_path: Path) -> None:
    write(tmp_path, "{section: v, title: V, facts: {v.a: {type: bool}}}")
    write(tmp_path, "{section: w, facts: {w.a: {type: set, question: Q?}}}", "w.yaml")
    write(tmp_path, "a: &b c", "x.yaml")
    write(tmp_path, "{section: v, title: V, facts: {w.a: {type: bool, question: Q?}}}", "y.yaml")
    write(tmp_path, "{section: context, title: V, facts: {context.a: {type: bool, question: Q?}}}", "z.yaml")
    with pytest.raises(Problems) as caught:
        load_vocabulary([tmp_path])
    text = str(caught.value)
    assert "`question` is missing" in text
    assert "has no title" in text
    assert "needs either values or items" in text
    assert "YAML anchor" in text
    assert "`w.a` is defined twice" in text
    assert "`context` cannot be a section of facts" in text
