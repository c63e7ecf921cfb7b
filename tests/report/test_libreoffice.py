# SPDX-License-Identifier: Apache-2.0
"""LibreOffice opens the workbooks and reads what was written; skipped where it is not installed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
import report_samples as samples

from carnet.report import compare, xlsx
from carnet.report.compare import xlsx as compare_xlsx

OFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed"), pytest.mark.slow]


@pytest.mark.parametrize("kind", ["report", "compare"])
def test_the_first_sheet_reads_as_written(kind: str, tmp_path: Path) -> None:
    made = (
        xlsx.render(samples.report()) if kind == "report" else compare_xlsx.render(compare.matrix([samples.report()]))
    )
    file = tmp_path / "book.xlsx"
    file.write_bytes(made)
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    rows = list(csv.reader((tmp_path / "book.csv").read_text(encoding="utf-8").splitlines()))
    bavaria = next(row for row in rows if row[0] == "Bavaria")
    assert bavaria[1] == "DE-BY"
    assert "Closed" in bavaria
