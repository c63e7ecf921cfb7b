# SPDX-License-Identifier: Apache-2.0
"""Files that exist become profiles: what is taken, what is left and why, and from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from carnet.api import Law
from carnet.cli.export import export_command
from carnet.cli.import_ import import_command
from carnet.errors import CarnetError, SourceError
from carnet.intake.autoware import read_autoware
from carnet.intake.harvest import Harvest
from carnet.intake.ivi import read_ivi
from carnet.intake.odd import read_odd

FILES = Path(__file__).parent / "files"


def run(command: Any, *args: object) -> Result:
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, (CarnetError, SystemExit)):
        raise result.exception
    return result


def taken(harvest: Harvest) -> dict[str, Any]:
    return {item.path: item.value for item in harvest.taken}


def why(harvest: Harvest, word: str) -> str:
    (found,) = [item.why for item in harvest.left if word in f"{item.origin} {item.value}"]
    return found


def test_a_certificate_of_version_2(law: Law) -> None:
    harvest = read_ivi(law, FILES / "comet.xml")
    assert (harvest.kind, harvest.name) == ("certificate of conformity, IVI 2.0", "COMET ONE")
    assert taken(harvest) == {
        "vehicle.category": "M1",
        "vehicle.manufactured_on": dt.date(2026, 9, 30),
        "vehicle.headlamp_traffic_sides": ("right",),
        "vehicle.max_design_speed_kmh": 180,
        "vehicle.axles": 2,
        "vehicle.seats": 5,
        "vehicle.length_m": 4.599,
        "vehicle.width_m": 1.782,
        "vehicle.height_m": 1.43,
        "vehicle.gross_mass_kg": 2450,
        "vehicle.propulsion": "bev",
        "vehicle.power_kw": 150,
        "vehicle.type_approved_on": dt.date(2026, 3, 2),
        "approvals.UN-R155": "held",
        "approvals.UN-R156": "none",
        "approvals.UN-R79": {"state": "held", "certificate": "E4*79R04/01*1234*00", "series": 4, "granted_by": "NL"},
        "approvals.EU-WVTA": {
            "state": "held",
            "certificate": "e4*2018/858*00999*00",
            "granted_by": "NL",
            "granted_on": dt.date(2026, 3, 2),
        },
    }
    assert "driver of 75 kg" in why(harvest, "MassInRunningOrder")
    assert "part of a list that the file does not give whole" in why(harvest, "AdvancedSafetySystem")
    assert why(harvest, "E4*21R01") == "no rule asks for an approval under UN R21"
    assert not [item for item in harvest.left if "Signature" in item.origin]


def test_a_certificate_of_version_1(law: Law) -> None:
    harvest = read_ivi(law, FILES / "hauler-1.11.xml")
    found = taken(harvest)
    assert harvest.kind.endswith("IVI 1.11")
    assert {path: found[path] for path in ("vehicle.category", "vehicle.propulsion", "vehicle.euro_class")} == {
        "vehicle.category": "N3",
        "vehicle.propulsion": "diesel",
        "vehicle.euro_class": 6,
    }
    assert (found["vehicle.gross_mass_kg"], found["vehicle.seats"], found["vehicle.power_kw"]) == (26000, 2, 330)
    assert found["approvals.UN-R131"]["certificate"] == "E1*131R01/02*2222*00"
    assert "vehicle.type_approved_on" not in found
    assert "the day of this extension" in why(harvest, "TypeApprovalDateOfIssue")


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        (">EU<", ">NSS<", "approvals.EU-WVTA", "no whole-vehicle approval of the EU without conditions"),
        (">EU<", ">ESS<", "approvals.EU-WVTA", ""),
        ("<ProvisionalTypeApprovalIndicator>N", "<ProvisionalTypeApprovalIndicator>Y", "approvals.EU-WVTA", "no whole"),
        (">Y</PureElectric", ">N</PureElectric", "vehicle.propulsion", "not told by these"),
        ("</EnergyConvertorTable>", "<MaximumNetPowerElectric>9</MaximumNetPowerElectric></EnergyConvertorTable>",
         "vehicle.power_kw", "one machine of several"),
        (">M1G<", ">S1a<", "vehicle.category", "`vehicle.category` has no such value"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left(law: Law, tmp_path: Path, old: str, new: str, path: str, message: str) -> None:
    text = (FILES / "comet.xml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = tmp_path / "c.xml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    harvest = read_ivi(law, file)
    assert path not in taken(harvest)
    assert not message or any(message in item.why for item in harvest.left)


def test_what_the_vocabulary_refuses_is_left(tmp_path: Path) -> None:
    file = tmp_path / "c.xml"
    text = (FILES / "comet.xml").read_text(encoding="utf-8")
    file.write_text(text.replace("<MaximumSpeed>180", "<MaximumSpeed>1800"), encoding="utf-8")
    result = run(import_command, file)
    assert "max_design_speed_kmh" not in result.stdout
    assert "is `1800`, outside 0 to 400 km/h" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<InitialVehicleInformation>", "is not well-formed XML"),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]><InitialVehicleInformation/>',
            "defines entities",
        ),
        ("<Other/>", "is no `InitialVehicleInformation`"),
    ],
)
def test_other_xml_is_refused(law: Law, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "x.xml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_ivi(law, file)


def test_a_design_domain() -> None:
    harvest = read_odd(FILES / "campus.yaml")
    assert harvest.name == "Campus shuttle"
    assert taken(harvest) == {
        "odd.road_types": ("urban", "parking"),
        "odd.posted_limit_max_kmh": 32.18688,
        "odd.rain_max_mm_h": 2.5,
        "odd.temperature_min_c": -10,
        "odd.light": ("day",),
    }
    assert harvest.taken[0].origin == "line 15, roads"
    assert why(harvest, "roundabout") == "declare `odd.structures`: roundabout"
    assert why(harvest, "icy") == "leave out of `odd.weather`: ice"
    assert why(harvest, "number_of_lanes") == "no fact asks for it"
    assert why(harvest, "spare") == "no module includes it"
    assert why(harvest, "IMPORT").startswith("another file")


@pytest.mark.parametrize(
    ("rain", "value"),
    [
        ('rainfall_rate: "[0 .. 7.6] mm/h"', 7.6),
        ("rainfall_intensity: [no_rain, moderate_rain]", 7.6),
        ('rainfall_rate: "<= 0.5 in/h"', 12.7),
        ('rainfall_rate: ">= 2 mm/h"', None),
        ('rainfall_rate: "<= 3 kg"', None),
        ('rainfall_rate: "some"', None),
    ],
)
def test_bounds_of_rain(tmp_path: Path, rain: str, value: float | None) -> None:
    file = tmp_path / "o.yaml"
    file.write_text(f"ODD:\n  a:\n    INCLUDE_AND:\n      {rain}\n", encoding="utf-8")
    assert taken(read_odd(file)).get("odd.rain_max_mm_h") == value


def test_road_types_that_can_be_two_of_ours_are_left(tmp_path: Path) -> None:
    file = tmp_path / "o.yaml"
    file.write_text("ODD:\n  a:\n    drivable_area_type: [primary_roads, parking_space, pier]\n", encoding="utf-8")
    harvest = read_odd(file)
    assert harvest.taken == ()
    words = "parking for certain; dual_carriageway or rural for primary_roads; nothing for pier"
    assert why(harvest, "pier") == f"declare `odd.road_types`: {words}"


def test_the_dimensions_of_a_vehicle_of_autoware() -> None:
    harvest = read_autoware(FILES / "vehicle_info.param.yaml")
    assert taken(harvest) == {"vehicle.length_m": 4.77, "vehicle.width_m": 1.83, "vehicle.height_m": 2.5}
    assert [item.value for item in harvest.left] == ["wheel_radius: 0.39"]


@pytest.mark.parametrize("name", ["comet.xml", "campus.yaml", "vehicle_info.param.yaml"])
def test_import_writes_a_profile_once(law: Law, tmp_path: Path, name: str) -> None:
    target = tmp_path / "p.yaml"
    assert run(import_command, FILES / name, "-o", target).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert f"# Taken from {name}" in text
    assert law.profile(target).content.layers["", ""].values
    assert "already exists" in str(run(import_command, FILES / name, "-o", target).exception)


def test_import_adds_to_a_profile_and_shows_conflicts(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    before = "# ours\nname: x\nvehicle: {seats: 4, length_m: 4.77}\n"
    file.write_text(before, encoding="utf-8")
    result = run(import_command, FILES / "vehicle_info.param.yaml", "--into", file)
    assert (result.exit_code, result.stdout) == (0, f"took 2 of 3 into {file}\n")
    result = run(import_command, FILES / "comet.xml", "--into", file)
    assert result.exit_code == 1
    assert f"{file}:5:11: conflict: vehicle.seats is 5 in the file; `--replace` takes it" in result.stdout
    text = file.read_text(encoding="utf-8")
    assert "seats: 4" in text
    assert "gross_mass_kg: 2450" in text
    assert text.startswith("# ours\nname: x\n")
    run(import_command, FILES / "comet.xml", "--into", file, "--replace")
    assert "seats: 5" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "message"), [("a: 1\n", "is in no format that can be imported"), ("", "is empty")])
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    assert message in str(run(import_command, file).exception)
    assert "cannot be read" in str(run(import_command, tmp_path / "nope.yaml").exception)


def test_a_design_domain_goes_out_and_comes_back(tmp_path: Path, carnet_profile: Callable[[str], Path]) -> None:
    odd = "{road_types: [urban, parking], rain_max_mm_h: 5, temperature_min_c: -5, light: [day], max_speed_kmh: 30}"
    file = carnet_profile(f"name: Shuttle\nodd: {odd}\nbehaviour: {{traffic_sides: [left]}}\n")
    target = tmp_path / "odd.yaml"
    result = run(export_command, "odd", file, "-o", target)
    assert result.exit_code == 0
    said = "1 fact without a term of ISO 34503, or not wholly, in comments that no import reads: odd.max_speed_kmh"
    assert said in " ".join(result.stderr.split())
    assert "#   odd.max_speed_kmh: 30\n" in target.read_text(encoding="utf-8")
    assert taken(read_odd(target)) == {
        "odd.road_types": ("urban", "parking"),
        "odd.rain_max_mm_h": 5,
        "odd.temperature_min_c": -5,
        "odd.light": ("day",),
        "behaviour.traffic_sides": ("left",),
    }


def test_road_types_go_out_all_or_none(tmp_path: Path, carnet_profile: Callable[[str], Path]) -> None:
    """Some of them would say, here and to every other reader, that the feature drives on no others."""
    file, target = (
        carnet_profile("name: x\nodd: {road_types: [urban, residential], light: [day]}\n"),
        tmp_path / "odd.yaml",
    )
    result = run(export_command, "odd", file, "-o", target)
    assert "odd.road_types" in result.stderr
    assert "#   odd.road_types: urban, residential\n" in target.read_text(encoding="utf-8")
    assert "odd.road_types" not in taken(read_odd(target))


def test_a_profile_without_a_design_domain_is_not_exported(carnet_profile: Callable[[str], Path]) -> None:
    error = run(export_command, "odd", carnet_profile("name: x\nvehicle: {seats: 4}\n")).exception
    assert "declares nothing of a design domain" in str(error)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("module", ["reqif:read_requirements", "workbook:open_book", "tables:_bytes", "ivi:_parse"])
def test_what_never_ends_is_read_up_to_the_limit(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import import_module

    name, _, function = module.partition(":")
    reader = import_module(f"carnet.intake.{name}")
    monkeypatch.setattr(reader, "MAX_BYTES", 4096)
    with pytest.raises(CarnetError, match="is larger than 4 KiB"):
        getattr(reader, function)(Path("/dev/zero"))
