# SPDX-License-Identifier: Apache-2.0
"""Compiled law on disk, keyed by the content of every file and by the engine's version.

One file holds what every check needs, one more per jurisdiction is read only when a market needs it. The cache is a
convenience: where it cannot be written, the law is compiled anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from carnet.law.locate import law_files, walk_law
from carnet.pickles import Pickles, cache_folder, engine_stamp

FORMAT = 1


def content_hash(folders: Sequence[Path]) -> str:
    """SHA-256 over the relative path and content of every file of law, folder by folder.

    Remembered under the names, sizes and times of the files, so that unchanged law is not read to be hashed again.

    Raises:
        LawError: for a folder without law.
    """
    states = []
    for folder in folders:
        files = walk_law(folder)
        if not files:
            law_files(folder)
        states += [(name, state.st_size, state.st_mtime_ns) for name, state in files]
    stamps = Pickles(cache_folder() / "stamps")
    stamp = hashlib.sha256(repr(states).encode()).hexdigest()[:32]
    known = stamps.read(stamp)
    if isinstance(known, str):
        return known
    digest = hashlib.sha256()
    for folder in folders:
        for path in law_files(folder):
            raw = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(raw)}\0".encode())
            digest.update(raw)
    stamps.write(stamp, digest.hexdigest())
    return digest.hexdigest()


class Cache(Pickles):
    """What was compiled from law of one content hash, by this engine."""

    def __init__(self, key: str) -> None:
        engine = hashlib.sha256(f"{FORMAT} {engine_stamp()}".encode()).hexdigest()[:12]
        super().__init__(cache_folder() / f"{key[:32]}-{engine}")
