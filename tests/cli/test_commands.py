# SPDX-License-Identifier: Apache-2.0
"""The commands from a user's side: what they print, what they return, what they leave alone."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from carnet.api import load_law
from carnet.cli.main import COMMANDS, ENTRIES
from carnet.report.formats import FORMATS

SHUTTLE = "name: Plain car\nvehicle: {category: M1}\nautomation: {sae_level: 0}\n"


def test_help_lists_commands_as_they_are_called(carnet: Callable[..., Any]) -> None:
    for args in ((), ("--help",), ("-h",)):
        result = carnet(*args)
        assert result.code == 0
        assert "carnet check PROFILE... -m DE-BY -m AE-DU" in result.out
        assert "carnet markets" in result.out
        assert max(map(len, result.out.splitlines())) <= 100


def test_every_listed_command_is_there_and_explains_itself(carnet: Callable[..., Any]) -> None:
    assert set(ENTRIES) >= {"check", "markets", "market", "rule", "instrument", "schema", "questions", "whatif"}
    listed = carnet("--help").out
    for name in ENTRIES:
        assert f"\n  carnet {name}" in listed
        result = carnet(name, "--help")
        assert result.code == 0, name
        assert result.out.startswith(f"Usage: carnet {name}"), name


def test_no_command_is_named_that_does_not_exist(carnet: Callable[..., Any]) -> None:
    for entry in (entry for group in COMMANDS.values() for entry in group.values()):
        assert importlib.util.find_spec(f"carnet.cli.{entry.module}"), entry
    result = carnet("ghost")
    assert (result.code, result.out) == (2, "")
    assert "unknown command `ghost`" in result.err


def test_version(carnet: Callable[..., Any]) -> None:
    result = carnet("--version")
    assert (result.code, result.out.split()[0]) == (0, "carnet")


def test_check_prints_a_report_and_says_by_its_code_that_something_blocks(
    carnet: Callable[..., Any], profile: Path
) -> None:
    result = carnet("check", profile, "-m", "DE-BY,AE-DU", "-m", "sg")
    assert result.code == 1
    assert result.err == ""
    head = result.out.split("\n\n")[2]
    assert [line.split()[0] for line in head.splitlines() if line[0] != " "] == ["DE-BY", "AE-DU", "SG"]
    assert "\x1b" not in result.out
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_renders_real_law(name: str, carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    for module in filter(None, [FORMATS[name].needs, *(("jinja2", "babel") if name == "html" else ())]):
        pytest.importorskip(module)
    out = tmp_path / "report"
    result = carnet("check", profile, "-m", "DE-BY,SG", "-f", name, "-o", out, "--fail-on", "never")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert out.stat().st_size > 1000


def test_the_json_report_follows_its_schema(carnet: Callable[..., Any], profile: Path) -> None:
    schema = json.loads(carnet("schema", "report").out)
    report = json.loads(carnet("check", profile, "--all", "-f", "json").out)
    jsonschema.validate(report, schema, format_checker=jsonschema.FormatChecker())
    assert len(report["markets"]) > 50


def test_the_profile_schema_accepts_a_profile_and_refuses_a_misspelt_fact(carnet: Callable[..., Any]) -> None:
    schema = json.loads(carnet("schema", "profile").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"name": "x", "automation": {"sae_level": 4}})
    assert not validator.is_valid({"name": "x", "automation": {"sae_levl": 4}})


def test_the_pack_schema_accepts_the_bundled_law(carnet: Callable[..., Any]) -> None:
    from carnet.law.locate import bundled_law
    from carnet.report.json import plain
    from carnet.source import read_source

    schema = json.loads(carnet("schema", "pack").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for code in ("DE", "SG"):
        for file in sorted((bundled_law() / "jurisdictions" / code).glob("*.yaml")):
            errors = [
                f"{error.json_path}: {error.message[:200]}"
                for error in validator.iter_errors(plain(read_source(file).data))
            ]
            assert errors == [], file
    misspelt = {"rules": [{"id": "x.y", "applies_when": {"automation.sae_level": {"gt_e": 3}}}]}
    assert any("gt_e" in str(error.message) for error in validator.iter_errors(misspelt))


def test_the_format_follows_the_file_name(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    carnet("check", profile, "-m", "SG", "-o", tmp_path / "r.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text(encoding="utf-8"))))
    assert {row["market"] for row in rows} == {"SG"}
    carnet("check", profile, "-m", "SG", "-o", tmp_path / "r.md")
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# Carnet gap report")


def test_standard_input(carnet: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SHUTTLE.encode())))
    assert "Plain car" in carnet("check", "-", "-m", "SG").out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"name: \xff")))
    assert carnet("check", "-", "-m", "SG").err.startswith("<stdin>:1:7: is not UTF-8 text")


def test_a_day_before_the_law_leaves_less_to_ask(carnet: Callable[..., Any], profile: Path) -> None:
    now, then = (
        json.loads(carnet("check", profile, "-m", "DE", "-f", "json", "--as-of", day).out)["markets"][0]
        for day in ("2026-11-22", "2015-01-01")
    )
    assert then["as_of"] == "2015-01-01"
    assert sum(then["counts"].values()) < sum(now["counts"].values())


def test_both_evaluators_say_the_same(carnet: Callable[..., Any], profile: Path) -> None:
    pytest.importorskip("carnet.logic.rete")
    pytest.importorskip("durable")
    native, rete = (
        json.loads(carnet("check", profile, "-m", "DE-BY", "-f", "json", "--evaluator", name).out)["markets"]
        for name in ("native", "rete")
    )
    assert native == rete


def test_markets_are_listed_below_their_country(carnet: Callable[..., Any]) -> None:
    lines = carnet("markets").out.splitlines()
    position = lines.index("DE          Germany")
    assert lines[position + 1].startswith("  DE-BY")
    data = json.loads(carnet("markets", "-f", "json").out)
    assert {"market": "DE", "name": "Germany", "kind": "state", "parent": "EU"} in data


def test_a_market_shows_its_authorities_limits_and_routes(carnet: Callable[..., Any]) -> None:
    text = carnet("market", "de-by").out
    for needle in ("Kraftfahrt-Bundesamt", "no general one (DE)", "Ways in on", "Rules in force on"):
        assert needle in text
    assert len(carnet("market", "DE-BY", "-v").out) > 2 * len(text) / 3
    assert json.loads(carnet("market", "DE", "-f", "json").out)["id"] == "DE"


def test_a_rule_and_an_instrument_name_each_other(carnet: Callable[..., Any]) -> None:
    rule = carnet("rule", "de.l3.six-capabilities").out
    assert "StVG § 1a(2)" in " ".join(rule.split())
    assert "jurisdictions/DE/ads.yaml:" in rule
    instrument = carnet("instrument", "de.stvg").out
    assert "[de.l3.six-capabilities]" in instrument
    assert json.loads(carnet("rule", "de.l3.six-capabilities", "-f", "json").out)["requires"]
    assert "de.l3.six-capabilities" in json.loads(carnet("instrument", "de.stvg", "-f", "json").out)["rules"]
    assert "European Union (EU)" in carnet("instrument", "UN-R157").out


@pytest.mark.parametrize("name", ["StVG", "stvg", "DE.STVG", "Straßenverkehrsgesetz (StVG)"])
def test_an_instrument_is_found_by_what_people_call_it(name: str, carnet: Callable[..., Any]) -> None:
    assert "[de.stvg]" in carnet("instrument", name).out


@pytest.mark.parametrize(
    ("command", "name", "needle"),
    [
        ("instrument", "StVO", "names 3 instruments; give the id of one: `at.stvo` (Austria), `de.stvo` (Germany), "),
        ("instrument", "UN-R1577", "unknown instrument `UN-R1577`; did you mean `UN-R157`?"),
        ("instrument", "zzz", "unknown instrument `zzz`; give its id or a part of its title"),
        ("instrument", "", "unknown instrument ``; give its id"),
        ("rule", "zebra", "give the id of one: `at.traffic.zebra` (Austria), "),
        ("rule", "de.trafic.zebra", "did you mean `de.traffic.zebra`?"),
        ("rule", "", "unknown rule ``"),
    ],
)
def test_a_name_that_fits_none_or_several(command: str, name: str, needle: str, carnet: Callable[..., Any]) -> None:
    result = carnet(command, name)
    assert (result.code, result.out) == (2, "")
    assert needle in result.err


def test_a_rule_is_found_by_a_part_of_its_title(carnet: Callable[..., Any]) -> None:
    title = load_law().rule("de.l4.90-day-check").title
    assert "de.l4.90-day-check" in carnet("rule", title.upper()).out


def test_questions_come_with_what_hangs_on_them(carnet: Callable[..., Any], profile: Path) -> None:
    text = carnet("questions", profile, "-m", "DE", "-n", "3").out
    assert text.count("\n  ? ") == 3
    assert "blocking finding" in text
    assert "can be asked now" in text
    data = json.loads(carnet("questions", profile, "-m", "DE", "-f", "json").out)
    now = [entry["blocking"] for entry in data if not entry["later"] and not entry["home"]]
    assert now == sorted(now, reverse=True)


def test_what_if_tells_outcomes_and_findings(carnet: Callable[..., Any], profile: Path) -> None:
    text = carnet("whatif", profile, "--set", "automation.sae_level=0", "-m", "DE", "-m", "SG").out
    assert "No longer applicable" in text
    data = json.loads(carnet("whatif", profile, "--set", "automation.sae_level=0", "-m", "DE", "-f", "json").out)
    assert data["findings"]
    same = carnet("whatif", profile, "--set", "automation.sae_level=4", "-m", "DE").out
    assert same.startswith("Nothing changes in DE.\n\nReceipt: ")


def test_what_if_says_where_the_profile_overrides_the_setting(carnet: Callable[..., Any], profile: Path) -> None:
    text = profile.read_text(encoding="utf-8") + "features: {pilot: {odd.max_speed_kmh: 60}}\n"
    profile.write_text(text + "in: {EU: {odd.max_speed_kmh: 50}}\n", encoding="utf-8")
    base = ("whatif", profile, "--set", "odd.max_speed_kmh=40", "-m", "DE")
    words = " ".join(carnet(*base).out.split())
    assert words.startswith("Nothing changes in DE.")
    assert "feature `pilot`, which this leaves alone: add `--feature pilot`" in words
    assert "in `in: EU`, which this leaves alone: add `--in EU`" in words
    assert "--in EU" in carnet(*base, "--feature", "pilot").out
    assert "leaves alone" not in carnet(*base, "--in", "eu").out
    assert "leaves alone" not in carnet(*base[:-1], "JP", "--feature", "pilot").out


@pytest.mark.parametrize(
    ("args", "needle"),
    [
        (["--set", "automation.sae_level"], "is not a setting"),
        (["--set", "automation.sae_level="], "is set to nothing"),
        (["--set", "automation.sae_level=["], "is not valid YAML"),
        (["--set", "automation.sae_levl=3"], "did you mean `automation.sae_level`?"),
        ([], "nothing is set"),
    ],
)
def test_settings_that_cannot_be_used(args: list[str], needle: str, carnet: Callable[..., Any], profile: Path) -> None:
    result = carnet("whatif", profile, "-m", "DE", *args)
    assert result.code == 2
    assert needle in result.err
    assert len(result.err.splitlines()) == 1


def test_an_own_pack_adds_a_market(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    write_market(tmp_path / "law")
    result = carnet("check", profile, "-m", "XX", "--law", tmp_path / "law")
    assert result.code == 0
    assert "XX  Test land" in result.out


def test_what_if_names_outcomes_that_change_and_counts_the_rest(carnet: Callable[..., Any], profile: Path) -> None:
    asked = ("whatif", profile, "--set", "automation.sae_level=0", "--set", "operation.driver_on_board=true")
    text = carnet(*asked).out
    assert text.startswith("Outcomes\n  closed -> ")
    assert "add -v, for the whole of each" in text
    assert len(text.splitlines()) < 40  # all markets together are summed up, some are told one by one
    assert "more; -v shows all" in carnet(*asked, "-m", "DE,SG,AE-DU").out
    assert "more; -v" not in carnet("whatif", profile, "--unset", "automation.sae_level", "-v").out


def test_nothing_left_open_is_said(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> None:
    write_market(tmp_path / "law")
    result = carnet("questions", profile, "-m", "XX", "--law", tmp_path / "law")
    assert result.out == "Nothing is left open: every rule of these markets can be decided.\n"


def write_market(folder: Path) -> None:
    """A market without any law."""
    home = folder / "jurisdictions" / "XX"
    home.mkdir(parents=True)
    (home / "jurisdiction.yaml").write_text(
        "jurisdiction: {id: XX, name: Test land, kind: state, drives_on: right, currency: EUR, languages: [en]}\n",
        encoding="utf-8",
    )


def test_every_question_has_words() -> None:
    from carnet.plan.questions import ask

    law = load_law()
    assert ask(law, "operation.phase").endswith("?")
    assert ask(law, "approvals.UN-R157.held").startswith("Do you hold this: UN R157")
    assert "UN R157" in ask(law, "approvals.UN-R157.series")
    assert ask(law, "nothing.known") == ""


def test_a_market_with_little_law_shows_what_there_is(carnet: Callable[..., Any], tmp_path: Path) -> None:
    write_market(tmp_path / "law")
    rule = """\
