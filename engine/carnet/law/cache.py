# SPDX-License-Identifier: Apache-2.0
"""Compiled law on disk, keyed by the content of every file and by the engine's version.

One file holds what every check needs, one more per jurisdiction is read only when a market needs it. The cache is a
convenience: where it cannot be written, the law is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from functools import cached_property
from itertools import filterfalse
from pathlib import Path

from carnet.law.locate import is_cases, law_files, walk_law
from carnet.pickles import Pickles, engine_stamp
from carnet.source import Source, read_file, source_of

FORMAT = 3
NAMES = ("utf-8", "surrogateescape")
"""How names of files become bytes, those that are not UTF-8 too."""
SETTLED_NS = 3_000_000_000
"""A file younger than this may change again within the granularity of its times (two seconds on FAT)."""


class LawText:
    """The files of some folders of law, each read once: what is hashed is what is compiled."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._raw: dict[Path, bytes] = {}

    def read(self, path: Path) -> Source:
        """A file as it is in this text; see `read_source` for the errors."""
        return source_of(self._bytes(path), str(path))

    def _bytes(self, path: Path) -> bytes:
        if path not in self._raw:
            self._raw[path] = read_file(path)
        return self._raw[path]

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the relative path and content of every file that decides something, folder by folder."""
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in filterfalse(is_cases, law_files(folder)):
                raw = self._bytes(path)
                digest.update(f"{path.relative_to(folder).as_posix()}\0{len(raw)}\0".encode(*NAMES))
                digest.update(raw)
        return digest.hexdigest()


def content_hash(folders: Sequence[Path]) -> str:
    """The hash of the law of some folders, as `LawText` has it.

    Remembered under where the files stand, their sizes and times, so that unchanged law is not read to be hashed again.
    Remembered is only what is old enough to get another time when it changes; the time of the last change of a file's
    state cannot be set back. Windows has no such time: there the law is read.

    Raises:
        LawError: for a folder without law.
        SourceError: for a file that cannot be read.
    """
    states, newest = [], 0
    for folder in folders:
        files = walk_law(folder)
        if not files:
            law_files(folder)
        states.append((os.path.abspath(folder), *(_state(name, state) for name, state in files)))
        newest = max([newest, *(max(state.st_mtime_ns, state.st_ctime_ns) for _, state in files)])
    stamps = Pickles("stamps")
    stamp = hashlib.sha256(repr(states).encode(*NAMES)).hexdigest()[:32]
    settled = os.name != "nt" and time.time_ns() - newest > SETTLED_NS
    known = stamps.read(stamp) if settled else None
    if isinstance(known, str):
        return known
    found = LawText(folders).sha256
    if settled:
        stamps.write(stamp, found)
    return found


def _state(name: str, state: os.stat_result) -> tuple[str | int, ...]:
    return (name, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


class Cache(Pickles):
    """What was compiled from law of one content hash in these folders, by this engine; its places name the folders."""

    def __init__(self, key: str, folders: Sequence[Path]) -> None:
        made_of = f"{FORMAT} {engine_stamp()} {[(str(folder), os.path.abspath(folder)) for folder in folders]}"
        engine = hashlib.sha256(made_of.encode(*NAMES)).hexdigest()[:12]
        super().__init__(f"{key[:32]}-{engine}")
