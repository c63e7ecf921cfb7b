# SPDX-License-Identifier: Apache-2.0
"""Compiled things kept on disk between commands. A convenience: where nothing can be kept, they are compiled anew.

A pickle runs code when it is read, so only our own are: each carries a checksum under a key that its owner alone can
read, in a folder that nobody else may write. What was planted, damaged or cut short counts as absent.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from carnet import __version__

KEY_BYTES = 32
TAG_BYTES = 32
KEPT_DAYS = 60
_OTHERS_WRITE, _OTHERS = 0o022, 0o077
_UNREADABLE = (pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError)


def cache_folder() -> Path | None:
    """Where Carnet keeps what it compiled: `CARNET_CACHE`, else the user's cache folder; None without a home."""
    root = os.environ.get("CARNET_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return Path(root) / "carnet" if root else Path.home() / ".cache" / "carnet"
    except RuntimeError:
        return None


class Pickles:
    """A part of the cache; reading returns None for whatever is not there, not whole or not ours."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._root = cache_folder()

    def read(self, name: str) -> Any | None:
        if self._root is None:
            return None
        try:
            key = _key(self._root)
            raw = (self._root / self._part / f"{name}.pickle").read_bytes() if key else b""
        except OSError:
            return None
        if key is None or self._tag(key, name, raw[TAG_BYTES:]) != raw[:TAG_BYTES]:
            return None
        try:
            return pickle.loads(raw[TAG_BYTES:])
        except _UNREADABLE:
            return None

    def write(self, name: str, value: Any) -> None:
        """Write a value whole or not at all."""
        if self._root is None:
            return
        folder = self._root / self._part
        with contextlib.suppress(OSError, pickle.PicklingError, RecursionError):
            if not folder.is_dir():
                self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
                _prune(self._root)
                folder.mkdir(exist_ok=True, mode=0o700)
            if key := _key(self._root) or _new_key(self._root):
                raw = pickle.dumps(value, protocol=5)
                _put(folder / f"{name}.pickle", self._tag(key, name, raw) + raw)

    def _tag(self, key: bytes, name: str, raw: bytes) -> bytes:
        """The checksum of an entry in its place: moved to another name it is no longer whole."""
        digest = hashlib.blake2b(f"{self._part}/{name}\0".encode(), key=key, digest_size=TAG_BYTES)
        digest.update(raw)
        return digest.digest()


def _key(root: Path) -> bytes | None:
    """The key of this user's cache; None where there is none yet or others could have had it in their hands."""
    try:
        if not _private(os.stat(root), _OTHERS_WRITE):
            return None
        descriptor = os.open(root / "key", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            state = os.fstat(stream.fileno())
            if not stat.S_ISREG(state.st_mode) or not _private(state, _OTHERS):
                return None
            key = stream.read(KEY_BYTES + 1)
    except OSError:
        return None
    return key if len(key) == KEY_BYTES else None


def _new_key(root: Path) -> bytes | None:
    """Make the key where the folder is this user's own; entries under an older key are made again."""
    if not _private(os.stat(root), 0):
        return None
    root.chmod(0o700)
    _put(root / "key", os.urandom(KEY_BYTES))
    return _key(root)


def _private(state: os.stat_result, forbidden: int) -> bool:
    """Owned by this user, and others have none of these rights. Windows keeps a user's folders apart itself."""
    return not hasattr(os, "geteuid") or (state.st_uid == os.geteuid() and not state.st_mode & forbidden)


def _put(path: Path, raw: bytes) -> None:
    """Put a file in place at once, readable by its owner alone; what a full disk leaves is removed."""
    import tempfile

    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _prune(root: Path) -> None:
    """Remove what nobody has used for long, whatever law or version of Carnet it was made of."""
    oldest = time.time() - KEPT_DAYS * 86400
    for folder in root.iterdir():
        if folder.is_dir() and not folder.is_symlink():
            for entry in folder.iterdir():
                state = entry.lstat()
                if max(state.st_mtime, state.st_atime) < oldest:
                    entry.unlink()
            if folder.stat().st_mtime < oldest:
                with contextlib.suppress(OSError):
                    folder.rmdir()  # only where nothing is left


@cache
def engine_stamp() -> str:
    """Changes with Python, with Carnet's version and, in a checkout, with every module that compiles something."""
    package = Path(__file__).resolve().parent
    folders = (package / part for part in ("law", "logic", "logic/rete", "declare"))
    entries = [entry for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".py")]
    return f"{__version__} {sys.version} {sorted((entry.name, entry.stat().st_mtime_ns) for entry in entries)}"
