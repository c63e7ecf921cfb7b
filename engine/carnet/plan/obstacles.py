# SPDX-License-Identifier: Apache-2.0
"""What keeps a market from being open when everything has been done that may be done, each by its kind."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from carnet.assess.model import Finding, MarketAssessment, Outcome, Status
from carnet.law.law import Law
from carnet.law.model import Basis, Cite, Kind, Severity
from carnet.plan.questions import ask, questions
from carnet.spoken import N_, _

ADVICE = (Basis.PRACTICE, Basis.INFERENCE)

KINDS = {
    "ask": N_("say this first, the answer decides"),
    "ban": N_("the law bars it, whatever is done"),
    "no_way": "",
    "silent": N_("the law is silent: no text permits or forbids it"),
    "decided_below": N_("the members of the federation decide it, each for itself"),
    "unread": N_("the rule is known from memory alone: somebody has to read its text"),
    "unknown": N_("it is not known from what is declared"),
    "kept": N_("it could only be met by changing what is kept"),
}


class Obstacle(NamedTuple):
    """One thing in the way. kind: a key of `KINDS`; rule: empty where it is no single rule."""

    kind: str
    rule: str
    title: str
    text: str
    cites: tuple[Cite, ...]
    severity: str


def obstacles(market: MarketAssessment) -> tuple[Obstacle, ...]:
    """What keeps the market from being open, on the routes taken or another way to deploy; the weightiest first."""
    found = dict.fromkeys((*_of_layers(market), *map(_of_finding, blocking(market))))
    return tuple(sorted(found, key=lambda one: (list(KINDS).index(one.kind), one.rule)))


def asked(law: Law, market: MarketAssessment, fixed: Container[str]) -> Iterator[Obstacle]:
    """What is not declared and decides, of the facts that nobody but the company can say: `Bounds.fixed`."""
    if market.outcome is Outcome.UNDETERMINED:
        for question in questions([market]):
            if question.blocking and question.fact in fixed:
                yield Obstacle("ask", "", question.fact, ask(law, question.fact), (), "blocking")


def blocking(market: MarketAssessment) -> Iterator[Finding]:
    """The findings that keep it from being open: of the layers that have its outcome."""
    outcome = market.outcome
    layers = {layer.jurisdiction for layer in market.layers if layer.outcome is outcome}
    tests = {route.id for route in market.routes if route.kind == Kind.TESTING}
    for one in market.findings:
        if one.jurisdiction not in layers or one.superseded_by or one.kind == "closure" or one.basis in ADVICE:
            continue
        if not one.on_route and tests.issuperset(one.routes):
            continue
        undecided = one.status is Status.UNDETERMINED and one.on_route
        if one.status is Status.GAP or undecided:
            lesser = outcome is Outcome.CONDITIONAL and one.status is Status.GAP
            if one.severity is Severity.BLOCKING or lesser:
                yield one


def _of_layers(market: MarketAssessment) -> Iterator[Obstacle]:
    silent = {route.id: route for route in market.routes if route.silent}
    titles = {finding.jurisdiction: finding for finding in market.findings if finding.kind == "closure"}
    for layer in market.layers:
        if layer.outcome is not market.outcome and layer.outcome is not Outcome.TEST_ONLY:
            continue
        if layer.members:
            members = _("ask about {names}").format(names=", ".join(layer.members))
            yield Obstacle("decided_below", "", layer.name, f"{layer.why} {members}".strip(), (), "blocking")
        elif layer.route in silent and layer.outcome is Outcome.UNDETERMINED:
            route = silent[layer.route]
            yield Obstacle("silent", "", f"{layer.name}: {route.title}", layer.why, route.cites, "blocking")
        elif layer.jurisdiction in titles:
            closure = titles[layer.jurisdiction]
            yield Obstacle("no_way", "", closure.title, layer.why, closure.cites, "blocking")


def _of_finding(finding: Finding) -> Obstacle:
    kind = finding.cause if finding.cause in ("ban", "unread") else "kept"
    if kind == "kept" and finding.status is Status.UNDETERMINED:
        kind = "unknown"
    words = ", ".join(finding.unknown) if kind == "unknown" else finding.text
    return Obstacle(kind, finding.rule, finding.title, words, finding.cites, finding.severity.value)
