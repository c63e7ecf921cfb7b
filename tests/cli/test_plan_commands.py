# SPDX-License-Identifier: Apache-2.0
"""The commands on approvals and changes: files, exit codes, and one sentence for what cannot be used."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MUNICH, SUV = EXAMPLES / "robotaxi-munich.yaml", EXAMPLES / "suv-l2.yaml"
Carnet = Callable[..., Any]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("dossier", MUNICH, "DE-OPERATING-AREAS"), "unknown approval `DE-OPERATING-AREAS`; did you mean"),
        (("dossier", MUNICH, "UN-R155"), "`UN-R155` counts in more than one market; name a market whose law is meant"),
        (("dossier", MUNICH, "UN-R155", "-m", "DE,FR"), "a dossier is of one market; name one with `-m`"),
        (("approvals", MUNICH, "-m", "XX"), "unknown market `XX`"),
        (("approvals", MUNICH, "-o", "x.pdf"), "x.pdf"),
        (("impact", SUV, "-m", "BN"), "it is not clear what changes; give the new profile, or what changes with"),
        (("impact", SUV, SUV, "--set", "a=1", "-m", "BN"), "both a file and `--set` are given"),
        (("impact", SUV, "--set", "odd.max_speed=1", "-m", "BN"), "unknown fact `odd.max_speed`"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(carnet: Carnet, args: tuple[Any, ...], sentence: str) -> None:
    result = carnet(*args)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("variant,odd.max_speed_kmh\na,60\n", "has no column `release`; name each row in it"),
        ("release,odd.max_speed_kmh\n,60\n", ":2:1: names no release"),
        ("release,odd.max_speed_kmh\na,60\na,70\n", ":3:1: names `a` again, after line 2"),
        ("release,odd.max_speed_kmh\na,60,1\n", ":2:1: has more cells than the table has columns"),
        ("release,odd.max_speed\na,60\n", "unknown fact `odd.max_speed`"),
        ("release,odd.max_speed_kmh\na,fast\n", ":2"),
    ],
)
def test_a_bad_table_of_releases_is_told_with_its_line(
    carnet: Carnet, tmp_path: Path, text: str, sentence: str
) -> None:
    table = tmp_path / "releases.csv"
    table.write_text(text, encoding="utf-8")
    result = carnet("impact", SUV, table, "-m", "BN")
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


def test_a_table_of_releases(carnet: Carnet, tmp_path: Path) -> None:
    table = tmp_path / "releases.csv"
    table.write_text(
        "release,automation.max_speed_kmh,insurance.third_party,in.KH.hmi.languages\n"
        'slower,120,,\nuncovered,,false,\nkhmer,,,"[en, km]"\n',
        encoding="utf-8",
    )
    result = carnet("impact", SUV, table, "-m", "BN,KH", "--as-of", "2026-12-01", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [(row["release"], row["market"], row["may_go_out"]) for row in rows] == [
        ("slower", "BN", "now"),
        ("slower", "KH", "now"),
        ("uncovered", "BN", "not_at_all"),
        ("uncovered", "KH", "now"),
        ("khmer", "BN", "now"),
        ("khmer", "KH", "now"),
    ]
    assert result.code == 1
    assert rows[2]["broken"] == "bn.liability.third-party"
    data = json.loads(carnet("impact", SUV, table, "-m", "BN", "-f", "json").out)
    assert [each["new"] for each in data] == ["slower", "uncovered", "khmer"]
    assert "a table of releases is not written as html" in carnet("impact", SUV, table, "-m", "BN", "-f", "html").err


@pytest.mark.parametrize(("allow", "code"), [("now", 1), ("not_at_all", 0)])
def test_a_gate(carnet: Carnet, allow: str, code: int) -> None:
    args = ("--set", "insurance.third_party=false", "-m", "BN", "--as-of", "2026-12-01", "--allow", allow)
    assert carnet("impact", SUV, *args).code == code


@pytest.mark.parametrize("ending", ["json", "html", "xlsx", "docx", "txt"])
def test_a_dossier_goes_to_a_file(carnet: Carnet, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"dossier.{ending}"
    assert carnet("dossier", MUNICH, "de-operating-area", "-m", "DE-BY", "-o", file).code == 0
    assert file.stat().st_size > 1000


@pytest.mark.parametrize("ending", ["json", "html", "xlsx", "ics", "txt"])
def test_a_register_goes_to_a_file(carnet: Carnet, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"approvals.{ending}"
    assert carnet("approvals", MUNICH, "-m", "DE-BY", "-o", file).code == 0
    assert file.stat().st_size > 500


@pytest.mark.parametrize("kind", ["approvals", "dossier", "impact"])
def test_schemas_are_offered(carnet: Carnet, kind: str) -> None:
    assert json.loads(carnet("schema", kind).out)["type"] == "object"


def test_what_it_would_take_goes_to_a_page_and_a_workbook_and_the_file_is_named(carnet: Carnet, tmp_path: Path) -> None:
    page, book = tmp_path / "reach.html", tmp_path / "reach.xlsx"
    for file in (page, book):
        told = carnet("reach", MUNICH, "-m", "DE-BY,TR", "--as-of", "2027-01-01", "-o", file)
        assert (told.code, told.out) == (0, "")
        assert "".join(told.err.split()) == f"wrote{file}"
    text = page.read_text(encoding="utf-8")
    assert "DE-OPERATING-AREA (" in text.replace("<wbr>", "")
    assert "In the way" in text
    sheets = pytest.importorskip("openpyxl").load_workbook(book)
    assert {row[1] for row in sheets["Markets"].iter_rows(values_only=True)} >= {"DE-BY", "TR"}
    assert "approvals.DE-OPERATING-AREA.held" in {row[3] for row in sheets["What to do"].iter_rows(values_only=True)}
