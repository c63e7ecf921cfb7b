# SPDX-License-Identifier: Apache-2.0
"""A session follows what is declared, and always says what a fresh check would."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.api import Law
from carnet.assess.check import check
from carnet.assess.model import Outcome, Status
from carnet.declare.profile import Profile
from carnet.errors import CarnetError, Problems, UnknownName
from carnet.logic.evaluators import NAMES

LAW = Law.open([Path(__file__).parent / "law"])
PROFILE = {
    "automation": {"sae_level": 2, "max_speed_kmh": 130, "features": []},
    "operation.driver_on_board": True,
    "behaviour": {"yields_to": ["ambulance"], "cues": ["siren"]},
    "vehicle": {"rear_range_m": 100, "type_approved_on": "2026-01-01"},
    "approvals": {"BB-WVTA": "held"},
}


def profile() -> Profile:
    import datetime as dt

    data = {**PROFILE, "vehicle": {"rear_range_m": 100, "type_approved_on": dt.date(2026, 1, 1)}}
    return Profile.from_dict(data, LAW.vocabulary, approvals=LAW.approvals, jurisdictions=LAW.codes)


@pytest.mark.parametrize("evaluator", NAMES)
def test_declare_and_retract(evaluator: str) -> None:
    with LAW.session(profile(), ["CC", "CC-X"], LAW.as_of, evaluator) as session:
        assert session.report().market("CC-X").outcome is Outcome.PROHIBITED
        changes = session.declare("automation.max_speed_kmh", "95 km/h")
        assert [(c.market, c.before.value, c.after.value) for c in changes.outcomes] == [("CC-X", "prohibited", "open")]
        assert [(c.rule, c.before, c.after) for c in changes.findings] == [("cc-x.ban", Status.GAP, Status.COMPLIANT)]
        changes = session.retract("approvals.BB-WVTA.held")
        assert {c.market: c.after for c in changes.outcomes} == {
            "CC": Outcome.UNDETERMINED,
            "CC-X": Outcome.UNDETERMINED,
        }
        assert session.declare("automation.max_speed_kmh", 95).findings == ()
        fresh = LAW.check(session.profile, ["CC", "CC-X"], LAW.as_of, evaluator)
        assert session.report() == fresh


@pytest.mark.parametrize("evaluator", NAMES)
def test_a_change_for_one_market_leaves_the_other(evaluator: str) -> None:
    with LAW.session(profile(), ["CC", "CC-X"], LAW.as_of, evaluator) as session:
        changes = session.declare("automation.max_speed_kmh", 60, market="CC-X")
        assert {change.market for change in changes.findings} == {"CC-X"}
        assert session.report() == LAW.check(session.profile, ["CC", "CC-X"], LAW.as_of, evaluator)


def test_a_wrong_value_changes_nothing() -> None:
    with LAW.session(profile(), ["CC"], LAW.as_of, "native") as session:
        before = session.report()
        with pytest.raises(Problems, match="max_speed_kmh"):
            session.declare("automation.max_speed_kmh", "fast")
        assert session.report() == before


def test_a_program_is_made_ready_once_and_let_go_with_its_law() -> None:
    law = Law.open([Path(__file__).parent / "law"])
    first, second = (check(law, profile(), ["CC", "CC-X"], law.as_of, "native") for _ in range(2))
    assert first == second
    assert len(law._programs) == 1
    law.forget()
    assert not law._programs
    assert check(law, profile(), ["CC", "CC-X"], law.as_of, "native") == first


@pytest.mark.parametrize("evaluator", NAMES)
def test_a_home_country_brings_its_export_duties(evaluator: str) -> None:
    (home,) = LAW.homes
    with LAW.session(profile(), ["CC"], LAW.as_of, evaluator) as session:
        assert session.report().market("CC").home_findings == ()
        changes = session.declare("organisation.home_country", home)
        assert session.report().market("CC").home == home
        assert {change.market for change in changes.findings} == {"CC"}
        assert session.report() == LAW.check(session.profile, ["CC"], LAW.as_of, evaluator)
        session.retract("organisation.home_country")
        assert session.report().market("CC").home_findings == ()


@pytest.mark.parametrize("evaluator", NAMES)
def test_what_reads_no_changed_fact_stays_the_same_object(evaluator: str) -> None:
    with LAW.session(profile(), ["CC", "CC-X", "ES"], LAW.as_of, evaluator) as session:
        before = session.report()
        session.declare("automation.max_speed_kmh", 95)
        after = session.report()
        assert after.market("ES") is before.market("ES")
        old = {finding.rule: finding for finding in before.market("CC-X").findings}
        assert {f.rule for f in after.market("CC-X").findings if f is not old[f.rule]} == {"aa.reg1.speed", "cc-x.ban"}


def test_why_an_approval_does_not_count_is_followed() -> None:
    with LAW.session(profile(), ["CC"], LAW.as_of, "native") as session:
        session.declare_all({"automation.sae_level": 4, "operation.phase": "commercial", "approvals.CC-PERMIT": "held"})
        session.declare("approvals.DD-PERMIT", "none")
        for day in ("2027-09-01", "2027-10-01"):
            session.declare("approvals.CC-PERMIT.granted_on", day)
            (permit,) = (f for f in session.report().market("CC").findings if f.rule == "cc.permit")
            assert [because.note for because in permit.because] == [f"granted only on {day}"]


def test_a_later_start_of_operation_is_judged_by_the_law_of_that_day() -> None:
    with LAW.session(profile(), ["CC"], None, "native") as session:
        session.declare("operation.start_date", "2027-02-01")
        assert str(session.report().market("CC").as_of) == "2027-02-01"
        assert session.report() == LAW.check(session.profile, ["CC"], None, "native")


def test_a_market_that_was_not_checked() -> None:
    with pytest.raises(UnknownName, match="the market `DD` was not checked"):
        LAW.check(profile(), ["CC"], LAW.as_of).market("DD")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("cc.two-date", "<data>: waiver of an unknown rule `cc.two-date`; did you mean `cc.two-dates`?"),
        ("cc.l5.needs.1", "<data>: waiver of an unknown route `cc.l5`; did you mean `cc.l4`?"),
        (
            "cc.l4.needs.CC-PERMI",
            "<data>: waiver of an unknown need `cc.l4.needs.CC-PERMI`; did you mean `cc.l4.needs.CC-PERMIT`?",
        ),
        ("cc.assist.needs.1", "<data>: waiver of an unknown need `cc.assist.needs.1`; it has none"),
        ("cc.l4.needs.CC-PERMIT", ""),
        ("cc.rear", ""),
    ],
)
def test_a_waiver_of_what_does_not_exist_is_refused(rule: str, message: str) -> None:
    import datetime as dt

    waiver = {"rule": rule, "reason": "soon", "by": "the board", "until": dt.date(2026, 12, 31)}
    data = {"automation": {"sae_level": 2}, "waivers": [waiver]}
    waived = Profile.from_dict(data, LAW.vocabulary, approvals=LAW.approvals, jurisdictions=LAW.codes)
    if message:
        with pytest.raises(CarnetError) as error:
            LAW.check(waived, ["CC"], LAW.as_of)
        assert str(error.value) == message
    else:
        assert LAW.check(waived, ["CC"], LAW.as_of).market("CC").market == "CC"


@pytest.mark.parametrize("evaluator", NAMES)
def test_a_market_where_one_may_only_test(evaluator: str) -> None:
    """Whether it is a test decides, though no condition of the law reads it."""
    with LAW.session(profile(), ["MM"], LAW.as_of, evaluator) as session:
        for phase in ("testing", "commercial", "testing"):
            session.declare("operation.phase", phase)
            found = session.report().market("MM")
            assert (found.outcome, found.judged_as) == (
                Outcome.TEST_ONLY,
                "declared" if phase == "testing" else "testing",
            )
            assert session.report() == LAW.check(session.profile, ["MM"], LAW.as_of, evaluator)
