# SPDX-License-Identifier: Apache-2.0
"""No command writes over what it reads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carnet.law.locate import bundled_law

SMALL = Path(__file__).resolve().parents[1] / "assess" / "law"
PACK = """\
jurisdiction: {id: XX, name: Test land, kind: state, drives_on: right, currency: EUR, languages: [en]}
instruments: [{id: xx.law, title: Law, kind: statute}]
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    home = tmp_path / "packs" / "jurisdictions" / "XX"
    home.mkdir(parents=True)
    (home / "jurisdiction.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path / "packs"


@pytest.fixture
def report(carnet: Callable[..., Any], profile: Path, tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    assert carnet("check", profile, "-m", "SG", "--fail-on", "never", "-o", file).code == 0
    return file


def same(path: Path, link: str) -> Path:
    """The same file under another name."""
    if link == "itself":
        return path
    other = path.parent / "sub" / ".." / path.name if link == "dots" else path.parent / f"other{path.suffix}"
    if link == "dots":
        (path.parent / "sub").mkdir()
    else:
        (other.symlink_to if link == "symbolic" else other.hardlink_to)(path)
    return other


@pytest.mark.parametrize("link", ["itself", "symbolic", "hard", "dots"])
@pytest.mark.parametrize("command", ["check", "timeline", "compare", "diff old", "diff new"])
def test_an_input_is_not_overwritten(
    command: str, link: str, carnet: Callable[..., Any], profile: Path, report: Path
) -> None:
    name, *which = command.split()
    read = report if which else profile
    arguments = {"old": [report, profile], "new": [profile, report]}[which[0]] if which else [profile, "-m", "SG"]
    before = read.read_bytes()
    result = carnet(name, *arguments, "-f", "json" if name != "timeline" else "ical", "-o", same(read, link))
    assert (result.code, result.out) == (2, "")
    assert "is an input of this command and is not overwritten; name another file" in result.err
    assert read.read_bytes() == before


def test_packs_are_not_overwritten(carnet: Callable[..., Any], profile: Path, packs: Path) -> None:
    own = packs / "jurisdictions" / "XX" / "jurisdiction.yaml"
    bundled = bundled_law() / "jurisdictions" / "SG" / "jurisdiction.yaml"
    for file in (own, own.with_name("new.json"), bundled, os.path.relpath(bundled)):
        for command in (["check", profile, "-m", "SG", "-f", "json"], ["schema", "profile"]):
            result = carnet(*command, "--law", packs, "-o", file)
            assert (result.code, result.out) == (2, "")
            assert result.err == f"{file}: lies among packs of law and is not written; name another file\n"
    assert own.read_text(encoding="utf-8") == PACK
    assert not own.with_name("new.json").exists()


def test_a_release_of_the_law_is_not_overwritten(
    carnet: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = tmp_path / "release"
    shutil.copytree(SMALL, release)
    monkeypatch.setattr("carnet.law.installed.bundled_law", lambda: SMALL)
    file = next(release.rglob("jurisdictions/*/*.yaml"))
    result = carnet("law-diff", "2027-01-01", release, "-f", "json", "-o", file)
    assert (result.code, result.out) == (2, "")
    assert "lies among packs of law and is not written" in result.err


def test_a_report_beside_its_inputs_is_written(carnet: Callable[..., Any], profile: Path, packs: Path) -> None:
    for file in (profile.with_suffix(".json"), packs / "report.json"):
        assert carnet("check", profile, "-m", "SG", "--law", packs, "--fail-on", "never", "-o", file).code == 0
        assert file.read_text(encoding="utf-8").startswith("{")


LINES = (
    "approvals {p} -o {p} -f json",
    "dossier {p} UN-R155 -m DE -o {p} -f json",
    "dossier {p} UN-R155 -m DE -o {attached} -f json",
    "export odd {p} -o {p}",
    "export reqif {p} -m SG -o {p}",
    "export reqif {p} -m SG --after {report} -o {report}",
    "fleet {table} -m SG --base {p} -o {table}",
    "fleet {table} -m SG --base {p} -o {p}",
    "impact {p} {other} -m SG -o {p} -f json",
    "impact {p} {other} -m SG -o {other} -f json",
    "impact {p} {table} -m SG -o {table} -f csv",
    "import {table} -o {table} --force",
    "import {table} --into {table}",
    "import {table} --map {other} -o {other} --force",
    "init --from {table} -o {table} --force",
    "law build -o {report} --key {report}",
    "plan {p} -m SG -o {p} -f json",
    "progress {report} {report} -o {report} -f json",
    "questionnaire {p} -m SG -o {p}",
    "reach {p} -m SG -o {p} -f json",
)


@pytest.mark.parametrize("line", LINES)
def test_no_command_writes_over_what_it_reads(
    line: str, carnet: Callable[..., Any], profile: Path, report: Path, tmp_path: Path
) -> None:
    files = {"p": profile, "report": report, "other": tmp_path / "other.yaml", "table": tmp_path / "t.csv"}
    files["attached"] = tmp_path / "proof.json"
    for name in ("other", "table", "attached"):
        files[name].write_text("vehicle.seats\n5\n" if name == "table" else "name: other\n", encoding="utf-8")
    attached = "\nattachments: [{to: UN-R155, file: proof.json, by: me, on: 2026-01-01}]\n"
    profile.write_text(profile.read_text(encoding="utf-8") + attached, encoding="utf-8")
    before = {name: file.read_bytes() for name, file in files.items()}
    result = carnet(*line.format_map(files).split())
    assert (result.code, result.out) == (2, "")
    words = ("is an input of this command and is not overwritten", "would be written over by this run")
    assert any(word in result.err for word in words)
    assert {name: file.read_bytes() for name, file in files.items()} == before


@pytest.mark.parametrize("line", ["export odd {p}", "questionnaire {p} -m SG", "import {p} --force", "init --force"])
def test_no_command_writes_among_packs(line: str, carnet: Callable[..., Any], profile: Path, packs: Path) -> None:
    own = packs / "jurisdictions" / "XX" / "jurisdiction.yaml"
    result = carnet(*line.format(p=profile).split(), "--law", packs, "-o", own)
    assert (result.code, result.err) == (2, f"{own}: lies among packs of law and is not written; name another file\n")
    assert own.read_text(encoding="utf-8") == PACK
