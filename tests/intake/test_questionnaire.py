# SPDX-License-Identifier: Apache-2.0
"""Out as a workbook, filled in as people do, and back into the profile."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from openpyxl import Workbook, load_workbook

from carnet.api import Law, load_law
from carnet.cli.fill import fill_command
from carnet.cli.questionnaire import questionnaire_command
from carnet.declare.codes import COUNTRIES, LANGUAGES
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Fact, Value
from carnet.errors import CarnetError
from carnet.intake import questionnaire, returned
from carnet.intake.answers import Answers, written
from carnet.intake.workbook import KEYS, read_answers
from carnet.report.questionnaire import render

PROFILE = """\
# the shuttle
name: Shuttle
automation: {sae_level: 4}
operation:
  service: shuttle   # ours
approvals:
  UN-R155: {held: true, certificate: X1}
"""


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
def book(tmp_path: Path, profile: Path) -> Path:
    file = tmp_path / "q.xlsx"
    result = run(questionnaire_command, profile, "-m", "DE,GB", "-o", file)
    assert result.exit_code == 0, result.exception
    return file


def fill(file: Path, cells: Mapping[tuple[str, str], Any], target: Path | None = None) -> Path:
    """Write into the cells of a workbook, by fact and column."""
    found = load_workbook(file)
    left = dict(cells)
    for sheet in found.worksheets:
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in range(3, sheet.max_row + 1) if KEYS["path"] in columns else ():
            path = sheet.cell(row, columns[KEYS["path"]]).value
            for fact, key in [wanted for wanted in left if wanted[0] == path]:
                sheet.cell(row, columns[KEYS[key]]).value = left.pop((fact, key))
    assert left == {}
    found.save(target or file)
    return target or file


def fill_features(file: Path, cells: Mapping[tuple[str, str, str], Any]) -> Path:
    """Write into the cells of a workbook, by feature, fact and column."""
    found = load_workbook(file)
    left = dict(cells)
    for sheet in found.worksheets[1:-1]:
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in range(3, sheet.max_row + 1):
            about = [sheet.cell(row, columns[KEYS[key]]).value or "" for key in ("feature", "path")]
            for wanted in [wanted for wanted in left if list(wanted[:2]) == about]:
                sheet.cell(row, columns[KEYS[wanted[2]]]).value = left.pop(wanted)
    assert left == {}
    found.save(file)
    return file


def test_the_workbook_shows_what_is_asked_of_whom_and_locks_the_rest(book: Path) -> None:
    found = load_workbook(book)
    assert found.sheetnames[0] == "Instructions"
    assert {"Automated driving", "Operation", "Homologation", "Vehicle engineering"} < set(found.sheetnames)
    sheet = found["Operation"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, columns["carnet:path"]).value: row for row in range(3, sheet.max_row + 1)}
    row = rows["operation.service"]
    assert sheet.cell(row, columns["carnet:today"]).value == "shuttle"
    assert "bus: bus line" in sheet.cell(row, columns["carnet:meanings"]).value
    assert sheet.cell(row, columns["carnet:why"]).value
    assert sheet.protection.sheet is True
    open_cells = {key for key, column in columns.items() if not sheet.cell(row, column).protection.locked}
    assert open_cells == {f"carnet:{key}" for key in ("answer", "differs", "source", "by", "on")}
    lists = {range_.coord: check for check in sheet.data_validations.dataValidation for range_ in check.sqref.ranges}
    formula = lists[f"D{row}"].formula1
    column = formula.split("$")[1]
    assert [cell.value for cell in found["lists"][column] if cell.value] == list(
        load_law().vocabulary.fact("operation.service").values
    )


def test_answers_go_into_the_profile_with_who_and_when(profile: Path, book: Path) -> None:
    day = dt.date(2026, 12, 1)
    cells = {
        ("operation.driver_on_board", "answer"): "no",
        ("operation.driver_on_board", "by"): "Li Wei",
        ("operation.driver_on_board", "on"): day,
        ("operation.driver_on_board", "source"): "TR-4711, p. 3",
        ("automation.max_speed_kmh", "answer"): "20 mph",
        ("automation.max_speed_kmh", "differs"): "UK: 10 mph",
        ("approvals.UN-R156", "answer"): "applied",
    }
    result = run(fill_command, profile, fill(book, cells))
    assert result.exit_code == 0
    assert result.stdout.endswith("took 4 of 4 answers\n")
    assert profile.read_text(encoding="utf-8") == (
        PROFILE.replace(
            "automation: {sae_level: 4}",
            "automation: {sae_level: 4, max_speed_kmh: 32.18688}",
        )
        .replace(
            "  service: shuttle   # ours\n",
            "  service: shuttle   # ours\n  # Li Wei, 2026-12-01: TR-4711, p. 3\n  driver_on_board: false\n",
        )
        .replace("certificate: X1}\n", "certificate: X1}\n  UN-R156: applied\n")
        + "\nin:\n  GB:\n    automation:\n      max_speed_kmh: 16.09344\n"
    )


TWO = """\
name: Saloon
vehicle: {category: M1}
features:
  pilot:   # ours
    automation: {sae_level: 3, max_speed_kmh: 95}
    in: {DE: {automation: {max_speed_kmh: 60}}}
  assist: {automation: {sae_level: 2}}
