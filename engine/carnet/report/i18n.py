# SPDX-License-Identifier: Apache-2.0
"""What a page must know of its language beyond the words: its direction, and what countries are called in it."""

from __future__ import annotations

import functools

from carnet.spoken import ENGLISH, FOLDER as FOLDER, LANGUAGES as LANGUAGES, translations as translations

RIGHT_TO_LEFT = frozenset({"ar"})


@functools.cache
def territory(code: str, language: str) -> str:
    """A country's name in another language, as Unicode's CLDR has it; nothing for its states and cities."""
    if language == ENGLISH:
        return ""
    from babel import Locale

    return str(Locale.parse(language).territories.get(code, ""))


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
