# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Vocabulary
from carnet.errors import Problems, SourceError, UnknownName

APPROVALS = ("UN-R155", "UN-R157", "EU-WVTA")
JURISDICTIONS = ("UNECE", "EU", "DE", "DE-BY", "AE", "AE-DU")


@pytest.fixture
def read(vocabulary: Vocabulary) -> Any:
    def read(text: str) -> Profile:
        return Profile.from_text(text, vocabulary, name="p.yaml", approvals=APPROVALS, jurisdictions=JURISDICTIONS)

    return read


def problems(read: Any, text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        read(text)
    return str(caught.value).splitlines()


def test_facts_may_be_nested_flat_or_mixed(read: Any) -> None:
    nested = read("odd: {max_speed_kmh: 95, road_types: [motorway]}\noperation: {remote: {response_time_s: 2}}")
    flat = read("odd.max_speed_kmh: 95\nodd.road_types: [motorway]\noperation.remote.response_time_s: 2")
    mixed = read("odd: {max_speed_kmh: 95}\nodd.road_types: [motorway]\noperation: {remote.response_time_s: 2}")
    assert nested.declared("odd.max_speed_kmh") == 95
    assert nested.declared("odd.road_types") == ("motorway",)
    assert nested.declared("operation.remote.response_time_s") == 2
    assert nested.sha256 == flat.sha256 == mixed.sha256


def test_quantities_are_converted_to_the_unit_of_the_fact(read: Any) -> None:
    profile = read("odd.max_speed_kmh: 80 mph\noperation.change_report_days: 72 h\nodd.temperature_min_c: -40 °F")
    assert profile.declared("odd.max_speed_kmh") == 128.74752
    assert profile.declared("operation.change_report_days") == 3
    assert profile.declared("odd.temperature_min_c") == -40


def test_a_set_keeps_its_order(read: Any) -> None:
    profile = read("behaviour.yields_to: [fire, ambulance, official_convoy]")
    assert profile.declared("behaviour.yields_to") == ("fire", "ambulance", "official_convoy")


def test_norway_is_a_country(read: Any) -> None:
    assert read("hmi.sold_in: [NO, SE]").declared("hmi.sold_in") == ("NO", "SE")


def test_quoted_dates_are_dates_as_json_has_no_others(read: Any) -> None:
    assert read('{"vehicle.type_approved_on": "2026-05-01"}').declared("vehicle.type_approved_on") == dt.date(
        2026, 5, 1
    )


def test_name_and_description(read: Any, vocabulary: Vocabulary, tmp_path: Path) -> None:
    profile = read("name: Atlas\ndescription: A car.")
    assert (profile.name, profile.description) == ("Atlas", "A car.")
    path = tmp_path / "atlas-l3.yaml"
    path.write_text("vehicle.seats: 5", encoding="utf-8")
    assert Profile.from_file(path, vocabulary).name == "atlas-l3"


@pytest.mark.parametrize(
    "entry",
    ["UN-R157: held", "UN-R157: {held: true}", "UN-R157: {series: 1}", "UN-R157.series: 1", "UN-R157.held: true"],
)
def test_ways_to_declare_an_approval_held(read: Any, entry: str) -> None:
    assert read(f"approvals:\n  {entry}").declared("approvals.UN-R157.held") is True


@pytest.mark.parametrize("entry", ["UN-R157: none", "UN-R157: {held: false}", "UN-R157.held: false"])
def test_ways_to_declare_an_approval_not_held(read: Any, entry: str) -> None:
    assert read(f"approvals:\n  {entry}").declared("approvals.UN-R157.held") is False
    assert read(f"approvals.{entry}").declared("approvals.UN-R157.held") is False


def test_empty_values_declare_nothing(read: Any) -> None:
    profile = read("odd:\nvehicle.seats:\nautomation: {hands_off: null}\napprovals: {UN-R157: }\nfeatures:\nin:")
    assert profile.declared("vehicle.seats") is None
    assert profile.facts(["DE"], as_of=dt.date(2027, 1, 1)).values == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("odd:\n  max_sped_kmh: 95", "p.yaml:2:3: unknown fact `odd.max_sped_kmh`; did you mean `odd.max_speed_kmh`?"),
        ("od:\n  max_speed_kmh: 95", "p.yaml:1:1: unknown fact `od`; did you mean `odd`?"),
        ("odd: {sae_level: 4}", "p.yaml:1:7: unknown fact `odd.sae_level`; did you mean `automation.sae_level`?"),
        ("feature: {}", "p.yaml:1:1: unknown fact `feature`; did you mean `features`?"),
        ("sae_level: 3", "p.yaml:1:1: unknown fact `sae_level`; did you mean `automation.sae_level`?"),
        ("xyzzy: 3", "p.yaml:1:1: unknown fact `xyzzy`; see `carnet facts` for what can be declared"),
        (
            "operation.driver_on_board: yes",
            "p.yaml:1:1: `operation.driver_on_board` is true or false, not `yes`; write `true`",
        ),
        ("odd.snow: 1", "p.yaml:1:1: `odd.snow` is true or false, not `1`; write `true` or `false`"),
        ("vehicle.seats: five", "p.yaml:1:1: `vehicle.seats` is a whole number, not `five`; write digits only"),
        ("vehicle.seats: 5.5", "p.yaml:1:1: `vehicle.seats` is a whole number, not `5.5`; write digits only"),
        ("vehicle.seats: true", "p.yaml:1:1: `vehicle.seats` is a whole number, not `true`; write digits only"),
        (
            "automation.sae_level: 9",
            "p.yaml:1:1: `automation.sae_level` is `9`, outside 0 to 5; check the value and its unit",
        ),
        (
            "odd.max_speed_kmh: 300 mph",
            "p.yaml:1:1: `odd.max_speed_kmh` is `482.8032`, outside 0 to 400 km/h; check the value and its unit",
        ),
        (
            "odd.max_speed_kmh: 95 kg",
            "p.yaml:1:1: `odd.max_speed_kmh`: `kg` is a unit of mass, not of speed; give it in",
        ),
        ("odd.max_speed_kmh: 95 mhp", "p.yaml:1:1: `odd.max_speed_kmh`: unknown unit `mhp`; did you mean `mph`?"),
        (
            'odd.max_speed_kmh: "95"',
            "p.yaml:1:1: `odd.max_speed_kmh`: `95` is not a quantity; write the number without",
        ),
        ("odd.max_speed_kmh: [95]", "p.yaml:1:1: `odd.max_speed_kmh` is a number, not a list; write digits only"),
        ("odd.max_speed_kmh: {}", "p.yaml:1:1: `odd.max_speed_kmh` is a number, not a mapping; write digits only"),
        ("vehicle.category: m1", "p.yaml:1:1: `vehicle.category` cannot be `m1`; did you mean `M1`?"),
        ("vehicle.category: car", "p.yaml:1:1: `vehicle.category` cannot be `car`; allowed: M1, M2, M3, robot"),
        ("odd.road_types: motorway", "p.yaml:1:1: `odd.road_types` is a list, not `motorway`; write one in brackets"),
        ("odd.road_types: [motorway, urbn]", "p.yaml:1:28: `odd.road_types` cannot be `urbn`; did you mean `urban`?"),
        ("odd.road_types: [urban, urban]", "p.yaml:1:25: `odd.road_types` names `urban` twice; keep one of them"),
        ("odd.road_types: [3]", "p.yaml:1:18: `odd.road_types` lists `3`, which is not text; allowed: motorway, rural"),
        ("hmi.sold_in: [UK]", "p.yaml:1:15: `hmi.sold_in`: `UK` is not a country code; did you mean `GB`?"),
        ("hmi.sold_in: [de]", "p.yaml:1:15: `hmi.sold_in`: `de` is not a country code; did you mean `DE`?"),
        (
            "hmi.languages: [english]",
            "p.yaml:1:17: `hmi.languages`: `english` is not a language code; write an ISO 639",
        ),
        ("hmi.languages: [EN]", "p.yaml:1:17: `hmi.languages`: `EN` is not a language code; did you mean `en`?"),
        ("odd.places: [de-by]", "p.yaml:1:14: `odd.places`: `de-by` is not written as a code; did you mean `DE-BY`?"),
        ("odd.places: [UK-LND]", "p.yaml:1:14: `odd.places`: `UK-LND` is not in a country; did you mean `GB-LND`?"),
        ("vehicle.origin_country: Germany", "p.yaml:1:1: `vehicle.origin_country`: `Germany` is not a country code"),
        (
            "vehicle.type_approved_on: May 2026",
            "p.yaml:1:1: `vehicle.type_approved_on` is a date, not `May 2026`; write it as year-month-day",
        ),
        ('vehicle.type_approved_on: "2026-02-30"', "the date `2026-02-30` does not exist; correct the day"),
        ("vehicle.type_approved_on: 2026", "p.yaml:1:1: `vehicle.type_approved_on` is a date, not `2026`"),
        ("automation.system_name: 5", "p.yaml:1:1: `automation.system_name` is text, not `5`; write it in quotes"),
        ('automation.system_name: ""', "p.yaml:1:1: `automation.system_name` is empty; remove it if it is not known"),
        ("odd: 5", "p.yaml:1:1: the section `odd` is not a mapping of names to values; write `name: value` lines"),
        ("[a, b]", "p.yaml:1:1: the profile is not a mapping of names to values; write `name: value` lines"),
        (
            "odd.snow: true\nodd:\n  snow: false",
            "p.yaml:3:3: `odd.snow` is declared twice; see line 1",
        ),
        ("approvals: {UN-R156: held}", "p.yaml:1:13: unknown approval `UN-R156`; did you mean `UN-R15"),
        ("approvals: {XYZ.series: 1}", "p.yaml:1:13: unknown approval `XYZ`; see `carnet market`"),
        (
            "approvals: {UN-R157: yes}",
            "p.yaml:1:13: the approval `UN-R157` is in no state that can be declared",
        ),
        (
            "approvals: {UN-R157: true}",
            "is in no state that can be declared; write `held`, `applied`, `none` or its fields",
        ),
        ("approvals: {UN-R157: {}}", "p.yaml:1:13: the approval `UN-R157` is in no state that can be declared"),
        ("approvals: [UN-R157]", "p.yaml:1:1: `approvals` is not a mapping"),
        (
            "approvals: {UN-R157: {serie: 1}}",
            "p.yaml:1:23: unknown field `serie` of the approval `UN-R157`; did you mean `series`?",
        ),
        ("approvals: {UN-R157: {xyz: 1}}", "fields: held, series, granted_by"),
        ("approvals: {UN-R157: {max_speed_kmh: 95 kg}}", "`approvals.UN-R157.max_speed_kmh`: `kg` is a unit of mass"),
        ("approvals: {UN-R157: held, UN-R157.held: true}", "`approvals.UN-R157.held` is declared twice; see line 1"),
        ("in: {DEE: {vehicle.seats: 5}}", "p.yaml:1:6: unknown jurisdiction `DEE`; did you mean `DE`?"),
        ("in: {QQQQ: {}}", "p.yaml:1:6: unknown jurisdiction `QQQQ`; see `carnet markets`"),
        ("in: {DE: {in: {AE: {}}}}", "p.yaml:1:11: unknown fact `in`; overlays do not nest"),
        ("in: {DE: {complete: [odd]}}", "p.yaml:1:11: unknown fact `complete`; `complete` stands at the top level"),
        ("in: {DE: {vehicle.seat: 5}}", "p.yaml:1:11: unknown fact `vehicle.seat`; did you mean `vehicle.seats`?"),
        ("in: [DE]", "p.yaml:1:1: `in` is not a mapping"),
        ("features: {a b: {}}", "p.yaml:1:12: the feature name `a b` is not one word; use letters, digits"),
        ("features: {a: {in: {DEE: {}}}}", "p.yaml:1:21: unknown jurisdiction `DEE`"),
        ("features: {a: 5}", "p.yaml:1:12: the feature `a` is not a mapping"),
        ("features: {a: {odd.snoww: true}}", "p.yaml:1:16: unknown fact `odd.snoww`; did you mean `odd.snow`?"),
        ("complete: [approval]", "p.yaml:1:12: unknown section `approval`; did you mean `approvals`?"),
        ("complete: approvals", "p.yaml:1:1: `complete` is not a list; write `complete: [approvals]`"),
        ("complete: [{a: b}]", "p.yaml:1:12: unknown section"),
        ("name: 5", "p.yaml:1:1: `name` is not text; write it in quotes"),
        ("waivers: {}", "p.yaml:1:1: `waivers` is not a list"),
        ("waivers: [5]", "p.yaml:1:11: a waiver is not a mapping"),
        ("waivers: [{rule: a, reason: b, by: c}]", "p.yaml:1:11: a waiver has no `until`; add `until:`"),
        (
            "waivers: [{rule: a, reason: b, by: c, til: 2027-01-01}]",
            "unknown key `til` in a waiver; did you mean `until`",
        ),
        ("waivers: [{rule: a, reason: b, by: c, until: later}]", "p.yaml:1:39: `until` is a date, not `later`"),
        ("waivers: [{rule: a, reason: 5, by: c, until: 2027-01-01}]", "p.yaml:1:21: `reason` is not text"),
    ],
)
def test_bad_input_says_where_what_and_what_to_try(read: Any, text: str, message: str) -> None:
    found = problems(read, text)
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vehicle.seats: 5\nvehicle.seats: 6", "p.yaml:2:1: has the key `vehicle.seats` twice"),
        ("vehicle.type_approved_on: 2026-02-30", "p.yaml:1:27: the date `2026-02-30` does not exist"),
        ("a: &a [x]\nb: [*a, *a]", "p.yaml:1:4: has a YAML anchor `&a`"),
        ("vehicle: *v", "has a YAML alias"),
        ("vehicle: [", "is not valid YAML"),
        ("", "is empty; `carnet init` starts a profile"),
        ("# nothing but a comment\n", "is empty"),
        ("x" * 5_000_000, "is larger than 4096 KiB"),
    ],
    ids=["duplicate key", "date", "anchor", "alias", "syntax", "empty", "comment", "large"],
)
def test_unreadable_text_is_refused(read: Any, text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: \xff\xfe", "is not UTF-8 text; save it as UTF-8"),
        ("name: Zürich".encode("utf-16"), "is not UTF-8 text but UTF-16; save it as UTF-8"),
        (b"#" * 10_000_000, "is larger than 4096 KiB"),
        (b"", "is empty"),
    ],
    ids=["binary", "utf-16", "10 MB", "empty"],
)
def test_unreadable_files_are_refused(tmp_path: Path, vocabulary: Vocabulary, content: bytes, message: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        Profile.from_file(path, vocabulary)
    assert message in str(caught.value)


def test_directories_and_missing_files_are_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(SourceError, match="is a directory"):
        Profile.from_file(tmp_path, vocabulary)
    with pytest.raises(SourceError, match="no such file"):
        Profile.from_file(tmp_path / "none.yaml", vocabulary)


def test_all_problems_are_reported_together_and_in_order(read: Any) -> None:
    found = problems(
        read,
        "odd: {snow: yes, max_sped_kmh: 3}\nvehicle.category: car\nin: {DE: {vehicle.seats: -1}}\n"
        "features: {a: {hmi.languages: [english]}}\ncomplete: [xyz]\n",
    )
    assert [line.split(":")[1] for line in found] == ["1", "1", "2", "3", "4", "5"]


def test_the_list_of_problems_is_bounded(read: Any) -> None:
    found = problems(read, "\n".join(f"nonsense_{number}: 1" for number in range(5000)))
    assert len(found) == 51
    assert found[-2].startswith("p.yaml:50:1: ")
    assert found[-1] == "and 4950 more; CARNET_ERRORS=errors.json writes all of them to that file"


def test_fifty_problems_are_shown_to_the_last(read: Any) -> None:
    assert len(problems(read, "\n".join(f"nonsense_{number}: 1" for number in range(50)))) == 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"odd.places: [{','.join(f'p{number}' for number in range(1001))}]", "has more than 1000 items"),
        (f"features: {{{','.join(f'f{number}: {{}}' for number in range(51))}}}", "has more than 50 entries"),
    ],
    ids=["items", "features"],
)
def test_sizes_that_nobody_needs_are_refused(read: Any, text: str, message: str) -> None:
    (found,) = problems(read, text)
    assert message in found


