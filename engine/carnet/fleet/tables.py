# SPDX-License-Identifier: Apache-2.0
"""Opens a table of profiles wherever it stands.

Nothing is guessed from the rows: text is read as text, and what it says follows from the facts, which only the
vocabulary knows. Parquet and Arrow files keep the types that they were written with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from carnet.errors import CarnetError, InputError, shown
from carnet.fleet.addresses import KINDS, masked
from carnet.fleet.databases import Unreadable, open_database
from carnet.fleet.jsonrows import json_rows
from carnet.fleet.separated import SeparatedFile, open_separated
from carnet.fleet.table import FAULT, FILE, FILE_NAMES, HEADER, JSON_ROW, LINE, Batches, Extent, Table, state
from carnet.fleet.texts import check_regular, formats

_SEPARATED = (".csv", ".tsv")
_JSON = (".json", ".jsonl", ".ndjson")
_ARROW = (".arrow", ".feather", ".ipc")
_KNOWN = (".parquet", *_SEPARATED, *_JSON, *_ARROW)
FORMATS = "Parquet, CSV, JSON lines, Arrow, or a table of a database such as `sqlite:fleet.db#vehicles`"


def open_table(name: str, size: int) -> Table:
    """Open a file (a pattern or folder of them as well), or `kind:database#table`.

    Raises:
        InputError: when there is no such table or it cannot be read, now or, in a part read later, then.
    """
    try:
        kind, colon, rest = name.partition(":")
        table = open_database(kind, rest, size) if colon and kind in KINDS else _open_files(name, size)
    except CarnetError:
        raise
    except (pa.ArrowException, OSError, ValueError, Unreadable) as error:
        raise _unreadable(name, error) from None
    return replace(table, reader=Batches(table.schema, _guarded(table), table.close))


def _guarded(table: Table) -> Iterator[pa.RecordBatch]:
    try:
        yield from table.reader
    except CarnetError:
        raise
    except Exception as error:  # each driver has its own
        raise _unreadable(table.name, error) from None


def _unreadable(name: str, error: Exception) -> InputError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return InputError(f"cannot read the table {masked(name)}: {lines[0]}", hint=f"give {FORMATS}")


def _open_files(name: str, size: int) -> Table:
    files = _files(name)
    suffix = formats(files[0])[0]
    for file in files:
        check_regular(file)
        if formats(file)[0] != suffix:
            hint = "read them as two tables"
            raise InputError(f"{shown(file, 200)} has another format than {shown(files[0], 200)}", hint=hint)
    if suffix not in _KNOWN:
        raise InputError(f"cannot tell the format of {masked(name)}", hint=f"give {FORMATS}")
    if not any(file.stat().st_size for file in files):
        raise InputError(f"the table {shown(name, 200)} is empty", hint="its first row names the columns")
    if suffix == ".parquet":
        return _open_parquet(name, files, size)
    if suffix in _ARROW:
        return _open_arrow(name, files)
    return _open_separated(name, files) if suffix in _SEPARATED else _open_json(name, files)


def _files(name: str) -> list[Path]:
    """The files that a name stands for.

    Raises:
        InputError: when there are none.
    """
    path = Path(name)
    if "://" in name:
        raise InputError(f"{masked(name)} is not on this machine", hint="copy the table here, or run with --engine")
    if path.is_dir():
        found = [
            file for file in sorted(path.iterdir()) if formats(file)[0] in _KNOWN and not file.name.startswith(".")
        ]
        if not found:
            raise InputError(f"cannot read the table {shown(name, 200)}: no table stands in it", hint=f"give {FORMATS}")
        return found
    if path.exists():
        return [path]
    found = sorted(path.parent.glob(path.name)) if set("*?[") & {*path.name} else []
    if not found:
        if formats(path)[0] not in _KNOWN:
            raise InputError(f"cannot tell the format of {masked(name)}", hint=f"give {FORMATS}")
        raise InputError(f"cannot read the table {masked(name)}: there is no such file", hint="check the path")
    return found


def _open_separated(name: str, files: Sequence[Path]) -> Table:
    opened = [open_separated(file) for file in files]
    first = opened[0]
    for other in opened:
        if sorted(other.names) != sorted(first.names):
            raise _other_columns(other.path, first.path)
    fields = [*zip(first.names, first.types, strict=True), *_PLACES]
    schema = pa.schema(fields, {HEADER: str(first.path).encode(errors="replace")})
    extent = Extent()

    def batches() -> Iterator[pa.RecordBatch]:
        for file in opened:
            for batch in file.batches(extent, file.path.name if len(files) > 1 else None):
                yield _in_order(batch, file, first)

    return Table(name, None, state(files), Batches(schema, batches()), tuple(files), extent)


def _in_order(batch: pa.RecordBatch, file: SeparatedFile, first: SeparatedFile) -> pa.RecordBatch:
    """The columns of one file as they stand in the first."""
    if file.names == first.names:
        return batch
    return batch.select([*first.names, LINE, FILE, FAULT])


_PLACES = [(LINE, pa.int64()), (FILE, FILE_NAMES), (FAULT, pa.string())]


def _open_json(name: str, files: Sequence[Path]) -> Table:
    extent = Extent()
    batches = (batch for file in files for batch in json_rows(file, extent, file.name if len(files) > 1 else None))
    schema = pa.schema([(JSON_ROW, pa.string()), *_PLACES])
    return Table(name, None, state(files), Batches(schema, batches), tuple(files), extent)


def _open_parquet(name: str, files: Sequence[Path], size: int) -> Table:
    opened = [_parquet(file) for file in files]
    schema = opened[0].schema_arrow
    for file, other in zip(files, opened, strict=True):
        if sorted(other.schema_arrow.names) != sorted(schema.names):
            raise _other_columns(file, files[0])
    groups = ((file, group) for file in opened for group in range(file.num_row_groups))
    # one group at a time: Arrow cannot read lists of dictionaries over the border of two
    batches = (batch for file, group in groups for batch in file.iter_batches(size, row_groups=[group]))
    rows = sum(file.metadata.num_rows for file in opened)
    return Table(name, rows, state(files), Batches(schema, batches), tuple(files))


def _other_columns(file: Path, first: Path) -> InputError:
    message = f"{shown(file, 200)} has other columns than {shown(first, 200)}"
    return InputError(message, hint="read them as two tables")


def _parquet(path: Path) -> pq.ParquetFile:
    """A file whose texts, those in lists too, come as dictionaries."""
    columns = pq.read_metadata(path).schema
    texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY" and column.path != "profile"]
    return pq.ParquetFile(path, read_dictionary=texts)


def _open_arrow(name: str, files: Sequence[Path]) -> Table:
    readers = [_arrow(file) for file in files]
    schema = readers[0][0]
    for file, (other, _) in zip(files, readers, strict=True):
        if sorted(other.names) != sorted(schema.names):
            raise _other_columns(file, files[0])
    batches = (batch for _, read in readers for batch in read())
    return Table(name, None, state(files), Batches(schema, batches), tuple(files))


def _arrow(path: Path) -> tuple[pa.Schema, Callable[[], Iterator[pa.RecordBatch]]]:
    source = pa.memory_map(str(path))
    try:
        reader = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        stream = pa.ipc.open_stream(pa.OSFile(str(path)))
        return stream.schema, lambda: iter(stream)
    return reader.schema, lambda: (reader.get_batch(index) for index in range(reader.num_record_batches))
