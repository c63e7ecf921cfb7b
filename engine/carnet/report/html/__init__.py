# SPDX-License-Identifier: Apache-2.0
"""The report as one HTML file: offline, without script, for screen and paper."""

from __future__ import annotations

from carnet.assess.model import Report
from carnet.report import digest

MANY = 8
"""With more markets than this findings are not shown in full below their lacks: the page would outgrow a mail box."""


def render(
    report: Report,
    *,
    language: str = "en",
    ask: digest.Ask = digest.no_question,
    answers: digest.Ask = digest.no_question,
) -> str:
    """The whole page. `ask` gives the question for a fact, `answers` what may be answered; empty ones show less.

    Raises:
        MissingExtra: without Jinja and Babel.
        UnknownName: for a language without a catalogue.
    """
    from carnet.report.html import charts
    from carnet.report.html.page import page

    told = {"ask": ask, "answers": answers, "charts": charts, "many": MANY}
    return page("report.html.j2", language, report=report, **told)
