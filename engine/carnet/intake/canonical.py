# SPDX-License-Identifier: Apache-2.0
"""A table of somebody else's in Carnet's own names and spellings, for whoever reads tables of profiles.

A cell that cannot be used is written with the reason behind it, so that the row is refused with it instead of being
read as something else.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from carnet.declare.vocabulary import Fact, Value
from carnet.errors import InputError
from carnet.intake.answers import Answers
from carnet.intake.columns import Column, ColumnMap, cell_value
from carnet.intake.forms import Form
from carnet.intake.tables import Row, check_columns, open_rows

PROFILE = "profile"


def write_canonical(source: Path, target: Path, form: Form, found: ColumnMap | None, answers: Answers) -> None:
    """Write the table as CSV with facts as columns.

    found: the map of its columns; without one they are called as facts are, and what is no fact goes on as it is.

    Raises:
        InputError: when the table cannot be read, or lacks a column of the map.
    """
    table = open_rows(source, form)
    if found is not None:
        check_columns(source, table.header, found)
    columns = list(found.columns if found else _own(table.header, answers))
    named = [column.column for column in columns] if found is None else [column.fact.path for column in columns]
    has_name = found is not None or PROFILE not in table.header
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([PROFILE, *named] if has_name else named)
        for row in table.rows:
            cells = dict(zip(table.header, row.cells, strict=False))
            name = [_name(row, cells, found)] if has_name else []
            writer.writerow([*name, *(_cell(column, cells.get(column.column), form, answers) for column in columns)])


def _own(header: tuple[str, ...], answers: Answers) -> Iterator[Column]:
    """The columns of a table that is in our names already; a fact may be of an overlay or a feature."""
    for name in header:
        if name:
            yield Column(_fact(name, answers) or Fact(name, "text"), name)


def _fact(name: str, answers: Answers) -> Fact | None:
    parts = name.split(".")
    for head in ("features", "in"):
        if parts[0] == head:
            parts = parts[2:]
    path = ".".join(parts)
    return answers.names.vocabulary.fact(path) if path in answers.names.vocabulary else None


def _name(row: Row, cells: dict[str, Any], found: ColumnMap | None) -> str:
    columns = ((found.key,) if found.key else found.name) if found else ()
    said = " ".join(str(cells[name]).strip() for name in columns if cells.get(name) not in (None, ""))
    if found and found.key and said:
        return said
    return f"{said}, row {row.number}" if said else f"row {row.number}"


def _cell(column: Column, cell: Any, form: Form, answers: Answers) -> str:
    if cell is None or column.fact.path == PROFILE or (column.fact.type == "text" and isinstance(cell, str)):
        return "" if cell is None else str(cell)
    try:
        value = cell_value(column, cell, form, answers)
    except InputError as error:
        return f"{cell} ({error.message})"
    return "" if value is None else _spelled(value)


def _spelled(value: Value) -> str:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
