# SPDX-License-Identifier: Apache-2.0
"""Everything that is kept as one archive, and back into an empty store.

An archive is a ZIP with `manifest.json`, `tables/<name>.jsonl` and `evidence/<sha256>`. One that comes from elsewhere
is read within bounds: names that it may have, bytes that it may unfold to, content that its hashes promise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from carnet import __version__
from carnet.errors import shown
from carnet.intake.packed import BROKEN
from carnet.serve.kept.evidence import place
from carnet.serve.kept.store import UNKEEPABLE, Store, linked
from carnet.serve.kept.tables import Draft, Evidence, Line, Table
from carnet.serve.problems import Refused

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST = 4 << 30
"""Bytes that an archive may unfold to."""
LARGEST_ENTRY = 256 << 20
LONGEST_LINE = 64 << 20
RATIO = 200
"""How much an entry may unfold; reports and profiles come nowhere near."""
_EVIDENCE = re.compile(r"evidence/([0-9a-f]{64})\Z")
_TABLES = {
    f"tables/{table.name}.jsonl": table for table in Table.metadata.sorted_tables if table is not Draft.__table__
}


def write(store: Store, target: IO[bytes]) -> None:
    """The whole store, as it stands at one moment."""
    with store.reading() as session, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        counts = {}
        for name, table in _TABLES.items():
            rows = [json.dumps(_plain(row._mapping), sort_keys=True) for row in session.execute(select(table))]
            archive.writestr(name, "".join(f"{row}\n" for row in rows))
            counts[table.name] = len(rows)
        manifest = {"format": FORMAT, "carnet": __version__, "rows": counts}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for digest in sorted(set(session.scalars(select(Evidence.sha256)))):
            path = place(store, digest)
            if path.is_file():
                archive.write(path, f"evidence/{digest}")


def read(store: Store, who: str, source: IO[bytes]) -> dict[str, int]:
    """Take over an archive into a store that holds nothing; how many rows each table got.

    Raises:
        Refused: when it is none, hides something, or the store holds something already; nothing is taken over then.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            _check(archive)
            return _take_over(store, who, archive)
    except Refused as error:
        raise broken("it has texts that no store keeps") if error.kind == UNKEEPABLE else error from None
    except (*BROKEN, UnicodeError) as error:
        raise broken(f"it cannot be read ({type(error).__name__})") from None
    except (IntegrityError, StatementError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise broken(f"its tables are not those of a store ({type(error).__name__})") from None


def _check(archive: zipfile.ZipFile) -> None:
    """Names, sizes and kinds of entries, before one is read."""
    names = [entry.filename for entry in archive.infolist()]
    if len(names) != len(set(names)):
        raise broken("it has an entry twice")
    if not {MANIFEST, *_TABLES} <= set(names):
        raise broken("it lacks some of its tables")
    for entry in archive.infolist():
        if entry.filename not in _TABLES and entry.filename != MANIFEST and not _EVIDENCE.match(entry.filename):
            raise broken(f"it has an entry {shown(entry.filename)}")
        if entry.is_dir() or (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise broken(f"{shown(entry.filename)} is no plain file")
        if entry.file_size > LARGEST_ENTRY or entry.file_size > RATIO * max(entry.compress_size, 4096):
            raise broken(f"{shown(entry.filename)} unfolds too far")
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
        raise broken("it unfolds too far")
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise broken("it is of another format")


def _take_over(store: Store, who: str, archive: zipfile.ZipFile) -> dict[str, int]:
    made: list[Path] = []
    try:
        with store.writing() as session:
            if session.execute(select(func.count()).select_from(Line)).scalar_one():
                raise Refused(409, "not-empty", "this store holds something already", "import into an empty one")
            counts = {table.name: _fill(session, archive, name) for name, table in _TABLES.items()}
            _check_log(session)
            for digest in set(session.scalars(select(Evidence.sha256))):
                made += _unfold(store, archive, digest)
            store.log(session, who, "archive.import", "everything", rows=counts)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return counts


def _fill(session: Session, archive: zipfile.ZipFile, name: str) -> int:
    table, number = _TABLES[name], 0
    for row in _rows(archive, name):
        known = {column.name for column in table.columns}
        younger = {column.name for column in table.columns if column.server_default is not None}
        if not known - younger <= set(row) <= known:  # an archive from before a column has none of it
            raise broken(f"a row of {name} has other columns")
        for column in table.columns:
            if column.name == "body":
                row["body"] = base64.b64decode(row["body"], validate=True)
        session.execute(insert(table).values(**row))
        number += 1
    return number


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as stream:
        while line := stream.readline(LONGEST_LINE):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise broken(f"{name} has a line that is no row")
            yield row


def _check_log(session: Session) -> None:
    before = ""
    for number, line in enumerate(session.scalars(select(Line).order_by(Line.number)), 1):
        if line.number != number or line.sha256 != linked(line, before):
            raise broken(f"line {number} of its log is not linked to the one before")
        before = line.sha256


def _unfold(store: Store, archive: zipfile.ZipFile, digest: str) -> list[Path]:
    """A file of evidence, as long as it is what its name says."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise broken("a file of evidence has no hash for a name")
    try:
        raw = archive.read(f"evidence/{digest}")
    except KeyError:
        raise broken(f"the file of evidence {digest[:12]} is not in it") from None
    if hashlib.sha256(raw).hexdigest() != digest:
        raise broken(f"the file of evidence {digest[:12]} is another one")
    path = place(store, digest)
    if path.exists():
        return []
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(raw)
    return [path]


def broken(why: str) -> Refused:
    return Refused(422, "archive", f"this archive is not taken over: {why}", "export it again where it comes from")


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in row.items()
    }
