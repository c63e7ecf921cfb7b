# SPDX-License-Identifier: Apache-2.0
"""README, manual and examples say what is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import carnet as package
from carnet.cli.main import ENTRIES
from carnet.source import parse_source

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {
    "robotaxi-munich.yaml": "DE-BY",
    "robotaxi-dubai.yaml": "AE-DU",
    "bus-singapore.yaml": "SG",
    "sedan-l3.yaml": "DE",
    "suv-l2.yaml": "DE",
}


def test_the_manual_names_every_command_and_no_other() -> None:
    manual = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`carnet ([a-z][a-z-]*)", manual))
    assert named == set(ENTRIES)


def test_the_readme_shows_a_report_as_it_is_printed(carnet: Callable[..., Any]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(r"<!-- report: carnet (.+?) -->\n```text\n(.*?)```", readme, re.DOTALL)
    assert match, "the README shows no report"
    args = [str(ROOT / arg) if arg.startswith("examples/") else arg for arg in match[1].split()]
    printed = carnet(*args).out
    assert _headings(match[2]) == _headings(printed), "run `make readme`"
    law = package.load_law()
    for rule in re.findall(r"\[([a-z0-9.-]+)\]", match[2]):
        assert law.rule(rule), "run `make readme`"


def _headings(report: str) -> list[str]:
    """The parts of a report, without the numbers that every release of the law may change."""
    return re.findall(r"^(?:[A-Z][a-z ]+(?= \(\d+)|Receipt|The rest)", report, re.MULTILINE)


def test_the_readmes_profile_and_python_work(carnet: Callable[..., Any], tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    profile = re.search(r"```yaml\n(name: .*?)```", readme, re.DOTALL)
    assert profile
    (tmp_path / "p.yaml").write_text(profile[1], encoding="utf-8")
    result = carnet("check", tmp_path / "p.yaml", "-m", "DE", "--fail-on", "never")
    assert result.code == 0, result.err
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert code
    exec(compile(code[1].replace('"examples/', f'"{ROOT}/examples/'), "README.md", "exec"), {})


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_plausible_complete_enough_and_not_perfect(name: str) -> None:
    law = package.load_law()
    report = law.check(package.Profile.from_file(ROOT / "examples" / name), [EXAMPLES[name]])
    market = report.market(EXAMPLES[name])
    applicable = sum(number for status, number in market.counts.items() if status != "not_applicable")
    assert market.counts["gap"] >= 3
    assert market.counts["undetermined"] <= max(10, applicable // 10)
    assert market.counts["compliant"] > market.counts["gap"]


def test_every_example_is_tested() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.yaml")} == set(EXAMPLES)


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            file, _, anchor = target.partition("#")
            there = page.parent / file if file else page
            if not there.exists() or (anchor and anchor not in _anchors(there)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_page_on_embedding_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (tmp_path / "profile.yaml").write_bytes((ROOT / "examples" / "robotaxi-munich.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page, re.DOTALL)):
        exec(compile(block, f"docs/api.md, block {number}", "exec"), names)
    assert number >= 2


def test_the_readmes_rule_is_a_pack(carnet: Callable[..., Any], tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rule = re.search(r"```yaml\n(- id: .*?)```", readme, re.DOTALL)
    assert rule
    folder = tmp_path / "jurisdictions" / "XX"
    folder.mkdir(parents=True)
    head = "jurisdiction: {id: XX, name: Testland, kind: state, drives_on: right, currency: EUR, languages: [en]}\n"
    law = "instruments: [{id: xx.traffic-act, title: Traffic Act, url: https://example.org/act}]\n"
    (folder / "jurisdiction.yaml").write_text(head + law, encoding="utf-8")
    (folder / "traffic.yaml").write_text("rules:\n" + rule[1], encoding="utf-8")
    assert carnet("test", tmp_path).out == "2 cases passed (1 rule)\n"
    assert "0 errors" in carnet("lint", tmp_path).out


def test_the_examples_of_the_authors_page_are_strict_yaml() -> None:
    page = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        assert parse_source(block, "docs/authoring.md").data


PLANNING = re.compile(r"<!-- (carnet (?:plan|reach) .+?) -->\n```text\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(
    ("command", "shown"), PLANNING.findall((ROOT / "docs" / "planning.md").read_text(encoding="utf-8")), ids=str
)
def test_the_page_on_planning_shows_what_is_printed(carnet: Callable[..., Any], command: str, shown: str) -> None:
    pytest.importorskip("ortools")
    args = [str(ROOT / arg) if arg.startswith("examples/") else arg for arg in command.split()[1:]]
    assert _without_receipt(carnet(*args).out) == _without_receipt(shown), "run `make readme`"


def _without_receipt(text: str) -> str:
    """A plan without the hashes of law and profile."""
    return re.sub(r"^Receipt:.*?\.\n", "", text, flags=re.DOTALL | re.MULTILINE)
