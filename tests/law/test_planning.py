# SPDX-License-Identifier: Apache-2.0
"""What planning needs to know of every approval: of its kind, or what its catalogue says instead."""

from __future__ import annotations

import datetime as dt

import pytest

import carnet
from carnet.errors import UnknownName
from carnet.law.grounds import Cite
from carnet.law.link import link_law
from carnet.law.locate import bundled_law
from carnet.law.model import Approval, LegalStatus, Place, Span
from carnet.law.planning import Cost, CostClass, Document, Exceptions, Local, Period, Planning, planned
from carnet.law.shared_model import ApprovalKind, Bearers

CITE = Cite("cc.act", "§ 3")
USUAL = Exceptions(
    prepare=(2, 8),
    decide=(4, 26),
    local=Local(("entity",)),
    documents=(Document("The form"),),
    validity=Period(2, "years"),
    cost=Cost("low"),
)
COSTS = {"low": CostClass("low", (1, 10)), "high": CostClass("high", (100, 500))}


def approval(exceptions: Exceptions) -> Approval:
    nothing: tuple[()] = ()
    head = ("CC-X", "CC", "Permit", "the ministry", "permit", Span(), (("CC-Y",),))
    return Approval(*head, LegalStatus.IN_FORCE, nothing, "", Place("", 0), exceptions=exceptions)


def record_of(exceptions: Exceptions, languages: tuple[str, ...] = (), testing: bool = False) -> Planning:
    kind = ApprovalKind("Permit", ("manufacturer", "operator"), ("", ""), usual=USUAL)
    bearers = Bearers({}, {}, {}, {"permit": kind}, COSTS)
    one = approval(exceptions)
    return planned(one, bearers.applicant(one, testing), kind.work, kind.usual, languages, COSTS)


def test_the_kind_holds_where_the_catalogue_says_nothing() -> None:
    record = record_of(Exceptions(), ("de",))
    assert (record.weeks, record.estimate) == ((6, 34), True)
    assert (record.applicant, record.after) == ("manufacturer", (("CC-Y",),))
    assert record.local == Local(("entity",), ("de",))
    assert (str(record.validity), record.validity and record.validity.estimate) == ("2 years", True)
    assert record.cost == Cost("low", (1, 10))
    assert record_of(Exceptions(), ("de",), testing=True).applicant == "operator"


def test_a_period_of_the_law_takes_the_place_of_what_is_usual() -> None:
    own = Exceptions(decision=Period(60, "days", (CITE,)), applicant="importer", cost=Cost("high"))
    record = record_of(own)
    assert (record.prepare, record.decide, record.weeks) == ((2, 8), (4, 9), (6, 17))
    assert (record.estimate, record.decision and record.decision.estimate) == (True, False)
    assert (record.applicant, record.cost.thousands_eur) == ("importer", (100, 500))


def test_a_lead_time_with_a_source_is_no_estimate() -> None:
    record = record_of(Exceptions(lead=(10, 12), lead_cites=(CITE,)))
    assert (record.weeks, record.estimate, record.cites) == ((10, 12), False, (CITE,))
    assert record_of(Exceptions(lead=(10, 12))).estimate


@pytest.mark.parametrize(
    ("period", "words", "weeks", "over"),
    [
        (Period(1, "years"), "1 year", 53, dt.date(2028, 2, 29)),
        (Period(6, "months"), "6 months", 27, dt.date(2027, 8, 28)),
        (Period(10, "working_days"), "10 working days", 2, dt.date(2027, 3, 14)),
        (Period(45, "days"), "45 days", 7, dt.date(2027, 4, 14)),
        (Period(0, "unlimited"), "no end of its own", 0, None),
    ],
)
def test_periods_are_counted_in_their_own_unit(period: Period, words: str, weeks: int, over: dt.date | None) -> None:
    day = dt.date(2027, 2, 28)
    assert (str(period), period.weeks) == (words, weeks)
    assert period.after(day) == (over if period.unit != "years" else dt.date(2028, 2, 28))


def test_every_approval_of_the_bundled_law_can_be_planned() -> None:
    law = carnet.load_law()
    for name, entry in law.approvals.items():
        record = law.planning(name)
        assert record.kind == entry.kind
        assert 0 <= record.weeks[0] <= record.weeks[1] <= 260, name
        assert record.applicant in law.bearers.titles, name
        assert record.documents, name
        assert record.cost.thousands_eur == law.bearers.costs[record.cost.level].thousands_eur, name
        assert record.decision is None or record.decision.cites, name


def test_an_unknown_approval_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown approval"):
        carnet.load_law().planning("UN-R15")


def test_every_kind_and_class_of_the_bundled_law_is_used() -> None:
    linked = link_law([bundled_law()], cases=False)
    used = {approval.kind for jurisdiction in linked.jurisdictions.values() for approval in jurisdiction.approvals}
    assert used == set(linked.bearers.approval_kinds)


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("DE-PBEFG-TAXI", "decision", "3 months"),
        ("GB-APS-CONSENT-TAXI", "decision", "6 weeks"),
        ("TW-SANDBOX-APPROVAL", "decision", "60 days"),
        ("UN-CSMS", "validity", "3 years"),
        ("KR-CSMS-CERTIFICATE", "renewal", "5 months"),
        ("DE-TEST-PERMIT", "validity", "4 years"),
    ],
)
def test_periods_that_a_text_names_are_cited(name: str, part: str, words: str) -> None:
    period = getattr(carnet.load_law().planning(name), part)
    assert (str(period), period.estimate) == (words, False)
    assert all(cite.short for cite in period.cites)


def test_what_comes_first() -> None:
    law = carnet.load_law()
    assert law.planning("UN-R155").after == (("UN-CSMS",),)
    assert ("UN-R155",) in law.planning("EU-WVTA").after
    assert "EU-2022-1426" in law.planning("DE-OPERATING-AREA").after[0]
    assert "EU-WVTA" in law.planning("DE-REGISTRATION").after[0]


def test_a_system_of_a_driverless_vehicle_is_changed_in_germany_only_with_consent() -> None:
    asked = [each for each in carnet.load_law().planning("DE-KBA-OPERATING-PERMIT").changes if each.about("software.x")]
    assert [(each.asks, each.before, each.to) for each in asked] == [("extension", True, "KBA")]
    assert str(asked[0].cites[0]) == "AFGBV § 4(5)"
