# SPDX-License-Identifier: Apache-2.0
"""Which single changes to a rule its own cases notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from carnet.declare.facts import Facts
from carnet.errors import LawError
from carnet.law.casework.candidates import SampleValues
from carnet.law.casework.mutants import DAY, Mutant, mutants
from carnet.law.casework.rule_under_test import ABSENT, Bench, RuleUnderTest, Verdict, verdict
from carnet.law.casework.search import Search
from carnet.law.link import LinkedLaw
from carnet.law.model import Case, Rule
from carnet.logic.condition import Condition, Constant, both, leaves
from carnet.logic.native import compile_condition
from carnet.logic.native_program import NativeEvaluator
from carnet.logic.program import Prepared
from carnet.verdict.status import Status, status_of

MAX_FARTHER = 6000
Ready = tuple[RuleUnderTest, Prepared] | None


class Notice:
    """A rule's passing cases, ready to be tried on changed rules."""

    def __init__(self, bench: Bench, rule: Rule, cases: Iterable[Case]) -> None:
        self._bench = bench
        self._native = NativeEvaluator()
        given: dict[tuple[str, dt.date], list[Case]] = {}
        for case in cases:
            given.setdefault((case.market, case.as_of or bench.default_day(rule)), []).append(case)
        self._by_day = {key: list(self._passing(rule, key, items)) for key, items in given.items()}

    def _passing(self, rule: Rule, key: tuple[str, dt.date], items: list[Case]) -> Iterator[tuple[Case, Facts]]:
        try:
            ready = self._ready(rule, key)
        except LawError:
            return
        maker = self._bench.maker(*key)
        for case in items:
            try:
                facts = self._bench.facts(self._bench.read(case.given), maker)
            except LawError:
                continue
            if _agrees(case, ready, facts):
                yield case, facts

    def _ready(self, rule: Rule, key: tuple[str, dt.date]) -> Ready:
        tried = self._bench.rule_under_test(rule, *key)
        return (tried, tried.prepare(self._native)) if tried else None

    def sees(self, changed: Rule) -> bool:
        """Whether some case comes out different for a changed rule."""
        for key, items in self._by_day.items():
            if not items:
                continue
            try:
                ready = self._ready(changed, key)
            except LawError:
                return True
            if any(not _agrees(case, ready, facts) for case, facts in items):
                return True
        return False


def _agrees(case: Case, ready: Ready, facts: Facts) -> bool:
    got = verdict(*ready, facts) if ready else Verdict(ABSENT)
    if got.status != case.expect:
        return False
    return case.unknown is None or got.status != Status.UNDETERMINED or set(got.unknown) == set(case.unknown)


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """A change to a rule that none of its cases notices, and a case that would."""

    rule: Rule
    what: str
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class MutationResult:
    """What came of changing one rule in every way; changes that no profile could tell are left out."""

    rule: Rule
    tried: int
    unnoticed: tuple[Unnoticed, ...]


class Mutator:
    """Changes the rules of one law, one thing at a time."""

    def __init__(self, law: LinkedLaw) -> None:
        self._bench = Bench(law)
        self._samples = SampleValues(law.vocabulary, self._bench.law.approvals, self._bench.law.codes)

    def rule(self, rule: Rule) -> MutationResult:
        """The changes of one rule that its cases do not notice."""
        notice = Notice(self._bench, rule, rule.tests)
        tried = list(mutants(rule, self._bench.law.vocabulary))
        blind = [mutant for mutant in tried if not notice.sees(mutant.rule)]
        if not blind:
            return MutationResult(rule, len(tried), ())
        found = list(self._judged(rule, blind))
        same = len(blind) - len(found)
        return MutationResult(rule, len(tried) - same, tuple(found))

    def _judged(self, rule: Rule, blind: Iterable[Mutant]) -> Iterator[Unnoticed]:
        """Those changes that some profile could tell."""
        day = self._bench.default_day(rule)
        keys = dict.fromkeys((case.market, case.as_of or day) for case in rule.tests)
        try:
            keys = keys or {(self._bench.market(rule, day), day): None}
            tried = next(filter(None, (self._bench.rule_under_test(rule, *key) for key in keys)), None)
        except LawError:
            tried = None
        search = Search(tried, self._samples) if tried else None
        for mutant in blind:
            if mutant.moved:
                if dates_differ(self._bench, rule, mutant.rule, {market for market, _ in keys}):
                    yield Unnoticed(rule, mutant.what)
            elif search is None:
                yield Unnoticed(rule, mutant.what)
            else:
                yield from self._conditions_differ(rule, mutant, search)

    def _conditions_differ(self, rule: Rule, mutant: Mutant, search: Search) -> Iterator[Unnoticed]:
        searched, context = search.searched, search.searched.tried.maker.context
        changed = self._bench.rule_under_test(mutant.rule, context["context.market"], context["context.as_of"])
        assert changed is not None
        if (changed.applies, changed.requires) == (searched.tried.applies, searched.tried.requires):
            return
        if self._same_leaf(search, searched.written_out(changed)):
            return
        applies, requires = searched.variant(changed)
        every = search.every()
        for facts in chain(search.candidates, every if every is not None else islice(search.farther(), MAX_FARTHER)):
            values, status = searched.seen(facts), searched.status(facts)
            if status_of(applies(values), requires(values)) is not status:
                market, day = context["context.market"], context["context.as_of"]
                as_of = None if day == self._bench.default_day(rule) else day
                yield Unnoticed(rule, mutant.what, Case(facts, status.value, as_of, market, None, rule.place))
                return
        if every is None:
            yield Unnoticed(rule, mutant.what)

    def _same_leaf(self, search: Search, changed: tuple[Condition, Condition]) -> bool:
        """Whether all that differs is one comparison, which comes out the same for every value its fact can have."""
        old, new = search.searched.leaves, tuple(leaves(both(*changed)))
        pairs = [(one, two) for one, two in zip(old, new, strict=False) if one != two]
        if len(old) != len(new) or len(pairs) != 1:
            return False
        one, two = pairs[0]
        if not isinstance(one.operand, Constant) or one.path != getattr(two, "path", ""):
            return False
        tests = compile_condition(one), compile_condition(two)
        values = search.values.around(one.path, {})
        return all(tests[0]({one.path: value}) is tests[1]({one.path: value}) for value in (None, *values))


def dates_differ(bench: Bench, rule: Rule, changed: Rule, markets: Iterable[str]) -> bool:
    """Whether two forms of a rule bind differently in one of these markets on a day around their dates."""
    spans = (rule.in_force, changed.in_force)
    days = {day for span in spans for day in (span.start, span.until, span.new_types) if day}
    days |= {day + step for day in days for step in (-DAY, DAY)}
    return any(_bound(bench, rule, m, day) != _bound(bench, changed, m, day) for m in markets for day in days)


def _bound(bench: Bench, rule: Rule, market: str, day: dt.date) -> object:
    try:
        tried = bench.rule_under_test(rule, market, day)
    except LawError:
        return None
    return tried and (tried.applies, tried.requires)
