# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from carnet.api import Law
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError
from carnet.intake.edit import put
from carnet.intake.writing import fields, new_profile, scalar
from carnet.source import parse_source

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
FILE = """\
# head
name: X   # ours
vehicle:
  category: M1 # car
  seats: 5

  # about mass
odd: {max_speed_kmh: 30, road_types: [urban]}   # flow
operation.remote:
  role: supervisor
behaviour:
  yields_to:
    - ambulance
    - police   # both

  # trailing
in:
  GB: {vehicle: {steering_side: right}}
data:
# last
"""


@pytest.mark.parametrize(
    ("keys", "value", "old", "new"),
    [
        (("vehicle", "seats"), "4", "  seats: 5\n", "  seats: 4\n"),
        (("name",), "Y", "name: X   # ours\n", "name: Y   # ours\n"),
        (("vehicle", "axles"), "2", "  seats: 5\n", "  seats: 5\n  axles: 2\n"),
        (("odd", "light"), "[day]", "[urban]}   # flow", "[urban], light: [day]}   # flow"),
        (("odd", "road_types"), "[rural]", "[urban]", "[rural]"),
        (("operation", "remote", "latency_ms"), "9", "role: supervisor\n", "role: supervisor\n  latency_ms: 9\n"),
        (
            ("behaviour", "yields_to"),
            "[fire]",
            "  yields_to:\n    - ambulance\n    - police   # both\n",
            "  yields_to: [fire]   # both\n",
        ),
        (("in", "GB", "vehicle", "seats"), "3", "right}}", "right, seats: 3}}"),
        (("in", "NO", "vehicle", "seats"), "3", "right}}\n", 'right}}\n  "NO":\n    vehicle:\n      seats: 3\n'),
        (("data", "stored_in"), "[CN]", "data:\n", "data:\n  stored_in: [CN]\n"),
        (("cyber", "x"), "true", "data:\n", "data:\n\ncyber:\n  x: true\n"),
    ],
)
def test_only_the_line_concerned_changes(keys: tuple[str, ...], value: str, old: str, new: str) -> None:
    assert FILE.count(old) == 1
    assert put(FILE, keys, value) == FILE.replace(old, new)


def test_windows_line_ends_stay() -> None:
    assert put("name: x\r\nodd:\r\n  a: 3 # c\r\n", ("odd", "b"), "1") == "name: x\r\nodd:\r\n  a: 3 # c\r\n  b: 1\r\n"


def test_a_new_fact_may_have_a_line_about_it() -> None:
    text = put(new_profile("No 1: test"), ("vehicle", "seats"), "5", "How many seats?")
    assert text.endswith('name: "No 1: test"\n\nvehicle:\n  # How many seats?\n  seats: 5\n')


def test_json_stays_json() -> None:
    text = put('{"name": "x", "vehicle.seats": 4}', ("vehicle", "seats"), "5")
    assert text == '{\n  "name": "x",\n  "vehicle.seats": 5\n}\n'
    text = put(text, ("vehicle", "type_approved_on"), "2026-01-01")
    assert '"vehicle": {\n    "type_approved_on": "2026-01-01"\n  }' in text


def test_what_is_no_section_is_not_overwritten() -> None:
    with pytest.raises(InputError, match="`vehicle` is no section in line 1"):
        put("vehicle: 3\n", ("vehicle", "seats"), "5")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_every_fact_can_be_put_into_every_example(law: Law, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    wanted: dict[str, Any] = {}
    for path, fact in list(law.vocabulary.facts.items())[::7]:
        value = example_value(fact)
        if value is not None:
            text, wanted[path] = put(text, path.split("."), scalar(value)), value
    profile = law_profile(law, text)
    assert {path: profile.declared(path) for path in wanted} == wanted
    assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == comments


def example_value(fact: Fact) -> Any:
    """A value that the fact can have; None where only codes will do."""
    if fact.type == "bool":
        return True
    if fact.type in ("int", "number"):
        return int(fact.range[0]) if fact.range else 1
    if fact.type == "date":
        return dt.date(2027, 1, 1)
    values = tuple(fact.values)[:2]
    if values:
        return values if fact.type == "set" else values[0]
    return None


def law_profile(law: Law, text: str) -> Any:
    from carnet.declare.profile import Profile

    return Profile.from_text(text, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    assert parse_source(f"key: {scalar(text)}").data == {"key": text}


@pytest.mark.parametrize("word", ["NO", "yes", "on", "null", "3", "1e3", "2026-01-01", "a: b", "# c", "- d", "", "~"])
def test_words_that_a_reader_could_mistake_are_quoted(word: str) -> None:
    assert scalar(word) == f'"{word}"'


def test_fields_stand_on_one_line() -> None:
    assert fields({"held": True, "granted_on": dt.date(2026, 1, 2)}) == "{held: true, granted_on: 2026-01-02}"
