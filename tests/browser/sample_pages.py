# SPDX-License-Identifier: Apache-2.0
"""Every kind of page, rendered from the sample reports."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "report"))

import plan_samples
import report_samples as samples
import test_timeline

from carnet.report import compare, html
from carnet.report.approvals import html as approvals_html
from carnet.report.compare import html as compare_html
from carnet.report.dossier import html as dossier_html
from carnet.report.i18n import LANGUAGES
from carnet.report.impact import html as impact_html
from carnet.report.timeline import html as timeline_html


def sample_pages() -> dict[str, str]:
    report = samples.report()
    other = samples.replace(report, profile={"name": "Borealis shuttle with a rather long name"})
    made = {f"report-{language}": html.render(report, language=language) for language in LANGUAGES}
    made["compare"] = compare_html.render(compare.matrix([report, other, other, other]))
    made["compare-ar"] = compare_html.render(compare.matrix([report]), language="ar")
    made["timeline"] = timeline_html.render(test_timeline.sample())
    made["timeline-ar"] = timeline_html.render(test_timeline.sample(), language="ar")
    made["approvals"] = approvals_html.render(plan_samples.register())
    made["dossier"] = dossier_html.render(plan_samples.dossier())
    made["impact"] = impact_html.render(plan_samples.impact())
    return made