"""


@pytest.fixture
def two(tmp_path: Path, profile: Path) -> Path:
    """The questionnaire of a car with two features."""
    profile.write_text(TWO, encoding="utf-8")
    file = tmp_path / "two.xlsx"
    assert run(questionnaire_command, profile, "-m", "DE,FR", "-o", file).exit_code == 0
    return file


def test_a_feature_is_asked_what_it_overrides_and_what_waits_for_it(law: Law, profile: Path, two: Path) -> None:
    declared = law.profile(profile)
    rows = questionnaire.rows(law, declared, law.check(declared, ["DE", "FR"]))
    asked = {(row.feature, row.path): (row.today, row.differs) for row in rows}
    assert asked["pilot", "automation.sae_level"] == (3, "")
    assert asked["assist", "automation.sae_level"] == (2, "")
    assert ("", "automation.sae_level") not in asked  # each feature says its own: nothing is open of the product
    assert asked["pilot", "automation.max_speed_kmh"] == (95, "DE: 60")
    assert asked["assist", "automation.max_speed_kmh"] == (None, "")
    assert asked["", "vehicle.category"] == ("M1", "")
    assert {row.feature for row in rows if row.path.startswith(("vehicle.", "approvals."))} == {""}
    assert len(asked) == len(rows)
    sheet = load_workbook(two)["Automated driving"]
    questions = {(row[-2].value or "", row[-1].value): row[0].value for row in sheet.iter_rows(min_row=3)}
    assert questions["pilot", "automation.sae_level"].startswith("pilot: Which SAE")
    assert ("", "automation.features") not in questions
    assert questions["assist", "automation.features"].startswith("assist: Which driving automation features")


def test_answers_of_features_go_into_their_overlays(profile: Path, two: Path) -> None:
    cells = {
        ("assist", "automation.max_speed_kmh", "answer"): "80 mph",
        ("assist", "automation.max_speed_kmh", "differs"): "DE: 120",
        ("pilot", "automation.sae_level", "answer"): 4,
    }
    result = run(fill_command, profile, fill_features(two, cells))
    assert result.exit_code == 1
    assert "  features.assist.automation.max_speed_kmh: 128.74752   (" in result.stdout
    assert "  features.assist.automation.max_speed_kmh in DE: 120   (" in result.stdout
    assert "conflict: features.pilot.automation.sae_level is 4 here, 3 at " in result.stdout
    assert "took 2 of 4 answers; 1 stand in the profile already; 1 contradict" in result.stdout
    assert profile.read_text(encoding="utf-8") == TWO.replace(
        "{automation: {sae_level: 2}}",
        "{automation: {sae_level: 2, max_speed_kmh: 128.74752}, in: {DE: {automation: {max_speed_kmh: 120}}}}",
    )
    result = run(fill_command, profile, two, "--replace")
    assert result.exit_code == 0
    assert "sae_level: 4" in profile.read_text(encoding="utf-8")


def test_a_feature_that_the_profile_has_not_is_a_bad_cell(profile: Path, two: Path) -> None:
    fill_features(two, {("assist", "automation.max_speed_kmh", "answer"): 100})
    profile.write_text(TWO.replace("  assist:", "  town:"), encoding="utf-8")
    error = str(run(fill_command, profile, two).exception)
    assert "Automated driving!D" in error
    assert "the profile has no feature `assist`" in error
    assert "declare it under `features` first" in error


def test_a_dry_run_changes_nothing(profile: Path, book: Path) -> None:
    result = run(fill_command, profile, fill(book, {("operation.driver_on_board", "answer"): "no"}), "--dry-run")
    assert "operation.driver_on_board: no   (" in result.stdout
    assert "would take 1 of 1 answers" in result.stdout
    assert profile.read_text(encoding="utf-8") == PROFILE


def test_a_conflict_is_shown_and_replaces_only_when_told_to(profile: Path, book: Path) -> None:
    fill(book, {("operation.service", "answer"): "bus line", ("approvals.UN-R155", "answer"): "none"})
    result = run(fill_command, profile, book)
    assert result.exit_code == 1
    assert "conflict: operation.service is bus here, shuttle at " in result.stdout
    assert f"{profile}:5:3" in result.stdout
    assert "`--replace` takes the answer" in result.stdout
    assert profile.read_text(encoding="utf-8") == PROFILE
    result = run(fill_command, profile, book, "--replace")
    assert result.exit_code == 0
    assert profile.read_text(encoding="utf-8") == PROFILE.replace("service: shuttle", "service: bus").replace(
        "{held: true,", "{held: false,"
    )


def test_two_answers_that_differ_are_never_taken(tmp_path: Path, profile: Path, book: Path) -> None:
    one = fill(book, {("operation.driver_on_board", "answer"): "no"}, tmp_path / "one.xlsx")
    two = fill(book, {("operation.driver_on_board", "answer"): "yes"}, tmp_path / "two.xlsx")
    result = run(fill_command, profile, one, two, "--replace")
    assert result.exit_code == 1
    assert "operation.driver_on_board is yes here, no at " in result.stdout
    assert "agree on one of them" in result.stdout
    assert profile.read_text(encoding="utf-8") == PROFILE


def test_every_bad_cell_is_named_and_nothing_is_taken(profile: Path, book: Path) -> None:
    cells = {
        ("operation.driver_on_board", "answer"): "maybe",
        ("automation.max_speed_kmh", "answer"): "1,500",
        ("automation.max_speed_kmh", "differs"): "Atlantis: 5",
        ("odd.road_types", "answer"): "urban",
    }
    error = str(run(fill_command, profile, fill(book, cells)).exception)
    assert "Operation!D" in error
    assert "the answer is yes or no, not `maybe` (`operation.driver_on_board`)" in error
    assert "`1,500` can be 1500 or 1.5" in error
    assert "Automated driving!E" in error
    assert "`Atlantis` is no market that is known" in error
    assert len(error.splitlines()) == 3
    assert profile.read_text(encoding="utf-8") == PROFILE


def test_today_written_again_and_what_stands_is_no_answer(profile: Path, book: Path) -> None:
    result = run(fill_command, profile, fill(book, {("operation.service", "answer"): "shuttle"}))
    assert result.stdout == "took 0 of 0 answers\n"


def test_a_questionnaire_can_be_for_one_role_or_section(tmp_path: Path, profile: Path) -> None:
    target = tmp_path / "o.xlsx"
    run(
        questionnaire_command,
        profile,
        "-m",
        "DE",
        "--for",
        "operator",
        "--section",
        "operation",
        "--open",
        "-o",
        target,
    )
    found = load_workbook(target)
    assert found.sheetnames == ["Instructions", "Operation", "lists"]
    error = run(questionnaire_command, profile, "-m", "DE", "--for", "operatr", "-o", target).exception
    assert str(error) == "unknown role `operatr`; did you mean `operator`?"


def test_what_is_confidential_is_shown_to_no_partner(tmp_path: Path, profile: Path) -> None:
    profile.write_text(f"{PROFILE}confidential: [operation.service]\n", encoding="utf-8")
    for option, shown in (([], "shuttle"), (["--for", "operator"], None)):
        target = tmp_path / "c.xlsx"
        run(questionnaire_command, profile, "-m", "DE", *option, "-o", target)
        sheet = load_workbook(target)["Operation"]
        rows = {row[-1].value: row[2].value for row in sheet.iter_rows(min_row=3)}
        assert rows.get("operation.service") == shown


def test_partners_have_a_sheet_of_their_own(law: Law, profile: Path) -> None:
    declared = law.profile(profile)
    rows = questionnaire.rows(law, declared, law.check(declared, ["DE"]))
    names = questionnaire.sheets(rows, {"operator": "Uber"})
    assert all(row.holders == ("operator",) for row in names["Uber (operator)"])


@pytest.mark.parametrize(("content", "message"), [(b"name: x\n", "is no XLSX workbook"), (None, "is no questionnaire")])
def test_other_files_are_refused(tmp_path: Path, profile: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "x.xlsx"
    if content is None:
        Workbook().save(file)
    else:
        file.write_bytes(content)
    assert message in str(run(fill_command, profile, file).exception)


def values(fact: Fact) -> st.SearchStrategy[Value]:
    """What can be declared for a fact."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "date":
        return st.dates(dt.date(1990, 1, 1), dt.date(2080, 1, 1))
    if fact.type == "int":
        low, high = fact.range or (0, 100)
        return st.integers(int(low), int(high))
    if fact.type == "number":
        low, high = fact.range or (0, 1e6)
        return (
            st.floats(low, high)
            .map(lambda value: round(float(f"{value:.12g}"), 6))
            .map(lambda v: int(v) if v.is_integer() else v)
        )
    items = st.sampled_from(list(fact.values)) if fact.values else open_items(fact.items)
    return st.lists(items, unique=True, max_size=4).map(tuple) if fact.type == "set" else items


