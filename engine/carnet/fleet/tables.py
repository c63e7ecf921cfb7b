# SPDX-License-Identifier: Apache-2.0
"""Opens a table of profiles wherever it stands, and reads it in blocks of a fixed number of rows.

CSV, JSON lines, databases that DuckDB attaches and whatever is not on this machine are read by DuckDB; local Parquet
and Arrow files by Arrow, which keeps their dictionaries and so halves the time. CSV and SQLite are read as text
throughout: their types are those of the facts, which only the vocabulary knows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from carnet.errors import InputError

DATABASES = ("sqlite", "postgres", "mysql", "duckdb")
_JSON = (".json", ".jsonl", ".ndjson")
_ARROW = (".arrow", ".feather", ".ipc")
_READERS = {
    ".parquet": "read_parquet({})",  # on another machine
    ".csv": "read_csv({}, all_varchar = true, header = true)",
    ".tsv": "read_csv({}, all_varchar = true, header = true, delim = '\t')",
    **dict.fromkeys(_JSON, "read_json({}, sample_size = -1, convert_strings_to_integers = false)"),
}
FORMATS = "Parquet, CSV, JSON lines, Arrow, or a table of a database such as `sqlite:fleet.db#vehicles`"


@dataclass(frozen=True, slots=True)
class Table:
    """An open table; `rows` is None where counting would mean reading it all.

    fingerprint: equal for two openings of the same unchanged table, as far as can be told without reading it.
    """

    name: str
    rows: int | None
    fingerprint: str
    _reader: Any

    @property
    def schema(self) -> pa.Schema:
        return self._reader.schema

    def blocks(self, size: int) -> Iterator[pa.RecordBatch]:
        """Every row once and in order, `size` rows at a time; the last block may be smaller."""
        waiting: list[pa.RecordBatch] = []
        height = 0
        for batch in self._reader:
            waiting.append(batch)
            height += batch.num_rows
            while height >= size:
                table = pa.Table.from_batches(waiting)
                yield one_batch(table.slice(0, size))
                waiting = table.slice(size).to_batches()
                height -= size
        if height:
            yield one_batch(pa.Table.from_batches(waiting))


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """The table, which has rows, as a single batch."""
    return table.combine_chunks().to_batches()[0]


def open_table(name: str, size: int) -> Table:
    """Open a file (a pattern or folder of them as well), or `kind:database#table`.

    Raises:
        InputError: when there is no such table or it cannot be read.
    """
    try:
        kind, colon, rest = name.partition(":")
        if colon and kind in DATABASES:
            return _open_database(name, kind, rest, size)
        return _open_file(name, size)
    except (duckdb.Error, sqlite3.Error, pa.ArrowInvalid, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"cannot read the table `{name}`: {reason}", hint=f"give {FORMATS}") from None


def _open_file(name: str, size: int) -> Table:
    path = Path(name)
    suffix = path.suffix.lower() if not path.is_dir() else ".parquet"
    if suffix in (".gz", ".zst"):
        suffix = Path(path.stem).suffix.lower()
    pattern = f"{name}/*.parquet" if path.is_dir() else name
    if suffix == ".parquet" and (files := _files(pattern)):
        return _open_parquet(name, files, size)
    if suffix in _ARROW:
        return _open_arrow(path)
    if suffix not in _READERS:
        raise InputError(f"cannot tell the format of `{name}`", hint=f"give {FORMATS}")
    source = _READERS[suffix].format(_quoted(pattern))
    return Table(name, None, _state(_files(pattern)) or name, _select(_connect(), source, size))


def _open_parquet(name: str, files: Sequence[Path], size: int) -> Table:
    opened = [_parquet(file) for file in files]
    schema = opened[0].schema_arrow
    for file, other in zip(files, opened, strict=True):
        if other.schema_arrow.names != schema.names:
            raise InputError(f"`{file}` has other columns than `{files[0]}`", hint="read them as two tables")
    groups = ((file, group) for file in opened for group in range(file.num_row_groups))
    # one group at a time: Arrow cannot read lists of dictionaries over the border of two
    batches = (batch for file, group in groups for batch in file.iter_batches(size, row_groups=[group]))
    rows = sum(file.metadata.num_rows for file in opened)
    return Table(name, rows, _state(files), _Batches(schema, batches))


def _parquet(path: Path) -> pq.ParquetFile:
    """A file whose texts, those in lists too, come as dictionaries."""
    columns = pq.read_metadata(path).schema
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY" and column.path != "profile"]
    return pq.ParquetFile(path, read_dictionary=texts)


@dataclass(frozen=True, slots=True)
class _Batches:
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self.batches


def _files(pattern: str) -> list[Path]:
    path = Path(pattern)
    return [path] if path.is_file() else sorted(path.parent.glob(path.name)) if "*" in path.name else []


def _state(files: Iterable[Path]) -> str:
    """Names, sizes and times of change."""
    return "; ".join(f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def _open_arrow(path: Path) -> Table:
    source = pa.memory_map(str(path))
    try:
        reader = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        return Table(str(path), None, _state([path]), pa.ipc.open_stream(pa.OSFile(str(path))))
    batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
    return Table(str(path), None, _state([path]), pa.RecordBatchReader.from_batches(reader.schema, batches))


def _open_database(name: str, kind: str, rest: str, size: int) -> Table:
    address, hash_, table = rest.rpartition("#")
    if not (hash_ and address and table):
        raise InputError(f"`{name}` names no table", hint=f"write `{kind}:<database>#<table>`")
    if kind in ("sqlite", "duckdb") and not Path(address).is_file():
        raise InputError(f"there is no database `{address}`", hint="check the path before the `#`")
    if kind == "sqlite":
        return _open_sqlite(name, address, table, size)
    connection = _connect()
    connection.execute(f"attach {_quoted(address)} as fleet (type {kind}, read_only)")
    source = "fleet." + ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))
    rows = _height(connection, source)
    return Table(name, rows, f"{name} {rows}", _select(connection, source, size))


def _open_sqlite(name: str, address: str, table: str, size: int) -> Table:
    """By Python's own reader: DuckDB would have to download one."""
    connection = sqlite3.connect(f"{Path(address).resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    quoted = '"' + table.replace('"', '""') + '"'
    ((rows,),) = connection.execute(f"select count(*) from {quoted}")
    cursor = connection.execute(f"select * from {quoted}")
    names = [column[0] for column in cursor.description]
    return Table(name, rows, _state([Path(address)]), _Batches(_sqlite_schema(names), _sqlite_batches(cursor, size)))


def _sqlite_schema(names: Sequence[str]) -> pa.Schema:
    """Names only: in SQLite each value has a type of its own."""
    return pa.schema([(name, pa.string()) for name in names])


def _sqlite_batches(cursor: sqlite3.Cursor, size: int) -> Iterator[pa.RecordBatch]:
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(size):
        columns = [[None if value is None else str(value) for value in column] for column in zip(*rows, strict=True)]
        yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], names)


def _select(connection: Any, source: str, size: int) -> Any:
    return connection.sql(f"select * from {source}").to_arrow_reader(size)


def _height(connection: Any, source: str) -> int:
    [(rows,)] = connection.execute(f"select count(*) from {source}").fetchall()
    return int(rows)


def _connect() -> Any:
    """A private in-memory database; two threads, as reading must leave processors for judging."""
    return duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
