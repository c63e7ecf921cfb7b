# SPDX-License-Identifier: Apache-2.0
"""Several profiles in one check: one report after the other for people, a folder of files for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    for name, level in (("car", 2), ("bus", 4)):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nautomation: {{sae_level: {level}}}\n", encoding="utf-8")
    return str(tmp_path / "car.yaml"), str(tmp_path / "bus.yaml")


def test_reports_follow_each_other_in_the_terminal(carnet: Callable[..., Any], two: tuple[str, str]) -> None:
    done = carnet("check", *two, "-m", "DE", "--fail-on", "never")
    assert done.out.index("Carnet gap report: car") < done.out.index("Carnet gap report: bus")


@pytest.mark.parametrize("there", [True, False])
def test_files_go_into_a_folder_by_the_names_of_profiles(
    carnet: Callable[..., Any], two: tuple[str, str], tmp_path: Path, there: bool
) -> None:
    out = tmp_path / "out"
    if there:
        out.mkdir()
    carnet("check", *two, "-m", "DE", "-f", "sarif", "-o", out, "--fail-on", "never")
    assert sorted(path.name for path in out.iterdir()) == ["bus.sarif", "car.sarif"]
    assert json.loads((out / "bus.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_one_may_go_into_a_folder_too(carnet: Callable[..., Any], two: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    carnet("check", two[0], "-m", "DE", "-f", "oscal", "-o", tmp_path / "out", "--fail-on", "never")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["car.oscal.json"]


def test_one_that_fails_fails_all(carnet: Callable[..., Any], two: tuple[str, str]) -> None:
    codes = [carnet("check", each, "-m", "DE").code for each in two]
    assert carnet("check", *two, "-m", "DE").code == max(codes)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-f", "json"], "name a folder with `--output`"),
        (["-o", "-", "-f", "json"], "name a folder with `--output`"),
        (["-o", "out"], "add `--format`"),
        (["-o", "car.yaml", "-f", "json"], "is a file"),
        (["-o", "no/such/folder", "-f", "json"], "does not exist"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    carnet: Callable[..., Any],
    two: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = carnet("check", *two, "-m", "DE", *options)
    assert (done.code, says in done.err) == (2, True), done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bus.yaml", "car.yaml"]


def test_two_of_one_name_are_refused(carnet: Callable[..., Any], two: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = tmp_path / "b" / "car.yaml"
    other.write_text("name: other\n", encoding="utf-8")
    done = carnet("check", two[0], other, "-m", "DE", "-f", "json", "-o", tmp_path / "out")
    assert done.code == 2
    assert "two reports would be `car.json`" in done.err
    assert not (tmp_path / "out").exists()
