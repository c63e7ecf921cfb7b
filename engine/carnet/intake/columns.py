# SPDX-License-Identifier: Apache-2.0
"""Column maps: which column of somebody else's table is which fact, in which unit, form of days and words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from carnet.declare.quantities import UNITS, parse_quantity, spellings
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import CarnetError, InputError, LawError, Problems, shown, suggest
from carnet.intake.answers import Answers
from carnet.intake.forms import DATE_FORMS, Form
from carnet.source import Source, read_source

MAP_KEYS = ("columns", "name", "key", "form", "about")
KEYS = ("from", "unit", "dates", "values", "separator")


_WITH_UNIT = re.compile(r"(?P<number>.*[0-9])\s*(?P<unit>[^0-9\s.,'][^0-9]*)\Z")


class Column(NamedTuple):
    """A column of theirs for a fact of ours. values: their words for ours; separator: between the items of a list."""

    fact: Fact
    column: str
    unit: str = ""
    dates: str = ""
    values: Mapping[str, Any] = {}
    separator: str = ","


class ColumnMap(NamedTuple):
    """columns by their name; `name` holds the columns that name a row, `key` the one that no two rows share."""

    columns: tuple[Column, ...]
    name: tuple[str, ...]
    form: Form
    key: str = ""


def maps() -> dict[str, Path]:
    """The maps that come with Carnet, by name."""
    return {path.stem: path for path in sorted((Path(__file__).parent / "maps").glob("*.yaml"))}


def within(found: ColumnMap, header: Sequence[str]) -> tuple[ColumnMap, list[str]]:
    """The map without the columns that a table has not, and their names."""
    absent = [column.column for column in found.columns if column.column not in header]
    kept = found._replace(
        columns=tuple(column for column in found.columns if column.column in header),
        name=tuple(name for name in found.name if name in header),
        key=found.key if found.key in header else "",
    )
    return kept, absent


def read_map(name: str, answers: Answers, form: Form) -> ColumnMap:
    """A map from a file, or one that comes with Carnet by its name.

    Raises:
        Problems: everything in it that cannot be used, with its place.
    """
    source = read_source(maps().get(name, Path(name)))
    reader = _MapReader(source, answers)
    found = reader.read(form)
    if reader.problems:
        raise Problems(reader.problems)
    return found


def map_of_header(header: Sequence[str], answers: Answers, form: Form) -> ColumnMap:
    """The map of a table whose columns are called as facts are; the column `profile` or `name` names a row."""
    vocabulary = answers.names.vocabulary
    now = {name: vocabulary.former.get(name, name) for name in header if "." in name}
    columns = tuple(Column(vocabulary.fact(path), name) for name, path in now.items() if path in vocabulary)
    return ColumnMap(columns, tuple(name for name in header if name in ("profile", "name"))[:1], form)


class _MapReader:
    def __init__(self, source: Source, answers: Answers) -> None:
        self._source, self._answers = source, answers
        self.problems: list[CarnetError] = []

    def read(self, form: Form) -> ColumnMap:
        data = self._source.data
        if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
            self._problem((), "is no column map", "write `columns: {vehicle.seats: their name}`")
            return ColumnMap((), (), form)
        for key in data:
            if key not in MAP_KEYS:
                self._problem((key,), f"unknown key {shown(key)}", suggest(str(key)[:40], MAP_KEYS))
        if isinstance(data.get("form"), dict):
            try:
                form = form.with_named(data["form"])
            except InputError as error:
                self._problem(("form",), error.message, error.hint)
        name = data.get("name")
        names = tuple(map(str, name)) if isinstance(name, list) else (str(name),) if name is not None else ()
        return ColumnMap(tuple(self._columns(data["columns"])), names, form, str(data.get("key") or ""))

    def _columns(self, entries: Mapping[str, Any]) -> Iterator[Column]:
        for path, entry in entries.items():
            keys = ("columns", path)
            data = entry if isinstance(entry, dict) else {"from": entry}
            try:
                fact = self._answers.names.vocabulary.fact(path)
            except InputError as error:
                self._problem(keys, error.message, error.hint)
                continue
            for key in data:
                if key not in KEYS:
                    self._problem((*keys, key), f"unknown key {shown(key)}", suggest(str(key)[:40], KEYS))
            if data.get("from") is None:
                self._problem(keys, f"`{path}` has no column", "add `from:`")
                continue
            unit, dates = str(data.get("unit") or ""), str(data.get("dates") or "")
            if unit and (not fact.unit or unit.lower() not in [name.lower() for name in spellings(fact.unit)]):
                known = ", ".join(spellings(fact.unit)) if fact.unit in UNITS else "none"
                self._problem((*keys, "unit"), f"`{path}` cannot be in {shown(unit)}", f"units: {known}")
            if dates and dates not in DATE_FORMS:
                self._problem(
                    (*keys, "dates"), f"unknown form of days {shown(dates)}", f"one of {', '.join(DATE_FORMS)}"
                )
            values = {str(theirs): ours for theirs, ours in (data.get("values") or {}).items()}
            yield Column(fact, str(data["from"]), unit, dates, values, str(data.get("separator") or ","))

    def _problem(self, keys: tuple[str, ...], message: str, hint: str = "") -> None:
        self.problems.append(LawError(message, self._source.place(keys), hint))


def cell_value(column: Column, cell: Any, form: Form, answers: Answers) -> Value | None:
    """What a cell declares; None where it is empty.

    Raises:
        InputError: when it cannot be used, with what it should be.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    fact = column.fact
    if column.values:
        word = str(cell).strip()
        if word not in column.values:
            raise InputError(f"{shown(word)} is not in the value table of `{fact.path}`", hint="add it to the map")
        ours = column.values[word]
        return None if ours is None else answers.read(fact, tuple_text(ours))
    if isinstance(cell, str):
        cell = _from_text(column, cell.strip(), form)
    elif isinstance(cell, dt.datetime):
        cell = cell.date()
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        cell = _converted(cell, column)
    return answers.read(fact, cell)


def tuple_text(value: Any) -> Any:
    """A value of a value table as an answer: lists as words with commas."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _converted(value: int | float, column: Column) -> int | float:
    """A number of the column in the unit of its fact."""
    return parse_quantity(f"{value:.15g} {column.unit}", column.fact.unit) if column.unit else value


def _number(column: Column, text: str, form: Form) -> int | float:
    """The number of a text cell, in the unit of the column or in its own, and in no other form than the one named."""
    number = form.number(text)
    if number is not None:
        return _converted(number, column)
    match = _WITH_UNIT.match(text) if column.fact.unit else None
    number = form.number(match["number"]) if match else None
    if match is None or number is None:
        raise InputError(f"{shown(text)} is no number as the table writes them", hint=form.told())
    return parse_quantity(f"{number:.15g} {match['unit']}", column.fact.unit)


def _from_text(column: Column, text: str, form: Form) -> Any:
    """A text cell as number, day or truth value, by the form that was named."""
    fact = column.fact
    if fact.type in ("int", "number"):
        return _number(column, text, form)
    if fact.type == "date":
        day = (replace(form, dates=column.dates) if column.dates else form).day(text)
        if day is None:
            raise InputError(f"{shown(text)} is no day written as {column.dates or form.dates}", hint="name its form")
        return day
    if fact.type == "bool":
        return True if text in form.yes else False if text in form.no else text
    return text.replace(column.separator, ",") if fact.type == "set" else text
