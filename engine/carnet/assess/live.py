# SPDX-License-Identifier: Apache-2.0
"""Assessments that follow their facts: what reads no changed fact stays the very object it was.

A finding is made of the truths, values and places of the facts that its conditions read, and of nothing else but the
roles that say whose duty it is; outcomes are made of statuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carnet.assess.answers import Answers
from carnet.assess.feature import FeatureAssessor
from carnet.assess.market import Assessed, market_assessment
from carnet.assess.model import MarketAssessment
from carnet.assess.ready import ready_law
from carnet.assess.scopes import Scope
from carnet.assess.several import OnceForAll
from carnet.declare.reading import Waiver
from carnet.law.law import Law
from carnet.logic.program import Evaluator


class LiveFacts:
    """Scopes of the very same facts, with a live evaluation for all of them."""

    def __init__(self, law: Law, scopes: Sequence[Scope], engine: Evaluator, waivers: Mapping[str, Waiver]) -> None:
        self._facts = facts = scopes[0].facts
        ready = ready_law(law, [scope.rulebook for scope in scopes], engine)
        self._derivations = [(derived.path, derived.reads()) for derived in ready.program.derived]
        self._session = ready.prepared.session(facts.values)
        self._answers = Answers(ready, self._session.truths(), self._session.derived())
        self._assessors: dict[tuple[str, Any], FeatureAssessor] = {}
        for scope in scopes:
            key = (scope.feature, scope.rulebook.day)
            if key not in self._assessors:
                self._assessors[key] = FeatureAssessor(law, facts, self._answers, *key, waivers)

    def assessed(self, scope: Scope) -> Assessed:
        """One of the scopes as it now stands."""
        return Assessed(scope, self._assessors[scope.feature, scope.rulebook.day])

    def follow(self, scopes: Sequence[Scope]) -> frozenset[str]:
        """Take over the same scopes with other facts; what differs, with the derived facts that do."""
        facts = scopes[0].facts
        differing = self._facts.differing(facts)
        self._facts = facts
        if not differing:
            return differing
        values = facts.values
        moved = self._session.retract(path for path in differing if path not in values)
        moved |= self._session.declare({path: values[path] for path in differing if path in values})
        before, derived = self._answers.derived, self._session.derived()
        changed = self._spread(differing, before, derived)
        self._answers = self._answers.later(self._session.truths(), derived, moved)
        self._assessors = {
            key: assessor.later(facts, self._answers, changed) for key, assessor in self._assessors.items()
        }
        return changed

    def _spread(self, differing: frozenset[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
        """What differs with the derived facts that do; an unknown one may wait for other facts than before."""
        changed = set(differing)
        for path, reads in self._derivations:
            if not reads.isdisjoint(changed):
                old, new = before.get(path), after.get(path)
                if new is None or new != old or type(new) is not type(old):
                    changed.add(path)
        return frozenset(changed)

    def close(self) -> None:
        self._session.close()


class LiveMarket:
    """One market's assessment as it now stands."""

    def __init__(self) -> None:
        self._once, self._home_once = OnceForAll(), OnceForAll()
        self._scopes: list[tuple[str, int]] = []
        self._assessment: MarketAssessment | None = None

    def follow(self, assessed: Sequence[tuple[Assessed, frozenset[str] | None]]) -> MarketAssessment:
        """The assessment from these scopes, each with what differs (None: all); the same object if nothing is read."""
        scopes = [(one.scope.feature, id(one.scope.rulebook)) for one, _ in assessed]
        moved = scopes != self._scopes or any(_reads(one, changed) for one, changed in assessed)
        if moved or self._assessment is None:
            self._scopes = scopes
            self._assessment = market_assessment([one for one, _ in assessed], self._once, self._home_once)
        return self._assessment


def _reads(assessed: Assessed, changed: frozenset[str] | None) -> bool:
    """Whether a scope reads anything that changed."""
    if changed is None:
        return True
    reads = assessed.assessor.answers.ready.market_reads(assessed.plan)
    return bool(changed) and not reads.isdisjoint(changed)
