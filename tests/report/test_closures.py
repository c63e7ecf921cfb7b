# SPDX-License-Identifier: Apache-2.0
"""A market that no gap closes, because no way in is on offer, says so in every format."""

from __future__ import annotations

import inspect

import pytest
import report_samples as samples

from carnet.assess.model import Status
from carnet.report import select
from carnet.report.formats import FORMATS

WHY = "No law lets a vehicle drive itself"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_says_why(name: str) -> None:
    markets = (samples.kazakhstan(), samples.bavaria(), samples.dubai(), samples.japan())
    renderer = FORMATS[name].load()
    text = renderer.render(samples.report(*markets))
    if name == "xlsx":
        text = "\n".join(_cells(text))
    words = " ".join((text if isinstance(text, str) else text.decode()).split())
    assert WHY in words
    assert "asks the manufacturer: No way" not in words
    if "verbose" in inspect.signature(renderer.render).parameters:
        assert WHY in " ".join(renderer.render(samples.report(*markets[:1]), verbose=True).split())


def _cells(workbook: bytes) -> list[str]:
    import io

    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(workbook)).worksheets
    return [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row]


def test_closures_are_findings_and_count() -> None:
    assert select.closures(samples.bavaria()) == ()
    (closure,) = select.closures(samples.kazakhstan())
    assert (closure.rule, closure.status, closure.is_open_gap) == ("kz.way-in", Status.GAP, True)
    assert closure in samples.kazakhstan().gaps


def test_a_page_does_not_praise_a_closed_market() -> None:
    page = FORMATS["html"].load().render(samples.report(samples.kazakhstan()))
    assert "Nothing that is declared stands against" not in page
    assert "none on offer" in page
