# SPDX-License-Identifier: Apache-2.0
"""Calendars as text (RFC 5545): what every one begins and ends with, escaped text, folded lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carnet.report.typesetting import set_type


def calendar(product: str, name: str, events: Iterable[str]) -> str:
    """A calendar of the lines of its events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Carnet//{product}//EN", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{escape(name)}", *events, "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for text in lines for folded in fold(text))


def escape(text: str) -> str:
    """Text as a value."""
    clean = "".join(c for c in set_type(text.replace("\r", "")) if c == "\n" or c.isprintable())
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(text: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut inside a character."""
    room, line = 75, ""
    for character in text:
        size = len(character.encode())
        if size > room:
            yield line
            line, room = " ", 74
        line += character
        room -= size
    yield line
