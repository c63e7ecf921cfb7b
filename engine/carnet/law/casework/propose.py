# SPDX-License-Identifier: Apache-2.0
"""Cases that a rule still lacks, chosen so that they would notice any single change to it.

First what every rule should show: a compliant case at the boundary, a gap, one that is not addressed, one left open,
and both sides of each date. Then, one by one, the case that notices most of the changes no other has noticed yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from carnet.errors import LawError
from carnet.law.casework.candidates import SampleValues
from carnet.law.casework.mutants import DAY, date_mutants, mutants
from carnet.law.casework.mutate import MAX_FARTHER, Notice
from carnet.law.casework.rule_under_test import ABSENT, Bench, RuleUnderTest, Verdict, verdict
from carnet.law.casework.search import Search
from carnet.law.derive import facts_behind
from carnet.law.link import LinkedLaw
from carnet.law.model import Case, Rule
from carnet.logic.native import Test
from carnet.logic.native_program import NativeEvaluator
from carnet.verdict.status import Status, status_of

MAX_CASES = 30
AS_OF = "context.as_of"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The cases to add to a rule; `problem` says why none could be found."""

    rule: Rule
    cases: tuple[Case, ...]
    problem: str = ""


class Proposer:
    """Proposes cases for the rules of one law."""

    def __init__(self, law: LinkedLaw) -> None:
        self._bench = Bench(law)
        self._law = law
        self._samples = SampleValues(law.vocabulary, self._bench.law.approvals, self._bench.law.codes)
        self._native = NativeEvaluator()

    def propose(self, rule: Rule) -> Proposal:
        """The cases that the rule lacks, none when its own are enough."""
        day = self._bench.default_day(rule)
        try:
            market = self._bench.market(rule, day)
            tried = self._bench.rule_under_test(rule, market, day)
        except LawError as error:
            return Proposal(rule, (), error.message)
        if tried is None:
            return Proposal(rule, (), "it is in force on no day")
        pinned = day if self._moves(rule) else None
        chooser = _Chooser(self._bench, rule, market, day, Search(tried, self._samples))
        if not chooser.example:
            return Proposal(rule, (), "no profile was found that it addresses")
        cases = [self._case(rule, market, pinned, facts, got) for facts, got in chooser.choose()]
        cases += self._dated(rule, market, [*rule.tests, *cases], chooser)
        return Proposal(rule, tuple(cases))

    def _case(self, rule: Rule, market: str, as_of: dt.date | None, facts: dict[str, Any], got: Verdict) -> Case:
        unknown = got.unknown if got.status == Status.UNDETERMINED else None
        return Case(facts, got.status, as_of, market, unknown, rule.place)

    def _moves(self, rule: Rule) -> bool:
        """Whether the rule reads the day itself, so that its cases must name theirs."""
        return AS_OF in facts_behind(self._law.derivations, rule.applies_when, rule.requires)

    def _dated(self, rule: Rule, market: str, cases: Sequence[Case], chooser: _Chooser) -> Iterator[Case]:
        """Cases on either side of each date that the rule's cases do not show yet."""
        notice = Notice(self._bench, rule, cases)
        open_ = [mutant for mutant in date_mutants(rule) if not notice.sees(mutant.rule)]
        first = rule.in_force.first_day
        bare = first is not None and not any(case.as_of and case.as_of < first for case in cases)
        for case in self._sides(rule, market, chooser) if open_ or bare else ():
            single = Notice(self._bench, rule, [case])
            seen = [mutant for mutant in open_ if single.sees(mutant.rule)]
            if seen or (bare and case.expect == ABSENT):
                open_ = [mutant for mutant in open_ if mutant not in seen]
                bare = False
                yield case

    def _sides(self, rule: Rule, market: str, chooser: _Chooser) -> Iterator[Case]:
        span = rule.in_force
        facts = chooser.example
        if span.new_types:
            before, since = (
                {**facts, "vehicle.type_approved_on": day} for day in (span.new_types - DAY, span.new_types)
            )
            yield from self._on(rule, market, span.new_types - DAY, {})
            yield from self._on(rule, market, span.new_types, since)
            yield from self._on(rule, market, span.new_types, before)
            if span.start:
                yield from self._on(rule, market, span.start - DAY, before)
                yield from self._on(rule, market, span.start, before)
        elif span.start:
            yield from self._on(rule, market, span.start - DAY, {})
            yield from self._on(rule, market, span.start, facts)
        if span.until:
            yield from self._on(rule, market, span.until, facts)
            yield from self._on(rule, market, span.until + DAY, {})

    def _on(self, rule: Rule, market: str, day: dt.date, facts: dict[str, Any]) -> Iterator[Case]:
        """A case on a day, with the status that it has then."""
        try:
            tried = self._bench.rule_under_test(rule, market, day)
        except LawError:
            return
        got = Verdict(ABSENT)
        if tried is not None:
            got = verdict(tried, tried.prepare(self._native), self._bench.facts(facts, tried.maker))
        as_of = None if day == self._bench.default_day(rule) else day
        yield self._case(rule, market, as_of, facts if tried else {}, got)


