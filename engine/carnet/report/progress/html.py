# SPDX-License-Identifier: Apache-2.0
"""Progress as one HTML page: a curve of the lacks in the way over all reports, and the table behind it."""

from __future__ import annotations

from carnet.report.progress import Progress


def render(progress: Progress, *, language: str = "en") -> str:
    """The page.

    Raises:
        MissingExtra: without Jinja and Babel.
    """
    from carnet.report.html.page import page
    from carnet.report.progress.curve import curve

    totals = [progress.total(at) for at in range(len(progress.labels))]
    return page("progress.html.j2", language, progress=progress, totals=totals, curve=curve(totals, progress.labels))
