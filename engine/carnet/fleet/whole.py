# SPDX-License-Identifier: Apache-2.0
"""A file that appears only once it is whole and on the disk; until then it stands beside its place, hidden."""

from __future__ import annotations

import atexit
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from carnet.errors import InputError, shown

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where nobody can open what another one writes
    fcntl = None  # type: ignore[assignment]


_OURS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


_unfinished: set[Path] = set()
"""What this process writes and has not put in its place: an interrupt may strike before any `try` could begin."""


@atexit.register
def _leave_nothing() -> None:
    for part in list(_unfinished):
        with suppress(OSError):
            part.unlink()


class WholeFile:
    """Writes beside `path`; `commit` puts it there, `discard` leaves nothing.

    Raises:
        InputError: when another run writes the same file.
        OSError: as the file system says.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._done = False
        _unfinished.add(self._part)
        try:
            self.stream = _opened(self._part, path)
        except (InputError, OSError):  # it is another run's, or none
            _unfinished.discard(self._part)
            raise

    def commit(self) -> None:
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self._part.replace(self._path)
        self._done = True
        _unfinished.discard(self._part)
        self.stream.close()
        _sync_folder(self._path.parent)

    def discard(self) -> None:
        if self._done:
            return
        with suppress(OSError):
            self._part.unlink()
        _unfinished.discard(self._part)
        with suppress(OSError):
            self.stream.close()


def _opened(part: Path, path: Path) -> BinaryIO:
    """The file beside, empty and ours alone; one that a killed run left is taken over."""
    while True:
        with suppress(FileNotFoundError):
            left = part.lstat()
            if not stat.S_ISREG(left.st_mode) or left.st_nlink > 1:
                part.unlink()  # somebody else's file under this name is not written over
        handle = os.open(
            part, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), 0o666
        )
        stream = os.fdopen(handle, "r+b")
        try:
            if fcntl:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stream.close()
            raise InputError(f"another run is writing {shown(path, 200)}", hint="wait for it or name another") from None
        if _is_still(part, handle):
            stream.truncate()
            return stream
        stream.close()  # renamed by the run that wrote it, in the moment before


def _is_still(part: Path, handle: int) -> bool:
    try:
        here, ours = part.lstat(), os.fstat(handle)
    except FileNotFoundError:
        return False
    return (here.st_dev, here.st_ino) == (ours.st_dev, ours.st_ino)


def _sync_folder(folder: Path) -> None:
    """So that a name stays where it was put when the power fails; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says what the file system refuses, such as a full disk."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error).partition("\n")[0].rpartition("] ")[2]
        raise InputError(
            f"cannot write {shown(path, 200)}: {reason}", hint="free space or choose another place"
        ) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file as a whole."""
    with writing(path):
        file = WholeFile(path)
        try:
            file.stream.write(data)
            file.commit()
        except BaseException:
            file.discard()
            raise
