# SPDX-License-Identifier: Apache-2.0
"""Every kind of page, rendered from the sample reports."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "report"))

import report_samples as samples

from carnet.report import html
from carnet.report.i18n import LANGUAGES


def sample_pages() -> dict[str, str]:
    return {f"report-{language}": html.render(samples.report(), language=language) for language in LANGUAGES}
