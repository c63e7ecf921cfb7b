# SPDX-License-Identifier: Apache-2.0
"""Whether the law can be read in the languages that it is translated into. Never an error: law is written first."""

from __future__ import annotations

from pathlib import Path

from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.locale.catalogue import languages
from carnet.law.locale.glossary import CHECKED, strays
from carnet.law.locale.progress import COMPLETE, keeps, progress
from carnet.law.model import Place
from carnet.spoken import NAMES


@lint_rule("translation-missing", Level.WARNING)
def translation_missing(law: Linted) -> Found:
    """Said once for each file of law and language that has to be complete, where its folder is translated at all."""
    for language in COMPLETE:
        lacking: dict[str, list[int]] = {}
        for wording in progress(language, law.scope.folders, law.wordings).missing:
            lacking.setdefault(wording.file, []).append(wording.line)
        for file, lines in lacking.items():
            if not keeps(_folder(law, file), language):
                continue
            many = f"{len(lines)} of its texts have" if len(lines) > 1 else "one of its texts has"
            what = f"{many} no {NAMES[language]} translation"
            yield _place(law, file, lines[0]), what, f"`carnet law locale {language} --missing` lists them"


@lint_rule("translation-stale", Level.WARNING)
def translation_stale(law: Linted) -> Found:
    for language in languages():
        for entry in progress(language, law.scope.folders, law.wordings).stale:
            place = Place(entry.place.file, entry.place.line, entry.place.column)
            what = f"the {NAMES[language]} of `{entry.key}` translates a text that the law no longer has"
            yield place, what, "translate the text as it is now, or remove the entry"


@lint_rule("translation-term", Level.WARNING)
def translation_term(law: Linted) -> Found:
    """A term of the trade that is said in other words than the glossary's."""
    for language in CHECKED:
        for entry, term in strays(language, law.scope.folders, law.wordings):
            place = Place(entry.place.file, entry.place.line, entry.place.column)
            words = " or ".join(term.words[language])
            what = f"the {NAMES[language]} of `{entry.key}` says `{term.english}` otherwise than the glossary"
            yield place, what, f"write {words}, or add the word to rules/locale/glossary.yaml"


def _place(law: Linted, file: str, line: int) -> Place:
    return Place(str(_folder(law, file) / file), line)


def _folder(law: Linted, file: str) -> Path:
    return next(folder for folder in reversed(law.scope.folders) if (folder / file).is_file())
