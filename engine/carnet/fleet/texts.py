# SPDX-License-Identifier: Apache-2.0
"""Files of text as pieces of bytes that end where lines do, read once and never further than a limit."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from carnet.errors import InputError, Place, shown

PIECE = 1 << 23
LONGEST_LINE = 1 << 24
_CODECS = {".gz": "gzip", ".zst": "zstd"}
_KINDS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}
_MARKS = {
    b"\xef\xbb\xbf": "UTF-8",
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def check_regular(path: Path) -> None:
    """Refuse what would never end or could be read only once.

    Raises:
        InputError: for a pipe, a device and the like.
        OSError: where nothing can be told of the file.
    """
    mode = path.stat().st_mode
    for is_kind, kind in _KINDS.items():
        if is_kind(mode):
            hint = "write the table into a file and give that"
            raise InputError(f"the table {shown(path, 200)} is {kind}, not a regular file", hint=hint)


def formats(path: Path) -> tuple[str, str]:
    """The suffix that tells the format, and that of a compression around it."""
    packed = path.suffix.lower() if path.suffix.lower() in _CODECS else ""
    return (Path(path.stem).suffix.lower() if packed else path.suffix.lower()), packed


def open_bytes(path: Path) -> Any:
    """A stream of a regular file's bytes, unpacked."""
    check_regular(path)
    source = pa.OSFile(str(path))
    packed = formats(path)[1]
    return pa.CompressedInputStream(source, _CODECS[packed]) if packed else source


def pieces(path: Path) -> Iterator[bytes]:
    """The file's bytes, some megabytes at a time, without the mark at their start.

    Raises:
        InputError: when the mark says that it is no UTF-8.
    """
    with open_bytes(path) as stream:
        first = _unmarked(stream.read(PIECE), path)
        while first:
            yield first
            first = stream.read(PIECE)


def with_last(parts: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last; an empty one where there is none."""
    piece = next(parts, b"")
    for following in parts:
        yield piece, False
        piece = following
    yield piece, True


def _unmarked(data: bytes, path: Path) -> bytes:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            if encoding != "UTF-8":
                raise not_utf8(path, 1, encoding)
            return data[len(mark) :]
    if b"\0" in data[:4]:
        raise not_utf8(path, 1, "UTF-16")
    return data


def not_utf8(path: Path, line: int, encoding: str = "", byte: int | None = None) -> InputError:
    """Says where a file stops being UTF-8."""
    what = f"is {encoding}, not UTF-8" if encoding else f"is not UTF-8 (byte {byte:#04x})"
    return InputError(f"{what} text", Place(str(path), line, 1), "save it as UTF-8 (in Excel: `CSV UTF-8`)")


def decoding_error(path: Path, data: bytes, line: int) -> InputError | None:
    """What is wrong with the first bytes of a piece that are no UTF-8; `line` is that of its beginning."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return not_utf8(path, line + data.count(b"\n", 0, error.start), byte=data[error.start])
    return None
