# SPDX-License-Identifier: Apache-2.0
"""How far a language is: which texts of the law have no translation, and which translations have lost their text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from carnet.law.locale.catalogue import Entry, catalogue, entries
from carnet.law.locale.wordings import Wording, mark, wordings

COMPLETE = ("zh",)
"""The languages without whose last text no release of the law is made."""


def keeps(folder: Path, language: str) -> bool:
    """Whether a folder of law has translations of its own into a language: only then are they asked to be whole."""
    return (folder / "rules" / "locale" / language).is_dir()


class Progress(NamedTuple):
    """A language over some law: its different texts, those without a translation, and the entries that translate
    none of them any more."""

    language: str
    texts: tuple[Wording, ...]
    missing: tuple[Wording, ...]
    stale: tuple[Entry, ...]

    def kinds(self) -> dict[str, tuple[int, int]]:
        """How many texts there are of each kind, and how many of them have no translation."""
        found: dict[str, tuple[int, int]] = {}
        lacking = {wording.text for wording in self.missing}
        for wording in self.texts:
            total, missing = found.get(wording.kind, (0, 0))
            found[wording.kind] = total + 1, missing + (wording.text in lacking)
        return found


def progress(language: str, folders: Sequence[Path], texts: Iterable[Wording] | None = None) -> Progress:
    """How far a language is with the law of some folders; the same English counts once, where it stands first.

    texts: the law's, where they were read before.
    """
    first: dict[str, Wording] = {}
    for wording in wordings(folders) if texts is None else texts:
        first.setdefault(wording.text, wording)
    marks = {mark(text) for text in first}
    known = catalogue(language, folders)
    missing = tuple(wording for wording in first.values() if known.find(wording.text, wording.key) is None)
    stale = tuple(entry for folder in folders for entry in entries(language, folder) if entry.mark not in marks)
    return Progress(language, tuple(first.values()), missing, stale)
