# SPDX-License-Identifier: Apache-2.0
"""The matrix as one HTML page. A small script lets the reader sort it; everything can be read without."""

from __future__ import annotations

from carnet.report.compare import Matrix


def render(matrix: Matrix, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    return page("compare.html.j2", language, matrix=matrix)