def test_messages_stay_on_one_line_whatever_is_written(read: Any) -> None:
    found = problems(
        read, 'vehicle.category: "a\\nb\\u2028c"\n"x\\ny": 1\n' + f"vehicle.origin_country: {'z' * 5000}\n"
    )
    assert len(found) == 3
    assert max(map(len, found)) < 200


def test_data_from_python_is_checked_too(vocabulary: Vocabulary) -> None:
    profile = Profile.from_dict({"odd": {"road_types": ("urban",), "max_speed_kmh": "30 mph"}}, vocabulary)
    assert profile.declared("odd.road_types") == ("urban",)
    with pytest.raises(Problems) as caught:
        Profile.from_dict({"odd": {"snow": "no"}, 5: 6, "odd.max_speed_kmh": float("nan")}, vocabulary, name="row 7")
    assert str(caught.value).splitlines() == [
        "row 7: `odd.snow` is true or false, not `no`; write `false`",
        "row 7: unknown fact `5`; see `carnet facts` for what can be declared",
        "row 7: `odd.max_speed_kmh` is a number, not `nan`; write digits only",
    ]


def test_without_known_names_approvals_and_jurisdictions_are_not_checked(vocabulary: Vocabulary) -> None:
    profile = Profile.from_text("approvals: {ANY: held}\nin: {XX: {odd.snow: true}}", vocabulary)
    assert profile.declared("approvals.ANY.held") is True
    assert profile.overlays == ("XX",)


