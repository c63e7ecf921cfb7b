# SPDX-License-Identifier: Apache-2.0
"""Tables of separated values (CSV, TSV) as text cells with their lines; nothing is guessed from the rows.

The delimiter is the one that stands in the header, which no name of a column contains. Every row has as many cells as
the header; one that has not is kept with its fault, and so is one that cannot be read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from carnet.errors import InputError, Place, shown
from carnet.fleet.header import OWN, PROFILE
from carnet.fleet.records import Offsets, RecordReader, Records, split
from carnet.fleet.table import Extent, placed
from carnet.fleet.texts import LONGEST_LINE, decoding_error, formats, pieces, with_last

TEXT = pa.dictionary(pa.int32(), pa.string())
_DELIMITERS = {b",": "a comma", b";": "a semicolon", b"\t": "a tab", b"|": "a bar"}
_SEP = re.compile(rb'\s*"?sep=', re.IGNORECASE)
_QUOTED = re.compile(rb'"(?:[^"]|"")*"')
_NAME = re.compile(r"[a-z_]+(\.[\w-]+)+\Z")


@dataclass(slots=True)
class SeparatedFile:
    """One file, its header read.

    names: those of its columns, blank where the header gives none. rest: what follows the header.
    """

    path: Path
    delimiter: bytes
    names: tuple[str, ...]
    lines: int
    returns: bool
    data: bytes
    rest: Iterator[bytes] = field(repr=False)

    @property
    def types(self) -> list[pa.DataType]:
        """Names differ from row to row, most other texts recur."""
        return [pa.string() if name == PROFILE else TEXT for name in self.names]

    def batches(self, extent: Extent, file: str | None = None) -> Iterator[pa.RecordBatch]:
        """Every row in order; `extent` goes along.

        Raises:
            InputError: where the file is no UTF-8, its line ends change or another table follows.
        """
        line, data = self.lines + 1, self.data
        extent.lines += self.lines
        for piece, final in with_last(self.rest):
            data += piece
            records = split(data, self.delimiter, final)
            if records.used < len(data) - LONGEST_LINE:
                raise self._error(line, f"line {line} is longer than {LONGEST_LINE >> 20} MiB", "")
            batch = self._batch(data[: records.used], records, line, extent, file)
            ends = data.count(b"\n", 0, records.used)
            ends += final and records.used > 0 and data[records.used - 1] != 10
            line, data = line + ends, data[records.used :]
            extent.lines += ends
            if batch is not None:
                yield batch

    def _batch(
        self, data: bytes, records: Records, line: int, extent: Extent, file: str | None
    ) -> pa.RecordBatch | None:
        lines = self._lines(data, records.starts, line)
        filled = records.ends > records.starts
        extent.blank += int((~filled).sum())
        rows = np.flatnonzero(filled)
        extent.rows += len(rows)
        if not len(rows):
            return None
        faults = {index: self._width(int(records.cells[index])) for index in self._wrong(records, filled)}
        faults.update(records.faults)
        good = filled.copy()
        good[list(faults)] = False
        self._same_ends(records, lines, good)
        columns = self._cells(data, records, good, self._replaced(data, records, faults), line)
        at = {int(row): place for place, row in enumerate(rows)} if faults else {}
        found = {at[row]: fault for row, fault in faults.items()}
        found.update(self._headers(columns, lines[rows]))
        said = [found.get(row) for row in range(len(rows))] if found else None
        return placed(self.names, columns, lines[rows], said, file)

    def _wrong(self, records: Records, filled: NDArray[np.bool_]) -> list[int]:
        """The rows that have not as many cells as the header."""
        return np.flatnonzero((records.cells != len(self.names)) & filled).tolist()

    def _lines(self, data: bytes, starts: Offsets, line: int) -> Offsets:
        breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
        if np.array_equal(breaks[: len(starts) - 1], starts[1:] - 1):
            return np.arange(line, line + len(starts))
        return line + np.searchsorted(breaks, starts)

    def _width(self, cells: int) -> str:
        have = "1 cell" if cells == 1 else f"{cells} cells"
        return f"has {have}, the header {len(self.names)}"

    def _same_ends(self, records: Records, lines: Offsets, where: Any) -> None:
        other = np.flatnonzero((records.returns != self.returns) & where)
        if len(other) and int(records.ends[other[0]]) < records.used:  # the last line needs no end
            line = int(lines[other[0]])
            kinds = ("LF", "CR LF")
            what = f"mixes line ends: line 1 ends in {kinds[self.returns]}, line {line} in {kinds[not self.returns]}"
            raise self._error(line, what, "save it with one kind of line end; it may be two files in one")

    def _cells(self, data: bytes, records: Records, good: Any, named: Mapping[int, bytes], line: int) -> list[pa.Array]:
        """The columns; a row that cannot be read has empty cells, but for its name where it has one."""
        columns = list(map(str, range(len(self.names))))
        empty = self.delimiter * (len(columns) - 1) + b"\n"  # a first row, since Arrow drops a mark before one
        text = empty + (data if good.all() else _mended(data, records, good, named))
        try:
            table = pyarrow.csv.read_csv(
                pa.BufferReader(text),
                pyarrow.csv.ReadOptions(column_names=columns, use_threads=False, block_size=len(text) + 1),
                pyarrow.csv.ParseOptions(
                    delimiter=self.delimiter.decode(), newlines_in_values=True, ignore_empty_lines=False
                ),
                pyarrow.csv.ConvertOptions(
                    column_types=dict(zip(columns, self.types, strict=True)), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            raise decoding_error(self.path, data, line) or self._error(line, "cannot be read", "") from None
        return [column.combine_chunks().slice(1) for column in table.columns]

    def _replaced(self, data: bytes, records: Records, faults: Mapping[int, str]) -> dict[int, bytes]:
        """For each row with a fault one of empty cells, with its name where it has one."""
        at = self.names.index(PROFILE) if PROFILE in self.names else len(self.names)
        found = {}
        for index in faults:
            name = b""
            if at < records.cells[index]:
                row = data[records.starts[index] : records.ends[index]].decode(errors="replace")
                name = next(csv.reader([row], delimiter=self.delimiter.decode()))[at].replace('"', '""').encode()
            cells = [b'"' + name + b'"' if place == at else b"" for place in range(len(self.names))]
            found[index] = self.delimiter.join(cells) + b"\n"
        return found

    def _headers(self, columns: Sequence[pa.Array], lines: Offsets) -> Iterator[tuple[int, str]]:
        """The rows that repeat the header; another header would change what the rows after it mean."""
        known = pa.array(sorted({*self.names, *OWN} - {""}))
        first = columns[0] if pa.types.is_dictionary(columns[0].type) else columns[0].dictionary_encode()
        suspects = pc.is_in(pc.utf8_trim_whitespace(first.dictionary), known)
        if not pc.any(suspects).as_py():
            return
        for row in np.flatnonzero(suspects.to_numpy(zero_copy_only=False)[first.indices.to_numpy()]).tolist():
            cells = tuple(column[row].as_py().strip("\ufeff \t") for column in columns)
            if cells == self.names:
                yield row, f"repeats the header of line {self.lines}"
            elif all(cell in OWN or _NAME.match(cell) for cell in cells):
                raise self._error(int(lines[row]), "is another header", "two tables stand in the file; split it there")

    def _error(self, line: int, message: str, hint: str) -> InputError:
        return InputError(message, Place(str(self.path), line, 1), hint)


def _mended(data: bytes, records: Records, good: Any, named: Mapping[int, bytes]) -> bytes:
    """The text without blank lines, and with other rows in place of those that cannot be read."""
    parts, at = [], 0
    for index in np.flatnonzero(~good):
        start = int(records.starts[index])
        parts += [data[at:start], named.get(int(index), b"")]
        at = int(records.starts[index + 1]) if index + 1 < len(records.starts) else len(data)
    return b"".join((*parts, data[at:]))


def open_separated(path: Path) -> SeparatedFile:
    """Open a file and read its header.

    Raises:
        InputError: when it is empty or its first line cannot be a header.
    """
    rest = pieces(path)
    data = b""
    for piece in rest:
        data += piece
        if b"\n" in data or len(data) > LONGEST_LINE:
            break
    if not data.strip():
        raise InputError(f"the table {shown(path, 200)} is empty", hint="its first row names the columns")
    return _header(path, data, rest)


def _header(path: Path, data: bytes, rest: Iterator[bytes]) -> SeparatedFile:
    first = data.partition(b"\n")[0]
    place = Place(str(path), 1, 1)
    if not first.strip():
        raise InputError("is blank, and the first line names the columns", place, "delete the blank line")
    if _SEP.match(first):
        shown_line = shown(first.decode(errors="replace"))
        hint = "delete it, and name the columns in the first line"
        raise InputError(f"is {shown_line}, which only spreadsheets understand", place, hint)
    if b"\r" in first.rstrip(b"\r"):
        raise InputError("ends in CR alone", place, "save the table with LF or CR LF at the end of lines")
    error = decoding_error(path, first, 1)
    if error:
        raise error
    delimiter = _delimiter(first, b"\t" if formats(path)[0] == ".tsv" else b"", place)
    stop, _, fault = RecordReader(data, delimiter, True).record(0)
    if fault or b"\n" in data[:stop]:
        raise InputError(fault or "names a column over several lines", place, "name the columns in one line")
    returns = data[stop - 1 : stop] == b"\r"
    [cells] = csv.reader([first.rstrip(b"\r").decode()], delimiter=delimiter.decode())
    names = tuple(cell.strip() for cell in cells)
    return SeparatedFile(path, delimiter, names, 1, returns, data[stop + 1 :], rest)


def _delimiter(first: bytes, given: bytes, place: Place) -> bytes:
    plain = _QUOTED.sub(b"", first)
    found = [delimiter for delimiter in _DELIMITERS if delimiter in plain]
    if given:
        if found and given not in found:
            message = f"parts the columns by {_DELIMITERS[found[0]]}, not by {_DELIMITERS[given]}"
            raise InputError(message, place, "give it the ending .csv")
        return given
    if len(found) > 1:
        message = f"parts the columns by {_DELIMITERS[found[0]]} and by {_DELIMITERS[found[1]]}"
        raise InputError(message, place, "part all cells by commas")
    return found[0] if found else b","
