# SPDX-License-Identifier: Apache-2.0
"""What is expected counts from its day on, and only where that is asked for; it is marked, and the same everywhere."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from carnet.api import Law
from carnet.assess.model import Outcome
from carnet.declare.profile import Profile
from carnet.logic.evaluators import NAMES
from carnet.report import select, terminal
from carnet.report.json import render
from carnet.report.timeline import timeline

DAY = dt.date(2026, 9, 1)
DRIVERLESS: dict[str, Any] = {
    "automation.sae_level": 4,
    "automation.max_speed_kmh": 60,
    "operation.phase": "commercial",
    "operation.driver_on_board": False,
}
APPLIED = {"state": "applied", "expected_on": DAY}


@pytest.fixture(scope="module")
def law() -> Law:
    return Law.open([Path(__file__).parent / "law"])


def profile(law: Law, approval: object = APPLIED, **more: Any) -> Profile:
    data = {**DRIVERLESS, "approvals": {"CC-PERMIT": approval, "DD-PERMIT": "none"}, **more}
    return Profile.from_dict(data, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


def held(law: Law, declared: Profile, day: dt.date, evaluator: str = "native") -> str:
    found = law.check(declared, ["CC"], day, evaluator).market("CC").findings
    return next(finding.status.value for finding in found if finding.rule == "cc.permit")


@pytest.mark.parametrize("evaluator", NAMES)
@pytest.mark.parametrize(
    ("expecting", "day", "status"),
    [
        (False, DAY, "gap"),
        (True, DAY - dt.timedelta(days=1), "gap"),
        (True, DAY, "compliant"),
        (True, DAY + dt.timedelta(days=1), "compliant"),
    ],
)
def test_from_its_day_on(law: Law, evaluator: str, expecting: bool, day: dt.date, status: str) -> None:
    declared = profile(law).with_expected() if expecting else profile(law)
    assert held(law, declared, day, evaluator) == status


@pytest.mark.parametrize(
    ("approval", "status"),
    [
        ({"state": "planned", "expected_on": DAY}, "compliant"),
        ({"state": "refused", "expected_on": DAY}, "gap"),
        ({"state": "suspended", "expected_on": DAY}, "gap"),
        ({"state": "applied"}, "gap"),
        ({"state": "applied", "expected_on": DAY, "valid_until": DAY}, "compliant"),
    ],
)
def test_only_what_is_asked_for_is_expected(law: Law, approval: dict[str, Any], status: str) -> None:
    assert held(law, profile(law, approval).with_expected(), DAY) == status


def test_state_and_day_may_stand_in_different_layers(law: Law) -> None:
    declared = profile(law, {"state": "applied"}, **{"in": {"CC": {"approvals": {"CC-PERMIT": {"expected_on": DAY}}}}})
    assert held(law, declared.with_expected(), DAY) == "compliant"
    assert declared.expected == {"CC-PERMIT": DAY}


def test_it_is_marked(law: Law) -> None:
    declared = profile(law).with_expected()
    report = law.check(declared, ["CC"], DAY)
    words = "Approvals count from the day on which they are expected: CC-PERMIT (2026-09-01)."
    assert select.expecting(report) == words
    assert words in " ".join(terminal.render(report).split())
    assert json.loads(render(report))["profile"]["expected"] == {"CC-PERMIT": "2026-09-01"}
    assert declared.sha256 != profile(law).sha256
    facts = declared.facts(law.chain("CC"), as_of=DAY)
    assert facts.why("approvals.CC-PERMIT.held") == "expected on 2026-09-01, not granted yet"
    assert select.expecting(law.check(profile(law), ["CC"], DAY)) == ""


def test_a_time_line_counts_it_alike(law: Law) -> None:
    start, until = DAY - dt.timedelta(days=9), DAY + dt.timedelta(days=9)

    def turns(declared: Profile) -> list[tuple[dt.date, list[str]]]:
        [band] = timeline(law, declared, ["CC"], start, until).bands
        return [(turn.day, [reason.kind for reason in turn.reasons]) for turn in band.turns]

    assert turns(profile(law)) == []
    assert [(day, kinds[0]) for day, kinds in turns(profile(law).with_expected())] == [(DAY, "approval_expected")]


def test_a_session_keeps_it(law: Law) -> None:
    with law.session(profile(law).with_expected(), ["CC"], DAY) as session:
        session.declare("automation.max_speed_kmh", 50)
        assert session.report().market("CC").outcome is law.check(session.profile, ["CC"], DAY).market("CC").outcome
        assert session.report().market("CC").outcome is not Outcome.UNDETERMINED or session.profile.expecting
        assert held(law, session.profile, DAY) == "compliant"
