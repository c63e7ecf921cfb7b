# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_samples as samples

import carnet
from carnet.assess.model import Because, Finding, Outcome, Report, Status, Waived
from carnet.errors import SourceError
from carnet.law.model import InForce, Severity
from carnet.report import diff as difference, json as json_report
from carnet.report.diff import html, json as diff_json, markdown, terminal, words, xlsx
from carnet.report.diff.profiles import diff_profiles
from carnet.spoken import speaking

LATER = dt.date(2028, 1, 1)
FACT = "operation.remote.supervisor_appointed"
WAIVER = Waived("until the pilot", "board", dt.date(2027, 6, 30), False)


def make(*findings: Finding, outcome: Outcome = Outcome.CLOSED, day: dt.date = samples.DAY, **receipt: str) -> Report:
    market = samples.bavaria()._replace(findings=findings, outcome=outcome, as_of=day)
    report = samples.report(market)
    stamp = samples.replace(report.receipt, as_of=str(day), **receipt)
    return samples.replace(report, receipt=stamp)


def compare(old: Report, new: Report) -> difference.Difference:
    return difference.diff(json_report.to_data(old), json_report.to_data(new))


def only(found: difference.Difference) -> difference.Change:
    (change,) = found.markets[0].changes
    return change


def test_equal_reports_differ_in_nothing() -> None:
    found = compare(samples.report(), samples.report())
    assert not found.changed
    assert not found.causes
    assert "No outcome and no finding changed." in terminal.render(found)


def test_a_gap_closed_by_the_profile_names_the_fact() -> None:
    old = samples.gap("de.x")
    new = samples.finding("de.x", because=(Because(FACT, True, "= true", 41),))
    found = compare(make(old), make(new, outcome=Outcome.OPEN, profile_sha256="c" * 64))
    assert (only(found).kind, only(found).causes) == ("closed", ("profile",))
    assert only(found).detail == f"{FACT}: false -> true"
    assert found.markets[0].better > 0
    assert not found.markets[0].worse


def test_a_rule_that_started_is_due_to_the_day() -> None:
    started = samples.gap("de.new", in_force=InForce(start=dt.date(2027, 6, 1)))
    found = compare(make(), make(started, day=LATER, law_sha256="c" * 64))
    assert (only(found).kind, only(found).causes, only(found).detail) == ("new", ("day",), "in force from 2027-06-01")
    assert found.markets[0].worse


def test_a_rule_that_ended_is_due_to_the_day() -> None:
    ended = samples.gap("de.old", in_force=InForce(start=None, until=dt.date(2027, 6, 1)))
    found = compare(make(ended), make(day=LATER))
    assert (only(found).kind, only(found).detail) == ("closed", "in force until 2027-06-01")


def test_a_stricter_limit_is_due_to_the_law() -> None:
    gaps = [samples.gap("de.x", because=(Because("a", 120, required, 1),)) for required in ("<= 90", "<= 60")]
    found = compare(make(gaps[0]), make(gaps[1], law_sha256="c" * 64))
    assert (only(found).kind, only(found).causes) == ("changed", ("law",))
    assert only(found).detail == "a: required at most 90, now at most 60"


def test_an_answered_question_is_due_to_the_profile() -> None:
    old = samples.finding("de.x", Status.UNDETERMINED, unknown=(FACT, "other.fact"))
    found = compare(make(old), make(samples.gap("de.x"), profile_sha256="c" * 64))
    assert only(found).detail == f"declared now: {FACT}"


def test_a_rule_of_another_route_is_not_new_law() -> None:
    off = samples.gap("de.x", on_route=False)
    found = compare(make(off), make(samples.gap("de.x"), profile_sha256="c" * 64))
    assert only(found).detail == "counts now: another route decides"


def test_markets_in_one_report_only_are_named() -> None:
    old, new = samples.report(samples.bavaria(), samples.japan()), samples.report(samples.bavaria(), samples.dubai())
    found = compare(old, new)
    assert (found.added, found.removed) == (("AE-DU",), ("JP",))


@pytest.mark.parametrize("render", [terminal.render, markdown.render, diff_json.render, html.render])
def test_every_form_tells_outcome_change_and_cause(render: Any) -> None:
    old, new = make(outcome=Outcome.OPEN), make(samples.gap("de.x"), profile_sha256="c" * 64)
    text = render(compare(old, new))
    for part in ("open", "closed", "Title of de.x", "profile"):
        assert part in text


