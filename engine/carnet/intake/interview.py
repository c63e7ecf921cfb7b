# SPDX-License-Identifier: Apache-2.0
"""What to ask next: only what the outcomes of the chosen markets wait for, and in an order that a person can follow.

A rule of which it is open whether it applies asks first for what decides that, so that nobody is asked how a fare is
charged before it is known that passengers pay at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.model import Finding, MarketAssessment, Outcome, Report
from carnet.law.derive import facts_behind
from carnet.law.find import rule_of
from carnet.law.model import Severity

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.declare.profile import Profile
    from carnet.declare.vocabulary import Value


class Ask(NamedTuple):
    """One question: a fact, or all approvals that are waited for at once.

    paths: the fact, or the `approvals.<ID>.held` to ask for together. markets and rules: what waits for the answer.
    """

    paths: tuple[str, ...]
    markets: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def is_approvals(self) -> bool:
        return self.paths[0].startswith("approvals.") and self.paths[0].endswith(".held")


class Left(NamedTuple):
    """How far it is to a verdict: the market that is nearest, and about how many answers it still waits for."""

    market: str
    answers: int


class Interview:
    """Follows a profile in some markets while it is filled in. Close it, or use it as a context."""

    def __init__(self, law: Law, profile: Profile, markets: Sequence[str]) -> None:
        self._law = law
        self._session = law.session(profile, markets)
        self._scopes: dict[str, frozenset[str]] = {}
        self._first = {question.path: place for place, question in enumerate(law.vocabulary.first)}
        self.skipped: set[str] = set()
        self.everything = False
        """Whether lesser rules and decided markets are asked for too."""

    def __enter__(self) -> Interview:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @property
    def report(self) -> Report:
        return self._session.report()

    @property
    def known(self) -> Mapping[str, Value | None]:
        """The facts of the profile's base."""
        return self._session.profile.content.layers["", ""].values

    def declare(self, facts: Mapping[str, Any], market: str = "") -> None:
        """Follow facts declared in the base, or in the overlay of a jurisdiction; None takes one back."""
        self._session.declare_all(facts, market=market or None)

    def next(self) -> Ask | None:
        """What to ask now: for the market that is nearest to its outcome, the vocabulary's first questions first.

        None when nothing is open any more, or all of it was skipped.
        """
        waits = self._all_waits()
        nearest = self.left()
        own = [path for path in waits if nearest is None or any(wait.market == nearest.market for wait in waits[path])]
        facts = [path for path in own if not _is_held(path)]
        first = min((path for path in facts if path in self._first), key=lambda path: self._first[path], default="")
        held = sorted(path for path in own if _is_held(path))
        if first or held:
            return _ask([first] if first else held, waits)
        return _ask([max(facts, key=lambda path: (len(waits[path]), path))], waits) if facts else None

    def left(self) -> Left | None:
        """The undecided market that waits for the fewest answers, skipped ones too, and for one that can be asked.

        None when there is none.
        """
        counts = []
        for assessment in self.report:
            if assessment.outcome is Outcome.UNDETERMINED and any(True for _ in self._waits(assessment)):
                paths = {wait.path for wait in self._waits(assessment, skipped=True)}
                held = sum(_is_held(path) for path in paths)
                counts.append(Left(assessment.market, len(paths) - max(held - 1, 0)))
        return min(counts, key=lambda left: left.answers, default=None)

    def open_questions(self) -> int:
        """How many facts anything in any of the markets waits for."""
        return len({wait.path for assessment in self.report for wait in self._waits(assessment, every=True)})

    def _all_waits(self) -> dict[str, list[_Wait]]:
        found: dict[str, list[_Wait]] = {}
        for assessment in self.report:
            if assessment.outcome is Outcome.UNDETERMINED or self.everything:
                for wait in self._waits(assessment, self.everything):
                    found.setdefault(wait.path, []).append(wait)
        return found

    def _waits(self, assessment: MarketAssessment, every: bool = False, skipped: bool = False) -> Iterator[_Wait]:
        for route in assessment.routes:
            if route.on_offer is None:
                for path in self._askable(route.unknown, skipped):
                    yield _Wait(path, assessment.market, route.title)
        for finding in (*assessment.undetermined, *(assessment.home_findings if every else ())):
            if every or finding.severity is Severity.BLOCKING:
                for path in self._askable(self._deciding(finding), skipped):
                    yield _Wait(path, assessment.market, finding.title)

    def _deciding(self, finding: Finding) -> Sequence[str]:
        """What decides whether a rule applies, while that is open; then what it requires."""
        if finding.rule not in self._scopes:
            self._scopes[finding.rule] = self._scope(finding.rule)
        scope = self._scopes[finding.rule]
        return [path for path in finding.unknown if path in scope] or finding.unknown

    def _scope(self, rule_id: str) -> frozenset[str]:
        rule = rule_of(self._law, rule_id)
        return facts_behind(self._law.derivations, rule.applies_when) if rule else frozenset()

    def _askable(self, paths: Iterable[str], skipped: bool) -> Iterator[str]:
        """Without what was skipped; for the details of an approval not known to be held, whether it is held."""
        for path in paths:
            approval, _, field = path.removeprefix("approvals.").rpartition(".")
            detail = path.startswith("approvals.") and field != "held"
            if detail and self.known.get(f"approvals.{approval}.held") is not True:
                path = f"approvals.{approval}.held"
            if (skipped or path not in self.skipped) and self.known.get(path) is None:
                yield path


class _Wait(NamedTuple):
    path: str
    market: str
    title: str


def _ask(paths: Sequence[str], waits: Mapping[str, list[_Wait]]) -> Ask:
    waiting = [wait for path in paths for wait in waits[path]]
    markets = tuple(dict.fromkeys(wait.market for wait in waiting))
    return Ask(tuple(paths), markets, tuple(dict.fromkeys(wait.title for wait in waiting)))


def _is_held(path: str) -> bool:
    return path.startswith("approvals.") and path.endswith(".held")
