# SPDX-License-Identifier: Apache-2.0
"""The content of an application: a line is done when a declaration and a file say so, and never otherwise."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.errors import InputError, Problems, ProfileError, UnknownName
from carnet.plan.dossier import Done, Dossier, Kind, Line, Why
from carnet.report.dossier import html, terminal, words, xlsx
from carnet.report.dossier.json import render as to_json, schema

DAY = dt.date(2026, 11, 30)
CAR: dict[str, Any] = {
    "automation.sae_level": 2,
    "vehicle.category": "M1",
    "operation.service": "private_car",
    "operation.driver_on_board": True,
    "operation.phase": "commercial",
    "organisation.roles": ["manufacturer"],
    "complete": ["approvals"],
}
CYBER = {
    "cyber.risk_assessment": True,
    "cyber.monitoring": True,
    "cyber.measures": ["intrusion_detection", "forensics"],
}
RULE = "unece.r155.vehicle-type"


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def profile(law: carnet.Law, **more: Any) -> carnet.Profile:
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    return carnet.Profile.from_dict({**CAR, **more}, law.vocabulary, **known)


def line(found: Dossier, name: str) -> Line:
    return next(each for each in found.lines if each.id == name)


def attach(to: str, file: str = "a.pdf") -> list[dict[str, Any]]:
    return [{"to": to, "file": file, "by": "R. Lang", "on": DAY}]


@pytest.mark.parametrize(
    ("facts", "attached", "state"),
    [
        ({}, False, Done.DECLARE),
        ({}, True, Done.DECLARE),
        ({**CYBER, "cyber.monitoring": False}, True, Done.CHANGE),
        (CYBER, False, Done.ATTACH),
        (CYBER, True, Done.DONE),
    ],
)
def test_a_declaration_and_its_evidence_make_a_line_done(
    law: carnet.Law, facts: dict[str, Any], attached: bool, state: Done
) -> None:
    """An attachment alone never does: nobody ticks a line."""
    declared = profile(law, **facts, attachments=attach(RULE) if attached else [])
    found = line(law.dossier(declared, "UN-R155", "DE", DAY), RULE)
    assert (found.state, found.why, found.kind) == (state, Why.PROVEN, Kind.PROOF)
    assert bool(found.unknown) == (state is Done.DECLARE)
    assert dict(found.change) == ({"cyber.monitoring": True} if state is Done.CHANGE else {})
    assert [str(cite) for cite in found.cites] == ["UN R155 para. 7.3.2-7.3.8, Annex 5"]


def test_a_file_that_is_not_there_shows_nothing(law: carnet.Law, tmp_path: Path) -> None:
    """Looked for beside the profile; what is built in memory stands nowhere, so its files are taken to be there."""
    text = json.dumps({**CAR, **CYBER, "attachments": attach(RULE)}, default=str)
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    lost = line(law.dossier(law.profile(tmp_path / "p.yaml"), "UN-R155", "DE", DAY), RULE)
    assert (lost.state, [each.found for each in lost.attached]) == (Done.ATTACH, [False])
    assert words.attached(lost) == "a.pdf (R. Lang, 2026-11-30, not found)"
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert line(law.dossier(law.profile(tmp_path / "p.yaml"), "UN-R155", "DE", DAY), RULE).state is Done.DONE


@pytest.mark.parametrize(
    ("approval", "state"),
    [
        ("none", Done.OBTAIN),
        ("held", Done.ATTACH),
        ({"state": "held", "certificate": "E1*155*1"}, Done.DONE),
        ({"state": "applied", "certificate": "E1*155*1"}, Done.OBTAIN),
        ({"state": "held", "certificate": "E1", "valid_until": dt.date(2026, 11, 29)}, Done.OBTAIN),
    ],
)
def test_what_is_to_be_held_before(law: carnet.Law, approval: object, state: Done) -> None:
    found = law.dossier(profile(law, approvals={"UN-CSMS": approval}), "UN-R155", "DE", DAY)
    assert (line(found, "UN-CSMS").why, line(found, "UN-CSMS").state) == (Why.FIRST, state)


def test_the_approval_never_stands_in_its_own_way(law: carnet.Law) -> None:
    """A rule that only asks that it is held is kept by it, whatever is declared of it."""
    for declared in ("none", "held", "refused"):
        found = law.dossier(profile(law, approvals={"UN-R155": declared}), "UN-R155", "DE", DAY)
        assert line(found, "eu.cyber.r155-dates").state is Done.ATTACH
    assert found.state == "refused"


def test_who_owes_what(law: carnet.Law) -> None:
    found = law.dossier(profile(law, partners={"manufacturer": "Orion"}), "UN-R155", "DE", DAY)
    assert found.owed() == {"manufacturer": len(found.lines)}
    assert {words.who(each) for each in found.lines} == {"Orion (manufacturer)"}


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("unece.r155.vehicle-typ", "attachment of an unknown rule `unece.r155.vehicle-typ`"),
        ("UN-R155/description-of-the-vehicle", "`UN-R155` is applied for with no paper `description-of-the-vehicle`"),
    ],
)
def test_an_attachment_of_nothing_is_refused(law: carnet.Law, to: str, message: str) -> None:
    with pytest.raises(ProfileError, match=r"attachment|paper") as raised:
        law.dossier(profile(law, attachments=attach(to)), "UN-R155", "DE", DAY)
    assert message in str(raised.value)
    assert "did you mean" in str(raised.value)


def test_bad_attachments_are_told_with_their_place(law: carnet.Law) -> None:
    text = "attachments:\n  - {to: x, file: y, by: z}\n  - {to: x, file: y, by: z, on: 2026-11-30, how: w}\n"
    with pytest.raises(Problems) as raised:
        carnet.Profile.from_text(text, law.vocabulary, name="p.yaml")
    assert "p.yaml:2:5: an attachment has no `on`; add `on:`" in str(raised.value)
    assert "unknown key `how` in an attachment; did you mean" in str(raised.value) or "`how`" in str(raised.value)


def test_the_market_is_asked_for_where_there_are_several(law: carnet.Law) -> None:
    with pytest.raises(InputError, match="counts in more than one market"):
        law.dossier(profile(law), "UN-R155")
    assert law.dossier(profile(law), "DE-OPERATING-AREA").market == "DE"
    with pytest.raises(UnknownName, match="unknown approval"):
        law.dossier(profile(law), "UN-R15", "DE")


def test_profiles_keep_their_attachments(law: carnet.Law) -> None:
    declared = profile(law, attachments=attach(RULE))
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    again = carnet.Profile.from_dict(declared.to_dict(), law.vocabulary, **known)
    assert [(item.to, item.file, item.by, item.on) for item in again.attachments] == [(RULE, "a.pdf", "R. Lang", DAY)]
    assert again.sha256 == declared.sha256


@pytest.fixture(scope="module")
def sample(law: carnet.Law) -> Dossier:
    facts = {**CYBER, "approvals": {"UN-CSMS": "held"}, "attachments": attach(RULE, "=a.pdf")}
    return law.dossier(profile(law, **facts), "UN-R155", "DE", DAY)


def test_json_follows_its_schema(sample: Dossier) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(to_json(sample))
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert [each["id"] for each in data["lines"]] == [each.id for each in sample.lines]
    assert sum(data["counts"].values()) == len(sample.lines)


def test_the_terminal_tells_what_is_left(sample: Dossier) -> None:
    text = " ".join(terminal.render(sample).split())
    assert words.progress(sample) in text
    assert "Papers of the application (4)" in text
    assert "Attached: =a.pdf (R. Lang, 2026-11-30)" in text
    assert "Takes: 10 to 39 weeks (our estimate)" in text


def test_the_workbook_holds_every_line_and_no_formula(sample: Dossier) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(sample)))
    rows = list(book["Lines"].iter_rows(min_row=4, values_only=True))
    assert [row[12] for row in rows] == [each.id for each in sample.lines]
    assert all(cell.data_type != "f" for row in book["Lines"].iter_rows() for cell in row)
    assert xlsx.render(sample) == xlsx.render(sample)


def test_the_document_holds_every_line(sample: Dossier) -> None:
    docx = pytest.importorskip("docx")
    from carnet.report.dossier.docx import render

    made = render(sample)
    assert made == render(sample)
    document = docx.Document(io.BytesIO(made))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    lines = [row for row in cells if row[0] in ("☐", "☒")]
    assert [row[1].split("\n")[0] for row in lines] == [each.title for each in sample.lines]
    assert [row[0] == "☒" for row in lines] == [each.state is Done.DONE for each in sample.lines]


def test_the_page_holds_every_line(sample: Dossier) -> None:
    pytest.importorskip("jinja2")
    page = html.render(sample)
    assert page.count('<th scope="row">') == len(sample.lines)
    assert "=a.pdf (R. Lang, 2026-11-30)" in page
