# SPDX-License-Identifier: Apache-2.0
"""The gaps of a market as conditions: what would close each, and what changes would break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from typing import Any, NamedTuple

from carnet.assess.feature import FeatureAssessor, LayerParts
from carnet.assess.model import Status
from carnet.declare.grants import APPROVALS
from carnet.logic.condition import AllOf, AnyOf, AtLeast, Compare, Condition, Constant, Not, held
from carnet.logic.explain import truth_of
from carnet.logic.formula import evaluate
from carnet.logic.least import ways
from carnet.logic.program import Derived
from carnet.logic.solve import Wanted
from carnet.verdict.choice import DRIVING
from carnet.verdict.plan import Clause


class World(NamedTuple):
    """One feature in the market, with its layers as they were decided."""

    assessor: FeatureAssessor
    parts: Sequence[LayerParts]

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.assessor.evidence.values


class Gap(NamedTuple):
    """A clause that is to be met in a world: one that is a gap, or would become one."""

    world: int
    clause: Clause
    condition: Condition


class Gaps:
    """Reads the gaps of some worlds; `recognises` names what the market takes for an approval."""

    def __init__(self, worlds: Sequence[World], recognises: Mapping[str, tuple[str, ...]]) -> None:
        self._worlds, self._recognises = worlds, recognises

    def found(self) -> Iterator[Gap]:
        for number, world in enumerate(self._worlds):
            for part in world.parts:
                for decision, finding in zip(part.decision.clauses, part.findings, strict=True):
                    if finding is not None and finding.status is Status.GAP and finding.counts:
                        yield self._gap(number, decision.clause)

    def _gap(self, world: int, clause: Clause) -> Gap:
        """With what would do: the clause is met, or an approval makes it fall away."""
        conditions = self._worlds[world].assessor.answers.ready.conditions
        facts = self._worlds[world].facts
        options = [self._recognised(conditions[clause.requires])]
        falls_away = [Not(conditions[clause.applies]), *(conditions[ref] for _, ref in clause.overridden_by)]
        for condition in falls_away:
            papers = [way for way in ways(condition, True, facts) if _by_approvals(way, facts)]
            options += [_all_of(way) for way in papers]
        return Gap(world, clause, options[0] if len(options) == 1 else AnyOf(tuple(options)))

    def _recognised(self, condition: Condition) -> Condition:
        """The same, with what the market takes for an approval beside it."""
        return _with_others(condition, self._recognises) if self._recognises else condition

    def brought(self, changed: Sequence[Mapping[str, Any]]) -> Iterator[Gap]:
        """The clauses of the routes taken that would be gaps after the changes."""
        for number, (world, changes) in enumerate(zip(self._worlds, changed, strict=True)):
            if not changes:
                continue
            after = derived_again({**world.facts, **changes}, world.assessor.answers.ready.program.derived)
            conditions = world.assessor.answers.ready.conditions
            for part in world.parts:
                taken = set(_taken(part, conditions, after))
                for decision in part.decision.clauses:
                    clause = decision.clause
                    if clause.kind != "closure" and _binds(clause, taken) and _breaks(clause, conditions, after):
                        yield self._brought_gap(number, clause)

    def _brought_gap(self, world: int, clause: Clause) -> Gap:
        """What only comes to apply by a change may also be kept from applying."""
        conditions = self._worlds[world].assessor.answers.ready.conditions
        wanted = self._recognised(conditions[clause.requires])
        return Gap(world, clause, AnyOf((wanted, Not(conditions[clause.applies]))))


def _taken(part: LayerParts, conditions: Sequence[Condition], facts: Mapping[str, Any]) -> Iterator[str]:
    """The routes taken; beside driving only those known to be on offer: a function that the vehicle may not have, such
    as remote driving or valet parking, asks for nothing yet."""
    for route in part.decision.routes:
        known = route.plan.track == DRIVING or truth_of(conditions[route.plan.available], facts) is True
        if known and part.decision.choice.taken[route.plan.id]:
            yield route.plan.id


def _binds(clause: Clause, taken: AbstractSet[str]) -> bool:
    """Whether a clause is of a route taken, or of all."""
    return not clause.advice and (not clause.routes or not taken.isdisjoint(clause.routes))


def _breaks(clause: Clause, conditions: Sequence[Condition], facts: Mapping[str, Any]) -> bool:
    """Whether a clause that closes something is certainly broken."""
    if clause.unread or truth_of(conditions[clause.requires], facts) is not False:
        return False
    if truth_of(conditions[clause.applies], facts) is not True:
        return False
    if clause.asked is not None and truth_of(conditions[clause.asked], facts) is not True:
        return False
    if clause.covered is not None and truth_of(conditions[clause.covered], facts) is not False:
        return False
    aside = (*(ref for _, ref in clause.overridden_by), *clause.stated_by, *clause.proven_by)
    return not any(truth_of(conditions[ref], facts) for ref in aside)


def derived_again(values: dict[str, Any], derivations: Iterable[Derived]) -> dict[str, Any]:
    """The facts with everything derived from them computed anew."""
    for derived in derivations:
        condition, expr = derived.condition, derived.expr
        value = truth_of(condition, values) if condition is not None else evaluate(expr, values) if expr else None
        if value is None:
            values.pop(derived.path, None)
        else:
            values[derived.path] = value
    return values


def _by_approvals(way: Iterable[Wanted], facts: Mapping[str, Any]) -> bool:
    """Whether nothing but approvals that are obtained need to change for it."""
    missing = [wanted for wanted in way if truth_of(wanted.leaf, facts) is not wanted.holds]
    return bool(missing) and all(
        wanted.holds
        and wanted.leaf.path.startswith(APPROVALS)
        and wanted.leaf.path.endswith(".held")
        and wanted.leaf.operand == Constant(True)
        for wanted in missing
    )


def _all_of(way: Iterable[Wanted]) -> Condition:
    return AllOf(tuple(wanted.leaf if wanted.holds else Not(wanted.leaf) for wanted in way))


def _with_others(condition: Condition, recognises: Mapping[str, tuple[str, ...]]) -> Condition:
    if isinstance(condition, Compare):
        paper = condition.path.removeprefix(APPROVALS).removesuffix(".held")
        if condition == held(paper) and paper in recognises:
            return AnyOf((condition, *map(held, recognises[paper])))
        return condition
    if isinstance(condition, (AllOf, AnyOf)):
        return condition._replace(items=tuple(_with_others(item, recognises) for item in condition.items))
    if isinstance(condition, AtLeast):
        return condition._replace(items=tuple(_with_others(item, recognises) for item in condition.items))
    return condition
