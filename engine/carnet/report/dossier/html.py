# SPDX-License-Identifier: Apache-2.0
"""The dossier as one HTML page: the approval, how far it is, and every line by what puts it there."""

from __future__ import annotations

from carnet.plan.dossier import Dossier, Why
from carnet.report.dossier import words


def render(dossier: Dossier, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    parts = [(why, dossier.part(why)) for why in Why if dossier.part(why)]
    return page("dossier.html.j2", language, dossier=dossier, words=words, parts=parts)
