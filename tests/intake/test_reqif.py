# SPDX-License-Identifier: Apache-2.0
"""Requirements out as ReqIF, and what a supplier wrote beside them back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner, Result
from reqif.parser import ReqIFParser

from carnet.api import Law
from carnet.cli.export import export_command
from carnet.cli.fill import fill_command
from carnet.errors import CarnetError, InputError
from carnet.intake.reqif import read_requirements

PROFILE = 'name: Shuttle "A" & <B>\nautomation: {sae_level: 4}\noperation: {service: shuttle, driver_on_board: false}\n'


def run(command: Any, *args: object) -> Result:
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    if result.exception and not isinstance(result.exception, (CarnetError, SystemExit)):
        raise result.exception
    return result


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "p.yaml"
    file.write_text(PROFILE, encoding="utf-8")
    return file


@pytest.fixture
def exported(tmp_path: Path, profile: Path) -> Path:
    file = tmp_path / "r.reqif"
    result = run(export_command, "reqif", profile, "-m", "DE,GB", "-o", file)
    assert result.exit_code == 0, result.exception
    return file


def write(file: Path, rule: str, **columns: str) -> None:
    """What a supplier's tool does: values for the supplier's columns of a requirement."""
    text = file.read_text(encoding="utf-8")
    values = "".join(
        f'<ATTRIBUTE-VALUE-STRING THE-VALUE="{escape(value)}"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>'
        f"carnet-requirement-Supplier-{name}</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>"
        for name, value in columns.items()
    )
    pattern = rf'(<SPEC-OBJECT[^>]*IDENTIFIER="carnet-{re.escape(rule)}"[^>]*>.*?)(\s*</VALUES>)'
    new, times = re.subn(pattern, lambda match: f"{match[1]}{values}{match[2]}", text, count=1, flags=re.DOTALL)
    assert times == 1
    file.write_text(new, encoding="utf-8")


def waiting(file: Path) -> tuple[str, str]:
    """A rule that waits for one yes or no, and that fact."""
    for item in read_requirements(file).values():
        facts = item.values.get("Facts", "")
        if re.fullmatch(
            r"insurance\.third_party|operation\.remote\.supervisor_appointed|software\.over_the_air", facts
        ):
            return item.values["ReqIF.ForeignID"], facts
    raise AssertionError("no rule waits for one of these alone")


def test_each_applicable_rule_is_a_requirement_below_jurisdiction_and_topic(law: Law, exported: Path) -> None:
    bundle = ReqIFParser.parse(str(exported))
    content = bundle.core_content.req_if_content
    (document,) = content.specifications
    assert "Shuttle" in document.long_name
    first = document.children[0]
    assert [child.level for child in (first, first.children[0], first.children[0].children[0])] == [1, 2, 3]
    found = read_requirements(exported)
    report = law.check(law.profile(exported.with_name("p.yaml")), ["DE", "GB"])
    rules = {
        f.rule.replace("|", ".or.")
        for market in report
        for f in market.findings
        if f.counts and f.status.value != "not_applicable"
    }
    assert rules <= {name.removeprefix("carnet-") for name in found}
    rule = next(name for name in sorted(rules) if name.startswith("de.") and ".needs." not in name)
    values = found[f"carnet-{rule}"].values
    assert values["ReqIF.Name"] == law.rule(rule).title
    assert values["Provision"]
    assert re.match("DE: (Gap|Compliant|Undetermined)", values["Status"])


def test_identifiers_are_names_of_xml_and_stay_apart(exported: Path) -> None:
    """`xsd:ID`, as the schema of ReqIF has it; routes that take one of several approvals ask by all their names."""
    identifiers = re.findall(r'IDENTIFIER="([^"]*)"', exported.read_text(encoding="utf-8"))
    assert [name for name in identifiers if not re.fullmatch(r"[A-Za-z_][\w.-]*", name)] == []
    assert len(identifiers) == len(set(identifiers))
    assert any(".or." in name for name in identifiers)


STRICTDOC = os.environ.get("CARNET_STRICTDOC") or shutil.which("strictdoc")


@pytest.mark.skipif(not STRICTDOC, reason="strictdoc, an independent reader, is not installed")
def test_an_independent_reader_opens_it(tmp_path: Path, exported: Path) -> None:
    """StrictDoc reads every requirement, and reads again what it made of them."""
    made, page = tmp_path / "sdoc", tmp_path / "page"
    for command in (["convert", exported, made], ["export", made, "--output-dir", page]):
        ran = subprocess.run([str(STRICTDOC), *map(str, command)], capture_output=True, text=True, cwd=tmp_path)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    (document,) = made.glob("*.sdoc")
    read = re.findall(r"^UID: (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert {f"carnet-{name}" for name in read} == set(read_requirements(exported))


def test_equal_exports_are_equal_files_also_packed(tmp_path: Path, profile: Path, exported: Path) -> None:
    for name in ("a.reqifz", "b.reqifz"):
        run(export_command, "reqif", profile, "-m", "DE,GB", "-o", tmp_path / name)
    assert (tmp_path / "a.reqifz").read_bytes() == (tmp_path / "b.reqifz").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.reqifz").read("requirements.reqif") == exported.read_bytes()
    assert read_requirements(tmp_path / "a.reqifz") == read_requirements(exported)


def test_a_later_export_changes_only_what_changed(tmp_path: Path, profile: Path, exported: Path) -> None:
    rule, fact = waiting(exported)
    write(exported, rule, comment="we shall see")
    profile.write_text(f"{PROFILE}{fact}: true\n", encoding="utf-8")
    later = tmp_path / "later.reqif"
    result = run(export_command, "reqif", profile, "-m", "DE,GB", "--after", exported, "-o", later)
    assert "changed" in result.stderr
    old, new = read_requirements(exported), read_requirements(later)
    moved = {name for name, item in new.items() if name in old and item.changed != old[name].changed}
    assert f"carnet-{rule}" in moved
    assert moved == {
        name
        for name, item in new.items()
        if name in old and {**item.values, "Supplier comment": ""} != {**old[name].values, "Supplier comment": ""}
    }
    assert new[f"carnet-{rule}"].values["Supplier comment"] == "we shall see"


def test_a_suppliers_answers_and_notes_come_back(profile: Path, exported: Path) -> None:
    rule, fact = waiting(exported)
    other = next(name for name in read_requirements(exported) if name != f"carnet-{rule}").removeprefix("carnet-")
    write(exported, rule, status="done", answer="yes", comment="see TR-1")
    write(exported, other, status="open", comment="due in May")
    result = run(fill_command, profile, exported)
    assert result.exit_code == 0, result.exception
    assert f"  {fact}: yes   ({exported}: {rule})" in result.stdout
    assert f"  note to {other}: open: due in May" in result.stdout
    text = profile.read_text(encoding="utf-8")
    assert "# supplier, done: see TR-1\n" in text
    assert text.endswith(f"# note to {other}: open: due in May\n")
    run(fill_command, profile, exported)
    assert profile.read_text(encoding="utf-8") == text


def test_an_answer_names_its_fact_or_is_refused(profile: Path, exported: Path) -> None:
    rule, _ = waiting(exported)
    write(exported, rule, answer="automation.max_speed_kmh: 30 mph; vehicle.seats: 12")
    result = run(fill_command, profile, exported)
    assert "automation.max_speed_kmh: 48.28032" in result.stdout
    assert "vehicle.seats: 12" in result.stdout
    many = next(i for i in read_requirements(exported).values() if i.values.get("Facts", "").count(";") > 1)
    write(exported, many.id.removeprefix("carnet-"), answer="yes")
    error = str(run(fill_command, profile, exported).exception)
    assert "`yes` answers for no fact; write `fact: value`, one of" in error


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.reqif", b"name: x", "is not well-formed XML"),
        ("x.reqif", b'<!DOCTYPE a [<!ENTITY b "c">]><REQ-IF>&b;</REQ-IF>', "defines entities"),
        ("x.reqif", b"<other/>", "ReqIF"),
        ("x.reqifz", b"PK\x03\x04", "is no ReqIF"),
        ("x.reqif", b"\xff\xfe", "is no ReqIF in UTF-8"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_requirements(file)
