# SPDX-License-Identifier: Apache-2.0
"""A live assessment: declare a fact and see what changes, without running the whole law again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any

from carnet.assess.changes import Changes, changes
from carnet.assess.check import check_waivers, receipt, summary, waivers_of
from carnet.assess.jobs import jobs_of
from carnet.assess.live_market import Differences, LiveJob, LiveMarket
from carnet.assess.model import Report
from carnet.declare.profile import Profile
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
        start = partial(LiveJob, law, engine=self._engine, waivers=waivers_of(profile))
        self._live = {market: LiveMarket(start) for market in dict.fromkeys(markets)}
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
        return self.declare_all({path: value}, market=market, feature=feature)

    def declare_all(
        self, facts: Mapping[str, Any], *, market: str | None = None, feature: str | None = None
    ) -> Changes:
        """Declare several facts at once."""
        before = self._assessed
        self._follow(self._profile.with_set(facts, market=market, feature=feature))
        return changes(before, self._assessed)

    def retract(self, path: str, *, market: str | None = None, feature: str | None = None) -> Changes:
        """Make a fact unknown again."""
        return self.declare_all({path: None}, market=market, feature=feature)

    def close(self) -> None:
        """Free what the session holds; it can declare nothing afterwards."""
        for market in self._live.values():
            market.close()
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
        jobs = {market: jobs_of(law, profile, market, day) for market, day in days.items()}
        differences = Differences()
        self._profile = profile
        self._assessed = {market: live.follow(jobs[market], differences) for market, live in self._live.items()}
