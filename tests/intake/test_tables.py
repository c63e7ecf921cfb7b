# SPDX-License-Identifier: Apache-2.0
"""Rows of other people's tables: column maps, named forms of numbers and days, workbooks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from carnet.api import Law
from carnet.cli.import_ import import_command
from carnet.declare.profile import Profile
from carnet.errors import CarnetError, InputError, Problems
from carnet.intake.answers import Answers
from carnet.intake.columns import Column, cell_value, maps, read_map
from carnet.intake.forms import LOCALES, Form

EUROPEAN = "profile;vehicle.seats;vehicle.gross_mass_kg;vehicle.length_m;vehicle.type_approved_on;vehicle.trailer\n"
ROW = "Comet;5;2.780;5,10;01.03.2027;WAHR\n"


def run(*args: object) -> Result:
    result = CliRunner().invoke(import_command, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, (CarnetError, SystemExit)):
        raise result.exception
    return result


def facts(law: Law, result: Result) -> dict[str, Any]:
    assert result.exception is None, result.exception
    profile = Profile.from_text(result.stdout, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    return dict(profile.content.layers["", ""].values)


def test_a_locale_is_named_and_shown(law: Law, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(EUROPEAN + ROW, encoding="utf-8")
    result = run(file, "--locale", "de")
    assert facts(law, result) == {
        "vehicle.seats": 5,
        "vehicle.gross_mass_kg": 2780,
        "vehicle.length_m": 5.1,
        "vehicle.type_approved_on": dt.date(2027, 3, 1),
        "vehicle.trailer": True,
    }
    assert "decimal ,, thousands ., days as DD.MM.YYYY, WAHR/ja and FALSCH/nein" in " ".join(result.stderr.split())
    options = ("--delimiter", ";", "--decimal", ",", "--thousands", ".", "--dates", "DD.MM.YYYY", "--yes", "WAHR")
    assert facts(law, run(file, *options)) == facts(law, result)


def test_nothing_is_guessed(law: Law, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(EUROPEAN + ROW, encoding="utf-8")
    error = str(run(file).exception)
    assert f"{file}:1:1: has one column" in error
    assert "`--delimiter ';'`" in error
    result = run(file, "--delimiter", ";")
    assert facts(law, result) == {"vehicle.seats": 5}
    told = " ".join(result.stderr.split())
    assert "`2.780` can be 2780 or 2.78" in told
    assert "`5,10` has a decimal comma" in told
    assert "`01.03.2027` is no day written as YYYY-MM-DD" in told


@pytest.mark.parametrize(
    ("form", "text", "number"),
    [
        ({"decimal": ","}, "5,10", 5.1),
        ({"decimal": ","}, "2.780", None),
        ({"decimal": ",", "thousands": "."}, "2.780", 2780),
        ({"decimal": ",", "thousands": "."}, "2.78", None),
        ({"decimal": ".", "thousands": ","}, "1,234,567.5", 1234567.5),
        ({"decimal": "."}, "2.780", 2.78),
        ({"locale": "fr"}, "2\u202f780,5", 2780.5),
        ({}, "2780", 2780),
        ({}, "-3.5", -3.5),
    ],
)
def test_numbers_by_their_form(form: dict[str, str], text: str, number: float | None) -> None:
    assert Form().with_named(form).number(text) == number


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"locale": "xx"}, "unknown locale `xx`; one of de, nl"),
        ({"dates": "DMY"}, "unknown form of days `DMY`"),
        ({"decimal": ",", "thousands": ","}, "are the same"),
        ({"delimiter": ";;"}, "is one character"),
        ({"decimals": ","}, "unknown form `decimals`; did you mean `decimal`?"),
    ],
)
def test_a_wrong_form_is_refused(form: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Form().with_named(form)
    assert message in str(caught.value)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_can_be_used(locale: str) -> None:
    assert Form().with_named({"locale": locale}).told()


@pytest.mark.parametrize("name", maps())
def test_the_maps_that_come_with_carnet_fit_the_vocabulary(answers: Answers, name: str) -> None:
    assert read_map(name, answers, Form()).columns


def test_rows_of_a_register(law: Law, tmp_path: Path) -> None:
    file = tmp_path / "rdw.csv"
    head = "kenteken,merk,handelsbenaming,europese_voertuigcategorie,aantal_zitplaatsen,massa_ledig_voertuig"
    head += ",technische_max_massa_voertuig,lengte,breedte,hoogte_voertuig,maximale_constructiesnelheid"
    rows = "XX001X,COMET,ONE,M1,5,1890,2450,460,178,143,180,20260301\nXX002X,COMET,TWO,M9,5,,,,,,,2026-03-01\n"
    file.write_text(f"{head},datum_eerste_toelating\n{rows}", encoding="utf-8")
    choices = (
        "name one by its number in the file, the header's included (`--row N`, from 2 to 3), or by `--row COLUMN=TEXT`"
    )
    for row, what in {"": "has 2 rows", "1": "has no data in row 1", "merk=X": "has no rows with `merk=X`"}.items():
        assert f"{file}: {what}; {choices}" == str(run(file, "--map", "rdw", *(["--row", row] * bool(row))).exception)
    result = run(file, "--map", "rdw", "--row", "kenteken=XX001X")
    assert facts(law, result) == {
        "vehicle.category": "M1",
        "vehicle.seats": 5,
        "vehicle.kerb_mass_kg": 1890,
        "vehicle.gross_mass_kg": 2450,
        "vehicle.length_m": 4.6,
        "vehicle.width_m": 1.78,
        "vehicle.height_m": 1.43,
        "vehicle.max_design_speed_kmh": 180,
        "vehicle.first_registered_on": dt.date(2026, 3, 1),
    }
    assert "name: COMET ONE" in result.stdout
    assert "left 0" in result.stderr
    other = run(file, "--map", "rdw", "--row", "3")
    assert facts(law, other) == {"vehicle.seats": 5}
    told = " ".join(other.stderr.split())
    assert "`M9` is not in the value table of `vehicle.category`" in told
    assert "`2026-03-01` is no day written as YYYYMMDD" in told


def test_a_map_converts_units_words_and_lists(law: Law, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "name: Model\nform: {delimiter: ';', decimal: ','}\ncolumns:\n"
        "  vehicle.max_design_speed_kmh: {from: Top, unit: mph}\n"
        "  vehicle.kerb_mass_kg: {from: Weight, unit: lb}\n"
        "  odd.road_types: {from: Roads, separator: '|'}\n"
        "  vehicle.steering_side: {from: Wheel, values: {LHD: left, RHD: right, '?': null}}\n"
        "  approvals.UN-R155.certificate: Mark\n",
        encoding="utf-8",
    )
    file = tmp_path / "t.csv"
    file.write_text("Model;Top;Weight;Roads;Wheel;Mark\nC;100;4000,5;urban|rural;LHD;E1*155\n", encoding="utf-8")
    found = facts(law, run(file, "--map", tmp_path / "map.yaml"))
    assert found == {
        "vehicle.max_design_speed_kmh": 160.9344,
        "vehicle.kerb_mass_kg": pytest.approx(1814.596, abs=1e-3),
        "odd.road_types": ("urban", "rural"),
        "vehicle.steering_side": "left",
        "approvals.UN-R155.certificate": "E1*155",
        "approvals.UN-R155.state": "held",
        "approvals.UN-R155.held": True,
    }


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("2,45", "t", 2450),
        ("2,45 t", "", 2450),
        ("2,45 t", "lb", 2450),
        ("2450", "", 2450),
        ("2.45", "t", None),
        ("x", "", None),
    ],
)
def test_a_number_is_read_in_no_other_form_than_the_one_named(
    law: Law, answers: Answers, cell: str, unit: str, value: float | None
) -> None:
    column = Column(law.vocabulary.fact("vehicle.gross_mass_kg"), "Mass", unit)
    form = Form().with_named({"locale": "de"})
    if value is not None:
        assert cell_value(column, cell, form, answers) == value
        return
    with pytest.raises(InputError, match="is no number as the table writes them; cells apart by ';', decimal ,"):
        cell_value(column, cell, form, answers)


def test_everything_wrong_with_a_map_is_said_with_its_place(answers: Answers, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(
        "columns:\n  vehicle.seat: A\n  vehicle.length_m: {from: B, unit: kg}\n  vehicle.axles: {unt: m}\nnames: C\n",
        encoding="utf-8",
    )
    with pytest.raises(Problems) as caught:
        read_map(str(file), answers, Form())
    assert [str(error).removeprefix(f"{file}:") for error in caught.value.errors] == [
        "2:3: unknown fact `vehicle.seat`; did you mean `vehicle.seats`?",
        "3:31: `vehicle.length_m` cannot be in `kg`; units: m, metre, metres, meter, meters, mm, cm, km, in, inch, "
        "inches, ft, foot, feet, yd, yard, yards, mi, mile, miles, nmi",
        "4:3: `vehicle.axles` has no column; add `from:`",
        "4:19: unknown key `unt`; did you mean `unit`?",
        "5:1: unknown key `names`; did you mean `name`?",
    ]


def test_a_map_that_names_a_missing_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("columns: {vehicle.seats: Seets}\n", encoding="utf-8")
    file = tmp_path / "t.csv"
    file.write_text("Seats,Doors\n5,4\n", encoding="utf-8")
    error = str(run(file, "--map", tmp_path / "map.yaml").exception)
    assert error == f"{file}: has no column `Seets`; did you mean `Seats`?"


def test_a_sheet_of_a_workbook(law: Law, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Notes"  # type: ignore[union-attr]
    sheet = book.create_sheet("Variants")
    sheet.append(["Our variants"])
    sheet.append([])
    sheet.append(["name", "vehicle.seats", "vehicle.gross_mass_kg", "vehicle.type_approved_on", "vehicle.trailer"])
    sheet.append(["Comet", 5, 2450.0, dt.datetime(2027, 3, 1), True])
    file = tmp_path / "v.xlsx"
    book.save(file)
    assert "has 2 sheets; name one by `--sheet`: Notes, Variants" in str(run(file).exception)
    assert "names no column" in str(run(file, "--sheet", "Variants", "--header-row", 2).exception)
    assert "did you mean `Variants`?" in str(run(file, "--sheet", "Variant").exception)
    result = run(file, "--sheet", "Variants", "--header-row", 3)
    assert facts(law, result) == {
        "vehicle.seats": 5,
        "vehicle.gross_mass_kg": 2450,
        "vehicle.type_approved_on": dt.date(2027, 3, 1),
        "vehicle.trailer": True,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "names no column"),
        (b"a,b\n1,2\n", "has no column that is a fact"),
        (b"a,a\n1,2\n", "the column `a` stands twice"),
        (b"vehicle.seats,b\n\xff\xfe,2\n", "is no text in utf-8"),
        (b'vehicle.seats,b\n"5,2\n', "cannot be read"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    assert message in str(run(file).exception)


def test_a_column_that_is_nearly_a_fact_is_left_with_the_fact_it_may_mean(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("name;vehicle.length_m;vehicle.gros_mass_kg;shade\nA;5,10;2780;blue\n", encoding="utf-8")
    result = CliRunner().invoke(import_command, [str(file), "--locale", "de", "-o", str(tmp_path / "e.yaml")])
    assert result.exit_code == 0, result.output
    told = " ".join(result.stderr.split())
    assert "vehicle.gros_mass_kg, row 2: 2780 no fact is called so; did you mean `vehicle.gross_mass_kg`?" in told
    assert "shade, row 2: blue no fact is called so, and no map names it" in told


def test_a_map_of_carnet_takes_what_a_download_holds(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("kenteken,aantal_zitplaatsen\nXX001X,5\n", encoding="utf-8")
    result = run(file, "--map", "rdw", "-v")
    assert "vehicle.seats: 5   from aantal_zitplaatsen, row 2" in result.stderr
    assert "the table has no such column" in result.stderr
