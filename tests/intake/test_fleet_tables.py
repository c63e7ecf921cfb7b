# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet` over other people's tables: mapped columns, workbooks, European numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from carnet.cli.main import run


def judged(file: Path, *options: str) -> tuple[int, dict[str, str], list[dict[str, str]]]:
    """The exit code, outcomes by profile, and what was left out."""
    out = file.with_name("out.csv")
    code = run(["fleet", str(file), "-m", "TH", "-o", str(out), "--as-of", "2026-11-30", *options])
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines())) if out.exists() else []
    rejects = out.with_name("out.rejects.csv")
    left = list(csv.DictReader(rejects.read_text("utf-8").splitlines())) if rejects.exists() else []
    return code, {row["profile"]: row["outcome"] for row in rows}, left


def test_a_map_and_a_form_of_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "map.yaml").write_text(
        "key: Id\nform: {locale: de}\ncolumns:\n"
        "  automation.sae_level: {from: Stufe, values: {L2: 2, L4: 4}}\n"
        "  vehicle.gross_mass_kg: {from: Masse, unit: t}\n"
        "  insurance.third_party: Haftpflicht\n"
        "  approvals.TH-DLT-APPROVAL.held: Typ\n",
        encoding="utf-8",
    )
    file = tmp_path / "t.csv"
    file.write_text(
        "Id;Stufe;Masse;Haftpflicht;Typ\nA;L2;2,45;WAHR;WAHR\nB;L2;2,45;WAHR;FALSCH\nC;L9;2,45;WAHR;WAHR\n"
        "D;L2;2.450,0;WAHR;WAHR\nE;L2;2.45;WAHR;WAHR\n",
        encoding="utf-8",
    )
    _, outcomes, left = judged(file, "--map", str(tmp_path / "map.yaml"))
    assert set(outcomes) == {"A", "B"}
    assert outcomes["B"] == "closed" != outcomes["A"]
    assert {row["profile"] for row in left} == {"C", "D", "E"}
    assert "not in the value table" in next(row["reason"] for row in left if row["profile"] == "C")
    assert "decimal ,, thousands ., days as DD.MM.YYYY" in " ".join(capsys.readouterr().err.split())


def test_a_workbook_with_facts_as_columns(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "profile",
            "automation.sae_level",
            "insurance.third_party",
            "in.TH.vehicle.steering_side",
            "approvals.TH-DLT-APPROVAL",
        ]
    )
    sheet.append(["A", 2, True, "right", "held"])
    sheet.append(["B", 2, True, "right", "none"])
    file = tmp_path / "v.xlsx"
    book.save(file)
    _, outcomes, left = judged(file)
    assert (set(outcomes), left) == ({"A", "B"}, [])
    assert outcomes["B"] == "closed" != outcomes["A"]


def test_a_cell_with_two_readings_leaves_its_row_out(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("profile;vehicle.gross_mass_kg\nA;2.780\nB;2780\n", encoding="utf-8")
    _, outcomes, left = judged(file, "--delimiter", ";")
    assert set(outcomes) == {"B"}
    assert "can be 2780 or 2.78" in left[0]["reason"]


def test_rows_without_a_key_are_called_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("name: Model\ncolumns: {automation.sae_level: Level}\n", encoding="utf-8")
    file = tmp_path / "t.csv"
    file.write_text("Model,Level\nComet,2\nComet,4\n,2\n", encoding="utf-8")
    _, outcomes, _ = judged(file, "--map", str(tmp_path / "map.yaml"))
    assert set(outcomes) == {"Comet, row 2", "Comet, row 3", "row 4"}