instruments: [{id: xx.act, title: Act}]
rules:
  - id: xx.rule
    title: Drive slowly
    topic: traffic_law
    cites: [{instrument: xx.act, provision: § 1}]
    confidence: primary
    duty_holder: operator
    severity: major
    requires: {odd.max_speed_kmh: {lte: 30}}
    tests: []
"""
    (tmp_path / "law/jurisdictions/XX/rules.yaml").write_text(rule, encoding="utf-8")
    market = carnet("market", "XX", "--law", tmp_path / "law").out
    assert market.startswith("XX  Test land\n\n")
    assert "(1, 1 of them its own)\n  Traffic law" in market
    assert carnet("rule", "xx.rule", "--law", tmp_path / "law").out.startswith(
        "Drive slowly\nxx.rule, Test land, traffic law\n\n"
    )


def test_every_question_of_a_market(carnet: Callable[..., Any], profile: Path) -> None:
    """Those with a list of values name them, the others do not."""
    data = json.loads(carnet("questions", profile, "-m", "SG", "-f", "json").out)
    text = carnet("questions", profile, "-m", "SG", "-n", "999").out
    law = load_law()
    listed = [entry for entry in data if law.vocabulary.fact(entry["fact"]).values]
    assert 0 < len(listed) < len(data)
    assert " ".join(text.split()).count(" - one of ") + " ".join(text.split()).count(" - any of ") == len(listed)
    assert "can be asked now" not in text
