# SPDX-License-Identifier: Apache-2.0
"""Text laid out for a terminal: measured by display width, wrapped, free of control characters.

A few dozen lines instead of a console library, because a check must start fast.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

import click

from carnet.report.typesetting import set_type

ELLIPSIS = "…"
_JOINERS = "\u200c\u200d"
OPENING = "（《「『【〔“‘([{"
CLOSING = "）》」』】〕”’，。、；：？！…)]},.;:?!%"
"""Punctuation that does not end a line, and that does not begin one."""
_LATIN = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e]*\Z")


def clean(text: str) -> str:
    """One line of printable text: whatever could move the cursor, hide or reorder text becomes a space."""
    return printable(text).strip()


def printable(text: str) -> str:
    """The same as `clean`, with the blanks at both ends."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else " " for char in text)


def display_width(text: str) -> int:
    """The columns that a text takes: two for wide characters, none for combining ones."""
    if _LATIN.match(text):
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """The text, shortened with an ellipsis to at most `width` columns."""
    text = clean(text)
    if display_width(text) <= width:
        return text
    kept = "".join(
        character for character, columns in zip(text, accumulate(map(_columns, text)), strict=True) if columns < width
    )
    return kept.rstrip() + ELLIPSIS if width > 0 else ""


def pad(text: str, width: int, right: bool = False) -> str:
    """The text cut or filled to exactly `width` columns."""
    text = cut(text, width)
    fill = " " * (width - display_width(text))
    return fill + text if right else text + fill


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at spaces, beside wide characters, or, failing both, anywhere."""
    lines: list[str] = []
    line = ""
    for blank, atom in _atoms(clean(text)):
        joined = f"{line}{blank if line else ''}{atom}"
        if display_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = _break(atom, width, lines)
    return [*lines, line] if line or not lines else lines


def _atoms(text: str) -> Iterator[tuple[str, str]]:
    """What stays together on a line, with the blank before it: words, and in a script without spaces each character,
    with the punctuation that must not begin or end a line."""
    for word in text.split(" "):
        atoms: list[str] = []
        for character in word:
            last = atoms[-1][-1] if atoms else ""
            apart = _columns(character) == 2 or (last and _columns(last) == 2)
            if not atoms or (apart and character not in CLOSING and last not in OPENING):
                atoms.append(character)
            else:
                atoms[-1] += character
        yield " ", atoms[0] if atoms else ""
        yield from (("", atom) for atom in atoms[1:])


def _break(text: str, width: int, lines: list[str]) -> str:
    """Append whole lines of `text` to `lines`, return what is left."""
    line, used = "", 0
    for character in text:
        columns = _columns(character)
        if used + columns > max(width, 2):
            lines.append(line.rstrip())
            line, used = ("", 0) if character == " " else (character, columns)
        else:
            line, used = line + character, used + columns
    return line


class Page:
    """Lines under construction, in colour or without."""

    def __init__(self, width: int = 80, colour: bool = False) -> None:
        self.width = max(width, 40)
        self._colour = colour
        self._lines: list[str] = []

    def style(self, text: str, **style: Any) -> str:
        """A part of a line for `raw`, clean and in colour."""
        text = printable(text)
        return click.style(text, **style) if self._colour and style else text

    def text(self, text: str, indent: int = 0, label: str = "", hang: int = 0, **style: Any) -> None:
        """A paragraph; `label` stands before its first line, the others are indented below the text."""
        text, label = set_type(text), f"{printable(label)} " if label else ""
        margin = indent + display_width(label)
        first, *rest = wrap(text, self.width - margin - hang)
        self._lines.append(" " * indent + label + self.style(first, **style))
        self._lines.extend(" " * (margin + hang) + self.style(line, **style) for line in rest)

    def titled(self, title: str, rest: str, indent: int = 0) -> None:
        """A line that begins in bold; `rest` may be in colour."""
        self.raw(" " * indent + self.style(title, bold=True) + set_type(f"{title}{rest}").removeprefix(title))

    def raw(self, line: str) -> None:
        """A line that the caller has measured, and whose parts are styled or clean."""
        self._lines.append(line.rstrip())

    def gap(self) -> None:
        """An empty line, never two."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str) -> None:
        self.gap()
        self.text(text, bold=True)

    def extend(self, texts: Iterable[str], indent: int, label: str = "-") -> None:
        for text in texts:
            self.text(text, indent, label)

    def __str__(self) -> str:
        return "\n".join(self._lines).rstrip("\n") + "\n"
