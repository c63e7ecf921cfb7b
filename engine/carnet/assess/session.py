# SPDX-License-Identifier: Apache-2.0
"""A live assessment: declare a fact and see what changes, without running the whole law again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple

from carnet.assess.check import (
    Job,
    assess_market,
    check_waivers,
    evidence_of,
    jobs_of,
    prepared,
    receipt,
    summary,
)
from carnet.assess.model import MarketAssessment, Outcome, Report, Status
from carnet.declare.facts import Facts
from carnet.declare.profile import Profile
from carnet.law.law import Law
from carnet.logic.evaluators import evaluator as find_evaluator
from carnet.logic.program import Program, Session


class OutcomeChange(NamedTuple):
    market: str
    before: Outcome
    after: Outcome


class FindingChange(NamedTuple):
    market: str
    rule: str
    title: str
    feature: str
    before: Status | None
    after: Status | None


class Changes(NamedTuple):
    """What a declaration changed: outcomes of markets and statuses of findings."""

    outcomes: tuple[OutcomeChange, ...]
    findings: tuple[FindingChange, ...]


@dataclass(slots=True)
class _Run:
    """One job with its live evaluation."""

    job: Job
    program: Program
    session: Session


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
        self._profile = profile
        self._engine = find_evaluator(evaluator)
        self._days = {market: as_of or profile.default_as_of(law.chain(market)) for market in dict.fromkeys(markets)}
        self._runs: dict[str, list[_Run]] = {market: self._start(market) for market in self._days}
        self._markets = {market: self._assess(market) for market in self._days}

    @property
    def profile(self) -> Profile:
        """The profile as it now stands."""
        return self._profile

    def report(self) -> Report:
        """The assessment as it now stands."""
        law, days = self._law, self._days.values()
        head = receipt(law, self._profile, self._engine.name, days)
        return Report(head, summary(self._profile), tuple(self._markets.values()))

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
        self._profile = self._profile.with_set(facts, market=market, feature=feature)
        before = dict(self._markets)
        for code, runs in self._runs.items():
            if self._follow(code, runs):
                self._markets[code] = self._assess(code)
        return _changes(before, self._markets)

    def retract(self, path: str, *, market: str | None = None, feature: str | None = None) -> Changes:
        """Make a fact unknown again."""
        return self.declare_all({path: None}, market=market, feature=feature)

    def close(self) -> None:
        for runs in self._runs.values():
            for run in runs:
                run.session.close()
        self._runs.clear()

    def __enter__(self) -> LawSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, market: str) -> list[_Run]:
        runs = []
        for job in jobs_of(self._law, self._profile, market, self._days[market]):
            program, ready = prepared(self._law, [job.rulebook], self._engine)
            runs.append(_Run(job, program, ready.session(job.facts.values)))
        return runs

    def _follow(self, market: str, runs: list[_Run]) -> bool:
        """Bring each run's facts up to date; whether anything was different."""
        fresh = jobs_of(self._law, self._profile, market, self._days[market])
        if [(job.feature, job.home) for job in fresh] != [(run.job.feature, run.job.home) for run in runs]:
            for run in runs:
                run.session.close()
            self._runs[market] = self._start(market)
            return True
        moved = False
        for run, job in zip(runs, fresh, strict=True):
            old, new = run.job.facts, job.facts
            if old.signature != new.signature:
                moved = True
                run.session.retract(old.values.keys() - new.values.keys())
                run.session.declare(_different(old, new))
            run.job = job
        return moved

    def _assess(self, market: str) -> MarketAssessment:
        runs = self._runs[market]
        evidence = {}
        for run in runs:
            truths, derived = run.session.truths(), run.session.derived()
            evidence.update(evidence_of(self._law, [run.job], run.program, truths, derived))
        return assess_market(self._law, self._profile, [run.job for run in runs], evidence)


def _different(old: Facts, new: Facts) -> dict[str, Any]:
    return {path: value for path, value in new.values.items() if old.values.get(path) != value}


def _changes(before: Mapping[str, MarketAssessment], after: Mapping[str, MarketAssessment]) -> Changes:
    outcomes, findings = [], []
    for market, new in after.items():
        old = before[market]
        if old is new:
            continue
        if old.outcome is not new.outcome:
            outcomes.append(OutcomeChange(market, old.outcome, new.outcome))
        was = {(f.rule, f.feature): f for f in (*old.findings, *old.home_findings)}
        now = {(f.rule, f.feature): f for f in (*new.findings, *new.home_findings)}
        for key in dict.fromkeys((*was, *now)):
            one, two = was.get(key), now.get(key)
            status_before, status_after = one.status if one else None, two.status if two else None
            if status_before is not status_after:
                title = (two or one).title  # type: ignore[union-attr]
                findings.append(FindingChange(market, key[0], title, key[1], status_before, status_after))
    return Changes(tuple(outcomes), tuple(findings))
