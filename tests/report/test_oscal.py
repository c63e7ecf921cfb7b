# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import report_samples as samples

from carnet.assess.model import Report
from carnet.report import oscal, oscal_poam

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    trestle_results = pytest.importorskip("trestle.oscal.assessment_results", reason="compliance-trestle is missing")
    trestle_poam = pytest.importorskip("trestle.oscal.poam", reason="compliance-trestle is missing")

pytestmark = pytest.mark.filterwarnings("ignore")
REPORTS = {
    "sample": samples.report(),
    "no way in": samples.report(samples.kazakhstan()),
    "nothing to do": samples.report(samples.japan()),
    "large": samples.large(5, 60),
    "odd": samples.report(
        samples.replace(samples.bavaria(), findings=(samples.gap("9 odd/id.needs.1", title=" two\nlines ", cites=()),))
    ),
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_trestle_loads_assessment_results(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(oscal.render(report), encoding="utf-8")
    loaded = trestle_results.AssessmentResults.oscal_read(path)
    assert [result.title for result in loaded.results] == [f"{m.name} ({m.market})" for m in report]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_trestle_loads_the_plan(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "poam.json"
    path.write_text(oscal_poam.render(report), encoding="utf-8")
    loaded = trestle_poam.PlanOfActionAndMilestones.oscal_read(path)
    assert len(loaded.poam_items) == max(1, sum(len(market.gaps) for market in report))


def test_a_market_without_a_way_in_is_not_called_satisfied() -> None:
    (result,) = json.loads(oscal.render(REPORTS["no way in"]))["assessment-results"]["results"]
    seen = {item["title"]: item["description"] for item in result["observations"]}
    assert seen["Declared for kz.way-in in KZ"] == "No law lets a vehicle drive itself"


def test_states_follow_the_findings() -> None:
    result = json.loads(oscal.render(samples.report()))["assessment-results"]["results"][0]
    states = {f["target"]["target-id"]: f["target"]["status"] for f in result["findings"]}
    assert states["de.l4.technical-supervision"] == {"state": "not-satisfied", "reason": "fail"}
    assert states["de.l4.deactivation"] == {"state": "not-satisfied", "reason": "other"}
    assert states["de.stvo.convoys"] == {"state": "satisfied", "reason": "pass"}
    assert "de.l3.handover" not in states


@pytest.mark.parametrize("render", [oscal.render, oscal_poam.render])
def test_every_reference_leads_somewhere(render: Any) -> None:
    document = json.loads(render(samples.report()))
    made, asked = set(), set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "uuid":
                    assert inner not in made
                    made.add(inner)
                elif key.endswith("-uuid"):
                    asked.add(inner)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    assert asked <= made


def test_the_same_report_gives_the_same_document() -> None:
    assert oscal.render(samples.report()) == oscal.render(samples.report())


def test_a_waived_gap_is_an_approved_deviation() -> None:
    risks = json.loads(oscal.render(samples.report()))["assessment-results"]["results"][0]["risks"]
    assert sorted(risk["status"] for risk in risks) == ["deviation-approved", "open", "open", "open"]


def test_a_risk_without_a_remedy_promises_none() -> None:
    market = samples.bavaria()._replace(findings=(samples.gap("de.x", remedy=None), samples.gap("de.y")))
    risks = json.loads(oscal.render(samples.report(market)))["assessment-results"]["results"][0]["risks"]
    assert ["remediations" in risk for risk in risks] == [False, True]
