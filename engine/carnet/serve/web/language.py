# SPDX-License-Identifier: Apache-2.0
"""Which language a page is in: as the address asks, else the one kept, else the browser's, else the server's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fastapi import Request

from carnet.report.i18n import LANGUAGES
from carnet.serve.context import services

LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "zh": "中文", "ar": "العربية"}
_ACCEPTED = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([0-9.]{1,6}))?\s*(?:,|\Z)")
LONGEST = 400


def language_of(request: Request) -> str:
    """One of the languages that there is a catalogue for."""
    asked = request.query_params.get("language"), request.cookies.get("language")
    candidates = [*asked, *_accepted(request.headers.get("accept-language", "")), services(request).settings.language]
    return next((language for language in candidates if language in LANGUAGES), "en")


def _accepted(header: str) -> Iterator[str]:
    """The languages a browser names, the most wanted first."""
    found = [(-_weight(match[2]), place, match[1].lower()) for place, match in enumerate(_matches(header))]
    return (language for _, _, language in sorted(found))


def _matches(header: str) -> list[re.Match[str]]:
    return list(_ACCEPTED.finditer(header[:LONGEST]))


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