def test_without_a_vocabulary_the_bundled_one_counts() -> None:
    assert carnet.Profile.from_dict({"automation.sae_level": 3}).declared("automation.sae_level") == 3
    with pytest.raises(Problems, match="unknown jurisdiction `XQ`"):
        carnet.Profile.from_dict({"in": {"XQ": {}}})


def test_waivers_keep_their_place(read: Any) -> None:
    profile = read("waivers:\n  - {rule: de.x, reason: r, by: Ann, until: 2027-01-31}")
    (waiver,) = profile.waivers
    assert (waiver.rule, waiver.reason, waiver.by, waiver.until) == ("de.x", "r", "Ann", dt.date(2027, 1, 31))
    assert str(waiver.place) == "p.yaml:2:6"


def test_the_hash_is_of_what_is_declared(read: Any) -> None:
    one = read("name: A\nodd: {max_speed_kmh: 36}\nvehicle.seats: 5\napprovals: {UN-R157: held}")
    two = read(
        "# other words\napprovals.UN-R157: {held: true}\nvehicle: {seats: 5}\nodd.max_speed_kmh: 10 m/s\nname: A"
    )
    assert one.sha256 == two.sha256
    assert len(one.sha256) == 64
    for other in ("seats: 5", "seats: 5, category: M1"):
        assert read(f"vehicle: {{{other}}}").sha256 != one.sha256
    assert read("behaviour.yields_to: [fire, police]").sha256 != read("behaviour.yields_to: [police, fire]").sha256


