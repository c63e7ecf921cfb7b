# SPDX-License-Identifier: Apache-2.0
"""One market on one day, judged again and again with other declarations, without a word being written.

A search tries hundreds of declarations. Here only what reads a changed fact is evaluated again and only the layers
that ask for it are decided again; what is found is proven afterwards by an ordinary check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from carnet.assess.answers import Answers
from carnet.assess.check import confirmed_by
from carnet.assess.ready import ready_law
from carnet.assess.scopes import Scope, granted_by, scopes_of
from carnet.declare.facts import PHASE, TESTING, is_held, recognise
from carnet.declare.grants import APPROVALS, OWN, name_of
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.law.law import Law
from carnet.law.model import Severity
from carnet.logic.condition import Condition, Truth
from carnet.logic.evaluators import evaluator
from carnet.plan.sought import Changes, Key, declared_for, described, granted, sought
from carnet.verdict.judge import ClauseDecision, LayerDecision
from carnet.verdict.outcome import BEST_FIRST, Outcome, of_one, worst_of


class Open(NamedTuple):
    """A clause that keeps the market from being open: a gap, or one that can close it and is not decided."""

    side: int
    layer: int
    decision: ClauseDecision[int]
    blocking: bool

    @property
    def id(self) -> str:
        return self.decision.clause.id

    @property
    def known(self) -> bool:
        """Whether it is a gap, and not merely undecided."""
        return bool(self.decision.status.gap)


class Standing(NamedTuple):
    """How the market stands with some declarations: its outcome, that of the home layer, and what is open."""

    outcome: Outcome
    home: Outcome
    open: tuple[Open, ...]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Lower is better."""
        blocking = sum(1 for one in self.open if one.blocking)
        return BEST_FIRST.index(self.outcome), BEST_FIRST.index(self.home), blocking, len(self.open)

    @property
    def promise(self) -> tuple[Outcome, Outcome]:
        return self.outcome, self.home


class Side:
    """One rulebook and one feature's facts, with what is tried."""

    def __init__(self, law: Law, profile: Profile, scope: Scope, testing: bool) -> None:
        self.scope, self.law = scope, law
        self.ready = ready_law(law, [scope.rulebook], evaluator("native"))
        self.market = self.ready.market(scope.rulebook)
        self.base: dict[str, Value] = {**scope.facts.values, **({PHASE: TESTING} if testing else {})}
        self._tried: Mapping[str, Value | None] = {}
        self._session = self.ready.prepared.session(self.base)
        confirmed = confirmed_by(profile)
        session, granted = self._session, granted_by(self.base)
        self._answers = Answers(self.ready, session.truths(), self.base, session.derived(), granted, confirmed)

    def move(self, changes: Changes) -> None:
        """Suppose these declarations, and no others."""
        tried: dict[str, Value | None] = {
            path: value for (feature, path), value in changes.items() if feature in ("", self.scope.feature)
        }
        tried = {**described(tried), **tried}
        tried = {**sought(self.law, self.scope.rulebook.market, tried, self.base), **tried}
        recognises = self.scope.rulebook.recognises
        tried |= {
            f"{path}{OWN}": value for path, value in tried.items() if is_held(path) and name_of(path) in recognises
        }
        if any(value is True and is_held(path) for path, value in tried.items()):
            values = {path: value for path, value in {**self.base, **tried}.items() if value is not None}
            through, _ = recognise(values, recognises)
            tried.update({path: True for path in through if values.get(path) is True})
        if tried == self._tried:
            return
        paths = self._tried.keys() | tried.keys()
        wanted = {path: tried[path] if path in tried else self.base.get(path) for path in paths}
        moved = self._session.declare({path: value for path, value in wanted.items() if value is not None})
        moved |= self._session.retract(path for path, value in wanted.items() if value is None)
        before, self._tried = {**self.base, **self._tried}, tried
        differing = [path for path, value in wanted.items() if before.get(path) != value]
        values = {path: value for path, value in {**self.base, **tried}.items() if value is not None}
        derived, granted = self._session.derived(), granted_by(values)
        changed = self.ready.spread(differing, self._answers.derived, derived)
        self._answers = self._answers.later(self._session.truths(), values, derived, granted, moved, changed)

    def values(self) -> dict[str, Any]:
        """The facts as they now stand, derived ones too."""
        values = {**self.base, **self._tried, **self._answers.derived}
        return {path: value for path, value in values.items() if value is not None}

    def layers(self) -> Iterator[tuple[int, LayerDecision[int]]]:
        for layer in self.market.layers:
            yield layer, self._answers.layer(layer)

    def truth(self, ref: int) -> Truth:
        return self._answers.truth(ref)

    def condition(self, ref: int) -> Condition:
        return self.ready.conditions[ref]


class Trial:
    """A market's law on a day, with a profile's facts to be changed at will. testing: supposing that it tests."""

    def __init__(self, law: Law, profile: Profile, market: str, day: dt.date, testing: bool = False) -> None:
        self.law, self.profile, self.code, self.day, self.testing = law, profile, market, day, testing
        self.sides = [Side(law, profile, scope, testing) for scope in scopes_of(law, profile, market, day)]
        self._found: dict[frozenset[tuple[Key, Value | None]], Standing] = {}

    def judge(self, changes: Changes) -> Standing:
        """How the market stands with these declarations; the sides are left as they are with them."""
        for side in self.sides:
            side.move(changes)
        key = frozenset(changes.items())
        if key not in self._found:
            self._found[key] = self._standing()
        return self._found[key]

    def granted(self, changes: Changes) -> Changes:
        """The declarations with what the approvals among them would be granted for."""
        worlds = ((side.scope.feature, side.base) for side in self.sides)
        return granted(self.law, self.profile, self.code, worlds, changes)

    def _standing(self) -> Standing:
        own: list[Outcome] = []
        home: list[Outcome] = []
        found: list[Open] = []
        for number, side in enumerate(self.sides):
            for layer, decision in side.layers():
                outcome = of_one(decision.outcome)
                (home if side.scope.home else own).append(outcome)
                if outcome is not Outcome.OPEN:
                    found += _open(number, layer, decision)
        return Standing(worst_of(own), worst_of(home), tuple(found))

    @cached_property
    def not_yet(self) -> Mapping[str, dt.date]:
        """Approvals that nobody can hold on the day."""
        return self.law.not_yet(self.day)

    @cached_property
    def held(self) -> frozenset[str]:
        """The approvals that are held on the day as declared, or count as held."""
        found = {path for side in self.sides for path, value in side.base.items() if value is True and is_held(path)}
        return frozenset(path.removeprefix(APPROVALS).removesuffix(".held") for path in found)

    def key(self, side: Side, path: str) -> Key:
        """Where to declare a fact."""
        return declared_for(self.profile, side.scope.feature, path)


def _open(side: int, layer: int, decision: LayerDecision[int]) -> Iterator[Open]:
    for clause in decision.clauses:
        blocking = clause.clause.severity is Severity.BLOCKING
        if clause.counts and (clause.status.gap or (blocking and clause.status.undetermined)):
            yield Open(side, layer, clause, blocking)
