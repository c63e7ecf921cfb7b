# SPDX-License-Identifier: Apache-2.0
"""The terms that translations keep to: `rules/locale/glossary.yaml`, and where a translation uses another word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from carnet.law.locale.catalogue import FOLDER, Entry, entries
from carnet.law.locale.wordings import Wording, mark
from carnet.source import read_source

CHECKED = ("zh",)
"""The languages whose words do not change their form, so that a term can be looked for."""


class Term(NamedTuple):
    """A term with its words in each language, the preferred one first."""

    english: str
    words: dict[str, tuple[str, ...]]


def terms(folders: Sequence[Path], of: str = "terms") -> list[Term]:
    """The terms of some folders of law; `of` them those of the law (`terms`) or of what reports say (`reports`)."""
    files = [folder / FOLDER / "glossary.yaml" for folder in folders]
    read = (item for file in files if file.is_file() for item in read_source(file).data.get(of, ()))
    return [Term(item["en"], {code: _words(said) for code, said in item.items() if code != "en"}) for item in read]


def _words(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def strays(language: str, folders: Sequence[Path], texts: Iterable[Wording]) -> Iterator[tuple[Entry, Term]]:
    """Translations that say a term otherwise; of terms within each other only the longest counts."""
    english = {mark(wording.text): wording.text for wording in texts}
    known = sorted(terms(folders), key=lambda term: -len(term.english))
    patterns = [(term, re.compile(rf"\b{re.escape(term.english)}s?\b", re.IGNORECASE)) for term in known]
    for folder in folders:
        for entry in entries(language, folder):
            rest = english.get(entry.mark, "")
            for term, pattern in patterns:
                rest, times = pattern.subn(" ", rest)
                if times and not any(word in entry.text for word in term.words[language]):
                    yield entry, term
