# SPDX-License-Identifier: Apache-2.0
"""Lacks of the example profiles: what is one, of what kind, and that the changes close what they promise."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterable
from pathlib import Path

import pytest

import carnet
import carnet.assess.check as check_module
from carnet.assess.lacks import Lack, Work
from carnet.assess.model import MarketAssessment

EXAMPLES = Path(__file__).parents[2] / "examples"
LAW = carnet.load_law()


def checked(name: str, market: str) -> MarketAssessment:
    return LAW.check(LAW.profile(EXAMPLES / f"{name}.yaml"), market).market(market)


def closed_by(profile: carnet.Profile, lacks: Iterable[Lack], market: str) -> MarketAssessment:
    """The market when the changes of some lacks were made there."""
    for change in (change for lack in lacks for change in lack.changes):
        paper = change.path.endswith(".held")
        settings = {change.path.removesuffix(".held"): "held"} if paper else {change.path: change.value}
        profile = profile.with_set(settings, market=market, feature=change.feature or None)
    return LAW.check(profile, market).market(market)


def by_id(lacks: Iterable[Lack]) -> dict[str, Lack]:
    return {lack.id: lack for lack in lacks}


def test_rules_that_ask_for_one_approval_are_one_lack() -> None:
    lacks = by_id(checked("robotaxi-munich", "DE-BY").lacks)
    area = lacks["approval:DE-OPERATING-AREA"]
    assert area.work is Work.APPROVAL
    assert area.who == "operator"
    assert set(area.closes) == {
        "de.l4.four-conditions",
        "de.l4.operating-area-competence.land",
        "de.l4.operating-area-application",  # what the application must hold no longer matters once it is granted
    }


def test_either_or_names_what_would_do_as_well() -> None:
    pooled = by_id(checked("robotaxi-munich", "DE-BY").lacks)["approval:DE-PBEFG-POOLED"]
    assert pooled.closes == ("de.pax.permit", "de.pax.pooled-service")
    assert [[change.path for change in other] for other in pooled.alternatives] == [
        ["approvals.DE-PBEFG-EXPERIMENT.held"]
    ]


def test_the_kind_of_work_is_that_of_the_fact() -> None:
    lacks = by_id(checked("robotaxi-munich", "DE-BY").lacks)
    policy = lacks["fact:automation.unavoidable_harm_policy@DE-BY"]
    assert (policy.work, policy.part, policy.who) == (Work.PRODUCT, "software", "ads_developer")
    assert lacks["fact:operation.remote.qualification@DE-BY"].work is Work.SET_UP


def test_a_ban_is_a_bar_that_nothing_closes() -> None:
    bars = [lack for lack in checked("suv-l2", "US-CA").lacks if lack.work is Work.BAR]
    assert [(bar.id, bar.changes, bar.cause) for bar in bars] == [
        ("bar:us.icts.prc-manufacturer-sale@US-CA", (), "ban")
    ]


@pytest.mark.parametrize(
    ("name", "market"), [("robotaxi-munich", "DE-BY"), ("suv-l2", "DE"), ("suv-l2", "TH"), ("bus-singapore", "SG")]
)
def test_the_changes_close_every_gap_of_the_route(name: str, market: str) -> None:
    before = checked(name, market)
    after = closed_by(LAW.profile(EXAMPLES / f"{name}.yaml"), before.lacks, market)
    assert before.gaps
    assert [gap.rule for gap in after.gaps] == []


def test_what_a_held_approval_proves_is_met_through_it_and_says_so() -> None:
    profile = LAW.profile(EXAMPLES / "robotaxi-munich.yaml")
    found = []
    for state in ("none", "held"):
        market = LAW.check(profile.with_set({"approvals.EU-2022-1426": state}), "DE").market("DE")
        ethics = next(finding for finding in market.findings if finding.rule == "eu.ads.ethics")
        found.append((ethics.status.value, [reason.fact for reason in ethics.because]))
    assert found == [
        ("gap", ["automation.unavoidable_harm_policy"]),
        ("compliant", ["approvals.EU-2022-1426.held"]),
    ]


def test_a_vehicle_apart_from_its_feature() -> None:
    market = checked("suv-l2", "DE")
    assert [(one.feature, one.declared.value, one.locked.value, one.lacks) for one in market.apart] == [
        ("motorway-assist", "closed", "conditional", ())
    ]
    assert {finding.feature for finding in market.findings} == {""}, "the only feature is not named"
    assert checked("robotaxi-munich", "DE-BY").apart == ()


def test_locked_features_are_judged_in_one_run_of_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = LAW.profile(EXAMPLES / "suv-l2.yaml")
    codes = ("DE", "JP", "CN", "US-CA")
    alone = {code: LAW.check(profile, code).market(code).apart for code in codes}
    report = LAW.check(profile, codes)
    runs: list[str] = []
    assess = check_module.assess
    monkeypatch.setattr(
        check_module, "assess", lambda law, one, *rest: runs.append(one.name) or assess(law, one, *rest)
    )
    for market in report:
        mine = [(*one[:3], one.lacks) for one in market.apart]
        assert mine == [(*one[:3], one.lacks) for one in alone[market.market]]
    assert len(runs) == 1
    with LAW.session(profile, codes) as session:
        session.declare("odd.max_speed_kmh", 90)
        after = LAW.check(session.profile, codes)
        assert [one.apart[0][:3] for one in session.report()] == [one.apart[0][:3] for one in after]


def test_what_is_asked_of_a_function_that_may_not_be_there_blocks_nothing() -> None:
    declared = LAW.profile(EXAMPLES / "suv-l2.yaml")
    profile = declared.with_set({"operation.driver_on_board": None, "operation.remote.role": None})
    market = LAW.check(profile, "DE").market("DE")
    remote = {route.id for route in market.routes if route.track == "remote" and route.on_offer is None}
    assert remote
    assert [lack.id for lack in market.lacks if any(remote & set(f.routes) for f in lack.findings)] == []


def test_lacks_travel_with_an_assessment() -> None:
    market = checked("robotaxi-munich", "DE-BY")
    assert pickle.loads(pickle.dumps(market)).lacks == market.lacks


@pytest.mark.parametrize("market", ["DE", "EE", "FR"])
def test_what_a_function_that_may_not_be_there_asks_for_is_no_lack(market: str) -> None:
    """Neither remote driving nor valet parking is declared: a ten-line profile was told to obtain their permits."""
    car = {
        "complete": ["approvals"],
        "vehicle": {"category": "M1", "steering_side": "left", "propulsion": "bev", "condition": "new"},
        "automation.sae_level": 2,
        "operation": {"phase": "commercial", "service": "private_car", "driver_on_board": True},
    }
    known = {"approvals": LAW.approvals, "jurisdictions": LAW.codes}
    profile = carnet.Profile.from_dict(car, LAW.vocabulary, **known)
    found = LAW.check(profile, market, dt.date(2027, 3, 1)).market(market)
    routes = {route.id for route in found.routes if route.track != "driving"}
    assert routes
    assert all(lack.closes for lack in found.lacks if lack.blocking)
    asked = {rule.partition(".needs.")[0] for lack in found.lacks for rule in (*lack.closes, *lack.follows)}
    assert not asked & routes
    assert not {lack.approval for lack in found.lacks} & {
        "EU-2022-1426",
        "DE-OPERATING-AREA",
        "EE-REMOTE-DRIVING-APPROVAL",
    }
