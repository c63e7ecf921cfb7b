# SPDX-License-Identifier: Apache-2.0
"""One market's assessment from its features: the market takes the worst of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import partial, reduce
from itertools import chain
from operator import and_
from typing import Any, NamedTuple

from carnet.assess.conflicts import naming_each_other
from carnet.assess.feature import FeatureAssessor, LayerParts
from carnet.assess.gaps import World
from carnet.assess.lacking import lacks_of
from carnet.assess.lacks import Lack
from carnet.assess.later import Later
from carnet.assess.model import (
    Explanation,
    Finding,
    LayerResult,
    MarketAssessment,
    Outcome,
    Pending,
    Status,
    Told,
    Upcoming,
)
from carnet.assess.rests import weakest
from carnet.assess.scopes import Scope
from carnet.assess.several import OnceForAll
from carnet.frozen import Frozen
from carnet.law.model import Kind, Severity
from carnet.logic.truths import ONE
from carnet.verdict.outcome import BARRED, Grade, of_one, worst, worst_of
from carnet.verdict.plan import MarketPlan
from carnet.verdict.testing import PHASE, TESTING, in_question, lawful


class Assessed(NamedTuple):
    """A scope with what puts its facts into words; `tested` does so as if they were those of a test."""

    scope: Scope
    assessor: FeatureAssessor
    tested: Callable[[], FeatureAssessor]

    @property
    def plan(self) -> MarketPlan:
        return self.assessor.answers.ready.market(self.scope.rulebook)

    def as_test(self) -> Assessed:
        return self._replace(assessor=self.tested())

    def layers(self) -> list[LayerParts]:
        return [self.assessor.layer(layer) for layer in self.plan.layers]


class _Feature(NamedTuple):
    """What one feature means in one rulebook."""

    assessed: Assessed
    parts: list[LayerParts]
    outcome: Outcome

    @property
    def route(self) -> str:
        """That of the nearest layer that has one."""
        return next((part.result.route for part in reversed(self.parts) if part.result.route), "")


def market_assessment(scopes: Sequence[Assessed], once: OnceForAll, home_once: OnceForAll) -> MarketAssessment:
    """The market's assessment from those of its scopes: as declared, or as a test where only that is lawful."""
    tests = reduce(and_, (one.assessor.answers.judge.tests for one in scopes))
    if in_question(_grade(scopes), tests, ONE):
        tested = [one.as_test() for one in scopes]
        grade = _grade(tested)
        if lawful(grade, ONE):
            return _told(tested, once, home_once)._replace(outcome=Outcome.TEST_ONLY, judged_as=TESTING)
        if of_one(grade) is Outcome.UNDETERMINED:
            unknown_phase = any(PHASE not in one.scope.facts.values for one in scopes)
            return _with_hint(_told(scopes, once, home_once), tested, (PHASE,) if unknown_phase else ())
    return _told(scopes, once, home_once)


def _with_hint(market: MarketAssessment, tested: Sequence[Assessed], phase: tuple[str, ...]) -> MarketAssessment:
    """A closed market owes its reader that facts still unknown may open it for tests, and which.

    phase: the fact that says whether the operation is a test, where it is not declared.
    """
    routes: dict[tuple[str, str], list[str]] = {}
    for one in tested:
        for route in (route for part in one.layers() for route in part.routes if not one.scope.home):
            if route.kind == Kind.TESTING and route.on_offer is not False and route.outcome is Outcome.UNDETERMINED:
                routes.setdefault((route.layer, route.feature), []).append(route.title)

    def hinted(layer: LayerResult) -> LayerResult:
        tests = "; ".join(routes.get((layer.jurisdiction, layer.feature), ()))
        hint = f"No way to service; whether testing is lawful is not known yet ({tests})."
        return layer._replace(why=f"{layer.why} {hint}".strip()) if tests and layer.outcome in BARRED else layer

    layers = list(map(hinted, market.layers))
    barred = next(at for at, layer in enumerate(layers) if layer.outcome in BARRED)
    pending = Pending(market.market, Explanation(partial(_told_of_test, tested, phase)))
    layers[barred] = layers[barred]._replace(pending=(*layers[barred].pending, pending))
    return market._replace(layers=tuple(layers))


def _told_of_test(tested: Sequence[Assessed], phase: tuple[str, ...]) -> Told:
    """What would settle whether a test is lawful."""
    return Told(unknown=tuple(dict.fromkeys((*phase, *waited_for(_told(tested, OnceForAll(), OnceForAll()))))))


