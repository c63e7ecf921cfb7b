# SPDX-License-Identifier: Apache-2.0
"""A questionnaire as a workbook: instructions, a sheet for each department or partner, and open cells only for answers.

Row 1 of each sheet is hidden and names the columns for the machine that reads the workbook back, so that headers may be
in any language.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from carnet.errors import MissingExtra
from carnet.intake.questionnaire import Row
from carnet.intake.workbook import KEYS
from carnet.report.layout import display_width
from carnet.report.table import inert
from carnet.spoken import N_, _

try:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties
    from openpyxl.worksheet.worksheet import Worksheet
except ImportError as error:
    raise MissingExtra("questionnaire", "intake") from error

INK, PALE, HEAD, OPEN, LINE = "1B2430", "F2F4F7", "34495E", "FFF8E1", "DDE2E8"
LISTS = "lists"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


HOW = (
    N_("Go to your sheet. Write into the yellow cells only; all others are locked."),
    N_("Answer what you know. An empty cell leaves the question open: nothing is taken as no."),
    N_(
        "Where a list opens, choose from it. Where several are possible, write them with commas; `-` says none of them."
    ),
    N_("Write numbers in the unit named, or with their unit (80 mph). Write days as 2027-01-31."),
    N_("If the answer is another one in some market, write it beside: DE: 30; GB: 20 mph."),
    N_(
        "Say where the answer stands (document, page), who you are and on which day: all of it is kept with the answer."
    ),
    N_("Where an answer of today is wrong, write the right one into the yellow cell. Nothing is replaced unasked."),
    N_("Save the file as .xlsx and send it back. Sheets may be moved; the column `Fact` stays as it is."),
)
FOOT = N_(
    "Questions in bold can close a market. Carnet compares what is declared with the law as encoded: no legal advice."
)


class Column(NamedTuple):
    """key: one of KEYS. open: whether something is to be written into it."""

    key: str
    head: str
    width: float
    open: bool = False


COLUMNS = (
    Column("question", N_("Question"), 46),
    Column("meanings", N_("What can be answered"), 38),
    Column("today", N_("Answer today"), 22),
    Column("answer", N_("ANSWER"), 26, True),
    Column("differs", N_("Other in some markets\n(DE: ...; GB: ...)"), 22, True),
    Column("source", N_("Source or evidence\n(document, page)"), 26, True),
    Column("by", N_("Answered by"), 16, True),
    Column("on", N_("On"), 12, True),
    Column("why", N_("Why it is asked"), 40),
    Column("markets", N_("Waiting markets"), 16),
    Column("feature", N_("Feature"), 18),
    Column("path", N_("Fact"), 34),
)


def render(name: str, sheets: Mapping[str, Sequence[Row]], markets: Sequence[str], law_version: str) -> bytes:
    """The workbook's bytes; `name` is the profile's, `markets` are names of markets."""
    book = Workbook()
    first = book.active
    assert first is not None
    lists = _Lists()
    titles = _titles(sheets)
    _instructions(first, name, {titles[key]: rows for key, rows in sheets.items()}, markets, law_version)
    for key, rows in sheets.items():
        _questions(book.create_sheet(titles[key]), rows, lists)
    lists.write(book)
    book.properties.title, book.properties.creator = _clean(_("{profile}: questions").format(profile=name)), "Carnet"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)  # equal questionnaires are equal files
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The choices of drop-downs, on a hidden sheet: inline they may take 255 characters only."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, words: tuple[str, ...]) -> str:
        column = get_column_letter(self._columns.setdefault(words, len(self._columns) + 1))
        return f"={LISTS}!${column}$1:${column}${len(words)}"

    def write(self, book: Workbook) -> None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for words, column in self._columns.items():
            for row, word in enumerate(words, 1):
                _text(sheet.cell(row, column), word)
        sheet.protection.enable()


def _titles(sheets: Iterable[str]) -> dict[str, str]:
    """Names that a sheet may have, no two alike."""
    found: dict[str, str] = {}
    for name in sheets:
        base = _SHEET_NAME.sub(" ", _clean(name)).strip()[:28] or _("Questions")
        title, number = base, 2
        while title.lower() in {other.lower() for other in (*found.values(), LISTS, _("Instructions"))}:
            title, number = f"{base[:25]} {number}", number + 1
        found[name] = title
    return found


def _questions(sheet: Worksheet, rows: Sequence[Row], lists: _Lists) -> None:
    for number, column in enumerate(COLUMNS, 1):
        assert column.key in KEYS
        sheet.cell(1, number).value = KEYS[column.key]
        head = sheet.cell(2, number)
        head.value = _(column.head)
        head.font = Font(name="Calibri", size=10, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=HEAD)
        head.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[1].hidden = True
    sheet.row_dimensions[2].height = 32
    for number, row in enumerate(rows, 3):
        _line(sheet, number, row)
        _validate(sheet, f"{_letter('answer')}{number}", row, lists)
    sheet.freeze_panes = f"{_letter('meanings')}3"
    last = len(rows) + 2
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(COLUMNS))}{last}"
    _protect(sheet)
    _paper(sheet)


def _line(sheet: Worksheet, number: int, row: Row) -> None:
    question = f"{row.feature}: {row.question}" if row.feature else row.question
    question = f"{question}\n{row.help}" if row.help else question
    texts = {
        "question": question,
        "meanings": row.meanings + ("" if row.one_of or not row.allowed else _("\n(several, with commas; none: -)")),
        "today": row.today,
        "differs": row.differs,
        "why": row.why,
        "markets": ", ".join(row.markets),
        "feature": row.feature,
        "path": row.path,
    }
    for column_number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(number, column_number)
        value = texts.get(column.key)
        if isinstance(value, str):
            _text(cell, value)
        elif value is not None:
            cell.value = value  # type: ignore[assignment]
        cell.font = Font(name="Calibri", size=10, color=INK, bold=column.key == "question" and row.blocking)
        cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left")
        cell.border = Border(bottom=Side("thin", color=LINE))
        cell.fill = PatternFill("solid", fgColor=OPEN if column.open else PALE)
        cell.protection = Protection(locked=not column.open)
        if column.key == "on" or isinstance(value, dt.date):
            cell.number_format = "yyyy-mm-dd"
    lines = [_lines(str(texts.get(column.key) or ""), column.width) for column in COLUMNS]
    sheet.row_dimensions[number].height = 13.5 * min(max(lines), 26) + 3


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(display_width(part) * 0.98 / width)) for part in text.splitlines()) or 1


def _validate(sheet: Worksheet, cell: str, row: Row, lists: _Lists) -> None:
    """A drop-down where one of a few words is the answer, elsewhere a note of what can be written."""
    if row.one_of and row.allowed:
        check = DataValidation(type="list", formula1=lists.source(row.allowed), allow_blank=True)
        check.errorTitle = _("Not in the list")
        check.error = _("Choose one of the list, or leave the cell empty.")
        check.showErrorMessage = True
        sheet.add_data_validation(check)
        check.add(cell)


def _protect(sheet: Worksheet) -> None:
    """Only answers can be written; filters, widths and copying stay free. There is no password."""
    protection = sheet.protection
    protection.enable()
    protection.autoFilter = protection.formatColumns = protection.formatRows = protection.sort = False


def _instructions(
    sheet: Worksheet, name: str, sheets: Mapping[str, Sequence[Row]], markets: Sequence[str], law_version: str
) -> None:
    sheet.title = _("Instructions")
    lines = [
        ("title", _("Questions about {profile}").format(profile=name)),
        ("", _("Markets: {markets}. Law: {version}.").format(markets=", ".join(markets), version=law_version)),
        ("", ""),
        ("head", _("How to fill it in")),
        *(("", f"{number}. {_(text)}") for number, text in enumerate(HOW, 1)),
        ("", ""),
        ("head", _("Sheets")),
    ]
    for number, (kind, text) in enumerate(lines, 1):
        cell = sheet.cell(number, 1)
        _text(cell, text)
        size = {"title": 16, "head": 12}.get(kind, 10)
        cell.font = Font(name="Calibri", size=size, bold=bool(kind), color=INK)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    for number, (title, rows) in enumerate(sheets.items(), len(lines) + 1):
        cell = sheet.cell(number, 1)
        waiting = sum(row.today is None for row in rows)
        told = _("{sheet}: {open} open, {answered} answered today")
        _text(cell, told.format(sheet=title, open=waiting, answered=len(rows) - waiting))
        cell.hyperlink = f"#{quote_sheetname(title)}!A3"
        cell.font = Font(name="Calibri", size=10, color="1D5A94", underline="single")
    last = sheet.cell(len(lines) + len(sheets) + 2, 1)
    _text(last, _(FOOT))
    last.font, last.alignment = Font(name="Calibri", size=9, color="57606B"), Alignment(wrap_text=True)
    sheet.column_dimensions["A"].width = 110
    sheet.protection.enable()
    _paper(sheet)


def _paper(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if sheet.oddFooter is not None:
        sheet.oddFooter.right.text = "&A  &P / &N"
    sheet.print_title_rows = "2:2" if sheet.max_column > 1 else None
    sheet.sheet_view.showGridLines = False


def _letter(key: str) -> str:
    return get_column_letter(next(number for number, column in enumerate(COLUMNS, 1) if column.key == key))


def _text(cell: Any, text: str) -> None:
    """Text that stays text, whatever it starts with."""
    cell.value = _clean(text)
    if inert(text) != text:
        cell.data_type, cell.quotePrefix = "s", True


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)[:32_767]
