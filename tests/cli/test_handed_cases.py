# SPDX-License-Identifier: Apache-2.0
"""Small inputs that once failed, each with what is right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carnet.source import parse_source

DIVIDES = """\
jurisdiction: {id: XA, name: Testland, kind: state, drives_on: right, currency: EUR, languages: [en]}
instruments: [{id: xa.act, title: Act, kind: statute}]
routes:
  - {id: xa.all, title: All, kind: deployment, needs: [], since: 2020-01-01, cites: [{instrument: xa.act}]}
rules:
  - id: xa.div
    title: T
    topic: traffic_law
    cites: [{instrument: xa.act, provision: "1"}]
    in_force: {from: 2020-01-01}
    confidence: primary
    duty_holder: manufacturer
    severity: blocking
    remedy: {text: t}
    requires: {vehicle.length_m: {gte: {formula: "10 / vehicle.seats"}}}
"""


@pytest.fixture
def profile_of(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "p.yaml") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_a_formula_without_a_value_is_undetermined(
    carnet: Callable[..., Any], profile_of: Callable[..., Path], tmp_path: Path
) -> None:
    home = tmp_path / "law" / "jurisdictions" / "XA"
    home.mkdir(parents=True)
    (home / "a.yaml").write_text(DIVIDES, encoding="utf-8")
    file = profile_of("name: No seats\nvehicle: {seats: 0, length_m: 0.3}\n")
    result = carnet("check", file, "-m", "XA", "--law", tmp_path / "law", "-f", "json", "--fail-on", "never")
    market = json.loads(result.out)["markets"][0]
    (finding,) = (f for f in market["findings"] if f["rule"] == "xa.div")
    assert (market["outcome"], finding["status"]) == ("undetermined", "undetermined")


def calendar(text: str) -> list[Any]:
    icalendar = pytest.importorskip("icalendar")
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_a_calendar_of_nothing(carnet: Callable[..., Any], profile_of: Callable[..., Path]) -> None:
    file = profile_of("name: Trailer\nvehicle: {category: O}\n")
    days = ("--as-of", "2027-01-01", "--until", "2027-01-02")
    (event,) = calendar(carnet("timeline", file, "-m", "KZ", *days, "-f", "ical").out)
    assert event["SUMMARY"] == "KZ: nothing changes until 2027-01-02"


def test_profiles_of_one_name_have_events_of_their_own(
    carnet: Callable[..., Any], profile_of: Callable[..., Path]
) -> None:
    found = []
    for level in (4, 3, 4):
        file = profile_of(f"name: Shuttle\nvehicle: {{category: M1, seats: 4}}\nautomation: {{sae_level: {level}}}\n")
        days = ("--as-of", "2027-01-01", "--until", "2029-01-01")
        found.append(
            {str(event["UID"]) for event in calendar(carnet("timeline", file, "-m", "DE", *days, "-f", "ical").out)}
        )
    assert found[0] == found[2]
    assert found[0].isdisjoint(found[1])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.yaml", "name: US shuttle\nautomation: {max_speed_kmh: 40 MPH}\nvehicle: {gross_mass_kg: 2.5 T}\n"),
        ("p.yaml", "odd: {temperature_max_c: ' 104 °f '}\n"),
        ("p.json", '{"$schema": "./profile.schema.json", "name": "Shuttle", "vehicle": {"category": "M1"}}'),
    ],
)
def test_the_schema_accepts_what_the_reader_accepts(
    name: str, text: str, carnet: Callable[..., Any], profile_of: Callable[..., Path]
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(parse_source(text, name).data, json.loads(carnet("schema", "profile").out))
    assert carnet("check", profile_of(text, name), "-m", "SG", "--fail-on", "never").code == 0


def test_json_writes_characters_as_pairs_of_escapes(
    carnet: Callable[..., Any], profile_of: Callable[..., Path]
) -> None:
    text = r'{"name": "\ud83d\ude00 \\ud83d\\ude00 \\\ud83d\ude00", "vehicle": {"category": "M1"}}'
    result = carnet("check", profile_of(text, "p.json"), "-m", "SG", "-f", "json", "--fail-on", "never")
    assert json.loads(result.out)["profile"]["name"] == json.loads(text)["name"]


def test_half_a_character_is_refused(carnet: Callable[..., Any], profile_of: Callable[..., Path]) -> None:
    result = carnet("check", profile_of(r'{"name": "\ud83d"}', "p.json"), "-m", "SG")
    assert (result.code, len(result.err.splitlines())) == (2, 1)


def test_what_only_looks_like_a_pair_stays_text() -> None:
    assert parse_source(r"{name: \ud83d\ude00}", "p.yaml").data == {"name": r"\ud83d\ude00"}


@pytest.mark.parametrize(
    "waivers",
    [
        "- {rule: de.l4.90-day-check, reason: a, by: me, until: 2030-01-01}\n"
        "- {rule: de.l4.90-day-check, reason: b, by: me, until: 2020-01-01}\n",
    ],
)
def test_two_waivers_of_one_rule(waivers: str, carnet: Callable[..., Any], profile_of: Callable[..., Path]) -> None:
    file = profile_of(f"name: x\nwaivers:\n{waivers}")
    result = carnet("check", file, "-m", "DE")
    expected = f"{file}:4:4: `de.l4.90-day-check` is waived twice; keep one of them, this or {file}:3:4\n"
    assert (result.code, result.err) == (2, expected)


@pytest.mark.parametrize("option", ["--feature", "--in"])
def test_an_empty_option(option: str, carnet: Callable[..., Any], profile: Path) -> None:
    result = carnet("whatif", profile, "--set", "odd.max_speed_kmh=30", option, "")
    assert (result.code, result.err) == (2, f"`{option}` is empty; give it a value or leave it out\n")
