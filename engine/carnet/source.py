# SPDX-License-Identifier: Apache-2.0
"""Strict reading of YAML (and so of JSON) that remembers where everything stands.

Only what a declaration needs is accepted: one document, no anchors, no tags, no duplicate keys. Scalars follow the
YAML 1.2 core schema, so `NO` is Norway and not false; ISO dates are dates. Nesting and size are bounded, so hostile
input costs no more than reading it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from carnet.characters import decoded, whole_characters
from carnet.days import ISO_DAY, read_day
from carnet.errors import InputError, Place, SourceError, os_reason, shown

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40

Key = str | int
Path_ = tuple[Key, ...]

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18}|[0-9]{1,18}(?=[eE]))(?:[eE][-+]?[0-9]{1,2})?\Z")
_BRACKETS = re.compile(rf"(?:[\[{{]\s*){{{MAX_DEPTH + 1},}}")
FLATTEN = "remove some brackets or indentation"
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(slots=True)
class Source:
    """A parsed file: plain data (dict, list, str, int, float, bool, date, None) and the place of every key and item."""

    file: str
    data: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path_ = ()) -> Place:
        """The place of the nearest enclosing key that the file has."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Place(self.file, line, column, dotted(path))


def dotted(path: Path_) -> str:
    """`rules[3].requires` for ('rules', 3, 'requires')."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def plain_number(text: str) -> int | float | None:
    """The number that a text without quotes stands for, if it does."""
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else None


def read_source(path: Path, limit: int = MAX_BYTES) -> Source:
    """Read and parse a file.

    Raises:
        SourceError: when it is missing, no file, too large, not UTF-8, empty or not strict YAML.
    """
    return source_of(read_file(path, limit), str(path))


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a file, a pipe or a device, and no more of it than is allowed.

    Raises:
        SourceError: when it is missing, a folder, or larger than that.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise SourceError("is a directory, not a file", Place(name), "name the profile file in it")
        with path.open("rb") as stream:
            return read_stream(stream, name, limit)
    except OSError as error:
        reason = os_reason(error)
        raise SourceError(f"cannot be read ({reason})", Place(name), "check the path") from None
    except ValueError:
        raise SourceError("is not a name that a file can have", Place(shown(name)), "check the path") from None


def read_stream(stream: BinaryIO, name: str, limit: int = MAX_BYTES) -> bytes:
    """What a stream holds; one that never ends is read up to the limit.

    Raises:
        SourceError: when there is more.
    """
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise SourceError(f"is larger than {limit // 1024} KiB", Place(name), "split it or name another file")
    return raw


def source_of(raw: bytes, name: str) -> Source:
    """Parse the bytes of a file; see `read_source` for the errors."""
    return parse_source(decoded(raw, name), name)


def parse_source(text: str, name: str = "<text>") -> Source:
    """Parse one document; see `read_source` for the errors."""
    if is_json := name.lower().endswith(".json"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not; columns stay as they are
    if is_json or text.lstrip().startswith("{"):
        text = whole_characters(text)
    if not text.strip():
        raise SourceError("is empty", Place(name), "`carnet init` starts a profile")
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.refuse_depth(text)
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise SourceError(
            f"is not valid YAML: {error.problem or error.context}", place, _syntax_hint(text, mark)
        ) from None
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        place = Place(name, line, error.start - text.rfind("\n", 0, error.start))
        raise SourceError("has half of a character", place, "write the character itself") from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0].strip(' "<>')
        raise SourceError(f"is not valid YAML: {reason}", Place(name), "remove control characters") from None
    return builder.source


def _syntax_hint(text: str, mark: Any) -> str:
    """What mostly makes YAML unreadable at a place: a tab, else something left open above it."""
    line = text.splitlines()[mark.line : mark.line + 1] if mark else []
    if line and "\t" in line[0][: mark.column + 1]:
        return "indent with spaces, not tabs"
    return "check indentation, quotes and brackets, here and on the line above"


class _Builder:
    """Turns parser events into data on an explicit stack, so deep input cannot exhaust the interpreter's."""

    def __init__(self, name: str) -> None:
        self.source = Source(name, None)
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._path: list[Key] = []
        self._key: str | None = None
        self._keys: list[str | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            raise self._error("has a YAML alias", event, "write the value out; anchors and aliases are not accepted")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._error("has a second YAML document", event, "keep one document per file")

    def refuse_depth(self, text: str) -> None:
        """Our own word about nesting where the parser, which reads ahead, gave up on brackets before we saw them."""
        run = _BRACKETS.search(text)
        if run:
            deepest = [at.start() for at in re.finditer(r"[\[{]", run[0])][MAX_DEPTH - min(len(self._stack), MAX_DEPTH)]
            before = text[: run.start() + deepest]
            place = Place(self.source.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
            raise SourceError(f"is nested deeper than {MAX_DEPTH} levels", place, FLATTEN)

    def _error(self, message: str, event: Any, hint: str = "") -> SourceError:
        mark = event.start_mark
        place = Place(self.source.file, mark.line + 1, mark.column + 1, dotted(tuple(self._path)))
        return SourceError(message, place, hint)

    def _refuse_decoration(self, event: Any) -> None:
        if event.anchor is not None:
            raise self._error(f"has a YAML anchor `&{event.anchor}`", event, "write the value out")
        if event.tag is not None and event.tag != "!":
            raise self._error(f"has a YAML tag `{event.tag}`", event, "remove the tag")

    def _open(self, container: dict[str, Any] | list[Any], event: yaml.Event) -> None:
        self._refuse_decoration(event)
        if self._stack and isinstance(self._stack[-1], dict) and self._key is None:
            raise self._error("has a mapping or list as a key", event, "use a plain name as key")
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(f"is nested deeper than {MAX_DEPTH} levels", event, FLATTEN)
        self._put(container, event)
        self._stack.append(container)
        self._keys.append(self._key)
        self._key = None

    def _close(self) -> None:
        self._stack.pop()
        self._key = self._keys.pop()
        if self._stack:
            self._finish_value()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_decoration(event)
        parent = self._stack[-1] if self._stack else None
        if isinstance(parent, dict) and self._key is None:
            if event.value in parent:
                raise self._error(f"has the key `{event.value}` twice", event, "keep one of them")
            self._key = event.value
            self._path.append(event.value)
            self._mark(event)
            return
        plain = event.implicit[0]
        self._put(self._resolve(event) if plain else event.value, event)
        if self._stack:
            self._finish_value()

    def _put(self, value: Any, event: yaml.Event) -> None:
        if not self._stack:
            self.source.data = value
            self._mark(event)
            return
        parent = self._stack[-1]
        if isinstance(parent, dict):
            assert self._key is not None
            parent[self._key] = value
        else:
            self._path.append(len(parent))
            self._mark(event)
            parent.append(value)

    def _finish_value(self) -> None:
        self._path.pop()
        if isinstance(self._stack[-1], dict):
            self._key = None

    def _mark(self, event: Any) -> None:
        mark = event.start_mark
        self.source.places.setdefault(tuple(self._path), (mark.line + 1, mark.column + 1))

    def _resolve(self, event: yaml.ScalarEvent) -> Any:
        text = event.value
        if text in _WORDS:
            return _WORDS[text]
        number = plain_number(text)
        if number is not None:
            return number
        if ISO_DAY.match(text):
            try:
                return read_day(text)
            except InputError as error:
                raise self._error(error.message, event, error.hint) from None
        return text
