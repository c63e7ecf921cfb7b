# SPDX-License-Identifier: Apache-2.0
"""What an import took from a file, what it left and why, each with the place in the file; and the profile of it.

A list that a file gives only in part is never declared: what a declared list does not name counts as absent, and of the
rest the file says nothing. It is left with what could be declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from carnet.declare.vocabulary import Value
from carnet.errors import InputError, Problems
from carnet.intake.edit import put
from carnet.intake.writing import fields, new_profile, scalar


class Taken(NamedTuple):
    """A fact or an approval (`approvals.<ID>`, its fields as value) and where it stood."""

    path: str
    value: Value | Mapping[str, Value]
    origin: str


class Left(NamedTuple):
    """Something of the file that became no fact: where it stood, what it says, and why it was left."""

    origin: str
    value: str
    why: str


class Harvest(NamedTuple):
    """kind: the format, as people call it. name: what the profile can be called."""

    kind: str
    name: str
    taken: tuple[Taken, ...]
    left: tuple[Left, ...]


NO_COUNTERPART = "no fact asks for it"


def sift(harvest: Harvest, read: Callable[[Mapping[str, Any]], object]) -> Harvest:
    """The harvest without what the vocabulary refuses, which is left with the reason.

    read: checks facts as a profile does, and raises an InputError.
    """
    good: list[Taken] = []
    left = list(harvest.left)
    for item in harvest.taken:
        value = list(item.value) if isinstance(item.value, tuple) else item.value
        try:
            read({item.path: value})
        except InputError as error:
            first = error.errors[0].message if isinstance(error, Problems) else error.message
            left.append(Left(item.origin, shown_value(item.value), first))
        else:
            good.append(item)
    return harvest._replace(taken=tuple(good), left=tuple(left))


def profile_of(harvest: Harvest, file: str) -> str:
    """A new profile with what was taken, each below the place it came from."""
    about = f"Taken from {file} ({harvest.kind}); what the file does not say stays unknown."
    return put_taken(put(new_profile(""), ("name",), scalar(harvest.name or file), about), harvest.taken)


def put_taken(text: str, taken: Iterable[Taken]) -> str:
    """The profile's text with what was taken."""
    for item in taken:
        value = fields(item.value) if isinstance(item.value, Mapping) else scalar(item.value)
        text = put(text, item.path.split("."), value, f"from {item.origin}")
    return text


def shown_value(value: Value | Mapping[str, Value]) -> str:
    return fields(value) if isinstance(value, Mapping) else scalar(value)
