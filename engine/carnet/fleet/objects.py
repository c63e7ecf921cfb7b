# SPDX-License-Identifier: Apache-2.0
"""What the JSON objects of a block say: columns by the paths of their names, as a profile's are, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carnet.errors import shown

DEEPEST = 40
MOST_CELLS = 1 << 25
"""Of a block, names by rows: each name takes a place in every row, whichever of them says it."""
Fault = tuple[str, str]
"""A column and what is wrong there."""


class NotUsable(ValueError):
    """Why a row cannot be used."""


class TooWide(ValueError):
    """A block whose rows name so many different things that fewer of them are to be read at once."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of any values: each distinct one once, and which of them each row has (-1: none)."""

    codes: NDArray[np.int32]
    values: list[Any]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Objects:
    """The rows of a block; features: those that each row names, in its order."""

    columns: Mapping[str, Cells]
    features: Sequence[tuple[str, ...]]
    faults: Mapping[int, Fault]


@dataclass(slots=True)
class _Column:
    """Codes up to the last row that says something, and the code of each distinct value."""

    codes: list[int] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)
    values: list[Any] = field(default_factory=list)

    def add(self, row: int, value: Any) -> None:
        kind = value.__class__
        key = value if kind is str else _list_key(value) if kind is list else (kind, repr(value))
        code = self.known.get(key)
        if code is None:
            code = self.known[key] = len(self.values)
            self.values.append(value)
        if len(self.codes) != row:
            self.codes.extend([-1] * (row - len(self.codes)))
        self.codes.append(code)

    def cells(self, rows: int) -> Cells:
        codes = np.full(rows, -1, np.int32)
        codes[: len(self.codes)] = self.codes
        return Cells(codes, self.values)


def _list_key(items: list[Any]) -> Any:
    """Equal for equal lists alone; 1 and true are not equal."""
    try:
        joined = "\0".join(items)
    except TypeError:
        return list, repr(items)
    return (list, joined) if items and joined.count("\0") == len(items) - 1 else (list, repr(items), len(items))


def read_objects(texts: Sequence[str | None]) -> Objects:
    """Read rows of JSON; a null row says nothing.

    A value that is null declares nothing.

    Raises:
        TooWide: for more than one row, when it is halves of the block that are to be read.
    """
    most = MOST_CELLS // max(1, len(texts))
    columns: dict[str, _Column] = {}
    features: list[tuple[str, ...]] = []
    faults: dict[int, Fault] = {}
    for row, text in enumerate(texts):
        try:
            said = _said(text) if text else {}
        except NotUsable as error:
            column, reason = error.args
            faults[row] = column, reason
            said = {}
        for path, value in said.items():
            column = columns.get(path)
            if column is None:
                column = columns[path] = _Column()
            column.add(row, value)
        if len(columns) > most and len(texts) > 1:
            raise TooWide
        features.append(_features(said) if text and "features" in text else ())
    rows = len(features)
    return Objects({path: column.cells(rows) for path, column in columns.items()}, features, faults)


def _said(text: str) -> dict[str, Any]:
    """The values of a row by path."""
    data = _parsed(text)
    if not isinstance(data, dict):
        raise NotUsable("", f'is no JSON object but {shown(text.strip())}; write `{{"profile": ...}}`')
    said: dict[str, Any] = {}
    _flatten(data, "", 0, said)
    if "\\u" in text:
        _check_characters(said)
    return said


def _parsed(text: str) -> Any:
    try:
        data = json.loads(text, parse_constant=_constant)
        if _written_once(text, data):
            return data
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except RecursionError:
        raise NotUsable("", "is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise NotUsable("", f"is no JSON: {error.msg} (character {error.colno})") from None
    except NotUsable:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise NotUsable("", f"is no JSON: {error}") from None


def _written_once(text: str, data: Any) -> bool:
    """Whether it is plain that no name stands twice in an object; looking at each object closely costs more."""
    names = len(data) if isinstance(data, dict) else 0
    return text.count('":') == text.count(":") == names


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotUsable(_writable(twice), "stands twice in the row; keep one of them")
    return found


def _constant(name: str) -> None:
    """NaN, which some programs write for what they do not know; nothing is infinite."""
    if name != "NaN":
        raise NotUsable("", f"is no JSON: {name} is no number")


def _flatten(data: Mapping[str, Any], prefix: str, depth: int, said: dict[str, Any]) -> None:
    if depth > DEEPEST:
        raise NotUsable("", "is nested too deeply")
    for name, value in data.items():
        if value is None:
            continue
        path = prefix + name.strip()
        if value.__class__ is dict and value:
            _flatten(value, f"{path}.", depth + 1, said)
        elif path in said:
            raise NotUsable(_writable(path), "stands twice in the row; keep one of them")
        else:
            said[path] = value


def _check_characters(said: Mapping[str, Any]) -> None:
    for path, value in said.items():
        try:
            f"{path}{value}".encode()
        except UnicodeEncodeError:
            reason = "holds half of a character (a surrogate without its other half)"
            raise NotUsable(_writable(path), reason) from None


def _writable(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def _features(said: Mapping[str, Any]) -> tuple[str, ...]:
    named = (path.split(".", 2)[1] for path, value in said.items() if path.startswith("features.") and value != {})
    return tuple(dict.fromkeys(named))
