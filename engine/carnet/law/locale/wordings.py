# SPDX-License-Identifier: Apache-2.0
"""Every text of the law that people read, from the files as they are written, each with its item, field and place.

A text that a rule inherits from its duty stands at the duty alone, so nobody translates it twice.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from carnet.declare.vocabulary import words_of
from carnet.law.locate import is_cases, law_files
from carnet.source import Path_, Source, read_source

FIELDS: Mapping[str, tuple[str, ...]] = {
    "rules": ("title", "text", "evidence", "note", "remedy"),
    "routes": ("title", "authority", "note"),
    "approvals": ("title", "granted_by", "note", "planning"),
    "instruments": ("title",),
    "notes": ("title", "text"),
    "not_covered": ("title", "reason"),
    "duties": ("title", "evidence", "remedy"),
    "actions": ("title", "with"),
    "duty_holders": ("title",),
    "approval_kinds": ("title", "planning"),
    "derivations": ("title",),
    "facts": ("question", "help", "values"),
    "fields": ("question", "help", "values"),
}
"""The fields that people read, of each list or mapping of items in a file of law."""
OF_JURISDICTION = ("name", "summary", "authorities", "decided_below", "closed_for")
OF_SECTION = ("title", "help", "department")
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "remedy": ("text",),
    "authorities": ("name", "role"),
    "decided_below": ("why",),
    "closed_for": ("why",),
}
"""What people read within a field that is no text itself; of other mappings, such as values, everything."""
_OF_PLANNING = ("what", "to", "note")
_Text = tuple[Path_, str, str, str, str]
_IDS = ("id", "duty", "fact", "record")


class Wording(NamedTuple):
    """A text of the law: the file under its folder, the list it is of, its item and field, the English, the line."""

    file: str
    top: str
    item: str
    field: str
    text: str
    line: int

    @property
    def key(self) -> str:
        return f"{self.item}.{self.field}"

    @property
    def kind(self) -> str:
        """What it is a text of, such as `rules title` or `facts values`."""
        return f"{self.top} {self.field.partition('.')[0]}"

    @property
    def catalogue(self) -> str:
        """The file of a language's catalogue that its translation stands in."""
        return self.file.partition("/")[2]


def mark(text: str) -> str:
    """A short hash of an English text: eight letters and digits, so that a changed text is seen to be another."""
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:5]).decode().lower()


def wordings(folders: Sequence[Path]) -> Iterator[Wording]:
    """Every text of some folders of law, what all jurisdictions share first; the same English as often as written."""
    for folder in folders:
        files = [path for path in law_files(folder) if not is_cases(path)]
        for path in sorted(files, key=lambda path: (path.relative_to(folder).parts[0] != "rules", path.as_posix())):
            yield from _of_file(read_source(path), path.relative_to(folder).as_posix())


def _of_file(source: Source, file: str) -> Iterator[Wording]:
    for path, top, item, name, text in _texts(source.data):
        yield Wording(file, top, item, name, text, source.place(path).line)


def _texts(data: Mapping[str, Any]) -> Iterator[_Text]:
    if section := data.get("section"):
        for field in OF_SECTION:
            yield from _field(data, (), "section", f"section.{section}", field)
    if head := data.get("jurisdiction"):
        for field in OF_JURISDICTION:
            yield from _field(head, ("jurisdiction",), "jurisdiction", head["id"], field)
    for top, fields in FIELDS.items():
        items = data.get(top) or ()
        pairs = items.items() if isinstance(items, dict) else enumerate(items)
        for key, item in pairs:
            id_ = str(key) if isinstance(items, dict) else next(item[name] for name in _IDS if name in item)
            if top == "facts":
                yield (top, key), top, id_, "name", words_of(id_)
            for field in fields:
                yield from _field(item, (top, key), top, id_, field)


def _field(item: Mapping[str, Any], path: Path_, top: str, id_: str, field: str) -> Iterator[_Text]:
    value = item.get(field)
    for within, text in _of_planning(value) if field == "planning" else _leaves(value, _WITHIN.get(field)):
        if isinstance(text, str) and text:
            yield (*path, field, *within), top, id_, ".".join(map(str, (field, *within))), text


def _of_planning(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """What people read of the planning of an approval: its papers, whom a change is told, and every note."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_planning(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _of_planning(inner, (*path, index))
    elif path and (path[-1] in _OF_PLANNING or path[-2:-1] == ("documents",)):
        yield path, value


def _leaves(value: Any, names: tuple[str, ...] | None) -> Iterator[tuple[Path_, Any]]:
    """The texts in a field with their path within it; of a mapping only those of these names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if names is None or key in names:
                yield (key,), inner
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from (((index, *path), text) for path, text in _leaves(inner, names))
    else:
        yield (), value
