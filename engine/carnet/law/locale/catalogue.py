# SPDX-License-Identifier: Apache-2.0
"""The translations of the law's texts into one language, read from `rules/locale/<language>/`.

A file there mirrors a file of the law. Each entry names the item and field, the mark of the English text that it
translates, and the translation. A text is found by its mark wherever it stands, so that the same English is translated
once; only where one English text is said in two ways does the item decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from carnet.errors import LawError, Place, UnknownName
from carnet.law.locale.wordings import mark
from carnet.pickles import Pickles
from carnet.source import Source, read_file, source_of
from carnet.spoken import LANGUAGES

FOLDER = Path("rules", "locale")
FORMAT = 1
UNTRANSLATED = "⟨en⟩ "
"""Stands before an English text in a report of another language."""
MARK = 8


class Entry(NamedTuple):
    """A translation: of which item and field, of which English by its mark, and where it stands."""

    item: str
    field: str
    mark: str
    text: str
    place: Place

    @property
    def key(self) -> str:
        return f"{self.item}.{self.field}"


class Catalogue:
    """What is said in a language for the texts of the law.

    texts: translations by mark; own: by key and mark, where the same English is said in several ways.
    """

    def __init__(self, texts: dict[str, str], own: dict[tuple[str, str], str]) -> None:
        self.texts = texts
        self.own = own

    def find(self, text: str, key: str = "") -> str | None:
        """The translation of an English text, of an item's field where one is named."""
        sign = mark(text)
        return self.own.get((key, sign)) or self.texts.get(sign)

    def say(self, text: str, key: str = "") -> str:
        """The same, or else the English, marked as such."""
        if not text:
            return text
        found = self.find(text, key)
        return UNTRANSLATED + text if found is None else found


def catalogue(language: str, folders: Sequence[Path]) -> Catalogue:
    """The catalogue of a language over some folders of law; a later folder's translations come first.

    Kept compiled between commands under the content of its files.

    Raises:
        LawError: for an entry that cannot be used.
    """
    read = [(path, read_file(path)) for folder in folders for path in files(language, folder)]
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for path, raw in read:
        digest.update(f"{path}\0{len(raw)}\0".encode("utf-8", "surrogateescape") + raw)
    kept = Pickles("locale")
    name = f"{language}-{digest.hexdigest()[:32]}"
    known = kept.read(name)
    if isinstance(known, Catalogue):
        return known
    made = _made(entry for path, raw in read for entry in entries_of(source_of(raw, str(path))))
    kept.write(name, made)
    return made


def files(language: str, folder: Path) -> list[Path]:
    """The files of a language's catalogue in a folder of law, in a stable order."""
    return sorted((folder / FOLDER / language).rglob("*.yaml"))


def entries(language: str, folder: Path) -> Iterator[Entry]:
    """Every translation that a folder of law holds in a language."""
    for path in files(language, folder):
        yield from entries_of(source_of(read_file(path), str(path)))


def entries_of(source: Source) -> Iterator[Entry]:
    """The translations of one file.

    Raises:
        LawError: for what is no entry.
    """
    if not isinstance(source.data, dict):
        raise LawError("is no catalogue", source.place(), "write `item: {field: [mark, translation]}`")
    for item, fields in source.data.items():
        if not isinstance(fields, dict):
            raise _no_entry(source, (item,))
        for field, entry in fields.items():
            if not _is_entry(entry):
                raise _no_entry(source, (item, field))
            yield Entry(str(item), str(field), entry[0], entry[1], source.place((item, field)))


def _is_entry(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) and part for part in entry)


def _no_entry(source: Source, path: tuple[str, ...]) -> LawError:
    return LawError("is no translation", source.place(path), 'write `field: ["mark", "translation"]`, both in quotes')


def _made(found: Iterator[Entry]) -> Catalogue:
    texts: dict[str, str] = {}
    own: dict[tuple[str, str], str] = {}
    for entry in found:
        own[entry.key, entry.mark] = entry.text
        texts.setdefault(entry.mark, entry.text)
    return Catalogue(texts, {key: text for key, text in own.items() if texts[key[1]] != text})


@cache
def languages() -> tuple[str, ...]:
    """The languages that the law can have a catalogue in."""
    return LANGUAGES[1:]


def expect_catalogue(language: str) -> str:
    """The language itself.

    Raises:
        UnknownName: for one that the law has no catalogue in.
    """
    if language not in languages():
        raise UnknownName(f"unknown language `{language[:20]}`", hint=f"there are {', '.join(languages())}")
    return language
