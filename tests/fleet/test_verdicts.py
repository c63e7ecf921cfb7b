# SPDX-License-Identifier: Apache-2.0
"""The cases of tests/assess as tables of one row: the fleet says what a check says and what the case expects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from native_results import compare

from carnet.api import Law
from carnet.fleet.block import Kernel
from carnet.fleet.layout import Layout
from carnet.source import read_source

ASSESS = Path(__file__).parents[1] / "assess"
LAWFUL: dict[str, Any] = read_source(ASSESS / "cases" / "lawful.yaml").data
TODAY = dt.date(2026, 1, 1)
CASES = [
    pytest.param(case, id=case["name"])
    for name in ("outcomes.yaml", "features.yaml", "choices.yaml")
    for case in read_source(ASSESS / "cases" / name).data
    if not {"waivers", "confirmations"} & set(case["profile"])
]


@pytest.fixture(scope="module")
def small() -> Law:
    return Law.open([ASSESS / "law"])


def row_of(profile: dict[str, Any]) -> dict[str, Any]:
    """The profile as one row: a column for each fact, overlays and the fields of approvals by their dotted names."""
    row: dict[str, Any] = {}
    for key, value in profile.items():
        if key in ("in", "features"):
            row |= {f"{key}.{name}.{path}": v for name, layer in value.items() for path, v in row_of(layer).items()}
        elif key == "approvals":
            for name, said in value.items():
                fields = said.items() if isinstance(said, dict) else [("held", said == "held")]
                row |= {f"approvals.{name}.{field}": v for field, v in fields}
        else:
            row[key] = value
    return row


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], small: Law) -> None:
    base = {path: value for path, value in LAWFUL.items() if path not in case.get("without", ())}
    profile = {**base, **case["profile"]}
    day = case.get("as_of", TODAY)
    table = pa.Table.from_pylist([{"profile": "row", **row_of(profile)}])
    kernel = Kernel(small, Layout(table.schema, small, (case["market"],), ()), (case["market"],), (day,), day, True)
    outcome = kernel.run(table.to_batches()[0], 1)
    assert not outcome.rejects
    [result] = [row for part in outcome.results for row in part.to_pylist()]
    assert compare(small, {"row": profile}, [result]) == []
    expected = {"home_outcome" if key == "home" else key: value for key, value in case["expect"].items()}
    own = {key: value for key, value in expected.items() if key in ("outcome", "route", "home_outcome")}
    assert {key: result[key] for key in own} == own
    found = [row for part in outcome.findings for row in part.to_pylist()]
    for rule, features in case["expect"].get("features", {}).items():
        said = {row["feature"] or "" for row in found if row["rule"] == rule}
        assert said <= set(features)  # only gaps and what is not known are told


UNDATED: dict[str, list[dict[str, Any]]] = {}
for _case in (case.values[0] for case in CASES):
    if "as_of" not in _case:
        UNDATED.setdefault(_case["market"], []).append(_case)


@pytest.mark.parametrize("market", UNDATED)
def test_the_cases_of_a_market_in_one_table(market: str, small: Law) -> None:
    """Each row is decided by itself, whatever stands beside it."""
    rows: list[dict[str, Any]] = []
    profiles: dict[str, dict[str, Any]] = {}
    for case in UNDATED[market]:
        base = {path: value for path, value in LAWFUL.items() if path not in case.get("without", ())}
        profiles[case["name"]] = {**base, **case["profile"]}
        rows.append({"profile": case["name"], **row_of(profiles[case["name"]])})
    columns = dict.fromkeys(name for row in rows for name in row)
    table = pa.Table.from_pylist([dict.fromkeys(columns) | row for row in rows])
    kernel = Kernel(small, Layout(table.schema, small, (market,), ()), (market,), (TODAY,), TODAY)
    outcome = kernel.run(table.combine_chunks().to_batches()[0], 1)
    assert not outcome.rejects
    results = [row for part in outcome.results for row in part.to_pylist()]
    assert compare(small, profiles, results) == []
    found = {row["profile"]: row for row in results}
    for case in UNDATED[market]:
        own = {key: value for key, value in case["expect"].items() if key in ("outcome", "route")}
        assert {key: found[case["name"]][key] for key in own} == own, case["name"]


def test_a_block_too_large_for_its_grants_is_assessed_in_parts(small: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided of the limits of grants is kept for all rows of a block, so that many grants want fewer rows."""
    rows = [{**LAWFUL, "automation.sae_level": level, "operation.driver_on_board": True} for level in range(6)] * 3
    held = {"approvals.BB-WVTA.held": True, "approvals.REG-1.held": True, "approvals.REG-1.max_speed_kmh": 50}
    table = pa.Table.from_pylist([{"profile": str(at), **row_of(row), **held} for at, row in enumerate(rows)])

    def results() -> list[dict[str, Any]]:
        kernel = Kernel(small, Layout(table.schema, small, ("CC",), ()), ("CC",), (TODAY,), TODAY, True)
        outcome = kernel.run(table.to_batches()[0], 1)
        assert outcome.rows == len(rows)
        parts.append(len(outcome.results))
        return [row for kind in (outcome.results, outcome.findings) for part in kind for row in part.to_pylist()]

    parts: list[int] = []
    whole = results()
    monkeypatch.setattr("carnet.fleet.results.MOST_BYTES", 1)
    monkeypatch.setattr("carnet.fleet.results.FEWEST_ROWS", 4)
    assert sorted(results(), key=str) == sorted(whole, key=str)
    assert parts == [1, 6]
