# SPDX-License-Identifier: Apache-2.0
"""A fact over many rows, in the form its comparisons run on; null is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from carnet.logic.columnar.bitmaps import Bits, Flags, pack, unpack, zeros

Numbers: TypeAlias = NDArray[Any]
EPOCH = dt.date(1970, 1, 1)
WORDS = (np.uint8, np.uint16, np.uint32, np.uint64)


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
    """Lists of names: `codes` of all rows one after another, `sizes` says how many are each row's.

    What is compared are words: each row's set as one bit per name, 64 names to a word.
    """

    def __init__(self, codes: Numbers, names: Sequence[str], sizes: Numbers, known: Bits) -> None:
        super().__init__(len(sizes), known)
        self.codes = narrow(codes, len(names))
        self.sizes = sizes
        self.names = names
        self._found: dict[str, Bits] = {}

    @cached_property
    def code(self) -> Mapping[str, int]:
        return {name: code for code, name in enumerate(self.names)}

    @cached_property
    def words(self) -> Sequence[Numbers]:
        """The sets, one array of words for every 64 names."""
        return [self._word(at) for at in range(0, len(self.names), 64)]

    def _word(self, first: int) -> Numbers:
        width = min(len(self.names) - first, 64)
        kind = next(kind for kind in WORDS if width <= 8 * kind().itemsize)
        bits = np.left_shift(kind(1), (self.codes - self.codes.dtype.type(first)).astype(kind))
        if len(self.names) > 64:
            bits[(self.codes < first) | (self.codes >= first + 64)] = 0
        words = np.zeros(self.rows, kind)
        filled = np.flatnonzero(self.sizes)
        if len(filled):
            starts = (np.cumsum(self.sizes) - self.sizes)[filled]
            words[filled] = np.bitwise_or.reduceat(bits, starts)
        return words

    def pattern(self, names: Iterable[Any]) -> Sequence[Any]:
        """Those of the names that occur, as words to compare with."""
        number = sum(1 << self.code[name] for name in set(names) if name in self.code)
        return [word.dtype.type(number >> 64 * at & 0xFFFFFFFFFFFFFFFF) for at, word in enumerate(self.words)]

    def contains(self, name: Any) -> Bits:
        """Where the set has `name`."""
        if name not in self._found:
            self._found[name] = self.has_any((name,))
        return self._found[name]

    def has_any(self, names: Iterable[Any]) -> Bits:
        """Where the set has at least one of the names."""
        return self._any(word & wanted for word, wanted in self._with_pattern(names))

    def has_all(self, names: Collection[Any]) -> Bits:
        """Where the set has every one of the names."""
        if not all(name in self.code for name in names):
            return zeros(self.rows)
        return ~self._any(~word & wanted for word, wanted in self._with_pattern(names))

    def has_other_than(self, names: Iterable[Any]) -> Bits:
        """Where the set has something that is not one of the names."""
        return self._any(word & ~wanted for word, wanted in self._with_pattern(names))

    def _with_pattern(self, names: Iterable[Any]) -> Iterator[tuple[Numbers, Any]]:
        return zip(self.words, self.pattern(names), strict=True)

    def _any(self, words: Iterable[Numbers]) -> Bits:
        found = zeros(self.rows)
        for word in words:
            found |= pack(word != 0)
        return found

    @cached_property
    def lengths(self) -> Numbers:
        """How many different names each row has."""
        return sum((np.bitwise_count(word).astype(np.int32) for word in self.words), np.zeros(self.rows, np.int32))

    def place(self, name: Any) -> Numbers:
        """Where in each row's list `name` first stands; -1 when it does not."""
        places = np.full(self.rows, -1, np.int32)
        if name in self.code:
            at = np.flatnonzero(self.codes == self.code[name])[::-1]
            starts = np.cumsum(self.sizes) - self.sizes
            rows = np.searchsorted(starts, at, side="right") - 1
            places[rows] = at - starts[rows]
        return places

    def items(self) -> list[Any]:
        names = [self.names[code] for code in self.codes]
        ends = np.cumsum(self.sizes).tolist()
        return [tuple(names[end - size : end]) for end, size in zip(ends, self.sizes.tolist(), strict=True)]


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
    return from_python([value] * rows) if value is not None else Column.unknown(rows)


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
    if kinds <= {int, float} and all(abs(value) < 1 << 53 for value in values if type(value) is int):
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
        sizes = np.array([len(value or ()) for value in values])
        return SetColumn(np.array([code[item] for item in flat], np.int32), list(code), sizes, known)
    return ObjectColumn(values)
