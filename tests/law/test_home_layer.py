# SPDX-License-Identifier: Apache-2.0
"""The export duties of a home country bind by what really leaves it: vehicles, technology, data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import carnet

PROFILES = Path(__file__).parent / "profiles"
TECHNOLOGY = {"supply_chain.technology_exported": ["ads_source_code"]}
STORED_AT_HOME = {
    "data.stored_in": ["CN"],
    "data.accessible_from": ["CN", "JP"],
    "data.categories": ["location"],
    "data.persons_count": 200000,
    "data.transfer_mechanisms": [],
}


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def home(law: carnet.Law, profile: str, changes: dict[str, Any], market: str = "JP") -> tuple[str, set[str]]:
    declared = law.profile(PROFILES / profile).with_set(changes)
    found = law.check(declared, [market], evaluator="native").market(market)
    assert found.home == ("CN" if declared.declared("organisation.home_country") == "CN" else "")
    open_gaps = {f.rule for f in found.home_findings if f.status is carnet.Status.GAP and f.counts}
    return (found.home_outcome.value if found.home_outcome else ""), open_gaps


CASES = {
    "a vehicle exporter with its licences": ("asia-l2.yaml", {}, "open", set()),
    "no export licence": (
        "asia-l2.yaml",
        {"approvals.CN-EV-EXPORT-LICENCE.held": False},
        "closed",
        {"cn.export.ev-licence"},
    ),
    "a plug-in hybrid needs the other licence": (
        "asia-l2.yaml",
        {"vehicle.propulsion": "phev"},
        "closed",
        {"cn.export.ev-licence.other-drives"},
    ),
    "a used car within 180 days": (
        "asia-l2.yaml",
        {
            "vehicle.condition": "used",
            "vehicle.first_registered_on": "2026-10-01",
            "operation.start_date": "2026-11-22",
            "approvals.CN-VEHICLE-EXPORT-LICENCE.held": True,
            "supply_chain.exporter_qualification": [],
        },
        "closed",
        {"cn.export.used-180"},
    ),
    "the vehicle is not made in China": (
        "asia-l2.yaml",
        {"vehicle.origin_country": "TH", "approvals.CN-EV-EXPORT-LICENCE.held": False},
        "open",
        set(),
    ),
    "a service with vehicles of a partner exports nothing": ("asia-robotaxi.yaml", {}, "open", set()),
    "software passed on without a class, which the regulation presupposes and does not ask": (
        "asia-robotaxi.yaml",
        TECHNOLOGY | {"supply_chain.technology_export_class": "not_classified"},
        "open",
        set(),
    ),
    "software that is restricted": (
        "asia-robotaxi.yaml",
        TECHNOLOGY | {"supply_chain.technology_export_class": "restricted"},
        "closed",
        {"cn.tech.restricted"},
    ),
    "software that is free, contract not registered": (
        "asia-robotaxi.yaml",
        TECHNOLOGY | {"supply_chain.technology_export_class": "free"},
        "conditional",
        {"cn.tech.free-registration"},
    ),
    "lidar design": (
        "asia-robotaxi.yaml",
        {
            "supply_chain.technology_exported": ["lidar_design"],
            "supply_chain.technology_export_class": "restricted",
            "approvals.CN-TECH-EXPORT-LICENCE.held": False,
        },
        "closed",
        {"cn.tech.restricted", "cn.tech.lidar"},
    ),
    "data stored at home and read from abroad": ("asia-l2.yaml", STORED_AT_HOME, "closed", {"cn.pipl.transfer"}),
    "foreign data, processed at home and returned": (
        "asia-l2.yaml",
        STORED_AT_HOME | {"data.transfer_mechanisms": ["reexport"]},
        "open",
        set(),
    ),
    "data kept in the market": ("asia-l2.yaml", STORED_AT_HOME | {"data.stored_in": ["JP"]}, "open", set()),
    "data at home handed to a foreign court": (
        "asia-l2.yaml",
        {"data.shared_with": ["foreign_authorities"]},
        "closed",
        {"cn.conflict.judicial-data"},
    ),
    "an undisclosed vulnerability told abroad": (
        "asia-l2.yaml",
        {"cyber.vulnerability_shared_with": ["CN", "DE"]},
        "conditional",
        {"cn.vuln.not-abroad"},
    ),
    "a company of another country": ("asia-l3.yaml", {}, "", set()),
}


@pytest.mark.parametrize("case", CASES)
def test_home_layer(case: str, law: carnet.Law) -> None:
    profile, changes, outcome, gaps = CASES[case]
    market = "KR" if profile == "asia-l3.yaml" else "JP"
    assert home(law, profile, changes, market) == (outcome, gaps)


def test_a_home_rule_names_the_foreign_duty_that_it_collides_with(law: carnet.Law) -> None:
    """Data at home may not go to a foreign authority that may ask for them: both laws are named to the reader."""
    rule = law.rule("cn.conflict.judicial-data")
    assert {"de.l4.data-to-authorities", "kr.l4.monitoring", "us.sgo.five-day-report"} <= set(rule.conflicts_with)
    for name in rule.conflicts_with:
        law.rule(name)
