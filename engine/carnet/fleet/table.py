# SPDX-License-Identifier: Apache-2.0
"""An open table of profiles, wherever it stands, and how it is read in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Table:
    """An open table; `rows` is None where counting would mean reading it all.

    fingerprint: equal for two openings of the same unchanged table, as far as can be told without reading it.
    """

    name: str
    rows: int | None
    fingerprint: str
    reader: Any
    files: tuple[Path, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        return self.reader.schema

    def close(self) -> None:
        """Let go of a connection."""
        if isinstance(self.reader, Batches):
            self.reader.close()

    def blocks(self, size: int) -> Iterator[pa.RecordBatch]:
        """Every row once and in order, `size` rows at a time; the last block may be smaller."""
        waiting: list[pa.Table] = []
        height = 0
        for batch in self.reader:
            waiting.append(pa.Table.from_batches([batch]))
            height += batch.num_rows
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


def _joined(parts: list[pa.Table]) -> pa.Table:
    """Parts under each other; where one has whole numbers and another fractions, all have fractions."""
    return pa.concat_tables(parts, promote_options="permissive") if len(parts) > 1 else parts[0]


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """The table, which has rows, as a single batch."""
    return table.combine_chunks().to_batches()[0]


def state(files: Iterable[Path]) -> str:
    """Names, sizes and times of change."""
    return "; ".join(f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
