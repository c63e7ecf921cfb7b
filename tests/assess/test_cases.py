# SPDX-License-Identifier: Apache-2.0
"""The semantics of sections 6 and 7 of the design as cases on a small law, on every evaluator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from carnet.api import Law
from carnet.assess.model import MarketAssessment
from carnet.declare.profile import Profile
from carnet.logic.evaluators import NAMES
from carnet.source import read_source

HERE = Path(__file__).parent
LAWFUL: dict[str, Any] = read_source(HERE / "cases" / "lawful.yaml").data
CASES = [
    pytest.param(case, id=case["name"])
    for name in ("outcomes.yaml", "features.yaml", "choices.yaml")
    for case in read_source(HERE / "cases" / name).data
]


@pytest.fixture(scope="module")
def law() -> Law:
    return Law.open([HERE / "law"])


def assess(case: dict[str, Any], law: Law, evaluator: str) -> MarketAssessment:
    base = {path: value for path, value in LAWFUL.items() if path not in case.get("without", ())}
    data = {**base, **case["profile"]}
    profile = Profile.from_dict(data, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    return law.check(profile, [case["market"]], case.get("as_of", law.as_of), evaluator).market(case["market"])


def seen(market: MarketAssessment, key: str, expected: Any) -> Any:
    """What the assessment says about one kind of expectation, in the shape of the expectation."""
    findings = {finding.rule: finding for finding in (*market.findings, *market.home_findings)}
    national = {finding.rule for finding in market.findings}
    by_key = {
        "outcome": lambda: market.outcome.value,
        "route": lambda: market.route,
        "judged_as": lambda: market.judged_as,
        "layers": lambda: {
            layer.jurisdiction: layer.outcome.value for layer in market.layers if layer.jurisdiction in expected
        },
        "why": lambda: {layer.jurisdiction: layer.why for layer in market.layers if layer.jurisdiction in expected},
        "routes": lambda: {route.id: route.outcome.value for route in market.routes if route.id in expected},
        "no_route": lambda: [route for route in expected if route not in {r.id for r in market.routes}],
        "findings": lambda: {rule: findings[rule].status.value for rule in expected},
        "home_findings": lambda: {rule: findings[rule].status.value for rule in expected if rule not in national},
        "unknown": lambda: {rule: list(findings[rule].unknown) for rule in expected},
        "cause": lambda: {rule: findings[rule].cause for rule in expected},
        "superseded": lambda: {rule: findings[rule].superseded_by for rule in expected},
        "ours": lambda: {rule: findings[rule].ours for rule in expected},
        "waived": lambda: {rule: findings[rule].waived and findings[rule].waived.expired for rule in expected},
        "line": lambda: {rule: findings[rule].because[0].fact for rule in expected},
        "remedies": lambda: {rule: {p: list(v) for p, v in findings[rule].remedy.set.items()} for rule in expected},
        "no_remedy": lambda: [rule for rule in expected if findings[rule].remedy is None],
        "absent": lambda: [rule for rule in expected if rule not in national],
        "off_route": lambda: [rule for rule in expected if not findings[rule].on_route],
        "on_route": lambda: [rule for rule in expected if findings[rule].on_route],
        "counts": lambda: {status: market.counts[status] for status in expected},
        "home": lambda: market.home_outcome and market.home_outcome.value,
        "guidance": lambda: [finding.rule for finding in market.guidance],
        "upcoming": lambda: {
            item.rule: [item.date, item.change, item.status.value] for item in market.upcoming if item.rule in expected
        },
        "no_upcoming": lambda: [rule for rule in expected if rule not in {item.rule for item in market.upcoming}],
        "conflicts": lambda: {rule: list(findings[rule].conflicts_with) for rule in expected},
        "pending": lambda: {
            layer.jurisdiction: [list(one.unknown) for one in layer.pending]
            for layer in market.layers
            if layer.jurisdiction in expected
        },
        "weakest": lambda: market.weakest and [market.weakest.kind, market.weakest.id],
        "notes": lambda: [note.id for note in market.notes],
        "not_covered": lambda: [item.record for item in market.not_covered],
        "features": lambda: {rule: [f.feature for f in market.findings if f.rule == rule] for rule in expected},
    }
    return by_key[key]()


@pytest.mark.parametrize("evaluator", NAMES)
@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], evaluator: str, law: Law) -> None:
    market = assess(case, law, evaluator)
    assert {key: seen(market, key, value) for key, value in case["expect"].items()} == case["expect"]
