# SPDX-License-Identifier: Apache-2.0
"""Catalogues for the fixed text of reports: the `.po` files are read as they are, nothing compiled is shipped."""

from __future__ import annotations

import functools
import io
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from carnet.errors import UnknownName, suggest

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("en", "de", "zh", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})


@functools.cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English is what the messages are written in.

    Raises:
        UnknownName: when there is no catalogue for it.
    """
    if language == "en":
        return NullTranslations()
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UnknownName(f"unknown language `{language}`", hint=suggest(language, LANGUAGES) or f"there are {known}")
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@functools.cache
def territory(code: str, language: str) -> str:
    """A country's name in another language, as Unicode's CLDR has it; nothing for its states and cities."""
    if language == "en":
        return ""
    from babel import Locale

    return str(Locale.parse(language).territories.get(code, ""))


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
