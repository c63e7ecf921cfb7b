# SPDX-License-Identifier: Apache-2.0
"""A plan promises nothing that a check does not confirm, and its steps fit together."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import icalendar
import jsonschema
import openpyxl
import pytest

import carnet
from carnet.assess.model import Outcome
from carnet.days import add_months
from carnet.errors import InputError, UnknownName
from carnet.plan.partner import plan_for, role_of
from carnet.plan.renewals import HORIZON
from carnet.report.formats import render_with
from carnet.report.plan import FORMATS
from carnet.report.plan.json import data, schema
from carnet.spoken import _, speaking

pytest.importorskip("ortools")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
START = dt.date(2026, 12, 1)
MARKETS = ["DE-BY", "AE-DU", "TR", "SG", "CA-BC", "JP"]
LAW = carnet.load_law()
ROBOTAXI = LAW.profile(EXAMPLES / "robotaxi-munich.yaml")
PLAN = LAW.plan(ROBOTAXI, MARKETS, START, by=dt.date(2028, 6, 30))
WORK = [step for step in PLAN.steps if step.kind != "renewal"]
"""The steps that open markets."""


@pytest.mark.parametrize("opening", PLAN.openings, ids=lambda one: one.market)
@pytest.mark.parametrize("when", ["early", "late"])
def test_each_opening_is_what_a_check_on_its_day_finds(opening: carnet.Opening, when: str) -> None:
    profile = ROBOTAXI
    settings = [one for step in PLAN.steps for one in step.settings if one.market == opening.market]
    launched = opening.launch.settings if opening.launch else ()
    for one in (*launched, *settings, *opening.assumptions):
        profile = profile.with_set({one.path: one.value}, market=opening.market, feature=one.feature or None)
    found = LAW.check(profile, opening.market, getattr(opening.day, when)).market(opening.market)
    assert found.outcome is opening.outcome
    assert opening.outcome in (Outcome.OPEN, Outcome.CONDITIONAL, Outcome.TEST_ONLY)


def test_steps_follow_each_other_and_open_no_market_too_early() -> None:
    for step in WORK:
        for name in step.after:
            before = PLAN.step(name)
            assert before.end.late <= step.start.late
            assert before.end.early <= step.start.early
        for market in step.markets:
            assert step.end.late <= PLAN.opening(market).day.late
        assert (step.slack == 0) is step.critical
        assert step.start.early <= step.start.late
    for opening in PLAN.openings:
        assert set(opening.critical) <= set(opening.steps)


def test_slack_is_real_and_no_more_than_it_is() -> None:
    ends = {opening.market: opening.day.late for opening in PLAN.openings}
    for step in WORK:
        room = min((ends[market] - step.end.late).days for market in step.markets)
        assert 0 <= step.slack <= room


def test_what_does_not_open_says_why_and_under_which_law() -> None:
    assert [(one.market, [o.kind for o in one.obstacles]) for one in PLAN.shut] == [
        ("SG", ["no_way"]),
        ("TR", ["no_way"]),
    ]
    assert {one.market: one.day for one in PLAN.shut} == {"SG": dt.date(2027, 8, 25), "TR": START}


def test_a_market_that_opens_for_less_says_for_what() -> None:
    opening = PLAN.opening("CA-BC")
    assert (opening.outcome, opening.launch and opening.launch.kind) == (Outcome.TEST_ONLY, "testing")


def test_a_grant_that_ends_before_the_opening_is_renewed_and_not_before_it_is_due() -> None:
    step = PLAN.step("approval:UN-CSMS")
    assert step.markets == ("JP",)
    assert step.end.late == dt.date(2029, 1, 9)


def test_steps_say_when_to_begin_for_the_day_asked_for() -> None:
    assert {one.market: one.in_time for one in PLAN.openings} == {
        "DE-BY": True,
        "AE-DU": False,
        "CA-BC": False,
        "JP": False,
    }
    permit = PLAN.step("approval:DE-OPERATING-AREA")
    assert permit.latest == dt.date(2028, 6, 30) - dt.timedelta(weeks=permit.weeks[1])
    assert PLAN.step("approval:JP-RADIO").latest is None


def test_less_at_once_takes_longer_and_never_does_more_at_once() -> None:
    few = LAW.plan(ROBOTAXI, ["DE-BY"], START, parallel=2, limit=2.0)
    assert few.opening("DE-BY").day.late > PLAN.opening("DE-BY").day.late
    for step in few.steps:
        running = [one for one in few.steps if one.start.late <= step.start.late < one.end.late]
        running = [one for one in running if one.kind != "renewal"]
        assert len(running) <= 2


def test_the_best_of_several_markets_and_as_many_as_fit() -> None:
    best = LAW.plan(ROBOTAXI, ["DE-BY", "AE-DU", "US-CA"], START, best=1)
    assert [one.market for one in best.openings] == ["DE-BY"]
    assert {one.market for one in best.shut if one.left_out} == {"AE-DU", "US-CA"}
    day = dt.date(2029, 2, 28)
    most = LAW.plan(ROBOTAXI, ["DE-BY", "AE-DU", "US-CA"], START, objective="most-markets", by=day)
    assert {one.market for one in most.openings} == {"DE-BY", "AE-DU"}


def test_the_same_receipt_gives_the_same_plan() -> None:
    again = LAW.plan(ROBOTAXI, MARKETS, START, by=dt.date(2028, 6, 30))
    assert again == PLAN


def test_json_follows_its_schema() -> None:
    jsonschema.validate(json.loads(json.dumps(data(PLAN), default=str)), schema())


def test_a_partner_gets_its_part_without_what_is_confidential() -> None:
    profile = carnet.Profile.from_dict(
        ROBOTAXI.to_dict() | {"partners": {"operator": "Isar Mobil"}, "confidential": ["operation.remote"]},
        LAW.vocabulary,
        approvals=LAW.approvals,
        jurisdictions=LAW.codes,
    )
    whole = LAW.plan(profile, "DE-BY", START)
    part = plan_for(LAW, whole, role_of(LAW, profile, "Isar Mobil"), profile)
    assert {step.who for step in part.steps} == {"operator"}
    assert {step.partner for step in part.steps} == {"Isar Mobil"}
    assert any(one.path.startswith("operation.remote") for step in whole.steps for one in step.settings)
    assert "operation.remote.qualification" not in str(data(part)["steps"][0]["settings"])
    assert not any(one.path.startswith("operation.remote") for step in part.steps for one in step.settings)
    with pytest.raises(UnknownName, match=r"unknown role `operater`.*`operator`"):
        role_of(LAW, profile, "operater")


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"objective": "fastest"}, "unknown objective `fastest`"),
        ({"objective": "most-markets"}, "add `--by DATE`"),
        ({"by": START}, "is not after the start"),
        ({"parallel": 0}, "`--parallel` is 0"),
        ({"best": 0}, "`--best` is 0"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(wishes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        LAW.plan(ROBOTAXI, "DE-BY", START, **wishes)


def test_the_command_prints_the_plan(carnet: Callable[..., Any]) -> None:
    told = carnet("plan", EXAMPLES / "robotaxi-munich.yaml", "-m", "DE-BY,TR", "--start", START)
    assert (told.code, told.err) == (0, "")
    assert "DE-BY  Bavaria: open, 2027-03-02 to 2027-10-19" in told.out
    assert "Not opened (1)" in told.out
    wrong = carnet("plan", EXAMPLES / "robotaxi-munich.yaml", "-m", "DE-BY", "--for", "drivr")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("unknown role `drivr`; did you mean `driver`?")


@pytest.mark.parametrize("form", [name for name in FORMATS if name not in ("xlsx",)])
def test_every_format_names_each_market_and_each_approval(form: str) -> None:
    text = import_module(f"carnet.report.plan.{form}").render(PLAN, **({"verbose": True} if form == "terminal" else {}))
    plain = text.replace("\r\n ", "").replace("<wbr>", "").replace("\\", "")
    for opening in PLAN.openings:
        assert opening.market in plain
    for step in PLAN.steps:
        assert not step.approval or step.approval in plain.replace("\n      ", " ")


def test_tables_for_other_tools_have_their_columns() -> None:
    project = list(csv.DictReader(io.StringIO(import_module("carnet.report.plan.csv").render(PLAN))))
    assert len(project) == len(PLAN.steps) + len(PLAN.openings)
    assert [row["ID"] for row in project] == [str(number) for number in range(1, len(project) + 1)]
    for row in project:
        before = [int(number) for number in row["Predecessors"].split(",") if number]
        assert all(project[number - 1]["Finish"] <= row["Finish"] for number in before)
    assert [row["Milestone"] for row in project].count("Yes") == len(PLAN.openings)
    jira = list(csv.DictReader(io.StringIO(import_module("carnet.report.plan.jira").render(PLAN))))
    assert {row["Issue Type"] for row in jira} == {"Epic", "Task"}
    assert all(row["Start date"] <= row["Due Date"] for row in jira)


def test_the_calendar_is_one() -> None:
    events = icalendar.Calendar.from_ical(import_module("carnet.report.plan.ical").render(PLAN)).walk("VEVENT")
    assert len({event["UID"] for event in events}) == len(events)
    opens = {
        str(event["SUMMARY"]).partition(" (")[0]: event["DTSTART"].dt
        for event in events
        if " opens: " in event["SUMMARY"]
    }
    assert opens == {one.name: one.day.late for one in PLAN.openings}


def test_the_workbook_holds_every_step() -> None:
    book = openpyxl.load_workbook(io.BytesIO(import_module("carnet.report.plan.xlsx").render(PLAN)))
    assert book.sheetnames == ["Order of entry", "Steps", "To declare", "Not opened", "Receipt"]
    ids = {row[-1] for row in book["Steps"].iter_rows(values_only=True)}
    assert {step.id for step in PLAN.steps} <= ids


def test_the_solver_is_imported_where_it_is_needed_and_nowhere_else() -> None:
    code = "import sys, carnet.cli.main, carnet.cli.reach, carnet.report.plan.json; print('ortools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_is_obtained_and_soon_runs_out_is_renewed_in_time() -> None:
    again = [step for step in PLAN.steps if step.kind == "renewal"]
    assert {step.approval for step in again} >= {"GSO-CONFORMITY-CERTIFICATE"}
    for step in again:
        (before,) = step.after
        grant, validity = PLAN.step(before), LAW.planning(step.approval).validity
        assert validity is not None
        assert step.end == tuple(map(validity.after, grant.end))
        assert grant.end.late <= step.start.late < step.end.late
        assert step.end.late <= add_months(max(PLAN.opening(m).day.late for m in step.markets), HORIZON)
        assert not any(step.id in opening.steps for opening in PLAN.openings)


def test_a_choice_of_the_company_that_is_faster_is_named_beside_the_plan() -> None:
    declared = PLAN.opening("DE-BY")
    assert declared.critical == ("approval:DE-OPERATING-AREA",)
    grant = {"held": True, "area": ["DE-BY"]}
    choices = {"done-already": {f"approvals.DE-OPERATING-AREA.{field}": value for field, value in grant.items()}}
    told = ROBOTAXI.to_dict() | {"choices": choices}
    profile = carnet.Profile.from_dict(told, LAW.vocabulary, approvals=LAW.approvals, jurisdictions=LAW.codes)
    opening = LAW.plan(profile, "DE-BY", START).opening("DE-BY")
    assert declared.others == ()
    (other,) = opening.others
    assert (other.kind, other.name) == ("choice", "done-already")
    assert other.opens is not None
    assert other.opens.late < opening.day.late


def test_a_market_that_the_plan_does_not_open_is_told_apart_from_one_it_does_not_know() -> None:
    with pytest.raises(UnknownName, match="the plan does not open `TR`; `shut` says why"):
        PLAN.opening("TR")
    with pytest.raises(UnknownName, match="unknown market of the plan `FR`"):
        PLAN.opening("FR")
    with pytest.raises(UnknownName, match="XX"):
        LAW.plan(ROBOTAXI, ["DE-BY", "XX"], START)


def test_two_profiles_of_one_name_share_no_event_and_one_profile_keeps_its_own() -> None:
    named = {"approvals": LAW.approvals, "jurisdictions": LAW.codes}
    told = ROBOTAXI.to_dict()
    van = carnet.Profile.from_dict(told | {"vehicle.category": "M2"}, LAW.vocabulary, **named)
    same = carnet.Profile.from_dict(told, LAW.vocabulary, **named)
    faster = same.with_set({"odd.max_speed_kmh": 70})
    assert van.name == same.name
    assert len({van.identity, same.identity, ROBOTAXI.identity}) == 3  # the last one is from a file
    assert faster.identity == same.identity


@pytest.mark.parametrize("language", ["de", "zh", "ar"])
@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_speaks_the_language_that_is_asked_for(form: str, language: str) -> None:
    module = import_module(f"carnet.report.plan.{form}")
    with speaking(language):
        told = render_with(module, PLAN, language=language, verbose=True)
        expected = {"ical": _("{profile}: road map").format(profile=PLAN.profile), "csv": _("earliest {day}")[:2]}
        head = expected.get(form, _("for each vehicle, last of all") if form == "jira" else _("Order of entry"))
    if isinstance(told, bytes):
        assert openpyxl.load_workbook(io.BytesIO(told)).sheetnames[0] == head
        return
    if form == "json":  # for programs: the same in every language
        return
    plain = re.sub(r"\r?\n ", "", told) if form == "ical" else told
    assert head.split(",")[0] in plain
    for word in ("Order of entry", "our estimate", "decided by", "To be done", "Not opened"):
        assert word not in plain