def test_json_can_be_read_back() -> None:
    data = json.loads(diff_json.render(compare(make(), make(samples.gap("de.x"), law_sha256="c" * 64))))
    assert data["markets"][0]["changes"][0]["rule"] == "de.x"
    assert data["markets"][0]["worse"] is True


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"receipt": {}, "markets": [{}]}', '{"receipt": 1, "markets": []}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="is not a report in JSON"):
        difference.read(text, "a.json")


@pytest.mark.parametrize(
    ("old", "new", "kind", "causes", "detail"),
    [
        ({"severity": Severity.MAJOR}, {}, "changed", ("law",), "major -> blocking"),
        ({}, {"waived": WAIVER}, "changed", ("profile",), "its waiver changed"),
        (
            {},
            {"status": Status.UNDETERMINED, "because": (), "unknown": (FACT,)},
            "undecided",
            ("profile", "law"),
            f"not declared: {FACT}",
        ),
        (
            {"because": (Because(FACT, None, "= true"),)},
            {"because": (Because(FACT, ("a", "b"), "= true"),)},
            "changed",
            ("profile",),
            f"{FACT}: not declared -> a, b",
        ),
        (
            {},
            {"because": (Because("other.fact", 1, "= 2"),)},
            "changed",
            ("profile", "law"),
            f"decided by {FACT}",
        ),
        ({"status": Status.UNDETERMINED, "because": (), "unknown": (FACT,)},
         {"status": Status.COMPLIANT, "because": ()}, "met", ("profile",), f"declared now: {FACT}"),
        ({"because": (Because("approvals.X.held", True, "= false"),)},
         {"because": (Because("approvals.X.held", False, "= true"),)}, "changed", ("profile",),
         "X is no longer held"),
        ({"because": (Because("approvals.X.held", True, "= false"),)},
         {"because": (Because("approvals.X.held", False, "= true", note="expired on 2027-01-15"),)}, "changed",
         ("profile",), "X is no longer held (expired on 2027-01-15)"),
        ({"status": Status.UNDETERMINED, "because": ()}, {"status": Status.NOT_APPLICABLE, "because": ()}, "gone",
         ("profile", "law"), ""),
    ],
)  # fmt: skip
def test_what_can_be_seen_narrows_the_cause(
    old: dict[str, Any], new: dict[str, Any], kind: str, causes: tuple[str, ...], detail: str
) -> None:
    one, other = (samples.replace(samples.gap("de.x"), **changes) for changes in (old, new))
    change = only(compare(make(one), make(other, profile_sha256="c" * 64, law_sha256="d" * 64)))
    assert (change.kind, change.causes, change.detail) == (kind, causes, detail)


def test_another_engine_is_a_cause_too() -> None:
    found = compare(make(), make(samples.gap("de.x"), carnet="0.2.0"))
    assert found.causes == {"engine": "carnet 0.1.0 to 0.2.0"}


def test_a_long_list_is_cut_unless_all_is_asked_for() -> None:
    found = compare(make(), make(*(samples.gap(f"de.{n}") for n in range(20)), law_sha256="c" * 64))
    assert "and 8 more; -v shows them" in terminal.render(found)
    assert "de.19" in terminal.render(found, verbose=True)


def test_an_approval_may_have_lapsed_with_the_day() -> None:
    old = samples.gap("de.x", because=(Because("approvals.X.held", True, "= true"),))
    new = samples.gap("de.x", because=(Because("approvals.X.held", False, "= true"),))
    found = compare(make(old), make(new, day=LATER, profile_sha256="c" * 64, law_sha256="d" * 64))
    assert only(found).causes == ("profile", "day")


@pytest.mark.parametrize("render", [terminal.render, markdown.render])
def test_equal_reports_say_so(render: Any) -> None:
    assert "No outcome and no finding changed." in render(compare(samples.report(), samples.report()))


def test_markets_of_one_report_only_are_told_apart() -> None:
    old, new = samples.report(samples.bavaria(), samples.japan()), samples.report(samples.bavaria(), samples.dubai())
    text = terminal.render(compare(old, new))
    assert "Only in the new report: AE-DU." in text
    assert "Only in the old report: JP." in text


def test_another_route_is_named_with_the_one_before() -> None:
    old, new = make(samples.gap("de.x")), make(samples.gap("de.x", severity=Severity.MAJOR), law_sha256="c" * 64)
    elsewhere = samples.replace(new, markets=(new.markets[0]._replace(route="de.other"),))
    assert "judged by de.other, before by de.l4-national" in terminal.render(compare(old, elsewhere))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Status.COMPLIANT, Status.UNDETERMINED, "undecided"),
        (Status.NOT_APPLICABLE, Status.UNDETERMINED, "undecided"),
        (Status.COMPLIANT, Status.NOT_APPLICABLE, None),
        (Status.NOT_APPLICABLE, Status.COMPLIANT, None),
        (Status.UNDETERMINED, Status.COMPLIANT, "met"),
        (Status.UNDETERMINED, Status.UNDETERMINED, None),
    ],
)
def test_what_changed_between_two_statuses(before: Status, after: Status, kind: str | None) -> None:
    old, new = (make(samples.finding("de.x", status, unknown=(FACT,))) for status in (before, after))
    found = compare(old, samples.replace(new, receipt=samples.replace(new.receipt, profile_sha256="c" * 64)))
    assert [change.kind for market in found.markets for change in market.changes] == ([kind] if kind else [])


