# SPDX-License-Identifier: Apache-2.0
"""JSON lines: each row an object that is read on its own, as a profile would be.

Files are read as lines with their numbers; what a line says is found out block by block, so that threads share the
work. A `.json` file may hold its objects in a list or over several lines instead; it is then read as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from carnet.errors import InputError, Place, shown
from carnet.fleet.table import JSON_ROW, Extent, placed
from carnet.fleet.texts import LONGEST_LINE, decoding_error, formats, pieces, with_last

LARGEST_DOCUMENT = 1 << 26


def json_rows(path: Path, extent: Extent, file: str | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a file as text, with their lines; `extent` goes along.

    Raises:
        InputError: where the file is no UTF-8, a line is too long, or a document over several lines is no JSON.
    """
    stream = pieces(path)
    first = next(stream, b"")
    if not first.strip():
        raise InputError(f"the table {shown(path, 200)} is empty", hint="write a JSON object on each line")
    if formats(path)[0] == ".json" and _is_document(first):
        yield from _document(path, chain([first], stream), extent, file)
        return
    data, line = b"", 1
    for piece, final in with_last(chain([first], stream)):
        data += piece
        used = len(data) if final else data.rfind(b"\n") + 1
        if used < len(data) - LONGEST_LINE:
            raise InputError(f"is longer than {LONGEST_LINE >> 20} MiB", Place(str(path), line, 1))
        batch = _lines(path, data[:used], line, extent, file)
        if batch is not None:
            yield batch
        line, data = extent.lines + 1, data[used:]


def _lines(path: Path, data: bytes, line: int, extent: Extent, file: str | None) -> pa.RecordBatch | None:
    if error := decoding_error(path, data, line):
        raise error
    rows = data.split(b"\n")
    if rows and not rows[-1]:
        rows.pop()  # what follows the last line end
    filled = [number for number, row in enumerate(rows) if row and not row.isspace()]
    extent.lines += len(rows)
    extent.blank += len(rows) - len(filled)
    extent.rows += len(filled)
    if not filled:
        return None
    texts = pa.array([rows[number] for number in filled], pa.binary()).cast(pa.string())
    return placed([JSON_ROW], [texts], np.array(filled) + line, None, file)


def _is_document(first: bytes) -> bool:
    """Whether a file does not hold one object per line."""
    text = first.lstrip()
    if text.startswith(b"["):
        return True
    try:
        json.loads(text.partition(b"\n")[0])
    except (ValueError, RecursionError):
        return b"\n" in text.strip()
    return False


def _document(path: Path, parts: Iterator[bytes], extent: Extent, file: str | None) -> Iterator[pa.RecordBatch]:
    """The objects of a list, or those that stand one after the other."""
    data = b""
    for piece in parts:
        data += piece
        if len(data) > LARGEST_DOCUMENT:
            hint = "write one object per line"
            raise InputError(f"is a JSON document of more than {LARGEST_DOCUMENT >> 20} MiB", Place(str(path)), hint)
    if error := decoding_error(path, data, 1):
        raise error
    rows, lines = _elements(path, data.decode())
    extent.rows += len(rows)
    extent.lines += data.count(b"\n") + (not data.endswith(b"\n"))
    yield placed([JSON_ROW], [pa.array(rows, pa.string())], lines, None, file)


def _elements(path: Path, text: str) -> tuple[list[str], list[int]]:
    decoder = json.JSONDecoder()
    rows: list[str] = []
    lines: list[int] = []
    at, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[at] == "[" and text[end - 1] == "]":
        at, end = at + 1, end - 1
    line, seen = 1, 0
    while True:
        while at < end and text[at] in ", \t\r\n":
            at += 1
        line, seen = line + text.count("\n", seen, at), at
        if at >= end:
            return rows, lines
        try:
            _, stop = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "it is nested too deeply")
            raise InputError(f"is no JSON: {reason}", Place(str(path), line, 1), "write one object per line") from None
        rows.append(text[at:stop])
        lines.append(line)
        at = stop
