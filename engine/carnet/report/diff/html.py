# SPDX-License-Identifier: Apache-2.0
"""The difference as one HTML page."""

from __future__ import annotations

from carnet.report.diff import KINDS, Difference, words


def render(difference: Difference, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    return page("diff.html.j2", language, difference=difference, words=words, kinds=KINDS)
