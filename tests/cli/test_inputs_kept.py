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
