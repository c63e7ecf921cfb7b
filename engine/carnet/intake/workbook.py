# SPDX-License-Identifier: Apache-2.0
"""Reads the answers of a questionnaire that came back: each with its sheet and cell, checked as in a profile."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from carnet.errors import InputError, MissingExtra, Place
from carnet.intake.packed import BROKEN, unpacks_within
from carnet.source import read_file

try:
    from openpyxl import load_workbook
except ImportError as error:
    raise MissingExtra("fill", "intake") from error

KEYS = {
    key: f"carnet:{key}"
    for key in (
        *("question", "meanings", "today", "answer", "differs", "source", "by", "on"),
        *("why", "markets", "feature", "path"),
    )
}
"""What the hidden first row of a sheet calls its columns."""
MAX_ROWS, MAX_COLUMNS, MAX_BYTES = 5000, 60, 50 * 1024 * 1024
_WRITTEN = ("answer", "differs", "source", "by", "on")


class Filled(NamedTuple):
    """A row of a questionnaire with something written into it; texts are stripped, `today` is what stood beside.

    feature: the automated feature that the row is about; empty for the product as a whole.
    """

    path: str
    answer: Any
    differs: str
    note: str
    today: Any
    sheet: str
    cell: str
    differs_cell: str
    feature: str = ""


def read_answers(file: Path) -> list[Filled]:
    """What is written into the open cells of a questionnaire.

    Raises:
        InputError: when the file is no workbook or no questionnaire.
    """
    book = open_book(file)
    found: list[Filled] = []
    questionnaire = False
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=min(sheet.max_row, MAX_ROWS), max_col=min(sheet.max_column, MAX_COLUMNS))
        columns = _columns(next(rows, ()))
        if "path" in columns and "answer" in columns:
            questionnaire = True
            found += _sheet(sheet.title, rows, columns)
    if not questionnaire:
        raise InputError(
            "is no questionnaire", Place(str(file)), "`carnet questionnaire` writes one; `carnet import` reads others"
        )
    return found


def open_book(file: Path) -> Any:
    """A workbook with the values of its cells, formulas computed by the program that saved it.

    Raises:
        InputError: when it cannot be read.
    """
    raw = read_file(file, MAX_BYTES)
    try:
        if not unpacks_within(raw, MAX_BYTES):
            raise InputError("unpacks to more than 50 MiB", Place(str(file)), "split it")
        return load_workbook(io.BytesIO(raw), data_only=True)
    except (*BROKEN, KeyError, ValueError, OSError, TypeError, AttributeError):
        raise InputError("is no XLSX workbook", Place(str(file)), "save it as .xlsx") from None


def _columns(row: Any) -> dict[str, int]:
    names = {name: key for key, name in KEYS.items()}
    return {names[cell.value]: place for place, cell in enumerate(row) if cell.value in names}


def _sheet(title: str, rows: Iterator[Any], columns: dict[str, int]) -> Iterator[Filled]:
    for row in rows:
        cells = {key: row[place] for key, place in columns.items()}
        path = _word(cells["path"].value)
        values = {key: plain(cells[key].value) if key in cells else None for key in (*_WRITTEN, "today")}
        if not path or "." not in path or not any(values[key] not in (None, "") for key in ("answer", "differs")):
            continue
        note = ", ".join(_word(values[key]) for key in ("by", "on") if values[key] not in (None, ""))
        source = _word(values["source"]) if values["source"] is not None else ""
        yield Filled(
            path=path,
            answer=values["answer"],
            differs=_word(values["differs"]),
            note=": ".join(filter(None, (note, source))),
            today=values["today"],
            sheet=title,
            cell=cells["answer"].coordinate,
            differs_cell=cells["differs"].coordinate if "differs" in cells else "",
            feature=_word(cells["feature"].value) if "feature" in cells else "",
        )


def plain(value: Any) -> Any:
    """A cell's value: text stripped, a moment at midnight as its day, a whole float as a whole number."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
