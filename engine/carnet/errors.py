# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, said in one sentence: what, where, what to try.

* CarnetError
  x InputError            a file or value the user gave cannot be used (exit code 2)
    + SourceError         not readable as YAML or JSON
    + ProfileError        a profile that does not follow the vocabulary
    + LawError            a pack that does not follow the schema, or law that contradicts itself
    + UnknownName         a market, rule, fact or instrument that does not exist
    + WrongType           a value of a kind that a function cannot take
  x MissingExtra          the command needs an optional dependency (exit code 2)
  x LimitError            an evaluator was asked for more than it can hold
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 240


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, a 1-based line and column, and the dotted path of the key."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        file = visible(self.file)
        if len(file) > LONGEST_NAME:
            file = f"{file[: LONGEST_NAME // 2]}...{file[-LONGEST_NAME // 2 :]}"
        return f"{file}:{self.line}:{self.column}" if self.line else file


class CarnetError(Exception):
    """Base of every error that Carnet raises on purpose; `str()` is the whole sentence for a user."""

    def __init__(self, message: str, place: Place | None = None, hint: str = "") -> None:
        self.message = message
        self.place = place
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return " ".join((f"{text}; {self.hint}" if self.hint else text).splitlines())

    def __reduce__(self) -> Any:
        """For another process: with its place and hint, whatever its constructor takes."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[CarnetError], args: tuple[Any, ...], state: dict[str, Any]) -> CarnetError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InputError(CarnetError):
    """A file or value the user gave cannot be used."""


class SourceError(InputError):
    """Text that cannot be read as strict YAML or JSON."""


class ProfileError(InputError):
    """A profile that does not follow the vocabulary."""


class LawError(InputError):
    """A pack that does not follow the schema, or law that contradicts itself."""


class UnknownName(InputError):
    """A market, rule, fact or instrument that does not exist."""


class WrongType(InputError, TypeError):
    """A value of a kind that a function of the library cannot take."""

    def __init__(self, name: str, expected: str, value: object) -> None:
        try:
            given = repr(value)
        except Exception:  # a value that cannot even be written, such as a mapping of a thousand levels
            given = type(value).__name__
        super().__init__(f"`{name}` is {expected}, not {shown(given)}")


def expect_text(name: str, value: object) -> None:
    """Refuse what is no text.

    Raises:
        WrongType: naming the argument.
    """
    if not isinstance(value, str):
        raise WrongType(name, "text", value)


class MissingExtra(CarnetError):
    """A command needs an optional dependency."""

    def __init__(self, command: str, extra: str) -> None:
        super().__init__(f"`carnet {command}` needs the extra `{extra}`", hint=f"pip install 'carnet-law[{extra}]'")


class LimitError(CarnetError):
    """An evaluator was asked for more than it can hold."""


SHOWN_PROBLEMS = 50
"""So many of several errors are shown; what is behind these has no hint either, as looking for one takes its time."""


class Problems(InputError):
    """Several errors found in one reading, in the order of the text; of very many, a user is shown the first."""

    def __init__(self, errors: Iterable[CarnetError]) -> None:
        self.errors = tuple(sorted(errors, key=_order))
        lines = [str(error) for error in self.errors[:SHOWN_PROBLEMS]]
        if more := len(self.errors) - SHOWN_PROBLEMS:
            lines += [f"and {more} more; CARNET_ERRORS=errors.json writes all of them to that file"] * (more > 0)
        super().__init__("\n".join(lines))

    def __str__(self) -> str:
        return self.message


def _order(error: CarnetError) -> tuple[str, bool, int, int]:
    """By place; what concerns a file as a whole comes after its lines."""
    place = error.place
    return (place.file, not place.line, place.line, place.column) if place else ("", False, 0, 0)


MOST_SUGGESTED = 12


def os_reason(error: OSError) -> str:
    """What the system says, within a sentence."""
    return (error.strerror or "unknown reason").lower()


def shown(value: object, limit: int = 60) -> str:
    """User input as a message may quote it: on one line, of bounded length, in backticks, its blanks visible."""
    text = visible(str(value))
    return f"`{text}`" if len(text) <= limit else f"`{text[:limit]}...`"


def visible(text: str) -> str:
    """The text with what has no shape of its own written as an escape: line breaks, tabs, controls, odd blanks."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The nearest known name, empty when none is near.

    Of dotted names the first and the last part must be alike too: `xk.road-act` is no slip for `jp.radio-act`, and
    `odd.nope` none for `odd.zones`.
    """
    names = list(known)
    by_case = {known_name.lower(): known_name for known_name in names}
    if name.lower() in by_case:
        return by_case[name.lower()]
    if "." in name:
        names = [item for item in names if _alike_in_parts(name, item)]
    near = difflib.get_close_matches(name, names, 1, 0.6)
    last = [item for item in names if item.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1]]
    return next(iter([*near, *last]), "")


def _alike_in_parts(one: str, other: str) -> bool:
    last, other_last = one.rpartition(".")[2], other.rpartition(".")[2]
    begins = bool(last) and other_last.startswith(last)
    slip = len(last) == len(other_last) and sum(a != b for a, b in zip(last, other_last, strict=True)) == 1
    ends = begins or slip or _alike(last, other_last, 0.6)
    return ends and _alike(one.partition(".")[0], other.partition(".")[0], 0.75)


def _alike(one: str, other: str, least: float) -> bool:
    return one == other or difflib.SequenceMatcher(None, one, other).ratio() >= least


def suggest(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known name, those that begin like it where there are several, or nothing."""
    names = list(known)
    longer = sorted(item for item in names if len(name) >= 4 and item.lower().startswith(name.lower()))
    if 1 < len(longer) <= MOST_SUGGESTED and name.lower() not in map(str.lower, longer):
        return f"did you mean {', '.join(f'`{item}`' for item in longer[:-1])} or `{longer[-1]}`?"
    near = nearest(name, names)
    return f"did you mean `{near}`?" if near else ""
