# SPDX-License-Identifier: Apache-2.0
"""The database and the folder beside it: opened, brought to the present shape, and changed in whole transactions.

SQLite in one file unless a PostgreSQL server is named. A change is committed before it is confirmed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from carnet.errors import InputError, Place, os_reason
from carnet.serve.kept.tables import Line, now
from carnet.serve.problems import Refused

FILE = "carnet.db"
MIGRATIONS = Path(__file__).parent / "migrations"
UNKEEPABLE = "text"
LOG_LOCK = 0xCA52E7
"""Held while a line of the log is written, so that each is linked to the one before."""


class Store:
    """What is kept, in a folder of its own; safe to share between threads."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.evidence = folder / "evidence"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.evidence.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            why = os_reason(error)
            raise InputError(f"cannot keep work ({why})", Place(str(folder)), "name a folder of your own") from None
        self.engine = _engine(database or f"sqlite:///{folder / FILE}")
        self._migrate()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing."""
        with _keepable(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at its end, all or none of them; one at a time on SQLite."""
        with _keepable(), Session(self.engine, expire_on_commit=False) as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    def log(self, session: Session, who: str, action: str, subject: str, **detail: Any) -> None:
        """Write a line of the log, linked to the one before, in the transaction of the change that it tells of."""
        if not self.is_sqlite:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})
        last = session.execute(select(Line).order_by(Line.number.desc()).limit(1)).scalar_one_or_none()
        line = Line(
            number=(last.number if last else 0) + 1,
            at=now(),
            who=who,
            action=action,
            subject=subject,
            detail=detail,
        )
        line.sha256 = linked(line, last.sha256 if last else "")
        session.add(line)
        session.flush()

    def lines(self, before: int | None = None, number: int = 200) -> list[Line]:
        """The newest lines of the log, or those before one."""
        with self.reading() as session:
            query = select(Line).order_by(Line.number.desc()).limit(number)
            return list(session.scalars(query if before is None else query.where(Line.number < before)))

    def broken_at(self) -> int | None:
        """The first line of the log that is not linked to the one before; None when all are."""
        with self.reading() as session:
            before, expected = "", 1
            for line in session.scalars(select(Line).order_by(Line.number)):
                if line.number != expected or line.sha256 != linked(line, before):
                    return line.number
                before, expected = line.sha256, expected + 1
        return None

    def check(self) -> None:
        """Whether it can be reached.

        Raises:
            Refused: when it cannot.
        """
        try:
            with self.reading() as session:
                session.execute(select(func.count()).select_from(Line))
        except OperationalError:
            raise Refused(503, "store", "the kept work cannot be reached", "look at the database") from None

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            with self.engine.connect() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK + 1})
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())[:200]
            if password := str(self.engine.url.password or ""):
                reason = reason.replace(password, "***")
            raise InputError(f"the kept work cannot be opened ({reason})", hint="check the database") from None


@contextmanager
def _keepable() -> Iterator[None]:
    """Refuses what no database keeps: a text with a NUL or half a character, a number beyond all numbers."""
    try:
        yield
    except (DataError, OverflowError, UnicodeEncodeError):
        hint = "leave out characters that cannot be printed, and numbers that are out of all proportion"
        raise Refused(422, UNKEEPABLE, "a text or number of the request cannot be kept", hint) from None


def linked(line: Line, before: str) -> str:
    """The hash of a line and of the one before it."""
    whole = [before, line.number, line.at, line.who, line.action, line.subject, line.detail]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _engine(database: str) -> Engine:
    """An engine for SQLite or PostgreSQL.

    Raises:
        InputError: for an address of anything else.
    """
    hint = "write postgresql://user@host/name"
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise InputError("the address of the database cannot be read", hint=hint) from None
    if url.drivername == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if url.drivername != "sqlite":
        raise InputError(f"work is not kept in `{url.drivername}`", hint=hint)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `writing` says so
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
