# SPDX-License-Identifier: Apache-2.0
"""Where results go: the terminal in colour, a pipe without, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.errors import InputError, Place, os_reason
from carnet.law.locate import bundled_law

WIDEST = 100
LAW = ("jurisdictions", "rules")
ANOTHER = "name another file"
ROOM = "check its folder's permissions and the space left"


def page_width() -> int:
    """The terminal's columns, at most what reads well; 80 when piped."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def wants_colour() -> bool:
    """Colour only for a terminal, and not where the user declined it (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def emit(data: str | bytes, file: str, for_people: bool = False) -> None:
    """Write to a file, or to standard output when it is empty or `-`.

    for_people: text for a terminal, in the encoding that its owner chose; what programs read is UTF-8 everywhere.
    """
    raw = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    if file and file != "-":
        write_whole(Path(file), raw)
    elif isinstance(data, str) and (for_people or not hasattr(sys.stdout, "buffer")):
        click.echo(data, nl=False, color=True)
    elif isinstance(data, bytes) and sys.stdout.isatty():
        raise InputError("this format is not text", hint="name a file with `--output`")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)


def check_writable(file: str, inputs: Sequence[str] = (), folders: Sequence[str] | None = None) -> None:
    """Refuse early what cannot be written at the end, or must not be.

    inputs: the files that the command reads. folders: those of law that it reads over the bundled one; None where
    none is read.

    Raises:
        InputError: when the file is a folder, its folder does not exist, or it is an input.
    """
    if not file or file == "-":
        return
    path = Path(file)
    try:
        if path.is_dir():
            raise InputError("is a folder, not a file to write", Place(file), "name a file in it")
        if not path.parent.is_dir():
            raise InputError("cannot be written: its folder does not exist", Place(file), "create the folder first")
        if any(_same(path, Path(name)) for name in inputs if name != "-"):
            raise InputError("is an input of this command and is not overwritten", Place(file), ANOTHER)
        target = Path(os.path.realpath(path))
        read: tuple[str | Path, ...] = () if folders is None else (bundled_law(), *folders)
        for folder in read:
            if any(target.is_relative_to(os.path.realpath(Path(folder, top))) for top in LAW):
                raise InputError("lies among packs of law and is not written", Place(file), ANOTHER)
    except OSError as error:
        raise InputError(f"cannot be written ({os_reason(error)})", Place(file), "give another name") from None


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other) and path.is_file()
    except OSError:
        return False


def write_whole(path: Path, raw: bytes, mode: int | None = None) -> None:
    """Put a file in place at once, so that a reader never sees half of it.

    mode: who may read it, from the first byte on; by default as the file that stood there, or as the user's files are.

    Raises:
        InputError: when it cannot be written; what stood there before still stands.
    """
    check_writable(str(path))
    temporary = ""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(raw)
            return
        target = Path(os.path.realpath(path))
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = stream.name
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        usual = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(temporary, usual if mode is None else mode)
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        raise InputError(
            f"cannot be written ({os_reason(error)})",
            Place(str(path)),
            ROOM,
        ) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
