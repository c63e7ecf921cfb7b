# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets from plain rows: a frozen header with filters, widths, colours that follow the words, inert text."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carnet.addresses import web_address
from carnet.errors import MissingExtra
from carnet.report.inert import clean_text
from carnet.report.table import Cell, inert
from carnet.report.typesetting import set_type
from carnet.report.zipped import undated
from carnet.spoken import N_, _

try:
    from openpyxl import Workbook
    from openpyxl.formatting.rule import CellIsRule, FormulaRule
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties
    from openpyxl.worksheet.worksheet import Worksheet
except ImportError as error:
    raise MissingExtra("check -f xlsx", "reports") from error

_LONGEST = 32_767
_FONT = "Calibri"
COLOURS = {
    "open": ("1C6B45", "E3F1EA"), "compliant": ("1C6B45", "E3F1EA"), "met": ("1C6B45", "E3F1EA"),
    "conditional": ("7A5600", "F8EFD9"), "major": ("7A5600", "F8EFD9"),
    "testing only": ("225F8C", "E2EEF7"), "advisory": ("225F8C", "E2EEF7"),
    "undetermined": ("57606B", "E9ECEF"), "unknown": ("57606B", "E9ECEF"),
    "closed": ("A33A1C", "FAE7E0"), "blocking": ("A33A1C", "FAE7E0"), "gap": ("A33A1C", "FAE7E0"),
    "prohibited": ("6D1B43", "F5E1EA"),
    "held": ("1C6B45", "E3F1EA"), "done": ("1C6B45", "E3F1EA"),
    "expiring": ("7A5600", "F8EFD9"), "to attach": ("7A5600", "F8EFD9"),
    "applied for": ("225F8C", "E2EEF7"), "planned": ("57606B", "E9ECEF"), "to declare": ("57606B", "E9ECEF"),
    "needed, not asked for": ("A33A1C", "FAE7E0"), "to change": ("A33A1C", "FAE7E0"), "to obtain": ("A33A1C", "FAE7E0"),
    "expired": ("A33A1C", "FAE7E0"), "refused": ("A33A1C", "FAE7E0"), "suspended": ("A33A1C", "FAE7E0"),
    "withdrawn": ("A33A1C", "FAE7E0"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A header, a width in characters, and whether its words carry colour or its text wraps."""

    name: str
    width: float = 12
    colours: bool = False
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address of the web or, with `#`, to a place in the workbook."""

    text: str
    target: str


Value = Cell | Link


class Book:
    """A workbook under construction; the first sheet added is the one shown first."""

    def __init__(self, title: str) -> None:
        self._book = Workbook()
        for sheet in self._book.worksheets:
            self._book.remove(sheet)
        self._book.properties.title = _clean(title)
        self._book.properties.creator = "Carnet"
        self._book.properties.created = dt.datetime(2000, 1, 1)
        for style in _styles():
            self._book.add_named_style(style)

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        freeze: int = 1,
        title: str = "",
        printed: int = 0,
    ) -> None:
        """A table with its header; `freeze` columns stay in sight, the first `printed` ones go to paper."""
        sheet = self._book.create_sheet(name)
        top = 1
        if title:
            _put(sheet.cell(1, 1), title, "carnet title")
            top = 3
        for number, column in enumerate(columns, 1):
            _put(sheet.cell(top, number), _(column.name), "carnet head")
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.row_dimensions[top].height = 30
        last = top
        for last, row in enumerate(rows, top + 1):
            for number, (value, column) in enumerate(zip(row, columns, strict=True), 1):
                if number <= (printed or number) or value not in (None, ""):
                    _put(sheet.cell(last, number), value, "carnet wrapped" if column.wrap else "carnet body")
            sheet.row_dimensions[last].height = _height(row, columns)
        _finish(sheet, columns, top, last, freeze)
        if printed:
            sheet.print_area = f"A1:{get_column_letter(printed)}{last}"

    def facts(self, name: str, pairs: Iterable[tuple[str, Value]]) -> None:
        """Two columns without header: names and values."""
        sheet = self._book.create_sheet(name)
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
        for number, (key, value) in enumerate(pairs, 1):
            _put(sheet.cell(number, 1), key, "carnet name")
            _put(sheet.cell(number, 2), value, "carnet wrapped")
        _paper(sheet)

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        self._book.save(out)
        return undated(out)


def _styles() -> Iterator[NamedStyle]:
    top, line = Alignment(vertical="top", horizontal="left"), Border(bottom=Side("thin", color="DDE2E8"))
    wrapped = Alignment(vertical="top", horizontal="left", wrap_text=True)
    right = Alignment(vertical="top", horizontal="right", indent=1)
    body = Font(name=_FONT, size=10, color="1B2430")
    yield NamedStyle("carnet body", font=body, alignment=top, border=line)
    yield NamedStyle("carnet wrapped", font=body, alignment=wrapped, border=line)
    yield NamedStyle("carnet number", font=body, alignment=right, border=line)
    yield NamedStyle("carnet day", font=body, alignment=top, border=line, number_format="yyyy-mm-dd")
    yield NamedStyle("carnet link", font=Font(name=_FONT, size=10, color="1D5A94", underline="single"), border=line)
    yield NamedStyle("carnet name", font=Font(name=_FONT, size=10, bold=True, color="1B2430"), alignment=top)
    yield NamedStyle("carnet title", font=Font(name=_FONT, size=16, bold=True, color="1B2430"))
    yield NamedStyle(
        "carnet head",
        font=Font(name=_FONT, size=10, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor="34495E"),
        alignment=Alignment(vertical="center", wrap_text=True),
    )


def _put(cell: Any, value: Value, style: str) -> None:
    """Write a value so that text stays text, whatever it starts with."""
    if isinstance(value, Link):
        _put(cell, value.text, style)
        if value.target.startswith("#") or web_address(value.target):
            cell.hyperlink = value.target
            cell.style = "carnet link"
    elif isinstance(value, bool):
        cell.value, cell.style = _("yes") if value else _("no"), style
    elif isinstance(value, str):
        cell.value, cell.style = set_type(_clean(value)), style
        if inert(value) != value:
            cell.data_type, cell.quotePrefix = "s", True
    elif value is None:
        cell.style = style
    else:
        cell.value, cell.style = value, "carnet day" if isinstance(value, dt.date) else "carnet number"


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Points for the longest wrapped cell: not every program fits rows to their text by itself."""
    lines = [
        sum(max(1, math.ceil(len(part) * 1.08 / column.width)) for part in value.splitlines())
        for value, column in zip(row, columns, strict=True)
        if column.wrap and isinstance(value, str)
    ]
    return 14.0 * min(max(lines, default=1) or 1, 14) + 2


def _clean(text: str) -> str:
    return clean_text(text)[:_LONGEST]


def _finish(sheet: Worksheet, columns: Sequence[Column], top: int, last: int, freeze: int) -> None:
    width = get_column_letter(len(columns))
    sheet.freeze_panes = f"{get_column_letter(freeze + 1)}{top + 1}"
    if last > top:
        sheet.auto_filter.ref = f"A{top}:{width}{last}"
        for number, column in enumerate(columns, 1):
            if column.colours:
                letter = get_column_letter(number)
                _colour(sheet, f"{letter}{top + 1}:{letter}{last}", f"{letter}{top + 1}")
    sheet.print_title_rows = f"{top}:{top}"
    _paper(sheet)


def _colour(sheet: Worksheet, area: str, first: str) -> None:
    """Colour by the word in the cell: equal to it, or counting it (`3 gaps, 1 unknown`)."""
    for word, (ink, fill) in COLOURS.items():
        style = {"font": Font(color=ink, bold=True), "fill": PatternFill("solid", bgColor=fill)}
        rule = CellIsRule("equal", [f'"{_(word.capitalize())}"'], True, **style)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(area, rule)
    for word in (N_("gap"), N_("unknown")):
        ink, fill = COLOURS[word]
        style = {"font": Font(color=ink), "fill": PatternFill("solid", bgColor=fill)}
        rule = FormulaRule([f'ISNUMBER(SEARCH("{_(word)}",{first}))'], True, **style)  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(area, rule)


def _paper(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
