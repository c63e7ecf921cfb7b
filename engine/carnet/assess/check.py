# SPDX-License-Identifier: Apache-2.0
"""Checking a profile: markets resolved, facts gathered, conditions run, and the results put together.

Markets and features whose facts are equal share one program, so a rule of a treaty is evaluated once however many
markets it binds in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from carnet import __version__
from carnet.assess.answers import Answers
from carnet.assess.apart import FeaturesApart
from carnet.assess.feature import FeatureAssessor
from carnet.assess.market import Assessed, market_assessment
from carnet.assess.model import MarketAssessment, Receipt, Report
from carnet.assess.ready import ready_law
from carnet.assess.scopes import Scope, granted_in, scopes_of
from carnet.assess.several import OnceForAll
from carnet.declare.facts import PHASE, TESTING, Signature
from carnet.declare.profile import Profile
from carnet.declare.reading import Waiver
from carnet.errors import ProfileError, UnknownName
from carnet.frozen import Frozen
from carnet.law.law import Law
from carnet.logic.evaluators import evaluator as find_evaluator
from carnet.logic.program import Evaluator

Progress = Callable[[str], None]


def check(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    as_of: dt.date | None = None,
    evaluator: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Assess a profile for some markets.

    as_of: the day assessed; by default when operation starts there, else today.

    Raises:
        UnknownName: for a market or evaluator that does not exist.
        ProfileError: for a waiver of a rule that does not exist.
    """
    check_waivers(law, profile)
    engine = find_evaluator(evaluator)
    days = days_of(law, profile, markets, as_of)
    apart = features_apart(law, profile, engine)
    assessments = []
    for market in assessments_of(law, profile, days, engine):
        assessments.append(apart.beside(market))
        if progress:
            progress(market.market)
    return Report(receipt(law, profile, engine.name, days.values()), summary(profile), tuple(assessments))


def days_of(law: Law, profile: Profile, markets: Iterable[str], as_of: dt.date | None) -> dict[str, dt.date]:
    """The day on which each market is assessed."""
    return {market: as_of or profile.default_as_of(law.chain(market)) for market in dict.fromkeys(markets)}


def receipt_to_be(
    law: Law, profile: Profile, markets: Iterable[str], as_of: dt.date | None, evaluator: str | None
) -> Receipt:
    """The receipt that a check would give, without the check."""
    return receipt(law, profile, find_evaluator(evaluator).name, days_of(law, profile, markets, as_of).values())


def assessments_of(
    law: Law, profile: Profile, days: Mapping[str, dt.date], engine: Evaluator
) -> Iterator[MarketAssessment]:
    """A profile in markets, each on its own day; one run of the law serves all whose facts are equal."""
    scopes = {market: scopes_of(law, profile, market, day) for market, day in days.items()}
    assessed = assess(law, profile, [scope for own in scopes.values() for scope in own], engine)
    for own in scopes.values():
        yield market_assessment([assessed[id(scope)] for scope in own], OnceForAll(), OnceForAll())


def features_apart(law: Law, profile: Profile, engine: Evaluator) -> FeaturesApart:
    """What adds to assessments of a profile what they would be without each feature."""
    return FeaturesApart(profile, lambda without, days: assessments_of(law, without, days, engine))


def check_waivers(law: Law, profile: Profile) -> None:
    """Refuse a waiver of something that does not exist: it would silently do nothing."""
    for waiver in profile.waivers:
        try:
            law.clause(waiver.rule)
        except UnknownName as error:
            hint = error.hint or "a report names the rule of each gap"
            raise ProfileError(f"waiver of an {error.message}", waiver.place, hint) from None


def waivers_of(profile: Profile) -> dict[str, Waiver]:
    """The profile's waivers by what they waive."""
    return {waiver.rule: waiver for waiver in profile.waivers}


def confirmed_by(profile: Profile) -> frozenset[str]:
    """The rules whose text somebody read for the profile."""
    return frozenset(item.rule for item in profile.confirmations)


def assess(law: Law, profile: Profile, scopes: Iterable[Scope], engine: Evaluator) -> dict[int, Assessed]:
    """The scopes assessed, by their identity.

    Those whose facts are equal run as one program; those of one feature, day and place in the file share their words.
    """
    by_facts: dict[Signature, list[Scope]] = {}
    every = list(scopes)
    granted = granted_in(every)
    for scope in every:
        by_facts.setdefault(scope.facts.signature, []).append(scope)
    waivers = waivers_of(profile)
    found: dict[int, Assessed] = {}
    for group in by_facts.values():
        shared = SharedRun(law, group, engine, waivers, confirmed_by(profile), granted)
        for scope in group:
            found[id(scope)] = Assessed(scope, shared.assessor(scope), partial(shared.tested, scope))
    return found


class SharedRun:
    """One run of a program for scopes whose facts are equal, and another as if they were those of a test."""

    def __init__(
        self,
        law: Law,
        scopes: Sequence[Scope],
        engine: Evaluator,
        waivers: Mapping[str, Waiver],
        confirmed: frozenset[str],
        granted: Sequence[str],
    ) -> None:
        self._law, self._waivers = law, waivers
        self._values = scopes[0].facts.values
        self._ready = ready_law(law, [scope.rulebook for scope in scopes], engine)
        self._session = session = self._ready.prepared.session(self._values)
        self._answers = Answers(self._ready, session.truths(), self._values, session.derived(), granted, confirmed)
        self._assessors: dict[tuple[int, str, dt.date], FeatureAssessor] = {}
        self._tested: dict[FeatureAssessor, FeatureAssessor] = {}

    def assessor(self, scope: Scope) -> FeatureAssessor:
        """What puts the scope's facts into words."""
        key = (id(scope.facts), scope.feature, scope.rulebook.day)
        if key not in self._assessors:
            args = (scope.facts, self._answers, scope.label, scope.rulebook.day)
            self._assessors[key] = FeatureAssessor(self._law, *args, self._waivers)
        return self._assessors[key]

    def tested(self, scope: Scope) -> FeatureAssessor:
        """The same as if they were those of a test."""
        declared = self.assessor(scope)
        if declared not in self._tested:
            answers, changed = self._testing
            self._tested[declared] = declared.later(scope.facts.testing, answers, changed)
        return self._tested[declared]

    @cached_property
    def _testing(self) -> tuple[Answers, frozenset[str]]:
        moved = self._session.declare({PHASE: TESTING})
        derived = self._session.derived()
        values = {**self._values, PHASE: TESTING}
        changed = self._ready.spread((PHASE,), self._answers.derived, derived)
        granted = self._answers.granted
        return self._answers.later(self._session.truths(), values, derived, granted, moved, changed), changed


def receipt(law: Law, profile: Profile, evaluator: str, days: Iterable[dt.date]) -> Receipt:
    span = sorted(set(days))
    as_of = str(span[0]) if len(span) == 1 else f"{span[0]}..{span[-1]}" if span else ""
    return Receipt(__version__, law.version, law.sha256, profile.sha256, evaluator, as_of)


def summary(profile: Profile) -> Frozen[str, Any]:
    """What a report says of the profile itself; `sections`: those of which something is declared."""
    layers = profile.content.layers.values()
    said: dict[str, Any] = {
        "name": profile.name,
        "description": profile.description,
        "file": profile.file,
        "features": profile.features,
        "sections": tuple(sorted({path.partition(".")[0] for layer in layers for path in layer.values})),
    }
    if profile.expecting:
        said["expected"] = Frozen({name: str(day) for name, day in profile.expected.items()})
    return Frozen(said)
