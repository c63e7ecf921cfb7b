# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from carnet.api import Law
from carnet.declare.vocabulary import Value
from carnet.errors import CarnetError, InputError
from carnet.intake.answers import Answers, read_date, warning, words_of, written


@pytest.mark.parametrize(
    ("path", "answer", "value"),
    [
        ("automation.hands_off", "y", True),
        ("automation.hands_off", "Nein", False),
        ("automation.hands_off", "是", True),
        ("automation.sae_level", "3", 3),
        ("automation.sae_level", "L2", 2),
        ("automation.sae_level", "level 2", 2),
        ("automation.sae_level", "SAE 4", 4),
        ("vehicle.seats", "5 seats", 5),
        ("odd.max_speed_kmh", "60 mph", 96.56064),
        ("odd.max_speed_kmh", "60mph", 96.56064),
        ("odd.max_speed_kmh", "95.5", 95.5),
        ("vehicle.gross_mass_kg", "2.5 t", 2500),
        ("vehicle.gross_mass_kg", "1 995 kg", 1995),
        ("vehicle.gross_mass_kg", "1,995.5 kg", 1995.5),
        ("vehicle.category", "1", "M1"),
        ("vehicle.category", "m1", "M1"),
        ("vehicle.category", "robot", "robot"),
        ("vehicle.propulsion", "battery electric", "bev"),
        ("vehicle.propulsion", "plug in", "phev"),
        ("vehicle.steering_side", "Right-hand drive", "right"),
        ("odd.road_types", "urban, 1", ("urban", "motorway")),
        ("odd.road_types", "[urban]", ("urban",)),
        ("odd.road_types", "1-3", ("motorway", "motorway_unrestricted", "dual_carriageway")),
        ("odd.road_types", "none", ()),
        ("operation.remote.role", "none", ("none",)),
        ("data.stored_in", "NO, 中国, Deutschland", ("NO", "CN", "DE")),
        ("hmi.languages", "en, Deutsch, 中文", ("en", "de", "zh")),
        ("vehicle.origin_country", "cn", "CN"),
        ("vehicle.origin_country", "China", "CN"),
        ("vehicle.origin_country", "中国", "CN"),
        ("vehicle.origin_country", "UK", "GB"),
        ("odd.places", "Bavaria, Springfield", ("DE-BY", "Springfield")),
        ("vehicle.type_approved_on", "2026-05-01", dt.date(2026, 5, 1)),
        ("vehicle.type_approved_on", "2026/5/1", dt.date(2026, 5, 1)),
        ("vehicle.type_approved_on", "2026年5月1日", dt.date(2026, 5, 1)),
        ("vehicle.type_approved_on", "31.12.2026", dt.date(2026, 12, 31)),
    ],
)
def test_answers_are_read_as_people_type_them(law: Law, answers: Answers, path: str, answer: str, value: Value) -> None:
    read = answers.read(law.vocabulary.fact(path), answer)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("automation.hands_off", "maybe", "the answer is yes or no, not `maybe`"),
        ("automation.sae_level", "three", "the answer is a whole number, not `three`"),
        ("automation.sae_level", "9", "the answer is `9`, outside 0 to 5; check the value and its unit"),
        ("automation.sae_level", "2 kg", "a whole number, not `2 kg`"),
        ("vehicle.category", "19", "there is no number 19; 1 to 12, or a value by its name"),
        ("vehicle.category", "bus", "`bus` can mean `M2` or `M3`; name one of them"),
        ("vehicle.category", "M9", "the answer cannot be `M9`; allowed: M1, M2"),
        ("odd.road_types", "urban, urbn", "the answer cannot be `urbn`; did you mean `urban`?"),
        ("odd.road_types", "9-99", "there are no numbers 9 to 99"),
        ("odd.max_speed_kmh", "60 kg", "`kg` is a unit of mass"),
        ("vehicle.gross_mass_kg", "1,500", "`1,500` can be 1500 or 1.5; write 1500 or 1.5"),
        ("vehicle.length_m", "5,10", "`5,10` has a decimal comma; write 5.10"),
        ("vehicle.gross_mass_kg", "2.780", "`2.780` can be 2780 or 2.78; write 2780 or 2.78"),
        ("vehicle.gross_mass_kg", "2.780 kg", "`2.780` can be 2780 or 2.78"),
        ("vehicle.type_approved_on", "2026-02-30", "the date `2026-02-30` does not exist"),
        ("vehicle.type_approved_on", "03/04/2026", "can be two days; write 2026-04-03 or 2026-03-04"),
        ("vehicle.type_approved_on", "soon", "the answer is a date, not `soon`"),
        ("vehicle.origin_country", "Atlantis", "is not a country code"),
    ],
)
def test_answers_that_do_not_fit_say_what_would(
    law: Law, answers: Answers, path: str, answer: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        answers.read(law.vocabulary.fact(path), answer)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("vehicle.condition", "y"),  # begins `yet` in "test vehicle not yet approved"
        ("vehicle.condition", "no"),
        ("vehicle.condition", "ne"),
        ("vehicle.seats", "R156"),  # an approval, not 156 seats
    ],
)
def test_an_answer_to_another_question_is_none_to_this(law: Law, answers: Answers, path: str, answer: str) -> None:
    with pytest.raises(CarnetError, match=f"not `{answer}`|cannot be `{answer}`"):
        answers.read(law.vocabulary.fact(path), answer)


