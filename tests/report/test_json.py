# SPDX-License-Identifier: Apache-2.0
"""The JSON report keeps its contract: the schema describes every field, and design's fields are all there."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import report_samples as samples

from carnet.report import json as json_report

MARKET = {"market", "name", "as_of", "outcome", "route", "routes", "counts", "findings", "upcoming", "not_covered"}
FINDING = {
    *("rule", "title", "jurisdiction", "topic", "status", "severity", "duty_holder", "ours", "legal_status"),
    *("confidence", "cites", "in_force", "because", "unknown", "remedy", "evidence", "waived"),
}


def described(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """The schema with every object closed, so that a field it does not describe is refused."""
    if isinstance(schema, list):
        return [described(item, defs) for item in schema]  # type: ignore[return-value]
    if not isinstance(schema, dict):
        return schema
    closed = {key: described(value, defs) for key, value in schema.items()}
    if "properties" in closed and closed.get("required") != ["name"]:
        closed["additionalProperties"] = False
    return closed


def test_the_report_follows_its_schema_and_the_schema_describes_every_field() -> None:
    schema = json_report.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(json_report.render(samples.report()))
    jsonschema.validate(data, described(schema, schema["$defs"]), format_checker=jsonschema.FormatChecker())


def test_the_fields_of_the_contract_are_there() -> None:
    data = json.loads(json_report.render(samples.report()))
    assert set(data) == {"receipt", "profile", "markets", "actions", "questions"}
    market = data["markets"][0]
    assert set(market) >= MARKET
    assert all(set(finding) >= FINDING for finding in market["findings"])
    gap = next(finding for finding in market["findings"] if finding["rule"] == "de.l4.technical-supervision")
    assert gap["because"] == [
        {
            "fact": "operation.remote.supervisor_appointed",
            "declared": False,
            "required": "= true",
            "line": 41,
            "note": None,
            "name": None,
            "choice": [],
        }
    ]
    assert gap["remedy"]["set"] == {"operation.remote.supervisor_appointed": True}
    assert gap["remedy"]["weeks"] == [8, 16]
    assert gap["cites"][0]["instrument"] == "StVG"
    assert gap["in_force"] == {"from": "2021-07-28", "until": None}


def test_the_same_report_gives_the_same_bytes() -> None:
    assert json_report.render(samples.report()) == json_report.render(samples.report())


@pytest.mark.parametrize("value", [("a", "b"), frozenset({"b", "a"}), ["a", "b"]])
def test_lists_and_sets_become_lists(value: object) -> None:
    assert json_report.plain({"x": value}) == {"x": ["a", "b"]}


def test_export_duties_come_with_their_home() -> None:
    export = samples.gap("cn.export", layer="home")
    market = samples.bavaria()._replace(home="CN", home_outcome=samples.Outcome.CLOSED, home_findings=(export,))
    pending = market._replace(home_outcome=None, home_findings=())
    homes = [entry["home"] for entry in json.loads(json_report.render(samples.report(market, pending)))["markets"]]
    assert (homes[0]["jurisdiction"], homes[0]["outcome"]) == ("CN", "closed")
    assert [finding["rule"] for finding in homes[0]["findings"]] == ["cn.export"]
    assert homes[1] == {"jurisdiction": "CN", "outcome": None, "findings": [], "lacks": []}