class _Chooser:
    """Chooses among the candidates of one rule on its ordinary day."""

    def __init__(self, bench: Bench, rule: Rule, market: str, day: dt.date, search: Search) -> None:
        self._bench = bench
        self._rule = rule
        self._key = (market, day)
        self._search = search
        self._searched = search.searched
        self._tried: RuleUnderTest = search.searched.tried
        self._prepared = self._tried.prepare(NativeEvaluator())
        self._chosen: list[tuple[dict[str, Any], Verdict]] = []
        self._open: list[tuple[Test, Test]] = []

    @property
    def example(self) -> dict[str, Any]:
        """Facts on which the rule bites, for cases about its dates."""
        return next(iter([*self._search.gaps, *self._search.compliant]), {})

    def choose(self) -> list[tuple[dict[str, Any], Verdict]]:
        notice = Notice(self._bench, self._rule, self._rule.tests)
        unseen = [m for m in mutants(self._rule, self._bench.law.vocabulary) if not notice.sees(m.rule)]
        those_tried = [self._bench.rule_under_test(mutant.rule, *self._key) for mutant in unseen]
        same = (self._tried.applies, self._tried.requires)
        self._open = [self._searched.variant(s) for s in those_tried if s and (s.applies, s.requires) != same]
        has = {case.expect for case in self._rule.tests}
        decided = [facts for facts in self._search.candidates if self._is_decided(facts)]
        for status, first in (
            (Status.COMPLIANT, self._search.compliant),
            (Status.GAP, self._search.gaps),
            (Status.NOT_APPLICABLE, self._search.outside),
        ):
            if status.value not in has:
                self._take_best([f for f in decided if self._searched.status(f) is status] or first, always=True)
        self._take_while(decided)
        if Status.UNDETERMINED.value not in has:
            self._take_undetermined()
        for more in (self._search.candidates, self._farther()):
            self._take_while(more)
        order = [status.value for status in (Status.COMPLIANT, Status.GAP, Status.NOT_APPLICABLE, Status.UNDETERMINED)]
        return sorted(self._chosen, key=lambda item: order.index(item[1].status))

    def _farther(self) -> Iterable[dict[str, Any]]:
        every = self._search.every()
        return islice(self._search.farther(), MAX_FARTHER) if every is None else every

    def _is_decided(self, facts: dict[str, Any]) -> bool:
        return self._searched.status(facts) is not Status.UNDETERMINED

    def _sees(self, facts: dict[str, Any], variants: Sequence[tuple[Test, Test]]) -> list[bool]:
        """Which changes come out different for these facts."""
        values = self._searched.seen(facts)
        status = self._searched.status(facts)
        return [status_of(applies(values), requires(values)) is not status for applies, requires in variants]

    def _take_while(self, candidates: Iterable[dict[str, Any]]) -> None:
        """Take the best of these as long as one sees something new."""
        if self._open:
            tried = list(candidates)
            while self._open and len(self._chosen) < MAX_CASES and self._take_best(tried):
                pass

    def _take_best(self, candidates: Sequence[dict[str, Any]], always: bool = False) -> bool:
        """Take the candidate that sees most of what is unseen, the first of equals; whether there was one."""
        best: tuple[int, dict[str, Any], list[bool]] | None = None
        for facts in candidates:
            seen = self._sees(facts, self._open)
            if (best is None and (always or any(seen))) or (best is not None and sum(seen) > best[0]):
                best = (sum(seen), facts, seen)
        return best is not None and self._take(best[1], best[2])

    def _take(self, facts: dict[str, Any], seen: Sequence[bool]) -> bool:
        try:
            read = self._bench.read(facts)
        except LawError:
            return False
        got = verdict(self._tried, self._prepared, self._bench.facts(read, self._tried.maker))
        self._chosen.append((facts, got))
        self._open = [variant for variant, is_seen in zip(self._open, seen, strict=True) if not is_seen]
        return True

    def _take_undetermined(self) -> None:
        """The rule applies and nothing more is known; or else whatever leaves it open."""
        for facts in [*self._search.silent, *self._search.candidates]:
            if self._searched.status(facts) is Status.UNDETERMINED:
                self._take(facts, self._sees(facts, self._open))
                return
