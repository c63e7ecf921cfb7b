# SPDX-License-Identifier: Apache-2.0
"""A day that cannot be meant is refused wherever a day is read, and no day that can be ever leaves the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.cli.main import run
from carnet.days import FIRST_DAY, LAST_DAY, possible, read_day
from carnet.errors import CarnetError, InputError
from carnet.source import parse_source

REFUSED = {
    "0001-01-01": "is before 1900; correct the year",
    "0227-09-01": "is before 1900; correct the year",
    "1899-12-31": "is before 1900; correct the year",
    "2151-01-01": "is after 2150; correct the year; what has no end has no last day either: leave it out",
    "2199-01-01": "is after 2150; correct the year; what has no end has no last day either: leave it out",
    "9999-12-31": "is after 2150; correct the year; what has no end has no last day either: leave it out",
    "2026-02-30": "does not exist; correct the day",
    "0000-01-01": "does not exist; correct the day",
}


def from_yaml(text: str) -> None:
    carnet.Profile.from_text(f"operation: {{start_date: {text}}}\n")


def from_json(text: str) -> None:
    carnet.Profile.from_text(f'{{"approvals": {{"UN-R155": {{"held": true, "valid_until": "{text}"}}}}}}')


def from_data(text: str) -> None:
    carnet.Profile.from_dict({"operation.start_date": dt.date.fromisoformat(text)})


def in_a_waiver(text: str) -> None:
    carnet.Profile.from_dict({"waivers": [{"rule": "x", "reason": "r", "by": "b", "until": text}]})


def as_a_setting(text: str) -> None:
    carnet.Profile.from_dict({}).with_set({"operation.start_date": text})


def in_a_pack(text: str) -> None:
    parse_source(f"rules:\n  - in_force: {{from: 2020-01-01, until: {text}}}\n")


def as_an_argument(text: str) -> None:
    carnet.load_law().check(carnet.Profile.from_dict({}), "DE", dt.date.fromisoformat(text))


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize(
    "read", [read_day, from_yaml, from_json, from_data, in_a_waiver, as_a_setting, in_a_pack, as_an_argument]
)
def test_a_day_that_cannot_be(read: Callable[[str], Any], text: str) -> None:
    if "does not exist" in REFUSED[text] and read in (from_data, as_an_argument):
        pytest.skip("no such date object")
    with pytest.raises(CarnetError) as error:
        read(text)
    assert f"the date `{text}` {REFUSED[text]}" in str(error.value)


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("command", [["check", "--as-of"], ["timeline", "--as-of"], ["timeline", "--until"]])
def test_an_option_with_such_a_day(
    command: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.yaml").write_text("name: x\n", encoding="utf-8")
    assert run([command[0], str(tmp_path / "p.yaml"), "-m", "DE", command[1], text]) == 2
    assert capsys.readouterr().err == f"the date `{text}` {REFUSED[text]}\n"


@pytest.mark.parametrize(
    "text", ["", " ", "soon", "2027-1-1", "01-04-2027", "20270101", "2027-01-01T00:00", "２０２７-01-01"]
)
def test_what_is_written_otherwise(text: str) -> None:
    with pytest.raises(InputError, match="is not a date; write it as year-month-day, such as `2027-01-31`"):
        read_day(text)


def test_the_first_and_the_last_day_can_be_meant() -> None:
    for day in (FIRST_DAY, LAST_DAY):
        assert read_day(day.isoformat()) == possible(day) == day
        assert possible(dt.datetime(day.year, day.month, day.day, 23)) == day


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
@pytest.mark.parametrize("command", ["check", "timeline", "compare", "questions", "whatif"])
def test_every_command_works_at_the_ends(
    command: str, day: dt.date, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f"name: x\nvehicle: {{type_approved_on: {day}}}\napprovals: {{UN-R155: {{held: true, valid_until: {day}}}}}\n"
    )
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    more = ["--set", f"operation.start_date={day}"] if command == "whatif" else []
    assert run([command, str(tmp_path / "p.yaml"), "-m", "DE,US-CA", "--as-of", str(day), *more]) in (0, 1)
    assert capsys.readouterr().err == ""
