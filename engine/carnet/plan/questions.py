# SPDX-License-Identifier: Apache-2.0
"""What to declare next: the undeclared facts that leave findings and routes open, most decisive first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.model import MarketAssessment, Status
from carnet.law.model import Severity

if TYPE_CHECKING:
    from carnet.law.law import Law


class Question(NamedTuple):
    """One undeclared fact and what waits for it.

    findings: findings and routes that name it; blocking: those of them that can close a market (routes always);
    alone: those of the blocking ones that wait for nothing else.
    """

    fact: str
    findings: int
    blocking: int
    alone: int
    markets: tuple[str, ...]
    rules: tuple[str, ...]


def questions(markets: Iterable[MarketAssessment]) -> tuple[Question, ...]:
    """Every undeclared fact that one of these markets waits for, the most decisive first.

    A rule that several markets share counts once for each, because each of them waits for the answer.
    """
    waiting: dict[str, list[_Wait]] = defaultdict(list)
    for market in markets:
        for fact, wait in _waits(market):
            if wait not in waiting[fact]:
                waiting[fact].append(wait)
    asked = [_question(fact, waits) for fact, waits in waiting.items()]
    return tuple(sorted(asked, key=lambda q: (-q.blocking, -q.alone, -q.findings, q.fact)))


class _Wait(NamedTuple):
    market: str
    rule: str
    feature: str
    blocking: bool
    alone: bool


def _waits(market: MarketAssessment) -> Iterator[tuple[str, _Wait]]:
    for route in market.routes:
        if route.on_offer is None:
            for fact in route.unknown:
                yield fact, _Wait(market.market, route.id, route.feature, True, len(route.unknown) == 1)
    for layer in market.layers:
        for pending in layer.pending:
            for fact in pending.unknown:
                yield fact, _Wait(market.market, pending.rule, layer.feature, True, False)
    home = (f for f in market.home_findings if f.status is Status.UNDETERMINED)
    for finding in (*market.undetermined, *home):
        blocking = finding.severity is Severity.BLOCKING
        alone = blocking and len(finding.unknown) == 1
        for fact in finding.unknown:
            yield fact, _Wait(market.market, finding.rule, finding.feature, blocking, alone)


def _question(fact: str, waits: list[_Wait]) -> Question:
    return Question(
        fact,
        len(waits),
        sum(wait.blocking for wait in waits),
        sum(wait.alone for wait in waits),
        tuple(dict.fromkeys(wait.market for wait in waits)),
        tuple(dict.fromkeys(wait.rule for wait in waits)),
    )


def ask(law: Law, path: str) -> str:
    """The question to put to a person for a fact, in the vocabulary's words; empty when it has none."""
    if path.startswith("approvals."):
        approval_id, _, name = path.removeprefix("approvals.").rpartition(".")
        approval = law.approvals.get(approval_id)
        title = f"{approval.title} ({approval_id})" if approval else approval_id
        if name == "held":
            return f"Do you hold this: {title}?"
        return f"{title}: {law.vocabulary.fact(path).question}"
    return law.vocabulary.fact(path).question if path in law.vocabulary else ""
