# SPDX-License-Identifier: Apache-2.0
"""An open table of profiles, wherever it stands, and how it is read in blocks.

A source yields record batches whose columns are named as in its header. One that knows where its rows stand adds
`PLACES`: the line on which each row starts, the file where there are several, and what is wrong with a row that could
not be read, whose cells are then empty. So every row of the input is extent, and a bad one is listed with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

LINE, FILE, FAULT = "\0line", "\0file", "\0fault"
PLACES = (LINE, FILE, FAULT)
"""Columns beside those of a table; no column of a file is taken for one of them."""
JSON_ROW = "\0json"
"""The only column of a table whose rows are JSON objects, each with names of its own."""
HEADER = b"carnet.header"
"""In the metadata of a schema: the file in whose first line the header stands, where that is text."""
MOST_OBJECTS = 1 << 24
"""Bytes of JSON that are judged at a time."""
FILE_NAMES = pa.dictionary(pa.int32(), pa.string())


@dataclass(slots=True)
class Extent:
    """What was read of a text so far: rows, also those that could not be read, lines, and those of them left blank."""

    rows: int = 0
    lines: int = 0
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """An open table; `rows` is None where counting would mean reading it all.

    fingerprint: equal for two openings of the same unchanged table, as far as can be told without reading it.
    extent: of a text, what was read.
    """

    name: str
    rows: int | None
    fingerprint: str
    reader: Any
    files: tuple[Path, ...] = ()
    extent: Extent | None = None

    @property
    def schema(self) -> pa.Schema:
        return self.reader.schema

    def close(self) -> None:
        """Let go of a connection."""
        if isinstance(self.reader, Batches):
            self.reader.close()

    def blocks(self, size: int) -> Iterator[pa.RecordBatch]:
        """Every row once and in order, `size` rows at a time; the last block may be smaller.

        Objects are judged as soon as they are many bytes, since a wide one takes several times its text to read.
        """
        waiting: list[pa.Table] = []
        height, objects = 0, JSON_ROW in self.schema.names
        for batch in self.reader:
            waiting.append(pa.Table.from_batches([batch]))
            height += batch.num_rows
            if objects and sum(table.nbytes for table in waiting) > MOST_OBJECTS:
                yield from _sliced(_joined(waiting), size)
                waiting, height = [], 0
            while height >= size:
                table = _joined(waiting)
                yield one_batch(table.slice(0, size))
                waiting = [table.slice(size)]
                height -= size
        if height:
            yield one_batch(_joined(waiting))


@dataclass(frozen=True, slots=True)
class Batches:
    """Something that is read batch by batch, with its schema, and how to let go of it."""

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    close: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return iter(self.batches)


def placed(
    names: Sequence[str],
    columns: Sequence[pa.Array],
    lines: Any,
    faults: Sequence[str | None] | None = None,
    file: str | None = None,
) -> pa.RecordBatch:
    """Rows of text cells with their places.

    lines: where each row starts, by number. faults: what is wrong with each, None where nothing is. file: where there
    are several.
    """
    rows = len(lines)
    files = pa.nulls(rows, FILE_NAMES)
    if file is not None:
        files = pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([file]))
    found = pa.nulls(rows, pa.string()) if faults is None else pa.array(faults, pa.string())
    return pa.RecordBatch.from_arrays([*columns, pa.array(lines, pa.int64()), files, found], [*names, *PLACES])


def _sliced(table: pa.Table, size: int) -> Iterator[pa.RecordBatch]:
    for first in range(0, table.num_rows, size):
        yield one_batch(table.slice(first, size))


def _joined(parts: list[pa.Table]) -> pa.Table:
    """Parts under each other; where one has whole numbers and another fractions, all have fractions."""
    return pa.concat_tables(parts, promote_options="permissive") if len(parts) > 1 else parts[0]


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """The table, which has rows, as a single batch."""
    return table.combine_chunks().to_batches()[0]


def state(files: Iterable[Path]) -> str:
    """Names, sizes and times of change."""
    return "; ".join(f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
