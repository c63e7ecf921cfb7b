# SPDX-License-Identifier: Apache-2.0
"""Rows of CSV files and workbooks, as they stand: a header and cells, each row with its number in the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from carnet.errors import InputError, Place, shown, suggest
from carnet.intake.answers import Answers
from carnet.intake.columns import ColumnMap, cell_value
from carnet.intake.forms import Form
from carnet.intake.harvest import Harvest, Left, Taken
from carnet.source import read_file

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
MAX_BYTES = 200 * 1024 * 1024


class Row(NamedTuple):
    """number: of the line or row in the file, from 1."""

    number: int
    cells: tuple[Any, ...]


class Rows(NamedTuple):
    """A table: the names of its columns, then its rows."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def open_rows(file: Path, form: Form) -> Rows:
    """The header and rows of a CSV file or of a sheet of a workbook.

    Raises:
        InputError: when it cannot be read, or its header row is empty or names a column twice.
    """
    found = _workbook(file, form) if file.suffix.lower() == ".xlsx" else _csv(file, form)
    for _ in range(form.header_row - 1):
        next(found, None)
    first = next(found, None)
    header = tuple("" if cell is None else str(cell).strip() for cell in first.cells) if first else ()
    if not any(header):
        place = Place(str(file), form.header_row, 1)
        raise InputError(f"row {form.header_row} names no column", place, "say where the header is by `--header-row`")
    if twice := [name for name in header if name and header.count(name) > 1]:
        raise InputError(
            f"the column {shown(twice[0])} stands twice", Place(str(file), form.header_row, 1), "rename one"
        )
    if len(header) == 1 and (other := next((sign for sign in ";\t|," if sign in header[0]), "")):
        hint = f"`--delimiter '{other if other != chr(9) else chr(92) + 't'}'` takes it for the sign between cells"
        raise InputError(f"has one column, {shown(header[0])}", Place(str(file), form.header_row, 1), hint)
    return Rows(header, (row for row in found if any(cell not in (None, "") for cell in row.cells)))


def _csv(file: Path, form: Form) -> Iterator[Row]:
    raw = _bytes(file)
    try:
        text = raw.decode("utf-8-sig" if form.encoding.lower().replace("-", "") == "utf8" else form.encoding)
    except (UnicodeDecodeError, LookupError):
        raise InputError(f"is no text in {form.encoding}", Place(str(file)), "name its `--encoding`") from None
    delimiter = "\t" if file.suffix.lower() == ".tsv" and form.delimiter == "," else form.delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield Row(reader.line_num, tuple(cells))
    except csv.Error as error:
        raise InputError(f"cannot be read: {error}", Place(str(file), reader.line_num, 1), "check its quotes") from None


def _bytes(file: Path) -> bytes:
    return read_file(file, MAX_BYTES)


def _workbook(file: Path, form: Form) -> Iterator[Row]:
    from carnet.intake.workbook import MAX_COLUMNS, open_book, plain

    book = open_book(file)
    shown_sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    names = [sheet.title for sheet in shown_sheets]
    if form.sheet and form.sheet not in names:
        raise InputError(
            f"has no sheet {shown(form.sheet)}",
            Place(str(file)),
            suggest(form.sheet, names) or f"it has {', '.join(names)}",
        )
    if not form.sheet and len(names) != 1:
        raise InputError(f"has {len(names)} sheets", Place(str(file)), f"name one by `--sheet`: {', '.join(names)}")
    sheet = book[form.sheet or names[0]]
    for number, cells in enumerate(sheet.iter_rows(max_col=max(sheet.max_column, MAX_COLUMNS), values_only=True), 1):
        yield Row(number, tuple(map(plain, cells)))


def chosen(file: Path, table: Rows, row: str) -> Row:
    """The row that is meant: by its number in the file, by `column=text`, or the only one.

    Raises:
        InputError: when there is none, or more than one.
    """
    column, equals, text = row.partition("=")
    if equals and column not in table.header:
        raise InputError(f"has no column {shown(column)}", Place(str(file)), suggest(column[:60], table.header))
    rows = list(table.rows)
    if equals:
        place = table.header.index(column)
        found = [entry for entry in rows if str(entry.cells[place]).strip() == text.strip()]
    else:
        found = [entry for entry in rows if row in ("", str(entry.number))]
    if len(found) != 1:
        what = f"has {len(found) or 'no'} rows" + (f" with {shown(row)}" if row else "")
        if row.isdecimal() and not found:
            what = f"has no data in row {row}"
        raise InputError(what, Place(str(file)), _choices([entry.number for entry in rows]))
    return found[0]


def _choices(numbers: Sequence[int]) -> str:
    """How a row is named; the header is a row of the file too."""
    if not numbers:
        return "it holds nothing but a header"
    which = f"from {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
    return f"name one by its number in the file, the header's included (`--row N`, {which}), or by `--row COLUMN=TEXT`"


def check_columns(file: Path, header: Sequence[str], found: ColumnMap) -> None:
    """Refuse a map that names columns which the table has not.

    Raises:
        InputError: with the nearest name.
    """
    for name in (*(column.column for column in found.columns), *found.name, *filter(None, (found.key,))):
        if name not in header:
            hint = suggest(name[:60], header) or f"it has {', '.join(list(filter(None, header))[:12])}"
            raise InputError(f"has no column {shown(name)}", Place(str(file)), hint)
    if not found.columns:
        raise InputError(
            "has no column that is a fact", Place(str(file)), "map its columns by `--map`, or name them as facts"
        )


def _unused(column: str, answers: Answers) -> str:
    """Why a column is left: no map names it, and if it looks like a fact, which it may have meant."""
    near = suggest(column[:60], answers.names.vocabulary.facts) if "." in column else ""
    return f"no fact is called so; {near}" if near else "no fact is called so, and no map names it"


def harvest_row(file: Path, header: Sequence[str], row: Row, found: ColumnMap, answers: Answers) -> Harvest:
    """One row as a harvest; cells that cannot be used are left with the reason."""
    cells = dict(zip(header, row.cells, strict=False))
    taken: list[Taken] = []
    left: list[Left] = []
    for column in found.columns:
        origin = f"{column.column}, row {row.number}"
        cell = cells.get(column.column)
        try:
            value = cell_value(column, cell, found.form, answers)
        except InputError as error:
            left.append(Left(origin, str(cell), f"{error}"))
            continue
        if value is not None:
            taken.append(Taken(column.fact.path, value, origin))
    used = {column.column for column in found.columns} | {*found.name, found.key}
    for name, cell in cells.items():
        if name and name not in used and cell not in (None, ""):
            left.append(Left(f"{name}, row {row.number}", str(cell), _unused(name, answers)))
    title = " ".join(str(cells[name]).strip() for name in found.name if cells.get(name) not in (None, ""))
    return Harvest(f"table, {found.form.told()}", title, tuple(taken), tuple(left))
