# SPDX-License-Identifier: Apache-2.0
"""Files of evidence: known by what they hold, not by what they are called; kept by hash; sent as attachments only."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from carnet.errors import shown
from carnet.serve.kept.profiles import find
from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import Evidence
from carnet.serve.problems import Refused

HEADS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"PK\x03\x04", "application/zip", (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods")),
)
TEXTS = (".txt", ".csv", ".json", ".yaml", ".yml", ".md", ".log")
KINDS = ", ".join(sorted({suffix for _, _, suffixes in HEADS for suffix in suffixes} | set(TEXTS)))
_UNSAFE = re.compile(r"[^\w .()\-]", re.UNICODE)
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def attach(store: Store, who: str, profile: str, lack: str, name: str, parts: Iterable[bytes], limit: int) -> Evidence:
    """Keep a file for a lack.

    Raises:
        Refused: when it is larger than the limit, empty, or not what its name says.
    """
    with store.reading() as session:
        find(session, profile)
    draft, digest, size, head = _draft(store, parts, limit)
    try:
        name, media_type = safe_name(name), kind_of(name, head, draft)
        target = place(store, digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    kept = Evidence(profile=profile, lack=lack, name=name, sha256=digest, size=size, media_type=media_type, who=who)
    with store.writing() as session:
        session.add(kept)
        session.flush()
        store.log(session, who, "evidence.attach", f"{profile} {lack}"[:500], file=name, sha256=digest, size=size)
    return kept


def _draft(store: Store, parts: Iterable[bytes], limit: int) -> tuple[Path, str, int, bytes]:
    """The content in a file that nobody reads yet: its hash, size and first bytes."""
    draft = store.evidence / f".draft-{secrets.token_hex(8)}"
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            for part in parts:
                size += len(part)
                if size > limit:
                    raise Refused(
                        413, "body-size", f"the file is larger than {limit // 1024} KiB", "send a smaller one"
                    )
                head = (head + part)[:16] if len(head) < 16 else head
                digest.update(part)
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        if not size:
            raise Refused(422, "input", "the file is empty", "send its content")
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft, digest.hexdigest(), size, head


def safe_name(name: str) -> str:
    """The last part of a name, with nothing in it that leads elsewhere or that a system takes for something else."""
    last = re.split(r"[\\/]", name)[-1]
    clean = _UNSAFE.sub("_", last).strip(". ")[-150:].lstrip(". ")
    if not clean or clean.partition(".")[0].lower() in _DEVICES:
        raise Refused(422, "name", f"{shown(name)} is no name of a file", "name it such as `report.pdf`")
    return clean


def kind_of(name: str, head: bytes, file: Path) -> str:
    """The media type by content, where the name does not say otherwise.

    Raises:
        Refused: when they differ, and for a kind that is not taken.
    """
    suffix = Path(name.lower()).suffix
    for magic, media_type, suffixes in HEADS:
        if suffix in suffixes:
            if not head.startswith(magic):
                raise Refused(415, "type", f"{shown(name)} is not what its ending says", "send the file itself")
            return media_type
    if suffix not in TEXTS:
        raise Refused(415, "type", f"files such as {shown(name)} are not taken", f"endings: {KINDS}")
    try:
        with file.open(encoding="utf-8") as stream:
            while part := stream.read(1 << 20):
                if "\0" in part:
                    raise ValueError
    except ValueError:
        raise Refused(415, "type", f"{shown(name)} is no text in UTF-8", "save it as UTF-8") from None
    return "text/plain; charset=utf-8"


def place(store: Store, digest: str) -> Path:
    """Where content of a hash stands."""
    return store.evidence / digest[:2] / digest


def found(store: Store, profile: str, id_: str) -> Evidence:
    """One file of a profile."""
    with store.reading() as session:
        kept = session.get(Evidence, id_)
    if kept is None or kept.profile != profile:
        raise Refused(404, "no-evidence", "there is no such file", "list them")
    return kept


def listed(store: Store, profile: str, lack: str | None = None) -> list[Evidence]:
    """The files of a profile, or of one of its lacks."""
    query = select(Evidence).where(Evidence.profile == profile).order_by(Evidence.at, Evidence.id)
    with store.reading() as session:
        return list(session.scalars(query if lack is None else query.where(Evidence.lack == lack)))


def content(store: Store, kept: Evidence) -> bytes:
    """What the file holds, as long as it is what was kept.

    Raises:
        Refused: when it was changed or removed behind our back.
    """
    try:
        raw = place(store, kept.sha256).read_bytes()
    except OSError:
        raise Refused(500, "evidence", "the file is gone from the folder of evidence", "look at a backup") from None
    if hashlib.sha256(raw).hexdigest() != kept.sha256:
        raise Refused(500, "evidence", "the file is not the one that was kept", "look at a backup")
    return raw
