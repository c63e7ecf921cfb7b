# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from carnet.api import load_law
from carnet.cli.facts import fact_command, facts_command
from carnet.cli.init import init_command
from carnet.cli.schema import schema_command
from carnet.errors import CarnetError
from carnet.law.find import rules_reading
from carnet.logic.condition import facts_read


def run(command: Any, *args: str, typed: str = "") -> Result:
    result = CliRunner().invoke(command, list(args), input=typed)
    if result.exception and not isinstance(result.exception, (CarnetError, SystemExit)):
        raise result.exception
    return result


def test_sections_then_facts_then_one_fact() -> None:
    sections = run(facts_command).stdout
    assert "\nodd\n" in sections
    assert "approvals" in sections
    facts = run(facts_command, "operation.remote").stdout
    assert "operation.remote.latency_ms" in facts
    assert "operation.phase" not in facts
    fact = run(fact_command, "operation.phase").stdout
    assert "testing: test or research" in fact
    assert "Varies: usually by market" in fact


def test_a_fact_names_the_rules_that_read_it_also_through_derived_facts() -> None:
    law = load_law()
    through = 0
    for derivation in law.derivations:
        readers = set(rules_reading(law, derivation.path))
        for path in facts_read(derivation.condition) if derivation.condition else ():
            assert readers <= set(rules_reading(law, path))
            through += len(readers)
    assert through


def test_fields_of_approvals_are_listed_and_explained() -> None:
    assert "granted_on" in run(facts_command, "approvals").stdout
    assert "Type: true or false" in run(fact_command, "approvals.UN-R157.held").stdout


@pytest.mark.parametrize(
    ("command", "name", "message"),
    [
        (facts_command, "opdd", "unknown section `opdd`; did you mean `odd`?"),
        (fact_command, "odd.nope", "unknown fact `odd.nope`; `carnet facts odd` lists them"),
        (fact_command, "odd.max_sped_kmh", "unknown fact `odd.max_sped_kmh`; did you mean `odd.max_speed_kmh`?"),
    ],
)
def test_misspelt_names_get_a_suggestion(command: Any, name: str, message: str) -> None:
    assert str(run(command, name).exception) == message


def test_the_schema_of_a_profile_is_json(tmp_path: Path) -> None:
    target = tmp_path / "schema.json"
    assert run(schema_command, "profile", "-o", str(target)).exit_code == 0
    schema = json.loads(target.read_text(encoding="utf-8"))
    assert schema["properties"]["in"]["properties"]["DE"]["description"] == "Germany"
    assert "UN-R157" in schema["properties"]["approvals"]["properties"]


def test_a_template_becomes_a_profile_and_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    assert run(init_command, "--template", "robotaxi", "-o", str(target)).exit_code == 0
    written = target.read_text(encoding="utf-8")
    assert "robotaxi" in written
    target.write_text("name: precious", encoding="utf-8")
    refused = run(init_command, "--template", "robotaxi", "-o", str(target))
    assert "already exists; go on with it by `carnet fill" in str(refused.exception)
    assert target.read_text(encoding="utf-8") == "name: precious"
    run(init_command, "--template", "robotaxi", "-o", str(target), "--force")
    assert target.read_text(encoding="utf-8") == written


def test_an_unknown_template_gets_a_suggestion() -> None:
    assert str(run(init_command, "--template", "robotax").exception).endswith("did you mean `robotaxi`?")
    assert "l3-car" in run(init_command, "--list").stdout


def test_a_company_adds_templates_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "templates"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text("# Our van\nname: Van\n", encoding="utf-8")
    assert "ours" in run(init_command, "--list", "--law", str(tmp_path)).stdout
    result = run(init_command, "--template", "ours", "-o", "-", "--law", str(tmp_path))
    assert result.stdout == "# Our van\nname: Van\n"


def test_an_approval_is_explained(carnet: Any) -> None:
    for name in ("DE-OPERATING-AREA", "de-operating-area", "approvals.DE-OPERATING-AREA"):
        words = " ".join(carnet("fact", name).out.split())
        assert "Granted by: authority under Land law (permit for an operating area of Germany)" in words
        assert "de.l4-national: L4 in an approved operating area" in words
        assert "de.l4.four-conditions" in words
    assert "did you mean `DE-OPERATING-AREA`?" in carnet("fact", "DE-OPERATNG-AREA").err
