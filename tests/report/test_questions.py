# SPDX-License-Identifier: Apache-2.0
"""What to declare next: what decides most comes first, and nothing is counted twice."""

from __future__ import annotations

import report_samples as samples

from carnet.assess.model import Status
from carnet.law.model import Severity
from carnet.plan.questions import Question, questions


def test_a_rule_counts_once_for_each_market_and_feature() -> None:
    def waits(rule: str, *unknown: str, **changes: object) -> object:
        return samples.finding(rule, Status.UNDETERMINED, unknown=unknown, **changes)

    findings = (
        waits("x.two", "a.b", "a.c"),
        waits("x.two", "a.b", "a.c"),
        waits("x.one", "a.c"),
        waits("x.minor", "a.c", severity=Severity.MAJOR),
        waits("x.minor", "a.d", severity=Severity.MAJOR),
    )
    here = samples.bavaria()._replace(findings=findings, routes=())
    there = samples.japan()._replace(findings=findings[2:3])
    assert questions([here, there]) == (
        Question("a.c", 4, 3, 2, ("DE-BY", "JP"), ("x.two", "x.one", "x.minor")),
        Question("a.b", 1, 1, 0, ("DE-BY",), ("x.two",)),
        Question("a.d", 1, 0, 0, ("DE-BY",), ("x.minor",)),
    )


def test_a_route_that_may_be_on_offer_waits_as_a_blocking_rule_does() -> None:
    market = samples.bavaria()._replace(findings=())
    assert questions([market]) == (Question("operation.phase", 1, 1, 1, ("DE-BY",), ("de.test-permit",)),)
