# SPDX-License-Identifier: Apache-2.0
"""The commands that compare: over the real law, from the command line to what they print."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def profile(profile: Path) -> Path:
    """The shuttle with its approvals left open, so that a market can still get worse."""
    profile.write_text(profile.read_text(encoding="utf-8").replace("complete: [approvals]\n", ""), encoding="utf-8")
    return profile


@pytest.fixture
def other(tmp_path: Path, profile: Path) -> Path:
    path = tmp_path / "other.yaml"
    text = profile.read_text(encoding="utf-8").replace("Test shuttle", "Other shuttle")
    path.write_text(text + "behaviour: {yields_to: [ambulance]}\ncomplete: [approvals]\n", encoding="utf-8")
    return path


def test_compare_shows_profiles_side_by_side(carnet: Run, profile: Path, other: Path) -> None:
    result = carnet("compare", profile, other, "-m", "DE,JP")
    assert result.code == 0
    assert "Test shuttle" in result.out
    assert "Other shuttle" in result.out


def test_compare_takes_every_market_unless_some_are_named(carnet: Run, profile: Path) -> None:
    data = json.loads(carnet("compare", profile, "-f", "json").out)
    assert len(data["markets"]) > 60


def test_compare_writes_by_the_ending(carnet: Run, profile: Path, tmp_path: Path) -> None:
    for ending, start in (("xlsx", b"PK"), ("html", b"<!DOCTYPE"), ("csv", b"market,")):
        file = tmp_path / f"matrix.{ending}"
        assert carnet("compare", profile, "-m", "DE", "-o", file).code == 0
        assert file.read_bytes().startswith(start)


def test_diff_of_report_and_profile(carnet: Run, profile: Path, other: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    carnet("check", profile, "-m", "DE", "--as-of", "2027-01-01", "-o", saved)
    result = carnet("diff", saved, other, "--as-of", "2027-01-01", "-f", "json")
    data = json.loads(result.out)
    assert list(data["causes"]) == ["profile"]
    assert [market["market"] for market in data["markets"]] == ["DE"]
    assert carnet("diff", saved, saved, "--fail-on", "worse").code == 0
    worse = any(market["worse"] for market in data["markets"])
    assert carnet("diff", saved, other, "--as-of", "2027-01-01", "--fail-on", "worse").code == int(worse)


def test_diff_of_reports_on_different_markets_compares_nothing(carnet: Run, profile: Path, tmp_path: Path) -> None:
    for code in ("DE", "SG"):
        carnet("check", profile, "-m", code, "-o", tmp_path / f"{code}.json")
    text = carnet("diff", tmp_path / "DE.json", tmp_path / "SG.json").out
    assert "Only in the new report: SG." in text
    assert "No market stands in both reports." in text


def test_diff_of_no_report_says_where_and_what(carnet: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"receipt": 1}', encoding="utf-8")
    result = carnet("diff", broken, broken)
    assert result.code == 2
    assert "is not a report in JSON" in result.err


def test_timeline_in_every_form(carnet: Run, profile: Path, tmp_path: Path) -> None:
    arguments = ("timeline", profile, "-m", "DE", "--as-of", "2027-01-01", "--until", "2028-12-31")
    assert "2027-01-01 to 2028-12-31" in carnet(*arguments).out
    for ending, start in (("ics", "BEGIN:VCALENDAR"), ("html", "<!DOCTYPE html>"), ("json", "{")):
        file = tmp_path / f"line.{ending}"
        assert carnet(*arguments, "-o", file).code == 0
        assert file.read_text(encoding="utf-8").lstrip().startswith(start)


def test_timeline_refuses_an_end_before_its_start(carnet: Run, profile: Path) -> None:
    result = carnet("timeline", profile, "-m", "DE", "--as-of", "2027-01-01", "--until", "2027-01-01")
    assert result.code == 2
    assert "is not after the first" in result.err


def test_law_diff_of_two_days(carnet: Run, profile: Path) -> None:
    result = carnet("law-diff", "2024-01-01", "2028-01-01", "-m", "DE", "-p", profile)
    assert result.code == 0
    assert "Rules that start" in result.out
    assert "Effect on Test shuttle" in result.out


def test_law_diff_refuses_what_is_neither_day_nor_release(carnet: Run, tmp_path: Path) -> None:
    result = carnet("law-diff", "2024-01-01", tmp_path)
    assert result.code == 2
    assert "neither a day nor a release" in result.err


def test_law_diff_refuses_days_in_the_wrong_order(carnet: Run) -> None:
    result = carnet("law-diff", "2028-01-01", "2027-01-01")
    assert (result.code, result.err) == (2, "`2027-01-01` is before `2028-01-01`; name the earlier day first\n")


def test_law_diff_takes_another_release(carnet: Run, tmp_path: Path) -> None:
    from carnet.law.locate import bundled_law

    for part in ("rules", "jurisdictions"):
        (tmp_path / part).symlink_to(bundled_law() / part, target_is_directory=True)
    result = carnet("law-diff", "2027-01-01", tmp_path, "--as-of", "2027-01-01")
    assert (result.code, "Nothing changes." in result.out) == (0, True)


def test_law_diff_shows_what_packs_of_one_s_own_change(carnet: Run, tmp_path: Path) -> None:
    pack = tmp_path / "jurisdictions" / "XX"
    pack.mkdir(parents=True)
    head = "jurisdiction: {id: XX, name: Testland, kind: state, drives_on: right, currency: EUR, languages: [en]}\n"
    rule = (
        "instruments: [{id: xx.act, title: Act}]\nrules:\n  - {id: xx.rule, title: Slowly, topic: traffic_law, cites:"
        " [{instrument: xx.act, provision: § 1}], confidence: primary, duty_holder: operator, severity: major,"
        " requires: {odd.max_speed_kmh: {lte: 30}}}\n"
    )
    (pack / "pack.yaml").write_text(head + rule, encoding="utf-8")
    result = carnet("law-diff", "2027-01-01", tmp_path, "--as-of", "2027-01-01")
    assert result.code == 0, result.err
    assert "Rules that start (1)" in result.out
    assert "XX: Slowly [xx.rule]" in result.out


def test_diff_of_a_file_that_is_not_there(carnet: Run, tmp_path: Path) -> None:
    result = carnet("diff", tmp_path / "none.json", tmp_path / "none.json")
    assert result.code == 2
    assert "cannot be read" in result.err


def test_an_ending_that_no_format_has_is_refused(carnet: Run, profile: Path, tmp_path: Path) -> None:
    result = carnet("compare", profile, "-m", "DE", "-o", tmp_path / "matrix.docx")
    assert result.code == 2
    assert "its ending names no format; name one with `--format`, or end it with .txt" in result.err


def test_a_missing_extra_is_named_with_the_command(
    carnet: Run, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.cli.pages.find_spec", lambda name: None)
    result = carnet("timeline", profile, "-m", "DE", "-o", tmp_path / "line.html")
    assert result.code == 2
    assert "`carnet timeline -f html` needs the extra `reports`" in result.err


def test_diff_reads_standard_input(carnet: Run, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = tmp_path / "saved.json"
    carnet("check", profile, "-m", "SG", "--as-of", "2027-01-01", "-o", saved)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(saved.read_bytes())))
    result = carnet("diff", "-", saved)
    assert (result.code, "No outcome and no finding changed." in result.out) == (0, True)


def test_diff_of_what_is_not_text(carnet: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes("Zürich".encode("latin-1"))
    result = carnet("diff", tmp_path / "a.json", tmp_path / "a.json")
    assert (result.code, result.err) == (2, f"{tmp_path}/a.json:1:2: is not UTF-8 text; save it as UTF-8\n")
