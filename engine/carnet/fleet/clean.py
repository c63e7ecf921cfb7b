# SPDX-License-Identifier: Apache-2.0
"""From a column of a block to facts that follow the vocabulary, and what is wrong with each row that does not.

A typed column is checked as a whole. Any other, and what is wrong in a typed one, is read by its distinct values, each
as `carnet.declare.cells` reads a cell, so that it means in every source what it means in a profile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carnet.declare.cells import read_cell, spelled
from carnet.declare.former import old_words
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.fleet.arrow_types import cells_of, is_text
from carnet.fleet.objects import Cells

TYPES: Mapping[str, pa.DataType] = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "choice": pa.string(),
    "text": pa.string(),
    "set": pa.list_(pa.string()),
}
_PLAIN_NUMBER = r"^\s*-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?\s*$"
"""The numbers of text that Arrow reads as a profile does; the others are read one by one."""
_FAULTLESS_DAYS = tuple((day - dt.date(1970, 1, 1)).days for day in (dt.date(1990, 1, 1), dt.date(2090, 1, 1)))
"""Between these no day needs a closer look."""
_LARGEST = 1 << 62
_REMEMBERED = 1 << 17


@dataclass(slots=True)
class Faults:
    """What is wrong, by row of the block: the first thing found, with its column."""

    by_row: dict[int, tuple[str, str]] = field(default_factory=dict)

    def add(self, rows: Iterable[int], column: str, reason: str) -> None:
        for row in rows:
            self.by_row.setdefault(row, (column, reason))


class Cleaner:
    """Checks columns against their facts; remembers what it read, since values recur from block to block."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._read: dict[tuple[str, type, Any], tuple[Any, str]] = {}
        self.renamed: dict[tuple[str, str], str] = {}
        """The words of now by fact and the word of before that was read."""

    def clean(self, fact: Fact, column: str, array: pa.Array | Cells, faults: Faults) -> pa.Array:
        """The column in its fact's type; a value that cannot be used is reported and left unknown."""
        if not isinstance(array, Cells):
            try:
                return self._typed(fact, column, array, faults)
            except (pa.ArrowException, UnicodeError, OverflowError, ValueError):
                array = cells_of(array, column, faults)
        return self._cells(fact, column, array.codes, array.values, faults)

    def _typed(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        kind = array.type
        if pa.types.is_null(kind):
            return pa.nulls(len(array), TYPES[fact.type])
        if is_text(kind):
            return self._texts(fact, column, array, faults)
        if pa.types.is_dictionary(kind):
            return self._typed(fact, column, array.dictionary_decode(), faults)
        if fact.type in ("int", "number") and _is_number(kind):
            return self._in_range(fact, column, array, faults)
        if fact.type == "set" and (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
            return self._sets(fact, column, array, faults)
        if fact.type == "bool" and pa.types.is_boolean(kind):
            return array
        if fact.type == "bool" and _is_number(kind):
            return self._zero_or_one(fact, column, array.cast(pa.float64(), safe=False), faults)
        if fact.type == "date" and pa.types.is_date(kind):
            return self._days(fact, column, array.cast(pa.date32()), faults)
        if fact.type == "date" and pa.types.is_timestamp(kind):
            return self._midnights(fact, column, array, faults)
        return self._distinct(fact, column, array, faults)

    def _texts(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Plain numbers at once; any other text by its distinct values."""
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        if fact.type not in ("int", "number"):
            return self._distinct(fact, column, array, faults)
        texts = array.dictionary.cast(pa.string())
        plain = pc.match_substring_regex(texts, _PLAIN_NUMBER)
        trimmed = pc.utf8_trim_whitespace(pc.if_else(plain, texts, pa.scalar(None, pa.string())))
        numbers = trimmed.cast(pa.float64())
        good = pc.fill_null(self._fits(fact, numbers), False)
        found = pc.if_else(good, numbers, pa.scalar(None, pa.float64())).take(array.indices)
        if pc.all(good).as_py() in (True, None):
            return found
        codes = pc.fill_null(array.indices.cast(pa.int64()), -1).to_numpy()
        left = np.where(np.append(good.to_numpy(zero_copy_only=False), True)[codes], -1, codes)
        rest = self._cells(fact, column, *_used(left, texts), faults)
        return pc.coalesce(found, rest.cast(pa.float64()))

    def _fits(self, fact: Fact, numbers: pa.Array) -> pa.Array:
        """Which numbers lie in the fact's range and are whole where they must be; null where there is none."""
        low, high = fact.range or (-_LARGEST, _LARGEST)
        good = pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high))
        return pc.and_(good, pc.equal(pc.floor(numbers), numbers)) if fact.type == "int" else good

    def _in_range(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        whole = pa.types.is_integer(array.type)
        array = array.cast(pa.float64(), safe=False)
        if not whole:
            array = pc.if_else(pc.is_nan(array), pa.scalar(None, pa.float64()), array)
        least, most = pc.min_max(array).as_py().values()
        low, high = fact.range or (-_LARGEST, _LARGEST)
        if least is None or (low <= least and most <= high and (whole or fact.type != "int")):
            return array
        return self._where(fact, column, array, self._fits(fact, array), array, faults)

    def _zero_or_one(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Truth as a database without booleans stores it, or a table in which it may be missing."""
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, pa.float64()), array)
        usable = pc.or_(pc.equal(array, 0.0), pc.equal(array, 1.0))
        truth = pc.equal(array, 1.0)
        return self._where(fact, column, truth, usable, array, faults)

    def _days(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        numbers = array.view(pa.int32())
        first, last = _FAULTLESS_DAYS
        usual = pc.and_(pc.greater_equal(numbers, first), pc.less_equal(numbers, last))
        return self._where(fact, column, array, usual, array, faults)

    def _midnights(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """Days stored as moments; a time of day is no part of a date and refused."""
        if array.type.tz:
            array = pc.local_timestamp(array)
        days = array.cast(pa.date32(), safe=False)
        exact = pc.equal(days.cast(array.type, safe=False), array)
        moments = pc.if_else(exact, pa.scalar(None, array.type), array).cast(pa.string())
        kept = pc.if_else(exact, days, pa.scalar(None, pa.date32()))
        rest = self._texts(fact, column, moments, faults)
        return pc.coalesce(self._days(fact, column, kept, faults), rest)

    def _where(
        self, fact: Fact, column: str, found: pa.Array, good: pa.Array, array: pa.Array, faults: Faults
    ) -> pa.Array:
        """What was found where it is good; elsewhere the values are read, or refused, one by one."""
        if pc.all(pc.fill_null(good, True)).as_py() in (True, None):
            return found
        nothing = pa.scalar(None, array.type)
        rest = self._distinct(fact, column, pc.if_else(good, nothing, array), faults)
        return pc.coalesce(pc.if_else(good, found, pa.scalar(None, found.type)), rest.cast(found.type))

    def _distinct(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        cells = cells_of(array, column, faults)
        return self._cells(fact, column, cells.codes, cells.values, faults)

    def _cells(self, fact: Fact, column: str, codes: NDArray[Any], raws: Sequence[Any], faults: Faults) -> pa.Array:
        """Each distinct value read as a cell."""
        values, reasons = [], {}
        for code, raw in enumerate(raws):
            value, reason = self._value(fact, raw)
            values.append(value)
            if reason:
                reasons[code] = reason
        if reasons:
            for row in np.flatnonzero(np.isin(codes, list(reasons))).tolist():
                faults.add([row], column, reasons[codes[row]])
        return pa.array(values, TYPES[fact.type]).take(pa.array(codes, mask=codes < 0))

    def _sets(self, fact: Fact, column: str, array: pa.Array, faults: Faults) -> pa.Array:
        """The items by their distinct names; only a row with a wrong or missing one is read on its own.

        A name that stands twice in a row counts once.
        """
        items = array.flatten()
        if not is_text(items.type):
            return self._distinct(fact, column, array, faults)
        if not pa.types.is_dictionary(items.type):
            items = items.dictionary_encode()
        names = items.dictionary.to_pylist()
        read = [self._value(fact, (name,))[0] for name in names]
        usable = np.array([value is not None for value in read], np.bool_)
        if items.null_count or not usable.all():
            codes = pc.fill_null(items.indices, -1).to_numpy()
            bad = codes < 0
            bad[~bad] = ~usable[codes[~bad]]
            rows = np.unique(pc.list_parent_indices(array).to_numpy()[bad]).tolist()
            self._refuse(fact, column, array, rows, faults)
        clean = [value[0] if value else name for name, value in zip(names, read, strict=True)]
        if clean != names:
            items = pa.DictionaryArray.from_arrays(items.indices, pa.array(clean, pa.string()))
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
        key = (fact.path, type(raw), repr(raw) if isinstance(raw, (list, dict)) else raw)
        if key not in self._read:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[key] = self._read_value(fact, raw)
        return self._read[key]

    def _read_value(self, fact: Fact, raw: Any) -> tuple[Any, str]:
        if isinstance(raw, int) and abs(raw) > _LARGEST:
            return None, f"`{fact.path}` is too large a number"
        if fact.renamed:
            found = [word for word, _ in old_words(fact, spelled(fact, raw))]
            self.renamed.update({(fact.path, word): fact.renamed[word] for word in found})
        said: list[str] = []
        value = read_cell(fact, raw, self._names, _sayer(said))
        return value, "; ".join(said)


def _used(codes: NDArray[Any], texts: pa.Array) -> tuple[NDArray[Any], list[Any]]:
    """Only the texts that codes still name."""
    names, at = np.unique(codes, return_inverse=True)
    first = int(len(names) > 0 and names[0] < 0)
    return at.astype(np.int32) - first, texts.take(pa.array(names[first:])).to_pylist()


def _sayer(said: list[str]) -> Any:
    return lambda message, hint, *place: said.append(f"{message}; {hint}" if hint else message)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
