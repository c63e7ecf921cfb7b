# SPDX-License-Identifier: Apache-2.0
"""The register of approvals: states, days that follow from the law, who is asked, and every way to write it."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest

import carnet
from carnet.plan.part import register_for
from carnet.plan.register import Entry, Register, State
from carnet.report.approvals import html, ical, terminal, words, xlsx
from carnet.report.approvals.json import render as to_json, schema

DAY = dt.date(2026, 11, 30)
CAR: dict[str, Any] = {
    "automation.sae_level": 2,
    "vehicle.category": "M1",
    "operation.service": "private_car",
    "operation.driver_on_board": True,
    "operation.phase": "commercial",
    "complete": ["approvals"],
    "partners": {"operator": "Uber"},
}


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def register(law: carnet.Law, approvals: dict[str, Any], markets: tuple[str, ...] = ("DE",), **more: Any) -> Register:
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    profile = carnet.Profile.from_dict({**CAR, "approvals": approvals, **more}, law.vocabulary, **known)
    return law.register(profile, markets, DAY)


def entry(found: Register, name: str) -> Entry:
    return next(each for each in found.entries if each.approval == name)


@pytest.mark.parametrize(
    ("declared", "state"),
    [
        ({"state": "held", "valid_until": dt.date(2026, 11, 29)}, State.EXPIRED),
        ({"state": "held", "valid_until": DAY}, State.EXPIRING),
        ({"state": "held", "valid_until": dt.date(2027, 5, 31)}, State.EXPIRING),
        ({"state": "held", "valid_until": dt.date(2027, 6, 1)}, State.HELD),
        ({"state": "held", "granted_on": dt.date(2026, 12, 1)}, State.APPLIED),
        ({"state": "applied"}, State.APPLIED),
        ({"state": "planned"}, State.PLANNED),
        ({"state": "refused"}, State.REFUSED),
        ({"state": "suspended"}, State.SUSPENDED),
        ("held", State.HELD),
    ],
)
def test_how_an_approval_stands(law: carnet.Law, declared: object, state: State) -> None:
    assert entry(register(law, {"UN-CSMS": declared}), "UN-CSMS").state is state


def test_the_law_ends_a_grant_of_which_no_end_is_declared(law: carnet.Law) -> None:
    granted = {"UN-CSMS": {"state": "held", "granted_on": dt.date(2024, 2, 29)}}
    found = entry(register(law, granted), "UN-CSMS")
    assert found.valid_until is not None
    assert (found.valid_until.day, [str(cite) for cite in found.valid_until.cites]) == (
        dt.date(2027, 2, 28),
        ["UN R155 para. 6.7"],
    )
    assert (found.state, found.renew_by, found.renew_estimate) == (State.EXPIRING, dt.date(2026, 8, 28), True)
    assert found.renew_now(DAY)
    assert not found.renew_now(dt.date(2026, 8, 27))


def test_an_authority_has_to_decide_by_a_day(law: carnet.Law) -> None:
    """PBefG § 15(1): three months; where no law names a period, no day is made up."""
    taxi = {"operation.service": "robotaxi", "automation.sae_level": 4}
    asked = {"state": "applied", "applied_on": dt.date(2026, 11, 30)}
    found = register(law, {"DE-PBEFG-POOLED": asked, "DE-OPERATING-AREA": asked}, **taxi)
    due = entry(found, "DE-PBEFG-POOLED").decision_by
    assert due is not None
    assert (due.day, str(due.cites[0])) == (dt.date(2027, 2, 28), "PBefG § 15(1)")
    assert entry(found, "DE-OPERATING-AREA").decision_by is None


def test_what_markets_need_is_missing_and_says_who_asks(law: carnet.Law) -> None:
    found = register(law, {}, ("DE", "FR"))
    wvta = entry(found, "EU-WVTA")
    assert (wvta.state, wvta.markets, wvta.blocking) == (State.MISSING, ("DE", "FR"), True)
    assert "eu.wvta.route" in wvta.asked_by
    assert wvta.estimate
    held = register(law, {"EU-WVTA": "held"}, ("DE", "FR"))
    assert entry(held, "EU-WVTA").state is State.HELD
    assert [each for each in held.entries if each.state is State.MISSING and each.approval == "EU-WVTA"] == []


def test_only_what_a_market_speaks_of_is_listed_for_it(law: carnet.Law) -> None:
    found = register(law, {"JP-RADIO": "held", "EU-WVTA": "held"}, ("DE",))
    assert [each.approval for each in found.entries if each.state is State.HELD] == ["EU-WVTA"]
    everything = register(law, {"JP-RADIO": "held", "EU-WVTA": "held", "UN-R79": "none"}, ())
    assert [(each.approval, each.markets) for each in everything.entries] == [("EU-WVTA", ()), ("JP-RADIO", ())]


def test_an_overlay_stands_for_itself(law: carnet.Law) -> None:
    """Held in Germany and suspended in France: two lines, each with its market."""
    overlay = {"in": {"FR": {"approvals": {"EU-WVTA": "suspended"}}}}
    found = register(law, {"EU-WVTA": "held"}, ("DE", "FR"), **overlay).entries
    assert [(e.state, e.markets, e.scope) for e in found if e.approval == "EU-WVTA"] == [
        (State.SUSPENDED, ("FR",), "FR"),
        (State.HELD, ("DE",), ""),
    ]


def test_whom_to_ask(law: carnet.Law) -> None:
    found = register(
        law, {"UN-CSMS": {"state": "held", "owner": "Security"}, "EU-WVTA": "held", "DE-PBEFG-POOLED": "held"}
    )
    assert list(found.by_owner()) == ["Security", "Uber", ""]
    assert words.who(entry(found, "UN-CSMS")) == "Security"
    assert words.who(entry(found, "EU-WVTA")) == "Manufacturer"
    assert {e.who for e in found.entries if e.applicant == "operator" and not e.owner} == {"Uber"}


@pytest.fixture(scope="module")
def sample(law: carnet.Law) -> Register:
    return register(
        law,
        {
            "UN-CSMS": {"state": "held", "granted_on": dt.date(2024, 2, 29), "owner": "Security; =1+1"},
            "UN-R79": {"state": "applied", "expected_on": dt.date(2027, 3, 1)},
            "UN-R155": "held",
        },
        ("DE", "FR"),
    )


def test_json_follows_its_schema(sample: Register) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(to_json(sample))
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert data["counts"] == {state.value: number for state, number in sample.counts().items()}
    csms = next(item for item in data["approvals"] if item["approval"] == "UN-CSMS")
    assert csms["valid_until"] == {"day": "2027-02-28", "declared": False, "cites": ["UN R155 para. 6.7"]}
    assert csms["renew_now"] is True


def test_a_calendar_reminds_of_renewals(sample: Register) -> None:
    text = ical.render(sample)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 3
    for summary in ("UN-CSMS ends", "Apply again for UN-CSMS", "UN-R79 is expected"):
        assert f"SUMMARY:{summary}\r\n" in unfolded
    assert "DTSTART;VALUE=DATE:20270228" in text
    assert text.count("TRIGGER:-P28D") == 2
    assert "BEGIN:VEVENT" in ical.render(sample._replace(entries=()))


def test_the_terminal_says_what_needs_attention_first(sample: Register) -> None:
    text = " ".join(terminal.render(sample).split())
    assert text.index("Expiring (1)") < text.index("Needed, not asked for") < text.index("Applied for (1)")
    assert (
        "Until 2027-02-28, at the latest, by UN R155 para. 6.7, apply again now: since 2026-08-28, our estimate" in text
    )
    assert "Held, with no last day known: UN-R155" in text
    assert "DE Germany" in " ".join(terminal.render(sample, by="market").split())
    assert "Nobody is named" in terminal.render(sample, by="owner")


def test_the_workbook_holds_every_approval_and_no_formula(sample: Register) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(sample)))
    assert book.sheetnames == ["Approvals", "By market", "By owner", "Receipt"]
    rows = list(book["Approvals"].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == [each.approval for each in sample.entries]
    assert xlsx.render(sample) == xlsx.render(sample)
    owners = [cell for row in book["Approvals"].iter_rows() for cell in row if cell.value == "Security; =1+1"]
    assert [cell.data_type for cell in owners] == ["s", "s"]


def test_the_page_holds_every_approval(sample: Register) -> None:
    pytest.importorskip("jinja2")
    page = html.render(sample)
    for each in sample.entries:
        assert each.title in page
    assert "Security; =1+1" in page
    assert "Needs attention" in page


def test_home_approvals_stand_beside_those_of_a_foreign_market(law: carnet.Law) -> None:
    home = {"organisation.home_country": "CN", "vehicle.origin_country": "CN", "operation.start_date": DAY}
    held = register(law, {"CN-CCC": "held"}, **home)
    assert entry(held, "CN-CCC").state is State.HELD
    assert not [each for each in register(law, {"CN-CCC": "held"}).entries if each.approval == "CN-CCC"]


def test_without_markets_the_receipt_has_the_day(law: carnet.Law) -> None:
    assert register(law, {"UN-CSMS": "held"}, ()).receipt.as_of == str(DAY)


def test_for_a_role_only_what_it_applies_for_and_nothing_confidential(law: carnet.Law) -> None:
    held = {
        "state": "held",
        "granted_on": dt.date(2026, 1, 2),
        "certificate": "E1-secret",
        "valid_until": dt.date(2026, 12, 24),
    }
    car = {"UN-CSMS": held, "UN-SUMS": "held", "DE-PBEFG-POOLED": "held"}
    marked = ["approvals.UN-CSMS.certificate", "approvals.UN-SUMS"]
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    declared = {**CAR, "organisation.roles": ["manufacturer"], "approvals": car, "confidential": marked}
    profile = carnet.Profile.from_dict(declared, law.vocabulary, **known)
    made = register_for(law, law.register(profile, ("DE",), DAY), "manufacturer", profile)
    assert {each.applicant for each in made.entries} == {"manufacturer"}
    assert entry(made, "UN-CSMS").certificate == ""
    assert "UN-SUMS" not in {each.approval for each in made.entries}
    assert (made.role, made.withheld) == ("manufacturer", 1)
    for text in (to_json(made), terminal.render(made), html.render(made)):
        assert "E1-secret" not in text
        assert "UN-SUMS" not in text
    days = carnet.Profile.from_dict(
        {**declared, "confidential": ["approvals.UN-CSMS.valid_until"]}, law.vocabulary, **known
    )
    told = register_for(law, law.register(days, ("DE",), DAY), "manufacturer", days)
    assert "UN-CSMS" not in {each.approval for each in told.entries}  # that it runs out would tell when
