# SPDX-License-Identifier: Apache-2.0
"""Where results go: the terminal in colour, a pipe without, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from carnet.errors import InputError, Place

WIDEST = 100


def page_width() -> int:
    """The terminal's columns, at most what reads well; 80 when piped."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def wants_colour() -> bool:
    """Colour only for a terminal, and not where the user declined it (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def emit(data: str | bytes, file: str) -> None:
    """Write to a file, or to standard output when it is empty or `-`."""
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    if file and file != "-":
        write_whole(Path(file), raw)
    elif isinstance(data, str):
        click.echo(data, nl=False, color=True)
    elif sys.stdout.isatty():
        raise InputError("this format is not text", hint="name a file with `--output`")
    else:
        sys.stdout.buffer.write(data)


def check_writable(file: str) -> None:
    """Refuse early what cannot be written at the end.

    Raises:
        InputError: when the file is a folder or its folder does not exist.
    """
    if not file or file == "-":
        return
    path = Path(file)
    if path.is_dir():
        raise InputError("is a folder, not a file to write", Place(file), "name a file in it")
    if not path.parent.is_dir():
        raise InputError("cannot be written: its folder does not exist", Place(file), "create the folder first")


def write_whole(path: Path, raw: bytes) -> None:
    """Put a file in place at once, so that a reader never sees half of it.

    Raises:
        InputError: when it cannot be written; what stood there before still stands.
    """
    check_writable(str(path))
    temporary = ""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(raw)
            return
        target = path.resolve()
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = stream.name
            stream.write(raw)
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(
            f"cannot be written ({reason})", Place(str(path)), "check its folder's permissions and the space left"
        ) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