def test_a_finding_of_one_law_only_is_due_to_the_law() -> None:
    here, nowhere = make(samples.gap("de.x")), make(law_sha256="c" * 64)
    gone, came = only(compare(here, nowhere)), only(compare(nowhere, here))
    assert (gone.kind, gone.causes, gone.detail) == ("closed", ("law",), "not in the new report")
    assert (came.kind, came.causes, came.detail) == ("new", ("law",), "not in the old report")


LAW = carnet.load_law()
ROBOTAXI = LAW.profile(Path(__file__).resolve().parents[2] / "examples" / "robotaxi-munich.yaml")
DAY = dt.date(2027, 9, 1)


def profiles(changes: dict[str, Any]) -> difference.Difference:
    return diff_profiles(LAW, ROBOTAXI, ROBOTAXI.with_set(changes), ["DE-BY", "AE-DU"], DAY)


def test_profiles_compared_name_what_was_declared_otherwise_and_what_that_changed() -> None:
    """The application's content may be declared or granted: the grant closed the gap, the document never changed."""
    found = profiles({"approvals.DE-OPERATING-AREA.held": True, "organisation.foreign_share_percent": 21})
    assert found.facts is not None
    told = {one.words: [rule for _, rule in one.moved] for one in found.facts}
    assert told["organisation.foreign_share_percent: 20 -> 21"] == []
    assert "de.l4.operating-area-application" in told["DE-OPERATING-AREA is held now"]
    change = next(c for m in found.markets for c in m.changes if c.rule == "de.l4.operating-area-application")
    assert (change.kind, change.causes, change.detail) == ("closed", ("profile",), "DE-OPERATING-AREA is held now")


def test_every_change_of_two_profiles_has_its_reason() -> None:
    found = profiles(
        {"behaviour.yields_to": ["ambulance"], "automation.sae_level": 3, "operation.driver_on_board": True}
    )
    changes = [change for market in found.markets for change in market.changes]
    assert len(changes) > 10
    assert all(change.causes == ("profile",) and change.detail for change in changes)


def test_totals_add_up_markets_and_lacks() -> None:
    found = profiles({"approvals.DE-OPERATING-AREA.held": True})
    totals = {one.key: (one.before, one.after) for one in found.totals}
    assert totals["closed"] == (2, 2)
    before, after = totals["lacks_blocking"]
    assert before == after + 1
    assert found.changed[0].counts[0].lacks == (before, totals["lacks_lesser"][0])


def test_the_workbook_holds_totals_markets_facts_and_findings() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(profiles({"approvals.DE-OPERATING-AREA.held": True}))))
    assert book.sheetnames == ["In all", "Markets", "Declared otherwise", "Findings", "Receipt"]
    rows = [row[0].value for row in book["Declared otherwise"].iter_rows(min_row=2)]
    assert rows == ["DE-OPERATING-AREA is held now"]
    heads, first = list(book["Markets"].iter_rows(values_only=True))[:2]
    assert dict(zip(heads, first, strict=True))["Day"] == words.days(
        profiles({"approvals.DE-OPERATING-AREA.held": True}).changed[0]
    )


def test_a_comparison_speaks_the_language_that_is_asked_for() -> None:
    with speaking("de"):
        told = terminal.render(profiles({"approvals.DE-OPERATING-AREA.held": True}))
    assert "DE-OPERATING-AREA liegt jetzt vor" in told
    assert "Insgesamt" in told


def test_why_a_permit_ended_is_said_in_the_language_spoken() -> None:
    held, lost = Because("approvals.X.held", True, "= true"), Because("approvals.X.held", False, "= true")
    old = make(samples.replace(samples.gap("de.x"), because=(held,)))
    ended = samples.replace(
        samples.gap("de.x"), because=(lost._replace(note="expired on 2027-01-15"),), cause="expired"
    )
    with speaking("de"):
        detail = only(compare(old, make(ended, profile_sha256="c" * 64))).detail
    assert "expired on" not in detail
    assert "abgelaufen" in detail
