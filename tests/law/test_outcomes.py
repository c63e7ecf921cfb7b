# SPDX-License-Identifier: Apache-2.0
"""Profiles whose public outcome is known come out as the world has seen them.

Each file of `outcomes/` holds a list of cases: `name`, `source` (where the outcome was published), `market`, `as_of`,
`profile` (a profile as in a file, or `base:` an example to change with `set:`, or `set_in:` for the overlay of the
market), and `expect`: `outcome`, and optionally `route`, `gaps` and `no_gaps` (rule ids), `undetermined` (rule ids).
`assumed` names the fields of grants that the source does not tell (area, passengers, fares ...): ours, not the world's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import carnet
from carnet.source import read_source

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "outcomes").glob("*.yaml"))
    for case in read_source(path).data
]


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


def profile_of(case: dict, law: carnet.Law) -> carnet.Profile:
    if "base" in case:
        profile = law.profile(ROOT / case["base"])
    else:
        known = {"approvals": law.approvals, "jurisdictions": law.codes}
        profile = carnet.Profile.from_dict(case["profile"], law.vocabulary, name=case["name"], **known)
    profile = profile.with_set(case["set"]) if case.get("set") else profile
    return profile.with_set(case["set_in"], market=case["market"]) if case.get("set_in") else profile


@pytest.mark.parametrize("case", CASES)
def test_public_outcome(case: dict, law: carnet.Law) -> None:
    assert case["source"], "a public outcome names where it was published"
    report = law.check(profile_of(case, law), [case["market"]], as_of=case["as_of"], evaluator="native")
    market = report.market(case["market"])
    expect = case["expect"]
    gaps = {finding.rule for finding in market.gaps}
    open_ = {finding.rule for finding in market.undetermined}
    blocking = sorted(
        f.rule for f in market.findings if f.on_route and f.severity == "blocking" and f.rule in gaps | open_
    )
    assert market.outcome == expect["outcome"], blocking
    assert market.route == expect.get("route", market.route)
    assert set(expect.get("gaps", ())) <= gaps
    assert not set(expect.get("no_gaps", ())) & gaps
    assert set(expect.get("undetermined", ())) <= open_
