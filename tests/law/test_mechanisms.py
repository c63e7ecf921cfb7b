# SPDX-License-Identifier: Apache-2.0
"""Mechanisms of law that need a whole check to be seen: what a rule's own cases cannot show."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import carnet


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def profile(law: carnet.Law, data: dict[str, Any]) -> carnet.Profile:
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict(data, law.vocabulary, name="mechanism", **known)


def status(law: carnet.Law, data: dict[str, Any], market: str, rule: str, day: str) -> str:
    report = law.check(profile(law, data), [market], as_of=dt.date.fromisoformat(day))
    return next((f.status.value for f in report.market(market).findings if f.rule == rule), "absent")


def test_consent_is_deemed_from_the_day_the_period_without_an_answer_ended(law: carnet.Law) -> None:
    """Asked on 20 October 2026; six weeks later the consent counts as given."""
    taxi = {
        "automation.sae_level": 4,
        "operation": {"service": "robotaxi", "phase": "pilot"},
        "approvals": {"GB-APS-CONSENT-TAXI": {"held": True, "granted_on": dt.date(2026, 12, 1)}},
    }
    assert status(law, taxi, "GB", "gb.aps.consent-taxi", "2026-11-30") == "gap"
    assert status(law, taxi, "GB", "gb.aps.consent-taxi", "2026-12-01") == "compliant"


@pytest.mark.parametrize(
    ("first_issued", "day", "rule", "expected"),
    [
        ("2021-12-02", "2027-08-31", "acceptance", "compliant"),
        ("2021-12-02", "2027-09-01", "acceptance", "absent"),
        ("2021-12-02", "2027-09-01", "acceptance-ended", "gap"),
        ("2023-09-01", "2026-11-22", "acceptance", "gap"),
        ("2023-09-01", "2023-08-31", "acceptance", "absent"),
    ],
)
def test_an_old_series_is_accepted_by_its_first_day_and_for_a_time(
    law: carnet.Law, first_issued: str, day: str, rule: str, expected: str
) -> None:
    pilot = {
        "automation": {"sae_level": 3, "features": ["traffic_jam_pilot"], "max_speed_kmh": 60},
        "approvals": {"UN-R157": {"held": True, "series": 0, "granted_on": dt.date.fromisoformat(first_issued)}},
    }
    assert status(law, pilot, "DE", f"unece.r157.series-speed.{rule}", day) == expected


def test_a_ban_that_nothing_mends_prohibits_and_has_no_remedy(law: carnet.Law) -> None:
    wrong_side = {"vehicle": {"category": "M1", "steering_side": "right", "build_stage": "complete"}}
    report = law.check(
        profile(law, wrong_side | {"automation.sae_level": 1}), ["PH", "KZ"], as_of=dt.date(2026, 11, 22)
    )
    banned = next(f for f in report.market("PH").gaps if f.rule == "ph.market.rhd-ban")
    assert not banned.curable
    assert banned.remedy is None
    assert report.market("PH").outcome is carnet.Outcome.PROHIBITED
    curable = next(f for f in report.market("KZ").gaps if f.rule == "kz.vehicle.rhd")
    assert curable.remedy is not None
    assert report.market("KZ").outcome is carnet.Outcome.CLOSED
