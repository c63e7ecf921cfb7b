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
