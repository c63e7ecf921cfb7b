# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import csv
import io

import pytest
import report_samples as samples

from carnet.report import csv as csv_report, table


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_per_finding_with_gaps_first() -> None:
    rows = read(csv_report.render(samples.report()))
    assert len(rows) == 12
    assert rows[0]["rule"] == "eu.route-need.type-approval"
    assert (rows[1]["declared"], rows[1]["required"]) == (
        "operation.remote.supervisor_appointed: false",
        "operation.remote.supervisor_appointed: true",
    )
    assert (rows[1]["as_of"], rows[1]["weeks_min"], rows[1]["ours"]) == ("2027-01-01", "8", "true")


def test_no_cell_can_be_run() -> None:
    cells = [cell for row in read(csv_report.render(samples.report())) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'" + samples.NASTY in cells


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_starts_a_formula_is_quoted(text: str) -> None:
    assert table.inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["StVG § 1d(3)", "", "1 = 1", "'=1"])
def test_plain_text_is_left_alone(text: str) -> None:
    assert table.inert(text) == text
