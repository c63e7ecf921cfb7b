# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import report_samples as samples

from carnet.law.model import Cite
from carnet.report import xlsx


def load(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book() -> Any:
    return load(xlsx.render(samples.report(), ask=lambda path: f"What about {path}?"))


def column(sheet: Any, name: str, top: int = 1) -> list[Any]:
    place = [cell.value for cell in sheet[top]].index(name) + 1
    return [sheet.cell(row, place).value for row in range(top + 1, sheet.max_row + 1)]


def test_the_sheets_in_reading_order(book: Any) -> None:
    assert book.sheetnames == [
        "Summary",
        "Matrix",
        "Lacks",
        "Findings",
        "Questions",
        "Actions",
        "Time line",
        "Not covered",
        "Receipt",
    ]


def test_every_lack_has_a_row(book: Any) -> None:
    reported = samples.report()
    own = [lack.id for market in reported for lack in market.lacks]
    assert own
    assert column(book["Lacks"], "Id")[: len(own)] == own


def test_the_summary_counts_as_the_report_does(book: Any) -> None:
    sheet = book["Summary"]
    assert column(sheet, "Outcome", 3) == ["Closed", "Conditional", "Open"]
    reported = samples.report()
    assert column(sheet, "Blocking", 3) == [sum(lack.blocking for lack in m.lacks) for m in reported]
    assert column(sheet, "Lesser lacks", 3) == [sum(not k.blocking and not k.waived for k in m.lacks) for m in reported]
    assert column(sheet, "Nearest route", 3)[0] == "Operating permit for autonomous driving"
    assert column(sheet, "Day", 3)[0] == dt.datetime(2027, 1, 1)


def test_every_table_has_a_frozen_header_and_filters(book: Any) -> None:
    for name in book.sheetnames[:-1]:
        assert book[name].freeze_panes, name
        assert book[name].auto_filter.ref, name


def test_the_matrix_says_in_words_what_stands_where(book: Any) -> None:
    assert column(book["Matrix"], "Operation") == ["2 gaps, 1 unknown", None, "Met"]


def test_findings_link_to_their_law(book: Any) -> None:
    sheet = book["Findings"]
    links = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert "https://eur-lex.europa.eu/eli/reg_impl/2022/1426/oj" in links


def test_what_does_not_count_says_so_and_comes_after_what_does() -> None:
    findings = (
        samples.gap("a.elsewhere", on_route=False),
        samples.gap("b.replaced", superseded_by="c.new"),
        samples.gap("c.new", ours=None, duty_holder="ads_developer"),
    )
    market = samples.replace(samples.bavaria(), findings=findings)
    sheet = load(xlsx.render(samples.report(market)))["Findings"]
    assert column(sheet, "Rule") == ["c.new", "a.elsewhere", "b.replaced"]
    assert column(sheet, "Counts") == ["yes", "no: other routes only", "no: c.new instead"]
    assert column(sheet, "Duty holder")[0] == "ADS developer"
    assert column(sheet, "Ours") == ["role not declared", "ours", "ours"]


def test_questions_are_asked_in_words(book: Any) -> None:
    assert "What about insurance.liability_cover_amount?" in column(book["Questions"], "Question")


@pytest.mark.parametrize("text", [samples.NASTY, "+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    bad = samples.gap("x", title=text, evidence=text, note=text, cites=(Cite("x", text, "javascript:alert(1)", ""),))
    market = samples.replace(samples.bavaria(), name=text, findings=(bad,))
    report = samples.replace(samples.report(market), profile={"name": text})
    book = load(xlsx.render(report, ask=lambda path: text))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert any(cell.value == text and cell.quotePrefix for cell in cells)


def test_odd_characters_and_long_texts_do_not_break_the_file() -> None:
    odd = samples.gap("x", title="\x00\x1b a\ufffe", note="n" * 50_000, evidence="e" * 50_000)
    assert load(xlsx.render(samples.report(samples.replace(samples.bavaria(), findings=(odd,)))))


def test_tables_without_rows_have_a_header_and_no_filter() -> None:
    market = samples.japan()._replace(findings=(), notes=(), not_covered=(), upcoming=())
    book = load(xlsx.render(samples.report(market)))
    assert [cell.value for cell in book["Actions"][1]]
    assert book["Actions"].max_row == 1
    assert book["Actions"].auto_filter.ref is None
    assert book["Summary"].auto_filter.ref
