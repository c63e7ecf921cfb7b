# SPDX-License-Identifier: Apache-2.0
"""The time line as one HTML page: a drawn band per market, and every turn in words."""

from __future__ import annotations

from carnet.report.timeline import Timeline


def render(line: Timeline, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja, or without Babel for another language than English.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report import i18n
    from carnet.report.html import charts
    from carnet.report.html.page import page

    axis = charts.Axis(line.start, line.until, flip=i18n.direction(language) == "rtl", margin=0)
    return page("timeline.html.j2", language, line=line, charts=charts, axis=axis)
