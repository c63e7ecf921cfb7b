# SPDX-License-Identifier: Apache-2.0
"""Finds the records of separated values in bytes by RFC 4180, strictly, and says which lines are none.

Whole pieces are taken apart by masks over their bytes. Where quotation marks do not follow the rules, the piece is read
record by record instead: a line that cannot be read is a record of its own with a fault, and reading goes on after it,
so that a stray mark never swallows the lines that follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST_CELL = 1 << 17
_QUOTE, _LF, _CR = 34, 10, 13
OPEN = "a quotation mark opens a cell and never closes"
AFTER = "text follows the closing quotation mark of a cell"
INSIDE = "a quotation mark stands in a cell without quotation marks around it"
RETURN = "a carriage return stands inside a cell"

Offsets = NDArray[np.int64]


@dataclass(slots=True)
class Records:
    """The whole records of a piece: where each starts and ends (without its line end), and how many cells it has.

    returns: whether its line ends in CR LF. faults: why a record cannot be read, by its index. used: how many bytes
    were taken; the rest is the beginning of a record.
    """

    starts: Offsets
    ends: Offsets
    cells: Offsets
    returns: NDArray[np.bool_]
    used: int
    faults: dict[int, str] = field(default_factory=dict)


def split(data: bytes, delimiter: bytes, final: bool) -> Records:
    """The records of a piece that starts with one; of the last piece also one without a line end."""
    found = _by_masks(data, delimiter, final)
    return found if found is not None else _one_by_one(data, delimiter, final)


def _by_masks(data: bytes, delimiter: bytes, final: bool) -> Records | None:
    """The records, or None where some mark is out of place."""
    octets = np.frombuffer(data, np.uint8)
    inside = None
    if b'"' in data:
        inside = np.bitwise_xor.accumulate((octets == _QUOTE).view(np.uint8)).view(np.bool_)
        if not _well_quoted(octets, inside, delimiter[0], final):
            return None
    breaks = _outside(octets == _LF, inside)
    stops = breaks
    if final and len(data) and (not len(breaks) or breaks[-1] != len(data) - 1):
        stops = np.append(breaks, len(data))
    starts = np.concatenate(([0], stops[:-1] + 1)) if len(stops) else stops
    used = min(int(stops[-1]) + 1, len(data)) if len(stops) else 0
    returns = np.zeros(len(stops), np.bool_)
    broken = np.flatnonzero((stops > starts) & (stops < len(data)))
    returns[broken] = octets[stops[broken] - 1] == _CR
    ends = stops - returns
    if inside is not None and max(len(data) - used, int((ends - starts).max(initial=0))) > LONGEST_CELL:
        return None  # perhaps a mark that swallows lines
    if b"\r" in data and len(_outside(octets[:used] == _CR, inside)) != int(returns.sum()):
        return None
    marks = _outside(octets == delimiter[0], inside)
    cells = np.diff(np.searchsorted(marks, stops), prepend=0) + 1
    return Records(starts, ends, cells, returns, used)


def _outside(mask: NDArray[np.bool_], inside: NDArray[np.bool_] | None) -> Offsets:
    if inside is not None:
        mask = mask & ~inside[: len(mask)]
    return np.flatnonzero(mask)


def _well_quoted(octets: NDArray[np.uint8], inside: NDArray[np.bool_], delimiter: int, final: bool) -> bool:
    """Whether each mark that opens a cell stands at its start, and each that closes one at its end."""
    quotes = np.flatnonzero(octets == _QUOTE)
    opening = quotes[inside[quotes]]
    before = octets[opening[opening > 0] - 1]
    closing = quotes[~inside[quotes]]
    after = octets[closing[closing < len(octets) - 1] + 1]
    starts = (before == delimiter) | (before == _LF) | (before == _QUOTE)
    ends = (after == delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE)
    return bool(starts.all() and ends.all() and not (final and inside[-1]))


def _one_by_one(data: bytes, delimiter: bytes, final: bool) -> Records:
    rows: list[tuple[int, int, int, bool]] = []
    faults: dict[int, str] = {}
    at = 0
    reader = RecordReader(data, delimiter, final)
    while at < len(data):
        stop, cells, fault = reader.record(at)
        if stop < 0:
            break
        if fault:
            faults[len(rows)] = fault
        returns = stop > at and data[stop - 1 : stop] == b"\r" and stop < len(data)
        rows.append((at, stop - returns, cells, returns))
        at = stop + 1
    columns: Any = zip(*rows, strict=True) if rows else ((), (), (), ())
    starts, ends, cells_, returned = (np.array(column, np.int64) for column in columns)
    return Records(starts, ends, cells_, returned.astype(np.bool_), min(at, len(data)), faults)


class RecordReader:
    """Reads one record after the other."""

    def __init__(self, data: bytes, delimiter: bytes, final: bool) -> None:
        self._data, self._delimiter, self._final = data, delimiter, final
        self._plain = re.compile(rb'[^"\r\n' + re.escape(delimiter) + rb"]*")

    def record(self, start: int) -> tuple[int, int, str]:
        """Where the record's line ends, its cells, and why it cannot be read; -1 where more of the file is needed."""
        at, cells = start, 1
        while True:
            at, fault = self._quoted(at) if self._data[at : at + 1] == b'"' else self._unquoted(at)
            if fault:
                stop = self._data.find(b"\n", start)
                return (stop if stop >= 0 else len(self._data) if self._final else -1), 0, fault
            if at < 0 or (at >= len(self._data) and not self._final):
                return -1, 0, ""
            if self._data[at : at + 1] != self._delimiter:
                return at, cells, ""
            at, cells = at + 1, cells + 1

    def _unquoted(self, at: int) -> tuple[int, str]:
        data = self._data
        match = self._plain.match(data, at)
        end = match.end() if match else at
        found = data[end : end + 1]
        if found == b'"':
            return end, INSIDE
        if found == b"\r":
            return self._after_return(end)
        return end, ""

    def _after_return(self, end: int) -> tuple[int, str]:
        following = self._data[end + 1 : end + 2]
        if not following and not self._final:
            return -1, ""
        return (end + 1, "") if following == b"\n" else (end, RETURN)

    def _quoted(self, start: int) -> tuple[int, str]:
        data, at = self._data, start + 1
        while True:
            mark = data.find(b'"', at, start + LONGEST_CELL)
            if mark < 0:
                more = not self._final and len(data) < start + LONGEST_CELL
                return (-1, "") if more else (start, OPEN)
            if data[mark + 1 : mark + 2] != b'"':
                break
            at = mark + 2
        end = mark + 1
        found = data[end : end + 1]
        if not found and not self._final:
            return -1, ""
        if found == b"\r":
            return self._after_return(end)
        return (end, "") if found in (b"", b"\n", self._delimiter) else (end, AFTER)
