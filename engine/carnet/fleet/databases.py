# SPDX-License-Identifier: Apache-2.0
"""Tables of databases, read in the order in which they stand, a block at a time.

Each database is read by a driver of its own: PostgreSQL and DuckDB through Arrow, SQLite and MySQL as text, since their
types say little and the vocabulary knows what a column should hold. No driver is given a way to the network that the
address does not name, and none may load extensions.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa

from carnet.errors import InputError, MissingExtra, shown
from carnet.fleet.addresses import FILES, Address, server_address
from carnet.fleet.table import Batches, Table, state
from carnet.fleet.texts import check_regular

EXTRA = "databases"
_DUCKDB: dict[str, Any] = {
    "threads": 2,
    "preserve_insertion_order": True,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}
"""Two threads, as reading must leave processors for judging; a view in a file of somebody else reads no other files."""


class Unreadable(Exception):
    """What a driver says of a database that it cannot read."""


def open_database(kind: str, rest: str, size: int) -> Table:
    """Open `<address>#<table>` of a database of some kind.

    Raises:
        InputError: when no table is named, the address cannot be understood or the file does not exist.
        Unreadable: with the reason why the driver cannot read it.
    """
    if kind in FILES:
        return _of_file(kind, rest, size)
    address = server_address(kind, rest)
    try:
        return (_mysql if kind == "mysql" else _postgres)(address, size)
    except Unreadable as error:
        raise Unreadable(address.without_secrets(str(error))) from None


def _of_file(kind: str, rest: str, size: int) -> Table:
    address, hash_, table = rest.rpartition("#")
    if not (hash_ and address and table):
        name = shown(f"{kind}:{rest}", 200)
        raise InputError(f"{name} names no table", hint=f"write `{kind}:<database>#<table>`")
    path = Path(address)
    if not path.exists():
        raise InputError(f"there is no database {shown(address, 200)}", hint="check the path before the `#`")
    check_regular(path)
    return (_sqlite if kind == "sqlite" else _duckdb)(path, table, size)


def _named(address: Address, rows: int, reader: Batches) -> Table:
    """A table on a server; no password stands in its name or fingerprint."""
    name = str(address)
    batches = Batches(reader.schema, _without_secrets(address, reader), reader.close)
    return Table(name, rows, f"{hashlib.sha256(name.encode()).hexdigest()[:16]} {address.table} {rows}", batches)


def _without_secrets(address: Address, reader: Batches) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except Exception as error:  # each driver has its own
        raise Unreadable(address.without_secrets(str(error))) from None


def _quoted(table: str, mark: str = '"') -> str:
    return ".".join(_quoted_name(part, mark) for part in table.split("."))


def _quoted_name(name: str, mark: str = '"') -> str:
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def _duckdb(path: Path, table: str, size: int) -> Table:
    import duckdb  # as much to load as all else together

    try:
        connection = duckdb.connect(str(path), read_only=True, config=_DUCKDB)
        [(rows,)] = connection.execute(f"select count(*) from {_quoted(table)}").fetchall()
        reader = connection.sql(f"select * from {_quoted(table)}").to_arrow_reader(size)
    except duckdb.Error as error:
        raise Unreadable(str(error)) from None
    batches = Batches(reader.schema, reader, connection.close)
    return Table(f"duckdb:{path}#{table}", rows, state([path]), batches, (path,))


def _sqlite(path: Path, table: str, size: int) -> Table:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        connection.text_factory = bytes
        ((rows,),) = connection.execute(f"select count(*) from {_quoted_name(table)}")
        cursor = connection.execute(f"select * from {_quoted_name(table)}")
    except sqlite3.Error as error:
        connection.close()
        raise Unreadable(str(error)) from None
    return Table(f"sqlite:{path}#{table}", rows, state([path]), _as_text(cursor, size, connection.close), (path,))


def _as_text(cursor: Any, size: int, close: Callable[[], None]) -> Batches:
    names = [column[0] for column in cursor.description]
    return Batches(pa.schema([(name, pa.binary()) for name in names]), _text_batches(cursor, names, size), close)


def _text_batches(cursor: Any, names: Sequence[str], size: int) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(size):
        columns = [pa.array([_text(value) for value in column], pa.binary()) for column in zip(*rows, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, names)


def _text(value: Any) -> bytes | None:
    """A value as text; bytes are text already, but for the two that a column of single bits holds."""
    if isinstance(value, bytes):
        return {b"\0": b"0", b"\1": b"1"}.get(value, value)
    return None if value is None else str(value).encode(errors="surrogateescape")


def _postgres(address: Address, size: int) -> Table:
    raw = f"{address.kind}:{address.raw}" if address.raw.startswith("//") else address.raw
    table = address.table
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError:
        raise MissingExtra("fleet postgres:...", EXTRA) from None
    with ExitStack() as stack:
        try:
            cursor = stack.enter_context(stack.enter_context(dbapi.connect(raw)).cursor())
            for setting in ("synchronize_seqscans = off", "max_parallel_workers_per_gather = 0"):
                cursor.execute(f"set {setting}")  # the same order each time, so that a run can go on
            rows = cursor.execute(f"select count(*) from {_quoted(table)}").fetchone()[0]
            schema = cursor.execute(f"select * from {_quoted(table)} limit 0").fetch_arrow_table().schema
            cursor.execute(f"select {', '.join(map(_readable, schema))} from {_quoted(table)}")
            reader = cursor.fetch_record_batch()
        except Error as error:
            raise Unreadable(str(error)) from None
        return _named(address, rows, Batches(reader.schema, reader, stack.pop_all().close))


def _readable(field: pa.Field) -> str:
    """A column; what has no type in Arrow as text."""
    odd = isinstance(field.type, pa.BaseExtensionType) or pa.types.is_binary(field.type)
    return f"{_quoted_name(field.name)}::text" if odd else _quoted_name(field.name)


def _mysql(address: Address, size: int) -> Table:
    table = address.table
    try:
        import pymysql
        from pymysql.cursors import SSCursor
    except ModuleNotFoundError:
        raise MissingExtra("fleet mysql:...", EXTRA) from None
    with ExitStack() as stack:
        try:
            connection = pymysql.connect(**_mysql_options(address), charset="utf8mb4", cursorclass=SSCursor)
            stack.callback(connection.close)
            cursor = connection.cursor()
            cursor.execute(f"select count(*) from {_quoted(table, '`')}")
            ((rows,),) = cursor.fetchall()
            cursor.execute(f"select * from {_quoted(table, '`')}")
        except (pymysql.Error, RuntimeError) as error:
            raise Unreadable(str(error.args[-1])) from None
        return _named(address, rows, _as_text(cursor, size, stack.pop_all().close))


def _mysql_options(address: Address) -> Mapping[str, Any]:
    """What the address says, by the driver's names."""
    return {name: int(value) if name == "port" else value for name, value in address.parts.items()}
