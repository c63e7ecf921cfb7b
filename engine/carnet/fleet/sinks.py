# SPDX-License-Identifier: Apache-2.0
"""Writes record batches to a file whose name tells the format; the file appears only once it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq

from carnet.errors import InputError, shown
from carnet.fleet.whole import WholeFile, writing
from carnet.report.table import inert

FORMATS = (".parquet", ".csv", ".jsonl", ".arrow")


class _Format(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


def check_format(path: Path) -> None:
    """Refuse a name whose end is no format.

    Raises:
        InputError: with the ends that are.
    """
    if path.suffix not in FORMATS:
        raise InputError(f"cannot tell the format of {shown(path, 200)}", hint=f"end it in {', '.join(FORMATS)}")


class Sink:
    """A context in which batches are written beside `path`; leaving it well puts them there, else nothing stays.

    altered: how many cells of a CSV file a spreadsheet would have run, or that would have moved a cursor.
    """

    def __init__(self, path: Path, schema: pa.Schema, about: Mapping[str, str] | None = None) -> None:
        check_format(path)
        self._path = path
        self._schema = schema.with_metadata({f"carnet.{key}": value for key, value in (about or {}).items()})

    def __enter__(self) -> Sink:
        with writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._whole = WholeFile(self._path)
            try:
                self._file: _Format = _open(self._whole.stream, self._path.suffix, self._schema)
            except BaseException:
                self._whole.discard()
                raise
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        with writing(self._path):
            self._file.write_batch(batch)

    @property
    def altered(self) -> int:
        return self._file.altered if isinstance(self._file, _Csv) else 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with writing(self._path):
                self._file.close()
                if kind is None:
                    self._whole.commit()
        finally:
            self._whole.discard()


def _open(stream: BinaryIO, suffix: str, schema: pa.Schema) -> _Format:
    if suffix == ".parquet":
        dictionaries = [_leaf(field) for field in schema if not pa.types.is_string(field.type)]
        writer: _Format = pq.ParquetWriter(stream, schema, use_dictionary=dictionaries)
        return writer
    if suffix == ".csv":
        return _Csv(stream, schema)
    return _Lines(stream) if suffix == ".jsonl" else _Arrow(stream, schema)


def _leaf(field: pa.Field) -> str:
    """How Parquet names the column that holds a field's values."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema with text in place of dictionaries, which Arrow files cannot change from batch to batch."""
    return pa.schema([pa.field(field.name, _plain_type(field.type)) for field in schema], schema.metadata)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    return kind.value_type if pa.types.is_dictionary(kind) else kind


class _Arrow:
    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._schema = _plain(schema)
        self._writer = pa.ipc.new_file(stream, self._schema)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class _Csv:
    """Lists are joined by `|`; what a spreadsheet would run gets an apostrophe, what moves a cursor becomes a blank."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._lists = [field.name for field in schema if pa.types.is_list(field.type)]
        plain = _plain(schema)
        fields = [pa.field(field.name, pa.string()) if field.name in self._lists else field for field in plain]
        self._writer = pyarrow.csv.CSVWriter(stream, pa.schema(fields), write_options=_CSV_OPTIONS)
        self.altered = 0

    def write_batch(self, batch: pa.RecordBatch) -> None:
        columns = [self._column(name, array) for name, array in zip(batch.schema.names, batch.columns, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, batch.schema.names))

    def _column(self, name: str, array: pa.Array) -> pa.Array:
        plain = array.cast(_plain_type(array.type))
        plain = pc.binary_join(plain, "|") if name in self._lists else plain
        if not pa.types.is_string(plain.type):
            return plain
        odd = pc.fill_null(pc.match_substring_regex(plain, _ODD), False)
        if not pc.any(odd).as_py():
            return plain
        cells = plain.to_pylist()
        for row in np.flatnonzero(odd.to_numpy(zero_copy_only=False)):
            harmless = inert(printable(cells[row]))
            self.altered += harmless != cells[row]
            cells[row] = harmless
        return pa.array(cells, pa.string())

    def close(self) -> None:
        self._writer.close()


_CSV_OPTIONS = pyarrow.csv.WriteOptions(quoting_style="needed")
_ODD = r"^\s*[=+\-@＝＋－＠]|[^ -~]"
"""Cells to look at closely: those that begin like a formula, or hold anything but plain characters."""


def printable(text: str) -> str:
    """The text with a blank for each character that could move the cursor, hide or reorder text."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)


class _Lines:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._stream.writelines(_line(row) for row in batch.to_pylist())

    def close(self) -> None:
        """The stream is closed by its owner."""


def _line(row: Mapping[str, Any]) -> bytes:
    text = json.dumps(row, ensure_ascii=False, default=str)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escaped(char) for char in text)
    return f"{text}\n".encode()


def _escaped(char: str) -> str:
    """As JSON writes it, so that it comes back exactly and moves no cursor on the way."""
    return json.dumps(char)[1:-1]
