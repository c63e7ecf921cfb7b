# SPDX-License-Identifier: Apache-2.0
"""Whatever packs and profiles say, every renderer makes a file that its readers accept."""

from __future__ import annotations

import csv
import io
import json
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
from hypothesis import given, strategies as st

sys.path.append(str(Path(__file__).parents[1] / "report"))

import report_samples as samples

from carnet.assess.model import Because, Report
from carnet.law.model import Cite
from carnet.report import csv as csv_report, html, junit, oscal, oscal_poam, sarif, xlsx

WORDS = st.text(max_size=40) | st.sampled_from(["=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "%s %(n)s", "\x00"])


@st.composite
def reports(draw: st.DrawFn) -> Report:
    word = lambda: draw(WORDS)  # noqa: E731
    gap = samples.gap(
        word() or "x",
        title=word(),
        text=word(),
        feature=word(),
        note=word(),
        evidence=word(),
        duty_holder=word(),
        cites=(Cite(word(), word(), word(), word()),),
        because=(Because(word(), word(), word(), draw(st.integers(0, 99)), word()),),
        remedy=samples.REMEDY._replace(action=word(), title=word(), text=word(), who=word(), set={word(): word()}),
    )
    market = samples.replace(samples.bavaria(), name=word(), findings=(gap,), route=word())
    return samples.replace(samples.report(market), profile={"name": word(), "file": "a.yaml"})


class Tags(HTMLParser):
    """The elements of a page that a browser would run or load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe") or any(name.startswith("on") for name, _ in attrs):
            self.active.append(tag)


@given(reports())
def test_text_formats_stay_readable(report: Report) -> None:
    for module in (sarif, oscal, oscal_poam):
        json.loads(module.render(report))
    ET.fromstring(junit.render(report))
    rows = list(csv.reader(io.StringIO(csv_report.render(report), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@given(reports())
def test_pages_stay_inert(report: Report) -> None:
    assert Tags(html.render(report)).active == []


@given(reports())
def test_workbooks_load_without_formulas(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(report)))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
