# SPDX-License-Identifier: Apache-2.0
"""One market's jobs kept alive, with the evaluations and the assessment as they now stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from carnet.assess.check import evidence_of, prepared
from carnet.assess.jobs import Job
from carnet.assess.live import LiveFeature
from carnet.assess.model import MarketAssessment
from carnet.assess.together import Said, put_together
from carnet.declare.facts import Facts
from carnet.declare.reading import Waiver
from carnet.law.law import Law
from carnet.logic.program import Evaluator


class LiveJob:
    """A job with its live evaluation."""

    def __init__(self, law: Law, job: Job, engine: Evaluator, waivers: Mapping[str, Waiver]) -> None:
        self.job = job
        program, ready = prepared(law, [job.rulebook], engine)
        self._session = ready.session(job.facts.values)
        self._derived = self._session.derived()
        self._derivations = [(derived.path, derived.reads()) for derived in program.derived]
        evidence = evidence_of(law, [job], program, self._session.truths(), self._derived)
        self._evidence = evidence[id(job)]
        self.assessor = LiveFeature(job.rulebook, self._evidence, job.feature, waivers)
        self._reads = self.assessor.reads.whole.union(*(reads for _, reads in self._derivations))

    def follow(self, job: Job, differing: frozenset[str]) -> bool:
        """Take over the same job with facts of which some differ; whether its law reads any of these."""
        self.job = job
        if self._reads.isdisjoint(differing):
            return False
        values = job.facts.values
        self._session.retract(path for path in differing if path not in values)
        self._session.declare({path: values[path] for path in differing if path in values})
        before, self._derived = self._derived, self._session.derived()
        self._evidence = self._evidence.later(job.facts, self._session.truths(), self._derived)
        self.assessor.follow(self._evidence, self._spread(differing, before))
        return True

    def _spread(self, differing: frozenset[str], before: Mapping[str, Any]) -> set[str]:
        """What differs with the derived facts that do; an unknown one may wait for other facts than before."""
        changed = set(differing)
        for path, reads in self._derivations:
            if not reads.isdisjoint(changed):
                old, new = before.get(path), self._derived.get(path)
                if new is None or new != old or type(new) is not type(old):
                    changed.add(path)
        return changed

    def close(self) -> None:
        self._session.close()


class Differences:
    """What differs between facts before and after one declaration, found once for all markets that share them."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], frozenset[str]] = {}

    def between(self, old: Facts, new: Facts) -> frozenset[str]:
        key = (id(old), id(new))
        if key not in self._known:
            self._known[key] = old.differing(new)
        return self._known[key]


class LiveMarket:
    """One market's jobs with its assessment, both as they now stand."""

    def __init__(self, start: Callable[[Job], LiveJob]) -> None:
        self._start = start
        self._jobs: dict[tuple[str, int], LiveJob] = {}
        self._said = Said()
        self._assessment: MarketAssessment | None = None

    def follow(self, jobs: Sequence[Job], differences: Differences) -> MarketAssessment:
        """The assessment with these jobs; the same object when its law reads nothing that differs."""
        before, self._jobs = self._jobs, {}
        moved = False
        for job in jobs:
            key = (job.feature, id(job.rulebook))
            live = before.pop(key, None)
            if live is None:
                live, moved = self._start(job), True
            elif live.follow(job, differences.between(live.job.facts, job.facts)):
                moved = True
            self._jobs[key] = live
        for gone in before.values():
            gone.close()
        if moved or before or self._assessment is None:
            self._assessment = put_together([(live.job, live.assessor) for live in self._jobs.values()], self._said)
        return self._assessment

    def close(self) -> None:
        for live in self._jobs.values():
            live.close()
