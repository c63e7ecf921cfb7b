# SPDX-License-Identifier: Apache-2.0
"""What a change sets off as one HTML page."""

from __future__ import annotations

from carnet.plan.impact import Impact
from carnet.report.impact import words


def render(impact: Impact, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    return page("impact.html.j2", language, impact=impact, words=words)
