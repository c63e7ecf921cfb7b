# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an input, line by line, as pages show it."""

from __future__ import annotations

from typing import Any, NamedTuple

from carnet.errors import CarnetError, Problems, visible


class Message(NamedTuple):
    """One thing to mend; line and column are 0 where it stands nowhere."""

    text: str
    hint: str
    line: int = 0
    column: int = 0
    path: str = ""


def messages_of(error: CarnetError) -> tuple[Message, ...]:
    """Everything that an error says."""
    errors = error.errors if isinstance(error, Problems) else (error,)
    return tuple(map(_message, errors))


def _message(error: CarnetError) -> Message:
    place = error.place
    where = (place.line, place.column, place.path) if place else (0, 0, "")
    return Message(visible(error.message), visible(error.hint), *where)


def as_json(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    return [message._asdict() for message in messages]