def test_what_is_taken_back_leaves_no_trace_in_the_hash(read: Any) -> None:
    bare = read("automation.hands_off: true")
    assert read("automation.hands_off: true\nodd.max_speed_kmh: null\napprovals.UN-R157: null").sha256 == bare.sha256
    declared = bare.with_set({"odd.max_speed_kmh": 95})
    assert declared.sha256 != bare.sha256
    assert declared.with_set({"odd.max_speed_kmh": None}).sha256 == bare.sha256


def test_a_change_is_checked_and_leaves_the_profile_alone(read: Any) -> None:
    profile = read("odd.max_speed_kmh: 130")
    slower = profile.with_set({"odd.max_speed_kmh": "60 mph", "odd": {"snow": True}})
    assert (profile.declared("odd.max_speed_kmh"), slower.declared("odd.max_speed_kmh")) == (130, 96.56064)
    assert slower.declared("odd.snow") is True
    assert slower.sha256 != profile.sha256
    with pytest.raises(Problems) as caught:
        profile.with_set({"odd.max_sped_kmh": 95})
    assert str(caught.value) == "--set: unknown fact `odd.max_sped_kmh`; did you mean `odd.max_speed_kmh`?"
    with pytest.raises(UnknownName, match="unknown jurisdiction `DEX`"):
        profile.with_set({"odd.snow": True}, market="DEX")
    with pytest.raises(UnknownName, match="unknown feature `pilot`"):
        profile.with_set({"odd.snow": True}, feature="pilot")


def test_a_change_may_count_for_one_market_or_feature(read: Any) -> None:
    profile = read("odd.snow: false\nfeatures: {pilot: {}, city: {}}")
    changed = profile.with_set({"odd.snow": True}, market="DE", feature="pilot")
    assert changed.declared("odd.snow", ["DE", "EU"], "pilot") is True
    assert changed.declared("odd.snow", ["DE", "EU"], "city") is False
    assert changed.declared("odd.snow", ["AE"], "pilot") is False
    assert changed.with_set({"odd.snow": None}).declared("odd.snow", ["AE"]) is None