def open_items(kind: str) -> st.SearchStrategy[str]:
    if kind == "country":
        return st.sampled_from(sorted(COUNTRIES))
    if kind == "language":
        return st.sampled_from(sorted(LANGUAGES))
    words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
    return words.map(lambda word: f"no code {word}")


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_fact_goes_round(tmp_path_factory: pytest.TempPathFactory, law: Law, answers: Answers, data: Any) -> None:
    facts = law.vocabulary.facts
    meant = {path: data.draw(values(fact), label=path) for path, fact in facts.items() if fact.items != "approval"}
    start = "name: x\nfeatures:\n  pilot: {}\n"
    empty = Profile.from_text(start, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    whose = {path: data.draw(st.sampled_from(["", "pilot"])) for path in meant}
    rows = [questionnaire.row_for(law, empty, path, (), whose[path]) for path in meant]
    file = tmp_path_factory.mktemp("round") / "q.xlsx"
    made = render("x", questionnaire.sheets(rows, {}), ["Germany"], "2026.11")
    file.write_bytes(made)
    fill(file, {(path, "answer"): cell_of(value) for path, value in meant.items()})
    found = returned.answers_in(law, answers, file, read_answers(file), {}, [], ["pilot"])
    assert {answer.path: answer.value for answer in found} == meant
    text = returned.put_answers(start, found)
    profile = Profile.from_text(text, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    for name in ("", "pilot"):
        own = {path: value for path, value in meant.items() if whose[path] == name}
        assert profile.content.layers[name, ""].values == own


def cell_of(value: Value) -> Any:
    return value if isinstance(value, (int, float, dt.date)) and not isinstance(value, bool) else written(value)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_keeps_what_is_written(tmp_path: Path, profile: Path, book: Path) -> None:
    cells = {("operation.driver_on_board", "answer"): "no", ("vehicle.type_approved_on", "answer"): dt.date(2027, 3, 1)}
    fill(book, cells)
    office = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    target = tmp_path / "saved"
    command = ["soffice", office, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    result = run(fill_command, profile, target / "q.xlsx")
    assert "took 2 of 2 answers" in result.stdout
    assert "type_approved_on: 2027-03-01" in profile.read_text(encoding="utf-8")
    assert load_workbook(io.BytesIO((target / "q.xlsx").read_bytes()))["Operation"].protection.sheet is True
