# SPDX-License-Identifier: Apache-2.0
"""A live assessment: declare a fact and see what changes, without running the whole law again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from carnet.assess.apart import FeaturesApart
from carnet.assess.changes import Changes, changes
from carnet.assess.check import check_waivers, confirmed_by, features_apart, receipt, summary, waivers_of
from carnet.assess.live import LiveFacts, LiveMarket
from carnet.assess.model import MarketAssessment, Report
from carnet.assess.scopes import Scope, granted_in, scopes_of
from carnet.declare.profile import Profile
from carnet.errors import expect_text
from carnet.law.law import Law
from carnet.logic.evaluators import evaluator as find_evaluator


class LawSession:
    """Follows one profile in some markets. Not safe to share between threads; close it, or use it as a context."""

    def __init__(
        self,
        law: Law,
        profile: Profile,
        markets: Sequence[str],
        as_of: dt.date | None = None,
        evaluator: str | None = None,
    ) -> None:
        check_waivers(law, profile)
        self._law = law
        self._as_of = as_of
        self._engine = find_evaluator(evaluator)
        self._waivers = waivers_of(profile)
        self._live = {market: LiveMarket() for market in dict.fromkeys(markets)}
        self._facts: dict[tuple[object, ...], LiveFacts] = {}
        self._follow(profile)

    @property
    def profile(self) -> Profile:
        """The profile as it now stands."""
        return self._profile

    def report(self) -> Report:
        """The assessment as it now stands."""
        assessments = tuple(self._assessed.values())
        days = [assessment.as_of for assessment in assessments]
        head = receipt(self._law, self._profile, self._engine.name, days)
        return Report(head, summary(self._profile), assessments)

    def declare(self, path: str, value: Any, *, market: str | None = None, feature: str | None = None) -> Changes:
        """Declare or change a fact, written as in a profile (`"80 mph"`); None takes it back.

        Raises:
            Problems: when the value does not follow the vocabulary; nothing has changed then.
        """
        expect_text("path", path)
        return self.declare_all({path: value}, market=market, feature=feature)

    def declare_all(
        self, facts: Mapping[str, Any], *, market: str | None = None, feature: str | None = None
    ) -> Changes:
        """Declare several facts at once."""
        before = self._assessed
        self._follow(self._profile.with_set(facts, market=market, feature=feature))
        return changes(before, self._assessed)

    def follow(self, profile: Profile) -> Changes:
        """Take over another profile, best one that differs little; its waivers and confirmations are not looked at."""
        before = self._assessed
        self._follow(profile)
        return changes(before, self._assessed)

    def retract(self, path: str, *, market: str | None = None, feature: str | None = None) -> Changes:
        """Make a fact unknown again."""
        return self.declare(path, None, market=market, feature=feature)

    def close(self) -> None:
        """Free what the session holds; it can declare nothing afterwards."""
        for facts in self._facts.values():
            facts.close()
        self._facts.clear()
        self._live.clear()

    def __enter__(self) -> LawSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _follow(self, profile: Profile) -> None:
        law, day = self._law, self._as_of
        days = {market: day or profile.default_as_of(law.chain(market)) for market in self._live}
        scopes = {market: scopes_of(law, profile, market, day) for market, day in days.items()}
        granted = granted_in(scope for own in scopes.values() for scope in own)
        groups: dict[int, list[Scope]] = {}
        for scope in (scope for own in scopes.values() for scope in own):
            groups.setdefault(id(scope.facts), []).append(scope)
        before, self._facts = self._facts, {}
        now: dict[int, tuple[LiveFacts, frozenset[str] | None]] = {}
        for facts, group in groups.items():
            key = tuple((scope.market, scope.feature, id(scope.rulebook)) for scope in group)
            live = before.pop(key, None)
            changed = live.follow(group, granted) if live else None
            confirmed = confirmed_by(profile)
            live = live or LiveFacts(law, group, self._engine, self._waivers, granted, confirmed)
            self._facts[key] = live
            now[facts] = live, changed
        for gone in before.values():
            gone.close()
        self._profile = profile
        apart = features_apart(law, profile, self._engine)
        self._assessed = {market: self._market(market, own, now, apart) for market, own in scopes.items()}

    def _market(
        self,
        market: str,
        scopes: Sequence[Scope],
        now: Mapping[int, tuple[LiveFacts, frozenset[str] | None]],
        apart: FeaturesApart,
    ) -> MarketAssessment:
        pairs = [(scope, *now[id(scope.facts)]) for scope in scopes]
        live_scopes = [(live.assessed(scope), changed) for scope, live, changed in pairs]
        return self._live[market].follow(live_scopes, apart.beside)