def test_counters_of_other_languages_are_words_of_the_question(law: Law, answers: Answers) -> None:
    assert answers.read(law.in_language("zh").vocabulary.fact("vehicle.seats"), "5座") == 5


def test_what_a_category_excludes_is_asked_again(law: Law, answers: Answers) -> None:
    mass = law.vocabulary.fact("vehicle.gross_mass_kg")
    with pytest.raises(InputError, match=r"2 kg cannot be where `vehicle\.category` is N3; 12,000 to 200,000 kg"):
        answers.read(mass, "2 kg", {"vehicle.category": "N3"})
    assert answers.read(mass, "2 kg", {"vehicle.category": "robot"}) == 2
    assert answers.read(mass, "2 kg") == 2


def test_what_is_unlikely_is_warned_of(law: Law) -> None:
    mass = law.vocabulary.fact("vehicle.gross_mass_kg")
    assert warning(mass, 2) == "2 kg is unusual: mostly it is 50 to 60,000 kg"
    assert warning(mass, 50) == warning(mass, 60000) == ""
    assert warning(law.vocabulary.fact("vehicle.origin_country"), "DE") == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [("R156", "UN-R156"), ("un r156", "UN-R156"), ("156", "UN-R156"), ("ECE-R13H", "UN-R13H"), ("eu-wvta", "EU-WVTA")],
)
def test_approvals_go_by_number_and_id(answers: Answers, typed: str, code: str) -> None:
    assert answers.approval(typed) == code


def test_an_unknown_approval_names_the_nearest(answers: Answers) -> None:
    with pytest.raises(InputError, match="unknown approval `EU-WVTB`; did you mean `EU-WVTA`"):
        answers.approval("EU-WVTB")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("cn", "CN"),
        ("China", "CN"),
        ("中国", "CN"),
        ("Norge", "NO"),
        ("bavaria", "DE-BY"),
        ("UK", "GB"),
        ("الصين", "CN"),
    ],
)
def test_markets_go_by_any_name(answers: Answers, typed: str, code: str) -> None:
    assert answers.places.jurisdiction(typed) == code


def test_a_market_that_is_not_encoded_says_so(answers: Answers) -> None:
    with pytest.raises(InputError, match="the law of `Fidschi` is not encoded"):
        answers.places.jurisdiction("Fidschi")
    with pytest.raises(InputError, match="`Norwegn` is no market that is known; did you mean `Norway`"):
        answers.places.jurisdiction("Norwegn")


def test_today_is_a_day() -> None:
    assert read_date("today") == dt.date.today()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), unique=True))
def test_a_list_reads_back_as_it_was_written(items: list[str]) -> None:
    text = written(tuple(items))
    assert (text == "[]") is (items == [])
    assert not items or words_of(text) == items
