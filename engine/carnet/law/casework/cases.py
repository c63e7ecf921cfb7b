# SPDX-License-Identifier: Apache-2.0
"""Running the cases that rules and duties carry: facts given, status expected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carnet.errors import InputError, LawError
from carnet.law.casework.rule_under_test import ABSENT, Bench, RuleUnderTest, Verdict, under_test, verdict
from carnet.law.casework.scope import Scope
from carnet.law.link import LinkedLaw
from carnet.law.model import Case, Place, Rule
from carnet.law.shared_model import DutyCase
from carnet.logic.program import Evaluator, Prepared


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What one case expected and got; `problem` says why it could not be run at all."""

    owner: str
    place: Place
    expect: str
    unknown: tuple[str, ...] | None
    got: Verdict | None
    problem: str = ""

    @property
    def passes(self) -> bool:
        if self.got is None or self.got.status != self.expect:
            return False
        return self.unknown is None or set(self.got.unknown) == set(self.unknown)

    @property
    def failure(self) -> str:
        """Why the case fails, in one sentence."""
        if self.problem:
            return self.problem
        wanted = Verdict(self.expect, self.unknown or ())
        return f"expected {wanted}, got {self.got}"


class CaseRunner:
    """Runs cases of one law on one evaluator; cases of a rule in one market and day share their preparation."""

    def __init__(self, bench: Bench, evaluator: Evaluator) -> None:
        self._bench = bench
        self._evaluator = evaluator

    def rule(self, rule: Rule) -> Iterator[CaseResult]:
        """The results of a rule's own cases."""
        ready: dict[tuple[str, dt.date], tuple[RuleUnderTest, Prepared] | None] = {}
        for case in rule.tests:
            try:
                got = self._decide(rule, case, ready)
            except LawError as error:
                yield CaseResult(rule.id, case.place, case.expect, case.unknown, None, error.message)
            else:
                yield CaseResult(rule.id, case.place, case.expect, case.unknown, got)

    def _decide(
        self, rule: Rule, case: Case, ready: dict[tuple[str, dt.date], tuple[RuleUnderTest, Prepared] | None]
    ) -> Verdict:
        facts = self._bench.read(case.given)
        key = (case.market, case.as_of or self._bench.default_day(rule))
        if key not in ready:
            found = self._bench.rule_under_test(rule, *key)
            ready[key] = (found, found.prepare(self._evaluator)) if found else None
        here = ready[key]
        return verdict(*here, self._bench.facts(facts, here[0].maker)) if here else Verdict(ABSENT)

    def duty(self, case: DutyCase) -> CaseResult:
        """The result of a duty's case, in the market it names or in one of no country."""
        owner = f"duty {case.duty}"
        context = {path: value for path, value in case.given.items() if path.startswith("context.")}
        try:
            facts = self._bench.read({path: value for path, value in case.given.items() if path not in context})
            maker = self._bench.anywhere(context)
            here = under_test(
                maker, *maker.conditions(f"duty {case.duty}", case.place, case.applies_when, case.requires)
            )
            got = verdict(here, here.prepare(self._evaluator), self._bench.facts(facts, maker))
        except InputError as error:
            return CaseResult(owner, case.place, case.expect, None, None, error.message)
        return CaseResult(owner, case.place, case.expect, None, got)


def run_cases(
    law: LinkedLaw, scope: Scope, evaluator: Evaluator, rules: Iterable[Rule] | None = None
) -> Iterator[CaseResult]:
    """The result of every case in scope, in the order of the law, duties first."""
    runner = CaseRunner(Bench(law), evaluator)
    yield from (runner.duty(case) for case in scope.duty_cases(law))
    for rule in scope.rules(law) if rules is None else rules:
        yield from runner.rule(rule)
