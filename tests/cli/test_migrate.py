# SPDX-License-Identifier: Apache-2.0
"""`carnet migrate`, and what the other commands say of names of before, with a fact of a private pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GATES = """\
section: gates
title: Gates
facts:
  gates.width_m: {type: number, unit: m, question: How wide?, formerly: [gates.size_m]}
  gates.kind: {type: choice, question: Which?, values: {slide: a, swing: b}, renamed: {slider: slide}}
"""
OLD = "vehicle: {category: M1}\ngates:\n  size_m: 2  # measured\n  kind: slider\n"
NEW = "vehicle: {category: M1}\ngates:\n  width_m: 2  # measured\n  kind: slide\n"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law")
    (folder / "rules" / "vocabulary").mkdir(parents=True)
    (folder / "rules" / "vocabulary" / "gates.yaml").write_text(GATES, encoding="utf-8")
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "old.yaml"
    file.write_text(OLD, encoding="utf-8")
    return file


def test_migrate_rewrites_the_file_and_says_what(carnet: Callable[..., Any], packs: Path, old: Path) -> None:
    result = carnet("migrate", old, "--law", packs)
    assert (result.code, result.err) == (0, "")
    assert old.read_text("utf-8") == NEW
    assert result.out.splitlines() == [
        f"{old}:3:3: `gates.size_m` is now called `gates.width_m`",
        f"{old}:4:3: `slider` of `gates.kind` is now called `slide`",
        f"2 names rewritten in {old}",
    ]
    again = carnet("migrate", old, "--law", packs)
    assert again.out == f"{old} has no names of before; nothing is changed\n"
    assert old.read_text("utf-8") == NEW


def test_migrate_writes_elsewhere_and_leaves_the_file(carnet: Callable[..., Any], packs: Path, old: Path) -> None:
    other = old.with_name("new.yaml")
    assert carnet("migrate", old, "-o", other, "--law", packs).code == 0
    assert (old.read_text("utf-8"), other.read_text("utf-8")) == (OLD, NEW)
    result = carnet("migrate", old, "-o", "-", "--law", packs)
    assert result.out == NEW
    assert "2 names rewritten" in result.err


def test_migrate_leaves_what_cannot_be_read(carnet: Callable[..., Any], packs: Path, old: Path) -> None:
    both = OLD + "gates.width_m: 3\n"
    old.write_text(both, encoding="utf-8")
    result = carnet("migrate", old, "--law", packs)
    assert result.code == 2
    assert "`gates.width_m` is declared twice" in result.err
    assert old.read_text("utf-8") == both


def test_other_commands_warn(carnet: Callable[..., Any], packs: Path, old: Path) -> None:
    result = carnet("check", old, "-m", "DE", "--fail-on", "never", "--law", packs)
    assert result.code == 0
    assert result.err.splitlines() == [
        f"warning: {old}:3:3: `gates.size_m` is now called `gates.width_m`",
        f"warning: {old}:4:3: `slider` of `gates.kind` is now called `slide`",
        f"`carnet migrate {old}` writes the new names",
    ]


def test_a_table_may_have_old_columns_and_words(carnet: Callable[..., Any], packs: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table = tmp_path / "t.csv"
    table.write_text("vehicle.category,in.DE.gates.size_m,gates.kind\nM1,2,slider\nM1,3,swing\n", encoding="utf-8")
    result = carnet("fleet", table, "-m", "DE", "-o", tmp_path / "out.csv", "--law", packs)
    assert result.code == 0
    assert "`gates.size_m` is now called `gates.width_m`" in result.err
    assert "`slider` of `gates.kind` is now called `slide`" in result.err
    assert "2 judged, 0 left out" in result.err
    table.write_text("gates.width_m,gates.size_m\n2,2\n", encoding="utf-8")
    refused = carnet("fleet", table, "-m", "DE", "-o", tmp_path / "out2.csv", "--law", packs)
    assert refused.code == 2
    assert "say the same fact" in refused.err


def test_settings_and_workbooks_warn_too(
    carnet: Callable[..., Any], packs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    file, book = tmp_path / "new.yaml", tmp_path / "q.xlsx"
    file.write_text("vehicle: {category: M1}\n", encoding="utf-8")
    told = carnet("whatif", file, "--set", "gates.size_m=3", "-m", "SG", "--law", packs)
    assert told.err == "warning: --set gates.size_m: `gates.size_m` is now called `gates.width_m`\n"
    from carnet.intake.workbook import Filled

    filled = Filled(
        path="gates.size_m", sheet="Body", answer="3", cell="E4", differs="", differs_cell="F4", note="", today=""
    )
    monkeypatch.setattr("carnet.intake.workbook.read_answers", lambda book: [filled])
    told = carnet("fill", file, book, "--law", packs)
    place = f"{book}: {filled.sheet}!{filled.cell}"
    assert told.err.splitlines()[0] == f"warning: {place}: `gates.size_m` is now called `gates.width_m`"
    assert "width_m: 3" in file.read_text("utf-8")
