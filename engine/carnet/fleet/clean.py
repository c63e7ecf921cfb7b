# SPDX-License-Identifier: Apache-2.0
"""From a block of a table to facts that follow the vocabulary, and what is wrong with each row that does not.

A column that already has its fact's type is checked as a whole. Any other is read through its distinct values, each
just like a value written in a profile, so that a table may say `80 mph`, `2026-05-01` or `[motorway, urban]` too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.declare.values import Names, read_value
from carnet.declare.vocabulary import Fact

TYPES: Mapping[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "choice": pa.string(),
    "text": pa.string(),
    "set": pa.list_(pa.string()),
}
_PLAIN_NUMBER = r"^\s*[-+]?[0-9]{1,15}(\.[0-9]{1,15})?\s*$"
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?\Z")
_WRITTEN = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(slots=True)
class Faults:
    """What is wrong, by row of the block: the first thing found, with its column."""

    by_row: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(self, rows: Sequence[int], column: str, reason: str) -> None:
        for row in rows:
            self.by_row.setdefault(row, (column, reason))


class Cleaner:
    """Checks columns against their facts; remembers what it read, since values recur from block to block."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._read: dict[tuple[str, type, Any], tuple[Any, str]] = {}

    def clean(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """The column in its fact's type; a value that cannot be used is reported and left unknown."""
        if pa.types.is_null(array.type):
            return pa.nulls(len(array), TYPES[fact.type])
        if fact.type in ("int", "number"):
            return self._numbers(fact, column, array, faults)
        natural = {
            "bool": pa.types.is_boolean,
            "date": pa.types.is_date,
            "set": lambda kind: pa.types.is_list(kind) or pa.types.is_large_list(kind),
        }
        if fact.type == "set" and natural["set"](array.type):
            return self._sets(fact, column, array, faults)
        if fact.type in natural and natural[fact.type](array.type):
            return array.cast(TYPES[fact.type])
        if fact.type == "bool" and (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
            return self._zero_or_one(fact, column, array, faults)
        if fact.type == "date" and pa.types.is_timestamp(array.type):
            return self._midnights(fact, column, array, faults)
        return self._distinct(fact, column, array, faults)

    def _zero_or_one(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Truth as a database without booleans stores it, or a table in which it may be missing."""
        if pa.types.is_floating(array.type):
            array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
        usable = pc.is_in(array, pa.array([0, 1], array.type))
        if pc.all(pc.or_(usable, array.is_null())).as_py():
            return array.cast(pa.bool_())
        self._distinct(fact, column, pc.if_else(usable, pa.scalar(None, array.type), array), faults)
        return pc.if_else(usable, array, pa.scalar(None, array.type)).cast(pa.bool_())

    def _midnights(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Days stored as moments; a time of day is no part of a date and refused."""
        days = array.cast(pa.timestamp("us")).cast(pa.date32(), safe=False)
        exact = pc.equal(days.cast(pa.timestamp("us")), array.cast(pa.timestamp("us")))
        if not pc.all(pc.fill_null(exact, True)).as_py():
            others = pc.if_else(exact, pa.scalar(None, array.type), array)
            self._distinct(fact, column, others.cast(pa.string()), faults)
        return pc.if_else(exact, days, pa.scalar(None, pa.date32()))

    def _numbers(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        kind = array.type
        if is_text(kind):
            plain = pc.match_substring_regex(array, _PLAIN_NUMBER)
            numbers = pc.utf8_trim_whitespace(pc.if_else(plain, array, pa.scalar(None, kind))).cast(pa.float64())
            if pc.all(pc.fill_null(plain, True)).as_py():
                return self._in_range(fact, column, numbers, faults)
            rest = self._distinct(fact, column, pc.if_else(plain, pa.scalar(None, kind), array), faults)
            return self._in_range(fact, column, pc.coalesce(numbers, rest.cast(pa.float64())), faults)
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            return self._in_range(fact, column, array.cast(pa.float64(), safe=False), faults)
        return self._distinct(fact, column, array, faults)

    def _in_range(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, pa.float64()), array)
        low, high = fact.range or (-np.inf, np.inf)
        good = pc.and_(pc.is_finite(array), pc.and_(pc.greater_equal(array, low), pc.less_equal(array, high)))
        if fact.type == "int":
            good = pc.and_(good, pc.equal(pc.floor(array), array))
        if pc.all(pc.fill_null(good, True)).as_py():
            return array
        bad = pc.if_else(good, pa.scalar(None, pa.float64()), array)
        self._distinct(fact, column, bad, faults)
        return pc.if_else(good, array, pa.scalar(None, pa.float64()))

    def _distinct(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Each distinct value read as a profile's would be."""
        if pa.types.is_nested(array.type):
            return self._row_by_row(fact, column, array, faults)
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        indices = array.indices
        values = []
        for code, raw in enumerate(array.dictionary.to_pylist()):
            value, fault = self._value(fact, raw)
            values.append(value)
            if fault:
                faults.add(rows_where(pc.equal(indices, code)), column, fault)
        return pa.array(values, TYPES[fact.type]).take(indices)

    def _row_by_row(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        values = []
        for row, raw in enumerate(array.to_pylist()):
            value, fault = (None, "") if raw is None else self._read_value(fact, raw)
            values.append(value)
            if fault:
                faults.add([row], column, fault)
        return pa.array(values, TYPES[fact.type])

    def _sets(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """The items by their distinct names; only a row with a wrong or missing one is read on its own.

        A name that stands twice in a row counts once.
        """
        items = array.flatten()
        if not is_text(items.type):
            return self._row_by_row(fact, column, array, faults)
        if not pa.types.is_dictionary(items.type):
            items = items.dictionary_encode()
        usable = np.array([not self._value(fact, (name,))[1] for name in items.dictionary.to_pylist()], np.bool_)
        if items.null_count or not usable.all():
            codes = pc.fill_null(items.indices, -1).to_numpy()
            bad = codes < 0
            bad[~bad] = ~usable[codes[~bad]]
            rows = np.unique(pc.list_parent_indices(array).to_numpy()[bad]).tolist()
            self._refuse(fact, column, array, rows, faults)
        sizes = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
        offsets = np.zeros(len(array) + 1, np.int32)
        np.cumsum(sizes, out=offsets[1:])
        missing = array.is_null() if array.null_count else None
        return pa.ListArray.from_arrays(pa.array(offsets), items, mask=missing)

    def _refuse(self, fact: Fact, column: str, array: pa.Array, rows: list[int], faults: Faults) -> None:
        for row in rows:
            items = array[row].as_py()
            fault = "a set with an empty item" if None in items else self._read_value(fact, items)[1]
            faults.add([row], column, fault)

    def _value(self, fact: Fact, raw: Any) -> tuple[Any, str]:
        """A value as read, and what is wrong with it."""
        key = (fact.path, type(raw), raw)
        if raw is not None and key not in self._read:
            self._read[key] = self._read_value(fact, raw)
        return self._read[key] if raw is not None else (None, "")

    def _read_value(self, fact: Fact, raw: Any) -> tuple[Any, str]:
        said: list[str] = []
        value = read_value(fact, _spelled(fact, raw), self._names, _sayer(said))
        return value, "; ".join(said)


def _sayer(said: list[str]) -> Any:
    return lambda message, hint, *place: said.append(f"{message}; {hint}" if hint else message)


def _spelled(fact: Fact, raw: Any) -> Any:
    """The value that a text cell spells, where the fact is no text."""
    if fact.type == "set" and isinstance(raw, str):
        return _listed(raw)
    if fact.type == "bool" and isinstance(raw, str):
        return _WRITTEN.get(raw.strip().lower(), raw)
    if fact.type == "date" and isinstance(raw, str) and (midnight := _MIDNIGHT.match(raw.strip())):
        return midnight[1]
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw


def _listed(text: str) -> list[str]:
    """`["a", "b"]`, `[a, b]`, `a|b`, `a; b` or `a, b`."""
    text = text.strip()
    if not text.startswith("["):
        return [part.strip() for part in re.split(r"[|;,]", text) if part.strip()]
    try:
        items = json.loads(text)
    except ValueError:
        items = text.strip("[]").split(",")
    return [item.strip().strip("'\"") if isinstance(item, str) else item for item in items if item != ""]


def is_text(kind: pa.DataType) -> bool:
    """Whether a type is text, as it is or by a dictionary."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def usual(array: pa.Array) -> pa.Array:
    """A column in one of the usual types, where it came in a newer or rarer one of the same meaning."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    kind = array.type
    if pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return pa.array(array.to_pylist(), pa.list_(_plain(kind.value_type)))  # Arrow's cast loses items
    if pa.types.is_fixed_size_list(kind) or (pa.types.is_list(kind) and pa.types.is_string_view(kind.value_type)):
        return array.cast(pa.list_(_plain(kind.value_type)))
    return array


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_string_view(kind) else kind


def rows_where(mask: pa.Array) -> list[int]:
    rows: list[int] = np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False)).tolist()
    return rows
