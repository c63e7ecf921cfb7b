# SPDX-License-Identifier: Apache-2.0
"""The five ways abroad: whose duty each gap is, and the law on agents, importers, partners, content and investment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.assess.duties import is_ours
from carnet.report import html, terminal
from carnet.source import read_source

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2027, 6, 1)
MARKETS = ("AE-DU", "DE")
SUPPLIER = {"ads_developer"}
OURS = {
    "whole_vehicle_export": {"manufacturer", "ads_developer"},
    "international_supplier": SUPPLIER,
    "foreign_maker_partnership": SUPPLIER,
    "with_domestic_partner": SUPPLIER,
    "joint_venture_platform": {"ads_developer", "operator", "owner"},
}


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def profile(law: carnet.Law, data: dict[str, Any]) -> carnet.Profile:
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict(data, law.vocabulary, name="export", **known)


def robotaxi(law: carnet.Law, way: str, roles: list[str] | None = None) -> carnet.Profile:
    data = dict(read_source(ROOT / "rules/templates/robotaxi.yaml").data)
    organisation = {key: value for key, value in data["organisation"].items() if key != "roles"}
    data["organisation"] = organisation | ({"roles": roles} if roles else {})
    data["commercial"] = {"entry_mode": way}
    return profile(law, data)


def open_duties(market: carnet.MarketAssessment) -> list[carnet.Finding]:
    return [f for f in market.findings if f.status in (carnet.Status.GAP, carnet.Status.UNDETERMINED)]


def test_every_way_of_the_vocabulary_is_known(law: carnet.Law) -> None:
    assert set(law.bearers.entry_modes) == set(law.vocabulary.fact("commercial.entry_mode").values) == set(OURS)
    roles = set(law.vocabulary.fact("organisation.roles").values)
    assert all(named <= roles for named in law.bearers.entry_modes.values())


@pytest.mark.parametrize(
    ("role", "holders"),
    [
        ("operator", {"operator", "technical_supervisor"}),
        ("test_organiser", {"operator"}),
        ("remote_operator", {"technical_supervisor"}),
        ("distributor", {"importer"}),
        ("component_supplier", set()),
    ],
)
def test_the_duties_that_a_role_bears(law: carnet.Law, role: str, holders: set[str]) -> None:
    borne = {holder for holder in law.bearers.roles if is_ours(holder, {"organisation.roles": (role,)}, law.bearers)}
    assert borne == holders | {"company"}


@pytest.mark.parametrize("way", OURS)
@pytest.mark.parametrize("market", MARKETS)
def test_the_way_decides_whose_duty_a_gap_is(law: carnet.Law, way: str, market: str) -> None:
    found = open_duties(law.check(robotaxi(law, way), [market], as_of=DAY).market(market))
    holders = {f.duty_holder for f in found}
    assert {"manufacturer", "ads_developer", "operator", "owner", "importer"} <= holders
    assert {f.duty_holder for f in found if f.ours} - {"company", "technical_supervisor"} == OURS[way]
    assert {f.duty_holder for f in found if f.ours is False} == holders - OURS[way] - {"company"}


@pytest.mark.parametrize("way", OURS)
def test_what_the_home_asks_of_the_company_is_ours_on_every_way(law: carnet.Law, way: str) -> None:
    market = law.check(robotaxi(law, way), ["AE-DU"], as_of=DAY).market("AE-DU")
    assert market.home == "CN"
    technology = [f for f in market.home_findings if f.rule in ("cn.tech.restricted", "cn.odi", "cn.pipl.transfer")]
    assert len(technology) == 3
    assert all(f.duty_holder == "company" and f.ours for f in technology)
    vehicles = next(f for f in market.home_findings if f.rule == "cn.export.ev-licence")
    assert vehicles.ours is (way == "whole_vehicle_export")


def test_declared_roles_decide_before_the_way(law: carnet.Law) -> None:
    operator = robotaxi(law, "whole_vehicle_export", roles=["operator"])
    found = open_duties(law.check(operator, ["DE"], as_of=DAY).market("DE"))
    assert {f.duty_holder for f in found if f.ours} <= {"operator", "technical_supervisor", "company"}


def test_without_roles_and_way_nobody_is_named(law: carnet.Law) -> None:
    bare = profile(law, {"vehicle": {"category": "M1"}, "automation": {"sae_level": 2}})
    found = open_duties(law.check(bare, ["DE"], as_of=DAY).market("DE"))
    assert {f.ours for f in found if f.duty_holder != "company"} == {None}


ABROAD = {"organisation.home_country": "CN", "vehicle.category": "M1", "vehicle.condition": "new"}
L4 = {"automation.sae_level": 4, "operation.phase": "pilot", "operation.service": "robotaxi"}
MAKER = {"organisation.roles": ["manufacturer", "ads_developer"]}
SOLD = {"commercial.sold_to": ["consumers"]}
TRUCK = {
    "operation.service": "truck",
    "operation.carriage_scope": ["cabotage"],
    "vehicle.category": "N3",
    "vehicle.registration_country": "AE",
}
ELECTRIC = {"vehicle.propulsion": "bev", "commercial.incentives_used": True}
AGENCY = SOLD | {"organisation.entities": []}
PRESENCE = [
    # what, rule, market, facts that make it bind, the fact that meets it, a value that does not and one that does
    ("agent", "ae.commercial.registered-agent", "AE-DU", AGENCY, "organisation.agents", ["CN"], ["AE"]),
    ("agent", "ae-du.l9.condition-agent-exporter", "AE-DU", L4, "organisation.agents", ["CN"], ["AE"]),
    ("entity", "br.import.local-entity", "BR", {"organisation.importers": []}, "organisation.entities", [], ["BR"]),
    ("entity", "ch.l4.applicant-seat", "CH", L4, "organisation.entities", ["CN"], ["CH"]),
    (
        "importer",
        "ca.import.appendix-g.local-presence",
        "CA-ON",
        {"vehicle.origin_country": "CN"},
        "organisation.importers",
        ["US"],
        ["CA"],
    ),
    ("importer", "kr.selfcert.registration", "KR", {}, "organisation.importers", ["JP"], ["KR"]),
    ("representative", "eu.manufacturer-representative", "DE", MAKER, "organisation.agents", ["CN"], ["NL"]),
    (
        "representative",
        "us.fmvss.foreign-manufacturer-agent",
        "US",
        MAKER,
        "organisation.service_agents",
        [],
        ["US"],
    ),
    ("partner", "ae-az.ads.local-operator", "AE-AZ", L4, "organisation.local_partners", [], ["AE"]),
    ("partner", "om.commercial.foreign-trucks", "OM", TRUCK, "organisation.local_partners", [], ["OM"]),
    ("content", "id.commercial.tkdn", "ID", ELECTRIC, "commercial.local_content_percent", 39, 40),
    (
        "joint venture",
        "de.com.fdi-screening",
        "DE",
        {
            "commercial.investment_in": ["DE"],
            "commercial.investment_share_percent": 50,
            "commercial.investment_in_automation": True,
        },
        "approvals.DE-FDI-CLEARANCE.held",
        False,
        True,
    ),
]
"""Duties on presence, partners, content and investment: each binds the foreign company and is met by the local one."""


@pytest.mark.parametrize(("what", "rule", "market", "facts", "fact", "lacking", "meeting"), PRESENCE)
def test_presence_is_asked_where_the_law_asks_it(
    law: carnet.Law, what: str, rule: str, market: str, facts: dict[str, Any], fact: str, lacking: Any, meeting: Any
) -> None:
    ways = {"commercial.entry_mode": "whole_vehicle_export", "automation.sae_level": 2, "operation.phase": "commercial"}
    base = profile(law, {**ways, **ABROAD, **facts})

    def status(value: Any) -> str:
        report = law.check(base.with_set({fact: value}), [market], as_of=dt.date(2026, 11, 22))
        found = report.market(market)
        finding = next(f for f in (*found.findings, *found.guidance) if f.rule == rule)
        return "gap" if finding.cause == "unread" else finding.status.value

    assert status(lacking) == "gap", what
    assert status(meeting) in ("compliant", "undetermined")


def test_two_laws_in_conflict_name_each_other(law: carnet.Law) -> None:
    """Data stored in China against a report that American law asks for: both sides say so, in text and on the page."""
    data = dict(read_source(ROOT / "rules/templates/robotaxi.yaml").data)
    data["data"] = {**data["data"], "stored_in": ["CN"], "shared_with": ["foreign_authorities"]}
    data["complete"] = ["approvals"]
    report = law.check(profile(law, data), ["US-CA"], as_of=DAY)
    market = report.market("US-CA")
    home, foreign = "cn.conflict.judicial-data", "us.sgo.five-day-report"
    assert foreign in next(f for f in market.home_findings if f.rule == home).conflicts_with
    assert home in next(f for f in market.findings if f.rule == foreign).conflicts_with
    assert f"Cannot be obeyed together with {foreign}" in " ".join(terminal.render(report).split())
    page = html.render(report).replace("<wbr>", "")
    assert "Law that cannot be obeyed together" in page
    assert foreign in page[page.index("Law that cannot be obeyed together") :][:2000]
