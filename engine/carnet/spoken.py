# SPDX-License-Identifier: Apache-2.0
"""The language that people are spoken to in, and the catalogues of what the engine itself says.

The engine's own sentences are written in English and looked up where they are said, by `_`. What the law says has
catalogues of its own (`carnet.law.locale`). The `.po` files are read as they are; in English none is.
"""

from __future__ import annotations

import functools
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from carnet.errors import UnknownName, shown, suggest

FOLDER = Path(__file__).parent / "report" / "locale"
LANGUAGES = ("en", "de", "zh", "ar")
ENGLISH = "en"
NAMES = {"en": "English", "de": "German", "zh": "Chinese", "ar": "Arabic"}
VARIABLES = ("CARNET_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a language is looked for that no option names, as programs of a terminal do."""

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def N_(message: str) -> str:
    """Marks a message for the catalogues, to be looked up where it is said."""
    return message


def _(message: str) -> str:
    """A message of the engine's in the language spoken now."""
    language = _language.get()
    return message if language == ENGLISH else translations(language).gettext(message)


def lowered(text: str) -> str:
    """A heading as words within a sentence: English in small letters; German nouns keep theirs."""
    return text.lower() if language() == ENGLISH else text


def language() -> str:
    """The language spoken now."""
    return _language.get()


def use(language: str) -> None:
    """Speak a language from now on, in this thread or task."""
    _language.set(known(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while."""
    before = _language.set(known(language))
    try:
        yield
    finally:
        _language.reset(before)


def known(language: str) -> str:
    """The language itself.

    Raises:
        UnknownName: for one that is not spoken.
    """
    if language not in LANGUAGES:
        hint = suggest(language[:20], LANGUAGES) or f"there are {', '.join(LANGUAGES)}"
        raise UnknownName(f"unknown language {shown(language, 20)}", hint=hint)
    return language


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the user's surroundings, `zh_CN.UTF-8` as `zh`; English where it is none of ours."""
    value = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    code = value.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in LANGUAGES else ENGLISH


@functools.cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language.

    Raises:
        UnknownName: when there is none.
    """
    if known(language) == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
