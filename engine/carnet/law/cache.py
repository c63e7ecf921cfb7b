# SPDX-License-Identifier: Apache-2.0
"""Compiled law on disk, keyed by the content of every file and by the engine's version.

One file holds what every check needs, one more per jurisdiction is read only when a market needs it. The cache is a
convenience: where it cannot be written, the law is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from carnet import __version__
from carnet.law.locate import law_files, walk_law

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
    stamps = _Pickles(_base() / "stamps")
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


class _Pickles:
    """A folder of pickles; reading returns None for whatever is not there or not whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Any | None:
        try:
            with (self._folder / f"{name}.pickle").open("rb") as stream:
                return pickle.load(stream)
        except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, TypeError):
            return None

    def write(self, name: str, value: Any) -> None:
        """Write a value whole or not at all."""
        import tempfile

        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as stream:
                pickle.dump(value, stream, protocol=5)
            os.replace(stream.name, self._folder / f"{name}.pickle")
        except OSError:
            return


class Cache(_Pickles):
    """What was compiled from law of one content hash, by this engine."""

    def __init__(self, key: str) -> None:
        engine = hashlib.sha256(f"{FORMAT} {__version__} {sys.version} {_engine_stamp()}".encode()).hexdigest()[:12]
        super().__init__(_base() / f"{key[:32]}-{engine}")


def _base() -> Path:
    root = os.environ.get("CARNET_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(root) / "carnet" if root else Path.home() / ".cache" / "carnet"


def _engine_stamp() -> str:
    """Changes whenever a module that shapes the compiled law does, so that a checkout never reads a stale one."""
    package = Path(__file__).resolve().parents[1]
    files = [entry for part in ("law", "logic", "declare") for entry in os.scandir(package / part) if entry.is_file()]
    stats = sorted((entry.name, entry.stat().st_mtime_ns) for entry in files if entry.name.endswith(".py"))
    return repr(stats)
