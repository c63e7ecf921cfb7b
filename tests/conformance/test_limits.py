# SPDX-License-Identifier: Apache-2.0
"""Grants have limits: the same on every evaluator and for a table of profiles."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

import carnet
from carnet.api import Law
from carnet.logic.evaluators import NAMES
from carnet.logic.rete import available
from carnet.source import read_source

HERE = Path(__file__).parent / "limits"
RULES = Path(__file__).resolve().parents[2] / "rules"
SHARED = ("vocabulary", "approval-kinds.yaml", "duty-holders.yaml", "groups.yaml", "law.yaml", "places.yaml")
DATA = read_source(HERE / "cases.yaml").data
CASES = [pytest.param(case, id=case["name"]) for case in DATA["cases"]]
DAY = dt.date(2026, 11, 30)


@pytest.fixture(scope="module")
def law(tmp_path_factory):
    """A made-up law over the vocabulary, kinds of approvals and places of the bundled one."""
    folder = tmp_path_factory.mktemp("limits")
    shutil.copytree(HERE / "law", folder, dirs_exist_ok=True)
    (folder / "rules").mkdir()
    for name in SHARED:
        copy = shutil.copytree if (RULES / name).is_dir() else shutil.copy
        copy(RULES / name, folder / "rules" / name)
    kinds = folder / "rules" / "approval-kinds.yaml"
    lines = kinds.read_text(encoding="utf-8").splitlines()
    kinds.write_text("\n".join(line for line in lines if "action:" not in line and "to_test:" not in line), "utf-8")
    return Law.open([folder])


def declared(case):
    facts = {path: value for path, value in DATA["base"].items() if path not in case.get("without", ())}
    approvals = {name: {"state": word} for name, word in facts.pop("approvals").items()}
    for path, value in case["set"].items():
        if path.startswith("approvals."):
            name, _, field = path.removeprefix("approvals.").rpartition(".")
            approvals.setdefault(name, {})[field] = value
        else:
            facts[path] = value
    return {**facts, "approvals": approvals, "complete": ["approvals"]}


def profile_of(case, law):
    return carnet.Profile.from_dict(
        declared(case), law.vocabulary, name=case["name"], approvals=law.approvals, jurisdictions=law.codes
    )


@pytest.mark.parametrize("evaluator", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_limits_of_grants(case, evaluator, law):
    if evaluator == "rete" and not available():
        pytest.skip("durable-rules cannot be imported here")
    market = law.check(profile_of(case, law), ["DE"], DAY, evaluator).market("DE")
    expect = case["expect"]
    limits = {finding.rule: finding for finding in market.findings if finding.kind == "limit" and finding.counts}
    assert market.outcome == expect["outcome"]
    gaps = {finding.rule for finding in market.gaps if finding.kind != "need"}
    assert gaps == set(expect.get("gaps", ())) | (gaps - limits.keys() if "gaps" not in expect else set())
    undetermined = [name for name, finding in limits.items() if finding.status == "undetermined"]
    assert set(expect.get("undetermined", ())) <= set(undetermined)
    assert bool(undetermined) is bool(expect.get("undetermined"))
    for name in expect.get("compliant", ()):
        assert limits[name].status == "compliant"
    told = [limits[name] for name in (*expect.get("gaps", ()), *expect.get("undetermined", ())) if name in limits]
    if "unknown" in expect:
        assert list(told[0].unknown) == expect["unknown"]
    if "says" in expect:
        assert told[0].because[0].note == expect["says"]
    for finding in told:
        assert (finding.remedy is not None) is (finding.status == "gap")


@pytest.mark.parametrize("case", [case for case in CASES if "gaps" in case.values[0]["expect"]])
def test_a_printed_remedy_keeps_within_the_grant(case, law):
    profile = profile_of(case, law)
    gaps = [gap for gap in law.check(profile, ["DE"], DAY).market("DE").gaps if gap.kind == "limit"]
    changes = {path: value for gap in gaps for path, value in gap.remedy.set.items()}
    assert changes
    after = law.check(profile.with_set(changes), ["DE"], DAY).market("DE")
    assert not [gap.rule for gap in after.gaps if gap.kind == "limit"]


def test_a_fleet_finds_the_same(law):
    pa = pytest.importorskip("pyarrow")
    from carnet.fleet.block import Kernel
    from carnet.fleet.layout import JSON_ROW, Layout

    rows = [json.dumps({"profile": case.id, **declared(case.values[0])}) for case in CASES]
    table = pa.table({JSON_ROW: rows})
    layout = Layout(table.schema, law, ["DE"], by_row=False)
    [batch] = table.combine_chunks().to_batches()
    outcome = Kernel(law, layout, ["DE"], (DAY,), DAY).run(batch, 1)
    assert not outcome.rejects
    found = {row["profile"]: row for part in outcome.results for row in part.to_pylist()}
    for case in CASES:
        market = law.check(profile_of(case.values[0], law), ["DE"], DAY, "native").market("DE")
        assert found[case.id]["outcome"] == market.outcome, case.id
        assert found[case.id]["route"] == market.route, case.id
        assert found[case.id]["gap"] == market.counts["gap"], case.id
        assert found[case.id]["undetermined"] == market.counts["undetermined"], case.id


def test_a_session_follows_what_is_granted(law):
    case = {"set": {"operation.fleet_size": 200, "approvals.DE-PERMIT.max_vehicles": 20}}
    with law.session(profile_of({"name": "s", **case}, law), ["DE"], as_of=DAY) as session:
        assert session.report().market("DE").outcome == "closed"
        session.declare("operation.fleet_size", 20)
        assert session.report().market("DE").outcome == "open"
        session.declare("approvals.DE-PERMIT.max_vehicles", 10)
        assert session.report().market("DE").outcome == "closed"
        session.declare("approvals.DE-OTHER.state", "held")
        assert session.report().market("DE").outcome == "open"
        session.declare("approvals.DE-OTHER.area", ["DE-HH"])
        assert {gap.rule for gap in session.report().market("DE").gaps} == {
            "de.service.limits.DE-PERMIT.max_vehicles",
            "de.service.limits.DE-OTHER.area",
        }
