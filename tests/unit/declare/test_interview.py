# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.declare.interview import profile_text, read_answer, scalar
from carnet.declare.profile import Profile
from carnet.declare.values import Names
from carnet.declare.vocabulary import Value, Vocabulary
from carnet.errors import ProfileError
from carnet.source import parse_source


@pytest.mark.parametrize(
    ("path", "answer", "value"),
    [
        ("automation.hands_off", "y", True),
        ("automation.hands_off", "No", False),
        ("automation.sae_level", "3", 3),
        ("odd.max_speed_kmh", "60 mph", 96.56064),
        ("odd.max_speed_kmh", "95.5", 95.5),
        ("vehicle.category", "1", "M1"),
        ("vehicle.category", "robot", "robot"),
        ("odd.road_types", "urban, 1", ("urban", "motorway")),
        ("odd.road_types", "[urban]", ("urban",)),
        ("hmi.sold_in", "NO", ("NO",)),
        ("vehicle.origin_country", "NO", "NO"),
        ("vehicle.type_approved_on", "2026-05-01", dt.date(2026, 5, 1)),
        ("automation.system_name", "42", "42"),
    ],
)
def test_answers_are_read_as_people_type_them(vocabulary: Vocabulary, path: str, answer: str, value: Value) -> None:
    assert read_answer(vocabulary.fact(path), answer, Names(vocabulary)) == value


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("automation.hands_off", "maybe", "true or false, not `maybe`"),
        ("automation.sae_level", "three", "a whole number, not `three`"),
        ("vehicle.category", "9", "cannot be `9`"),
        ("odd.road_types", "urban, urbn", "cannot be `urbn`; did you mean `urban`?"),
        ("odd.max_speed_kmh", "60 kg", "`kg` is a unit of mass"),
        ("vehicle.type_approved_on", "2026-02-30", "the date `2026-02-30` does not exist"),
        ("vehicle.seats", "*x", "a whole number, not `*x`"),
    ],
)
def test_answers_that_do_not_fit_say_what_would(vocabulary: Vocabulary, path: str, answer: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_answer(vocabulary.fact(path), answer, Names(vocabulary))
    assert message in str(caught.value)


def test_the_file_is_nested_with_its_questions_and_reads_back(vocabulary: Vocabulary) -> None:
    values: dict[str, Value] = {
        "odd.max_speed_kmh": 96.56064,
        "operation.remote.functions": ("release", "none"),
        "operation.driver_on_board": False,
        "odd.snow": True,
        "operation.start_date": dt.date(2027, 1, 1),
    }
    text = profile_text("No 1: test", values, vocabulary)
    profile = Profile.from_text(text, vocabulary)
    assert profile.name == "No 1: test"
    assert profile.facts([], as_of=dt.date(2027, 1, 1)).values == values
    assert text.count("\nodd:") == text.count("\noperation:") == text.count("  remote:") == 1
    assert "  # Up to which speed?\n  max_speed_kmh: 96.56064\n" in text


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    assert parse_source(f"key: {scalar(text)}").data == {"key": text}


@pytest.mark.parametrize("word", ["NO", "yes", "on", "null", "3", "1e3", "2026-01-01", "a: b", "# c", "- d", "", "~"])
def test_words_that_a_reader_could_mistake_are_quoted(word: str) -> None:
    assert scalar(word) == f'"{word}"'
