# SPDX-License-Identifier: Apache-2.0
"""Writes record batches to a file whose name tells the format; the file appears only once it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq

from carnet.errors import InputError

FORMATS = (".parquet", ".csv", ".jsonl", ".arrow")


class _Format(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class Sink:
    """A context in which batches are written beside `path`; leaving it well puts them there, else nothing stays."""

    def __init__(self, path: Path, schema: pa.Schema, about: Mapping[str, str] | None = None) -> None:
        if path.suffix not in FORMATS:
            raise InputError(f"cannot tell the format of `{path}`", hint=f"end it in {', '.join(FORMATS)}")
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._schema = schema.with_metadata({f"carnet.{key}": value for key, value in (about or {}).items()})

    def __enter__(self) -> Sink:
        try:
            with writing(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file: _Format = _open(self._part, self._path.suffix, self._schema)
        except BaseException:
            with suppress(OSError):
                self._part.unlink()
            raise
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        with writing(self._path):
            self._file.write_batch(batch)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with writing(self._path):
                self._file.close()
                if kind is None:
                    self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says what the file system refuses, such as a full disk."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error).partition("\n")[0].rpartition("] ")[2]
        raise InputError(f"cannot write `{path}`: {reason}", hint="free space or choose another place") from None


def _open(path: Path, suffix: str, schema: pa.Schema) -> _Format:
    if suffix == ".parquet":
        dictionaries = [_leaf(field) for field in schema if not pa.types.is_string(field.type)]
        writer: _Format = pq.ParquetWriter(path, schema, use_dictionary=dictionaries)
        return writer
    if suffix == ".csv":
        return _Csv(path, schema)
    return _Lines(path) if suffix == ".jsonl" else _Arrow(path, schema)


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
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = _plain(schema)
        self._writer = pa.ipc.new_file(path, self._schema)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class _Csv:
    """Lists are joined by `|`."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._lists = [field.name for field in schema if pa.types.is_list(field.type)]
        plain = _plain(schema)
        fields = [pa.field(field.name, pa.string()) if field.name in self._lists else field for field in plain]
        self._writer = pyarrow.csv.CSVWriter(path, pa.schema(fields), write_options=_CSV_OPTIONS)

    def write_batch(self, batch: pa.RecordBatch) -> None:
        columns = []
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            plain = array.cast(_plain_type(array.type))
            columns.append(pc.binary_join(plain, "|") if name in self._lists else plain)
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, batch.schema.names))

    def close(self) -> None:
        self._writer.close()


_CSV_OPTIONS = pyarrow.csv.WriteOptions(quoting_style="needed")


class _Lines:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")

    def write_batch(self, batch: pa.RecordBatch) -> None:
        self._file.writelines(_line(row) for row in batch.to_pylist())

    def close(self) -> None:
        self._file.close()


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str) + "\n"
