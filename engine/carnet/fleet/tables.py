# SPDX-License-Identifier: Apache-2.0
"""Opens a table of profiles wherever it stands.

CSV, JSON lines and whatever is not on this machine are read by DuckDB; local Parquet and Arrow files by Arrow, which
keeps their dictionaries and so halves the time. CSV is read as text throughout: its types are those of the facts,
which only the vocabulary knows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from carnet.errors import InputError
from carnet.fleet.databases import KINDS, Unreadable, masked, open_database
from carnet.fleet.table import Batches, Table, state

_JSON = (".json", ".jsonl", ".ndjson")
_ARROW = (".arrow", ".feather", ".ipc")
_CSV = "read_csv({}, all_varchar = true, header = true"
_READERS = {
    ".parquet": "read_parquet({})",  # on another machine
    ".csv": f"{_CSV})",
    ".tsv": f"{_CSV}, delim = '\t')",
    **dict.fromkeys(_JSON, "read_json({}, sample_size = -1, convert_strings_to_integers = false)"),
}
FORMATS = "Parquet, CSV, JSON lines, Arrow, or a table of a database such as `sqlite:fleet.db#vehicles`"
_ERRORS = (duckdb.Error, sqlite3.Error, pa.ArrowException, OSError, Unreadable)


def open_table(name: str, size: int) -> Table:
    """Open a file (a pattern or folder of them as well), or `kind:database#table`.

    Raises:
        InputError: when there is no such table or it cannot be read, now or, in a part read later, then.
    """
    try:
        kind, colon, rest = name.partition(":")
        table = open_database(kind, rest, size) if colon and kind in KINDS else _open_file(name, size)
    except _ERRORS as error:
        raise _unreadable(name, error) from None
    return replace(table, reader=Batches(table.schema, _guarded(table), table.close))


def _guarded(table: Table) -> Iterator[pa.RecordBatch]:
    try:
        yield from table.reader
    except Exception as error:  # each driver has its own
        raise _unreadable(table.name, error) from None


def _unreadable(name: str, error: Exception) -> InputError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return InputError(f"cannot read the table `{masked(name)}`: {masked(lines[0])}", hint=f"give {FORMATS}")


def _open_file(name: str, size: int) -> Table:
    path = Path(name)
    suffix = path.suffix.lower() if not path.is_dir() else _suffix_within(path)
    if suffix in (".gz", ".zst"):
        suffix = Path(path.stem).suffix.lower()
    pattern = f"{name}/*{suffix}" if path.is_dir() else name
    files = _files(pattern)
    if suffix == ".parquet" and files:
        return _open_parquet(name, files, size)
    if suffix in _ARROW:
        return _open_arrow(path)
    if suffix not in _READERS:
        raise InputError(f"cannot tell the format of `{name}`", hint=f"give {FORMATS}")
    if not files and "://" not in name:
        raise InputError(f"cannot read the table `{name}`: there is no such file", hint="check the path")
    if files and not any(file.stat().st_size for file in files):
        raise InputError(f"the table `{name}` is empty", hint="its first row names the columns")
    source = _READERS[suffix].format(_quoted(pattern))
    reader = _connect().sql(f"select * from {source}").to_arrow_reader(size)
    return Table(name, None, state(files) or name, reader, tuple(files))


def _suffix_within(folder: Path) -> str:
    """The format of a folder's files: the first of those known that it holds."""
    return next((suffix for suffix in _READERS if any(folder.glob(f"*{suffix}"))), ".parquet")


def _open_parquet(name: str, files: Sequence[Path], size: int) -> Table:
    opened = [_parquet(file) for file in files]
    schema = opened[0].schema_arrow
    for file, other in zip(files, opened, strict=True):
        if sorted(other.schema_arrow.names) != sorted(schema.names):
            raise InputError(f"`{file}` has other columns than `{files[0]}`", hint="read them as two tables")
    groups = ((file, group) for file in opened for group in range(file.num_row_groups))
    # one group at a time: Arrow cannot read lists of dictionaries over the border of two
    batches = (batch for file, group in groups for batch in file.iter_batches(size, row_groups=[group]))
    rows = sum(file.metadata.num_rows for file in opened)
    return Table(name, rows, state(files), Batches(schema, batches), tuple(files))


def _parquet(path: Path) -> pq.ParquetFile:
    """A file whose texts, those in lists too, come as dictionaries."""
    columns = pq.read_metadata(path).schema
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY" and column.path != "profile"]
    return pq.ParquetFile(path, read_dictionary=texts)


def _files(pattern: str) -> list[Path]:
    path = Path(pattern)
    return [path] if path.is_file() else sorted(path.parent.glob(path.name)) if set("*?[") & {*path.name} else []


def _open_arrow(path: Path) -> Table:
    source = pa.memory_map(str(path))
    try:
        reader = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        return Table(str(path), None, state([path]), pa.ipc.open_stream(pa.OSFile(str(path))), (path,))
    batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
    return Table(str(path), None, state([path]), Batches(reader.schema, batches), (path,))


def _connect() -> Any:
    """A private in-memory database; two threads, as reading must leave processors for judging."""
    return duckdb.connect(config={"threads": 2, "preserve_insertion_order": True})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
