# SPDX-License-Identifier: Apache-2.0
"""What it would take, as one HTML page: each market's best outcome, every change, what stays in the way."""

from __future__ import annotations

from collections.abc import Callable

from carnet.plan.reach import Reach
from carnet.report.reach import terminal


def render(reach: Reach, *, language: str = "en", titles: Callable[[str], str] = lambda approval: "") -> str:
    """The page. titles: of an approval by its id.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html.page import page

    return page("reach.html.j2", language, reach=reach, w=terminal, titles=titles)