def waited_for(market: MarketAssessment) -> Iterator[str]:
    """The undeclared facts that could change the market's outcome, as often as something waits for them."""
    for route in market.routes:
        yield from route.unknown if route.on_offer is None else ()
    for finding in market.undetermined:
        yield from finding.unknown
    for layer in market.layers:
        for pending in layer.pending:
            yield from pending.unknown


def _grade(scopes: Sequence[Assessed]) -> Grade[int]:
    """The worst of the layers of all features, apart from the home."""
    own = [one for one in scopes if not one.scope.home]
    return worst((one.assessor.answers.layer(layer).outcome for one in own for layer in one.plan.layers), ONE)


def _told(scopes: Sequence[Assessed], once: OnceForAll, home_once: OnceForAll) -> MarketAssessment:
    features = [_feature(assessed) for assessed in scopes]
    own = [feature for feature in features if not feature.assessed.scope.home]
    home = [feature for feature in features if feature.assessed.scope.home]
    book = own[0].assessed.scope.rulebook
    home_findings = _findings(home, home_once)
    findings = naming_each_other(_findings(own, once), home_findings)
    counted = [f for f in findings if f.counts]
    outcome = worst_of(feature.outcome for feature in own)
    law = own[0].assessed.assessor.evidence.law
    market = MarketAssessment(
        market=book.market,
        name=book.name,
        as_of=book.day,
        outcome=outcome,
        route=next((feature.route for feature in own if feature.outcome is outcome), ""),
        layers=tuple(part.result for feature in own for part in feature.parts),
        routes=tuple(route for feature in own for part in feature.parts for route in part.routes),
        findings=findings,
        counts=_counts(Status, [f.status for f in counted]),
        severities=_counts(Severity, [f.severity for f in counted if f.status is Status.GAP]),
        upcoming=_soonest_first(chain.from_iterable(map(_upcoming, own))),
        notes=book.notes,
        not_covered=book.not_covered,
        home=home[0].assessed.scope.rulebook.market if home else "",
        home_outcome=worst_of(feature.outcome for feature in home) if home else None,
        home_findings=home_findings,
        guidance=_guidance(own, once),
        confidence_share=Frozen(Counter([f.confidence.value for f in counted if f.kind == "rule"])),
        chain=book.chain,
        lacking=Later(((), ()), partial(_lacking, own, home, findings, home_findings)),
        known=law.known(book.market),
    )
    return market._replace(resting=Later(None, partial(weakest, market, book, law)))


def _lacking(
    own: Sequence[_Feature], home: Sequence[_Feature], findings: Sequence[Finding], home_findings: Sequence[Finding]
) -> tuple[tuple[Lack, ...], tuple[Lack, ...]]:
    """The lacks of the market, and of the exporter's home."""
    return _lacks(own, findings), _lacks(home, home_findings)


def _lacks(features: Sequence[_Feature], findings: Sequence[Finding]) -> tuple[Lack, ...]:
    worlds = [World(feature.assessed.assessor, feature.parts) for feature in features]
    return lacks_of(worlds, features[0].assessed.scope.rulebook, findings) if features else ()


def _feature(assessed: Assessed) -> _Feature:
    parts = assessed.layers()
    return _Feature(assessed, parts, worst_of(part.result.outcome for part in parts))


def _findings(features: Sequence[_Feature], once: OnceForAll) -> tuple[Finding, ...]:
    if len(features) < 2:
        every = chain.from_iterable(part.findings for feature in features for part in feature.parts)
        return tuple(finding for finding in every if finding is not None)
    assessors = [feature.assessed.assessor for feature in features]
    told = [
        [pair for part in feature.parts for pair in zip(part.decision.clauses, part.findings, strict=True)]
        for feature in features
    ]
    return tuple(once.findings(assessors, told))


def _guidance(features: Sequence[_Feature], once: OnceForAll) -> tuple[Finding, ...]:
    told = [one.assessor.guidance(one.plan, one.scope.rulebook) for one, *_ in features]
    if len(features) == 1:
        return tuple(finding for _, finding in told[0])
    return tuple(once.findings([feature.assessed.assessor for feature in features], told))


def _upcoming(feature: _Feature) -> tuple[Upcoming, ...]:
    one = feature.assessed
    return one.assessor.upcoming(one.plan, one.scope.rulebook)


def _counts(values: type[StrEnum], found: list[Any]) -> Frozen[str, int]:
    """How often each value is found, those that are not found included."""
    return Frozen({value.value: found.count(value) for value in values})


def _soonest_first(changes: Iterable[Upcoming]) -> tuple[Upcoming, ...]:
    return tuple(sorted(changes, key=lambda item: (item.date or date.max, item.rule)))
