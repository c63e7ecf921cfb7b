# SPDX-License-Identifier: Apache-2.0
"""Tables of databases, read in the order in which they stand, a block at a time.

DuckDB would have to download what attaches other databases, so each is read by a driver of its own: PostgreSQL through
Arrow, SQLite and MySQL as text, since their types say little and the vocabulary knows what a column should hold.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa

from carnet.errors import InputError, MissingExtra
from carnet.fleet.table import Batches, Table, state

KINDS = ("sqlite", "duckdb", "postgres", "postgresql", "mysql")
EXTRA = "databases"
_MYSQL_KEYS = {"dbname": "database", "db": "database", "passwd": "password", "hostaddr": "host"}


class Unreadable(Exception):
    """What a driver says of a database that it cannot read."""


def open_database(kind: str, rest: str, size: int) -> Table:
    """Open `<address>#<table>` of a database of some kind.

    Raises:
        InputError: when no table is named or the file does not exist.
        Unreadable: with the reason why the driver cannot read it.
    """
    address, hash_, table = rest.rpartition("#")
    if not (hash_ and address and table):
        raise InputError(f"`{masked(f'{kind}:{rest}')}` names no table", hint=f"write `{kind}:<database>#<table>`")
    if kind in ("sqlite", "duckdb"):
        if not Path(address).is_file():
            raise InputError(f"there is no database `{address}`", hint="check the path before the `#`")
        return (_sqlite if kind == "sqlite" else _duckdb)(address, table, size)
    if address.startswith("//"):
        address = f"{kind}:{address}"
    return (_mysql if kind == "mysql" else _postgres)(address, table, size)


def masked(name: str) -> str:
    """The name of a table without a password."""
    return re.sub(r"(password=|passwd=|://[^:/@\s]*:)[^@\s#]+", r"\1***", name)


def _named(kind: str, address: str, table: str, rows: int, reader: Batches) -> Table:
    """A table on a server; no password stands in its name or fingerprint."""
    place = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Table(masked(f"{kind}:{address}#{table}"), rows, f"{kind} {place} {table} {rows}", reader)


def _quoted(table: str, mark: str = '"') -> str:
    return ".".join(_quoted_name(part, mark) for part in table.split("."))


def _quoted_name(name: str, mark: str = '"') -> str:
    return f"{mark}{name.replace(mark, mark * 2)}{mark}"


def _duckdb(address: str, table: str, size: int) -> Table:
    connection = duckdb.connect(address, read_only=True, config={"threads": 2, "preserve_insertion_order": True})
    [(rows,)] = connection.execute(f"select count(*) from {_quoted(table)}").fetchall()
    reader = connection.sql(f"select * from {_quoted(table)}").to_arrow_reader(size)
    return Table(f"duckdb:{address}#{table}", rows, state([Path(address)]), reader, (Path(address),))


def _sqlite(address: str, table: str, size: int) -> Table:
    connection = sqlite3.connect(f"{Path(address).resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    ((rows,),) = connection.execute(f"select count(*) from {_quoted_name(table)}")
    cursor = connection.execute(f"select * from {_quoted_name(table)}")
    path = Path(address)
    return Table(f"sqlite:{address}#{table}", rows, state([path]), _as_text(cursor, size, connection.close), (path,))


def _as_text(cursor: Any, size: int, close: Callable[[], None]) -> Batches:
    names = [column[0] for column in cursor.description]
    return Batches(pa.schema([(name, pa.string()) for name in names]), _text_batches(cursor, names, size), close)


def _text_batches(cursor: Any, names: Sequence[str], size: int) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(size):
        columns = [[None if value is None else str(value) for value in column] for column in zip(*rows, strict=True)]
        yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], names)


def _postgres(address: str, table: str, size: int) -> Table:
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError:
        raise MissingExtra("fleet postgres:...", EXTRA) from None
    with ExitStack() as stack:
        try:
            cursor = stack.enter_context(stack.enter_context(dbapi.connect(address)).cursor())
            for setting in ("synchronize_seqscans = off", "max_parallel_workers_per_gather = 0"):
                cursor.execute(f"set {setting}")  # the same order each time, so that a run can go on
            rows = cursor.execute(f"select count(*) from {_quoted(table)}").fetchone()[0]
            schema = cursor.execute(f"select * from {_quoted(table)} limit 0").fetch_arrow_table().schema
            cursor.execute(f"select {', '.join(map(_readable, schema))} from {_quoted(table)}")
            reader = cursor.fetch_record_batch()
        except Error as error:
            raise Unreadable(str(error)) from None
        return _named("postgres", address, table, rows, Batches(reader.schema, reader, stack.pop_all().close))


def _readable(field: pa.Field) -> str:
    """A column; what has no type in Arrow as text."""
    odd = isinstance(field.type, pa.BaseExtensionType) or pa.types.is_binary(field.type)
    return f"{_quoted_name(field.name)}::text" if odd else _quoted_name(field.name)


def _mysql(address: str, table: str, size: int) -> Table:
    try:
        import pymysql
        from pymysql.cursors import SSCursor
    except ModuleNotFoundError:
        raise MissingExtra("fleet mysql:...", EXTRA) from None
    with ExitStack() as stack:
        try:
            connection = pymysql.connect(**_mysql_address(address), charset="utf8mb4", cursorclass=SSCursor)
            stack.callback(connection.close)
            cursor = connection.cursor()
            cursor.execute(f"select count(*) from {_quoted(table, '`')}")
            ((rows,),) = cursor.fetchall()
            cursor.execute(f"select * from {_quoted(table, '`')}")
        except (pymysql.Error, RuntimeError) as error:
            raise Unreadable(str(error.args[-1])) from None
        return _named("mysql", address, table, rows, _as_text(cursor, size, stack.pop_all().close))


def _mysql_address(address: str) -> Mapping[str, Any]:
    """What `mysql://user:password@host:port/database` or `host=... user=...` say, by the driver's names."""
    if "://" in address:
        parts = urlsplit(address)
        stated = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
        stated["database"] = parts.path.lstrip("/")
        return {key: unquote(value) if isinstance(value, str) else value for key, value in stated.items() if value}
    pairs = (part.partition("=") for part in shlex.split(address))
    named = {_MYSQL_KEYS.get(key, key): value for key, _, value in pairs}
    if "socket" in named:
        named["unix_socket"] = named.pop("socket")
    return {key: int(value) if key == "port" else value for key, value in named.items()}
