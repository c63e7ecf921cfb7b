# SPDX-License-Identifier: Apache-2.0
"""From bytes to characters: UTF-8 and nothing else, and JSON's way of writing what lies beyond the first plane."""

from __future__ import annotations

import json
import re

from carnet.errors import Place, SourceError

_PAIR = re.compile(r"((?<!\\)(?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_NOT_UTF8 = ("", "save it as UTF-8")
_MARKS = {
    b"\xff\xfe": (" but UTF-16", "save it as UTF-8"),
    b"\xfe\xff": (" but UTF-16", "save it as UTF-8"),
    b"PK\x03\x04": (" but a ZIP archive, as spreadsheets are", "name a YAML or JSON file"),
    b"\x1f\x8b": (" but compressed by gzip", "unpack it first"),
    b"%PDF": (" but a PDF", "name a YAML or JSON file"),
}
"""How files begin that are taken for text, and what to do with them."""


def decoded(raw: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        SourceError: when it is not UTF-8, with what it seems to be instead.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        seems, hint = next((said for mark, said in _MARKS.items() if raw.startswith(mark)), _NOT_UTF8)
        raise SourceError(f"is not UTF-8 text{seems}", Place(name, line, column), hint) from None


def whole_characters(text: str) -> str:
    """JSON writes a character beyond the first plane as two escapes, YAML as one."""
    if not _PAIR.search(text):
        return text
    try:
        json.loads(text)  # in JSON a backslash stands in quoted texts only
    except (ValueError, RecursionError):
        return text
    return _PAIR.sub(_one_escape, text)


def _one_escape(pair: re.Match[str]) -> str:
    high, low = int(pair[2][2:6], 16), int(pair[2][8:], 16)
    return f"{pair[1]}\\U{0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF):08X}"
