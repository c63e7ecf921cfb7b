# SPDX-License-Identifier: Apache-2.0
"""The report as one HTML file: offline, without script, for screen and paper."""

from __future__ import annotations

from carnet.assess.model import Report
from carnet.report import digest


def render(report: Report, *, language: str = "en", ask: digest.Ask = digest.no_question) -> str:
    """The whole page. `ask` gives the question for a fact; an empty one shows the fact's name alone.

    Raises:
        MissingExtra: without Jinja and Babel.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html import charts
    from carnet.report.html.page import page
    from carnet.report.html.repeats import Repeats

    return page("report.html.j2", language, report=report, ask=ask, charts=charts, repeats=Repeats(report))
