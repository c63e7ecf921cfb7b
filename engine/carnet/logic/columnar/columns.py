# SPDX-License-Identifier: Apache-2.0
"""A fact over many rows, in the form its comparisons run on; null is unknown."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from carnet.logic.columnar.bitmaps import Bits, Flags, Numbers, ones, pack, unpack, zeros
from carnet.logic.columnar.setwords import rows_by_name, set_words

EPOCH = dt.date(1970, 1, 1)
EXACT = 1 << 53  # whole numbers below are exact as doubles


def day_number(day: dt.date) -> int:
    """Days since 1970, as Arrow and NumPy count them."""
    return (day - EPOCH).days


class Column:
    """A fact that nobody declared, and the base of the columns that hold one."""

    def __init__(self, rows: int, known: Bits) -> None:
        self.rows = rows
        self.known = known

    @classmethod
    def unknown(cls, rows: int) -> Column:
        return Column(rows, zeros(rows))

    def items(self) -> list[Any]:
        """The values as Python has them; whatever stands where the row is unknown must not be used."""
        return [None] * self.rows

    def values(self) -> list[Any]:
        """The values as Python has them, None where unknown."""
        known = unpack(self.known, self.rows)
        return [item if there else None for item, there in zip(self.items(), known, strict=True)]


class BoolColumn(Column):
    def __init__(self, rows: int, known: Bits, true: Bits) -> None:
        super().__init__(rows, known)
        self.true = true

    def items(self) -> list[Any]:
        items: list[Any] = unpack(self.true, self.rows).tolist()
        return items


class NumberColumn(Column):
    def __init__(self, numbers: Numbers, known: Bits) -> None:
        super().__init__(len(numbers), known)
        self.numbers = numbers

    def items(self) -> list[Any]:
        items: list[Any] = self.numbers.tolist()
        return items


class ComputedColumn(NumberColumn):
    """What a formula found in doubles: near a whole number it is that number."""


class DateColumn(NumberColumn):
    """Days since 1970."""

    def items(self) -> list[Any]:
        items: list[Any] = self.numbers.astype("datetime64[D]").tolist()
        return items


class TextColumn(Column):
    """Codes into the distinct names, each name once."""

    def __init__(self, codes: Numbers, names: Sequence[str], known: Bits) -> None:
        super().__init__(len(codes), known)
        self.codes = narrow(codes, len(names))
        self.names = names
        self._found: dict[str, Bits] = {}

    @cached_property
    def _code(self) -> Mapping[str, int]:
        return {name: code for code, name in enumerate(self.names)}

    def equals(self, name: Any) -> Bits:
        """Where the text is `name`; rows that are unknown may be set."""
        if name not in self._found:
            code = self._code.get(name)
            self._found[name] = zeros(self.rows) if code is None else pack(self.codes == code)
        return self._found[name]

    def items(self) -> list[Any]:
        return [self.names[code] for code in self.codes] if self.names else [None] * self.rows


class SetColumn(Column):
    """Lists of names: row i has `codes[offsets[i]:offsets[i + 1]]`; a row that is unknown has none.

    What is compared are bitmaps, one per name.
    """

    def __init__(self, codes: Numbers, names: Sequence[str], offsets: Numbers, known: Bits) -> None:
        super().__init__(len(offsets) - 1, known)
        self.codes = codes
        self.names = names
        self.offsets = offsets

    @cached_property
    def _code(self) -> Mapping[str, int]:
        return {name: code for code, name in enumerate(self.names)}

    @cached_property
    def _words(self) -> Sequence[Numbers]:
        """Each row's set as one bit per name."""
        return set_words(self.codes, self.offsets, len(self.names))

    @cached_property
    def _bitmaps(self) -> NDArray[np.uint64]:
        """For every name the rows that have it."""
        return np.concatenate([rows_by_name(word) for word in self._words])

    def contains(self, name: Any) -> Bits:
        """Where the set has `name`."""
        return self._bitmaps[self._code[name]] if name in self._code else zeros(self.rows)

    def has_any(self, names: Iterable[Any]) -> Bits:
        """Where the set has at least one of the names."""
        return reduce(or_, map(self.contains, names), zeros(self.rows))

    def has_all(self, names: Iterable[Any]) -> Bits:
        """Where the set has every one of the names."""
        return reduce(and_, map(self.contains, names), ones(self.rows))

    def has_other_than(self, names: Collection[Any]) -> Bits:
        """Where the set has something that is not one of the names."""
        return self.has_any(name for name in self.names if name not in names)

    @cached_property
    def lengths(self) -> Numbers:
        """How many different names each row has."""
        counts = (np.bitwise_count(word[: self.rows]).astype(np.int32) for word in self._words)
        return sum(counts, np.zeros(self.rows, np.int32))

    @cached_property
    def distinct(self) -> tuple[Numbers, list[tuple[str, ...]]]:
        """Each row's set by its number, and the sets that occur; a row that is unknown has the empty one."""
        if not self.names:
            return np.zeros(self.rows, np.int64), [()]
        keys = np.stack([word[: self.rows].astype("<u8") for word in self._words], axis=1)
        sets, codes = np.unique(keys[:, 0] if keys.shape[1] == 1 else keys, axis=0, return_inverse=True)
        bits = np.unpackbits(sets.reshape(len(sets), -1).view(np.uint8), axis=1, bitorder="little")
        return codes.reshape(-1), [tuple(itertools.compress(self.names, row)) for row in bits.tolist()]

    def place(self, name: Any) -> Numbers:
        """Where in each row's list `name` first stands; -1 when it does not."""
        places = np.full(self.rows, -1, np.int32)
        if name in self._code:
            at = np.flatnonzero(self.codes == self._code[name])[::-1]
            rows = np.searchsorted(self.offsets, at, side="right") - 1
            places[rows] = at - self.offsets[rows]
        return places

    def items(self) -> list[Any]:
        names = [self.names[code] for code in self.codes]
        return [tuple(names[start:end]) for start, end in itertools.pairwise(self.offsets.tolist())]


