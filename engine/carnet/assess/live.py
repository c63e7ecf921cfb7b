# SPDX-License-Identifier: Apache-2.0
"""Assessments that follow their facts: what reads no changed fact stays the very object it was.

A finding is made of the truths, values and places of the facts that its conditions read, and of nothing else but the
roles that say whose duty it is; outcomes are made of statuses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from carnet.assess.answers import Answers
from carnet.assess.feature import FeatureAssessor
from carnet.assess.market import Assessed, market_assessment
from carnet.assess.model import MarketAssessment
from carnet.assess.ready import ready_law
from carnet.assess.scopes import Scope
from carnet.assess.several import OnceForAll
from carnet.declare.facts import Facts
from carnet.declare.reading import Waiver
from carnet.law.law import Law
from carnet.logic.program import Evaluator


class LiveFacts:
    """Scopes of the very same facts, with a live evaluation for all of them.

    testing: the facts are those that the profile would have if it tested.
    """

    def __init__(
        self,
        law: Law,
        scopes: Sequence[Scope],
        engine: Evaluator,
        waivers: Mapping[str, Waiver],
        granted: Sequence[str] = (),
        confirmed: frozenset[str] = frozenset(),
        testing: bool = False,
    ) -> None:
        self._granted = granted
        self._make = partial(LiveFacts, law, engine=engine, waivers=waivers, confirmed=confirmed, testing=True)
        self._scopes, self._is_testing = scopes, testing
        self._testing: LiveFacts | None = None
        self._facts = facts = self._facts_of(scopes)
        self._ready = ready = ready_law(law, [scope.rulebook for scope in scopes], engine)
        self._session = session = ready.prepared.session(facts.values)
        self._answers = Answers(ready, session.truths(), facts.values, session.derived(), granted, confirmed)
        self._assessors: dict[tuple[str, dt.date], FeatureAssessor] = {}
        for scope in scopes:
            key = (scope.feature, scope.rulebook.day)
            if key not in self._assessors:
                args = (facts, self._answers, scope.label, scope.rulebook.day)
                self._assessors[key] = FeatureAssessor(law, *args, waivers)

    def _facts_of(self, scopes: Sequence[Scope]) -> Facts:
        return scopes[0].facts.testing if self._is_testing else scopes[0].facts

    def assessed(self, scope: Scope) -> Assessed:
        """One of the scopes as it now stands."""
        return Assessed(scope, self._assessor(scope), partial(self._tested, scope))

    def _assessor(self, scope: Scope) -> FeatureAssessor:
        return self._assessors[scope.feature, scope.rulebook.day]

    def _tested(self, scope: Scope) -> FeatureAssessor:
        if self._testing is None:
            self._testing = self._make(self._scopes, granted=self._granted)
        return self._testing._assessor(scope)

    def follow(self, scopes: Sequence[Scope], granted: Sequence[str]) -> frozenset[str]:
        """Take over the same scopes with other facts; what differs, with the derived facts that do.

        granted: the approvals whose limits are asked from now on.
        """
        facts = self._facts_of(scopes)
        differing = self._facts.differing(facts)
        unlimited, self._granted = self._granted, granted
        self._facts, self._scopes = facts, scopes
        tested = self._testing.follow(scopes, granted) if self._testing else frozenset[str]()
        if not differing and granted == unlimited:
            return tested
        values = facts.values
        moved = self._session.retract(path for path in differing if path not in values)
        moved |= self._session.declare({path: values[path] for path in differing if path in values})
        before, derived = self._answers.derived, self._session.derived()
        changed = self._ready.spread(differing, before, derived)
        self._answers = self._answers.later(self._session.truths(), values, derived, granted, moved, changed)
        self._assessors = {
            key: assessor.later(facts, self._answers, changed) for key, assessor in self._assessors.items()
        }
        return changed | tested

    def close(self) -> None:
        self._session.close()
        if self._testing:
            self._testing.close()


class LiveMarket:
    """One market's assessment as it now stands."""

    def __init__(self) -> None:
        self._once, self._home_once = OnceForAll(), OnceForAll()
        self._scopes: list[tuple[str, int]] = []
        self._assessment: MarketAssessment | None = None

    def follow(
        self,
        assessed: Sequence[tuple[Assessed, frozenset[str] | None]],
        completed: Callable[[MarketAssessment], MarketAssessment],
    ) -> MarketAssessment:
        """The assessment from these scopes, each with what differs (None: all); the same object if nothing is read.

        completed: adds what the scopes do not say.
        """
        scopes = [(one.scope.feature, id(one.scope.rulebook)) for one, _ in assessed]
        moved = scopes != self._scopes or any(_reads(one, changed) for one, changed in assessed)
        if moved or self._assessment is None:
            self._scopes = scopes
            made = market_assessment([one for one, _ in assessed], self._once, self._home_once)
            self._assessment = completed(made)
        return self._assessment


def _reads(assessed: Assessed, changed: frozenset[str] | None) -> bool:
    """Whether a scope reads anything that changed."""
    if changed is None:
        return True
    answers = assessed.assessor.answers
    reads = answers.ready.market_reads(assessed.plan, answers.granted)
    return bool(changed) and not reads.isdisjoint(changed)
