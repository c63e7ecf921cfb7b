# SPDX-License-Identifier: Apache-2.0
"""The test bench: one rule at a time, bound to a market and day, against a few given facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carnet.declare.closed import Closed
from carnet.declare.facts import Facts, gather_facts
from carnet.declare.layers import Layer, LayerReader
from carnet.declare.values import Names
from carnet.errors import CarnetError, LawError
from carnet.law.core import core_of
from carnet.law.law import Law
from carnet.law.link import LinkedLaw
from carnet.law.model import Jurisdiction, Rule
from carnet.law.resolve import RulebookMaker
from carnet.law.rulebook import derived_needed
from carnet.logic.condition import Applied, Compare, Condition, both, leaves
from carnet.logic.explain import unknowns
from carnet.logic.native import compile_condition
from carnet.logic.program import Derived, Evaluator, Prepared, Program
from carnet.source import Source
from carnet.verdict.status import Status, status_of

ABSENT = "absent"
NOTHING_CLOSED = Closed({}, {})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, or `absent` for a rule that is not in the rulebook; `unknown` names what would settle the undecided."""

    status: str
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.status} (unknown: {', '.join(self.unknown)})" if self.unknown else self.status


@dataclass(frozen=True, slots=True)
class RuleUnderTest:
    """A rule's two conditions bound to a market and day, and the derived facts they read."""

    maker: RulebookMaker
    applies: Condition
    requires: Condition
    derived: Mapping[str, Derived]

    def prepare(self, evaluator: Evaluator) -> Prepared:
        return evaluator.prepare(Program(tuple(self.derived.values()), (self.applies, self.requires)))


class Bench:
    """Binds rules and reads given facts for a linked law, each market and day worked out once."""

    def __init__(self, linked: LinkedLaw) -> None:
        self.law = Law(core_of(linked, ""), None, linked.jurisdictions)
        names = Names(self.law.vocabulary, frozenset(self.law.approvals), frozenset(self.law.codes))
        self._reader = LayerReader(Source("", None), names)
        self._makers: dict[tuple[str, dt.date], RulebookMaker] = {}

    def default_day(self, rule: Rule) -> dt.date:
        """The day of a case that names none: the law's own, unless the rule starts later or has ended."""
        day, span = self.law.as_of, rule.in_force
        if span.first_day is not None and span.first_day > day:
            day = span.first_day
        return span.until if span.until is not None and span.until < day else day

    def maker(self, market: str, day: dt.date) -> RulebookMaker:
        if (market, day) not in self._makers:
            self._makers[market, day] = self.law.maker(market, day)
        return self._makers[market, day]

    def anywhere(self, context: Mapping[str, Any]) -> RulebookMaker:
        """A market of no country, for a duty's own cases; `context.*` given there says what is known of it.

        A case that names a market gets that one's law.
        """
        if market := context.get("context.market"):
            return self.maker(market, self.law.as_of)
        nowhere = Jurisdiction(
            id="XX",
            name="a market",
            parent="",
            kind="state",
            drives_on=context.get("context.drives_on", ""),
            currency=context.get("context.currency", ""),
            languages=context.get("context.languages", ()),
            authorities=(),
            summary="",
            applies={},
            recognises={},
            decided_below=(),
            closed_for=(),
        )
        law = self.law
        day = context.get("context.as_of", law.as_of)
        return RulebookMaker((nowhere,), (), day, law.groups, law.derivations, law.approvals)

    def rule_under_test(self, rule: Rule, market: str, day: dt.date) -> RuleUnderTest | None:
        """The rule as it binds in a market on a day; None where it is not in the rulebook.

        Raises:
            LawError: when a parameter is missing there.
        """
        maker = self.maker(market, day)
        bound = maker.rule(self.law.jurisdiction(rule.jurisdiction), rule)
        return under_test(maker, bound.applies, bound.requires) if bound else None

    def market(self, rule: Rule, day: dt.date) -> str:
        """Where to test a rule: its own jurisdiction, else the first market where it binds and somebody is addressed.

        Raises:
            LawError: when every market that it would bind in lacks a parameter.
        """
        law, own = self.law, rule.jurisdiction
        below = [code for code in law.codes if own in law.chain(code)[1:]]
        codes = dict.fromkeys([own, *below, *law.codes])
        named = {approval for item in leaves(both(rule.applies_when, rule.requires)) for approval in _applied(item)}
        if named:
            codes = dict.fromkeys(sorted(codes, key=lambda code: -sum(map(self.maker(code, day).applies, named))))
        standing: list[str] = []
        error: LawError | None = None
        for code in codes:
            try:
                found = self.rule_under_test(rule, code, day)
            except LawError as problem:
                error = error or problem
                continue
            if found is not None:
                standing.append(code)
                if compile_condition(found.applies)(found.maker.context) is not False:
                    return code
        if error and not standing:
            raise error
        return standing[0] if standing else own

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values that some facts declare, as a profile would.

        Raises:
            LawError: naming everything that the vocabulary does not allow.
        """
        for path in given:
            if path.startswith(("context.", "derived.")):
                why = "is supplied by `market:` and `as_of:`" if path.startswith("context.") else "is computed"
                raise LawError(f"`{path}` {why} and cannot be given")
        layer = self._reader.layer(given)
        problems, self._reader.problems = self._reader.problems, []
        if problems:
            raise LawError("; ".join(_said(problem) for problem in problems))
        return {path: value for path, value in layer.values.items() if value is not None}

    def facts(self, facts: Mapping[str, Any], maker: RulebookMaker) -> Facts:
        """What conditions see of declared facts: approvals as they count on the day, and the market's context."""
        context = maker.context
        return gather_facts((Layer(dict(facts)),), NOTHING_CLOSED, _day(context), context, maker.recognises, {})


def under_test(maker: RulebookMaker, applies: Condition, requires: Condition) -> RuleUnderTest:
    needed = derived_needed(maker.derived, (applies, requires))
    return RuleUnderTest(maker, applies, requires, {item.path: item for item in needed})


def verdict(tried: RuleUnderTest, prepared: Prepared, facts: Facts) -> Verdict:
    """What a rule finds, with the undeclared facts that would settle it where it is undetermined."""
    (applies, requires), derived = prepared.run(facts.values)
    status = status_of(applies, requires)
    if status is not Status.UNDETERMINED:
        return Verdict(status.value)
    seen = {**facts.values, **derived}
    open_ = [c for c, truth in ((tried.applies, applies), (tried.requires, requires)) if truth is None]
    paths = (path for condition in open_ for path in unknowns(condition, seen, tried.derived))
    return Verdict(status.value, facts.asked(paths))


def _applied(leaf: Compare | Applied) -> tuple[str, ...]:
    return leaf.approvals if isinstance(leaf, Applied) else ()


def _said(problem: CarnetError) -> str:
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message


def _day(context: Mapping[str, Any]) -> dt.date:
    day = context["context.as_of"]
    assert isinstance(day, dt.date)
    return day