class ObjectColumn(Column):
    """Values of a kind that has no bitmaps, such as tables; compared row by row."""

    def __init__(self, objects: Sequence[Any]) -> None:
        super().__init__(len(objects), pack(np.array([item is not None for item in objects], np.bool_)))
        self._objects = list(objects)

    def items(self) -> list[Any]:
        return self._objects


def narrow(codes: Numbers, size: int) -> Numbers:
    """The codes in the smallest type that holds them: comparisons read a quarter of the memory."""
    wanted = np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.int32
    return codes.astype(wanted, copy=False)


def constant(value: Any, rows: int) -> Column:
    """The same value in every row."""
    if isinstance(value, bool):
        return BoolColumn(rows, ones(rows), ones(rows) if value else zeros(rows))
    if isinstance(value, (int, float)) and abs(value) < EXACT:
        return NumberColumn(np.full(rows, value), ones(rows))
    if isinstance(value, str):
        return TextColumn(np.zeros(rows, np.uint8), [value], ones(rows))
    return from_python([value] * rows)


def from_python(values: Sequence[Any]) -> Column:
    """A column of Python values, None where unknown."""
    rows = len(values)
    there: Flags = np.array([value is not None for value in values], np.bool_)
    known = pack(there)
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return Column(rows, known)
    if kinds == {bool}:
        return BoolColumn(rows, known, pack(np.array([value is True for value in values], np.bool_)))
    if kinds <= {int, float} and all(abs(value) < EXACT for value in values if type(value) is int):
        return NumberColumn(np.array([0 if value is None else value for value in values]), known)
    if kinds == {dt.date}:
        return DateColumn(np.array([0 if value is None else day_number(value) for value in values]), known)
    if kinds == {str}:
        names = list(dict.fromkeys(value for value in values if value is not None))
        code = {name: at for at, name in enumerate(names)}
        return TextColumn(np.array([code.get(value, 0) for value in values]), names, known)
    if kinds == {tuple} and all(isinstance(item, str) for value in values for item in value or ()):
        flat = [item for value in values for item in value or ()]
        code = {name: at for at, name in enumerate(dict.fromkeys(flat))}
        offsets = np.cumsum([0, *(len(value or ()) for value in values)])
        return SetColumn(np.array([code[item] for item in flat], np.int32), list(code), offsets, known)
    return ObjectColumn(values)
