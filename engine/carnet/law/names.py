# SPDX-License-Identifier: Apache-2.0
"""Whether every name in the law leads somewhere: instruments, approvals, routes, rules, jurisdictions, facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from carnet.declare.vocabulary import Vocabulary
from carnet.errors import LawError, Place as ErrorPlace, suggest
from carnet.law.limits import OWN
from carnet.law.model import Approval, Cite, Explanation, Jurisdiction, Place, Route, Rule
from carnet.law.planning import Exceptions
from carnet.law.shared_model import Action, Bearers, Derivation, DutyCase
from carnet.law.typecheck import TypeChecker
from carnet.logic.bind import Binding, bind
from carnet.logic.condition import TRUE, Condition
from carnet.logic.formula import Expr


class NameChecker:
    """Collects every broken name of a linked law."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        jurisdictions: Mapping[str, Jurisdiction],
        actions: Mapping[str, Action],
        groups: Mapping[str, tuple[str, ...]],
        bearers: Bearers,
    ) -> None:
        self._bearers = bearers
        self._vocabulary = vocabulary
        self._jurisdictions = jurisdictions
        self._actions = actions
        every = list(jurisdictions.values())
        self._approvals = {approval.id for j in every for approval in j.approvals}
        self._instruments = {instrument.id for j in every for instrument in j.instruments}
        self._routes = {route.id for j in every for route in j.routes}
        self._rules = {rule.id for j in every for rule in j.rules}
        values: dict[str, list[object]] = {}
        for parameter in (parameter for j in every for parameter in j.parameters.values()):
            values.setdefault(parameter.name, []).extend(value.value for value in parameter.values)
        self._types = TypeChecker(vocabulary, self._approvals, groups, values)

    def problems(self, derivations: Iterable[Derivation], cases: Iterable[DutyCase]) -> Iterator[LawError]:
        """Every error, in the order of the law."""
        yield from self._unique()
        yield from self._circles()
        yield from self._prerequisites()
        yield from self._kinds()
        yield from self._limits()
        for derivation in derivations:
            if derivation.condition is not None:
                yield from self._condition(derivation.condition, derivation.path, derivation.place)
            if derivation.expr is not None:
                yield from self._formula(derivation.expr, derivation.path, derivation.place)
        for case in cases:
            yield from self._given(case.given, f"duty `{case.duty}`", case.place)
        for jurisdiction in self._jurisdictions.values():
            yield from self._jurisdiction(jurisdiction)

    def _unique(self) -> Iterator[LawError]:
        for kind in ("approvals", "routes", "rules", "instruments"):
            seen: dict[str, Place] = {}
            for jurisdiction in self._jurisdictions.values():
                for item in getattr(jurisdiction, kind):
                    if item.id in seen:
                        where = f"{seen[item.id].file}:{seen[item.id].line}"
                        yield _error(f"`{item.id}` already stands at {where}", item.place, "rename one of them")
                    seen[item.id] = item.place

    def _limits(self) -> Iterator[LawError]:
        """Limits that are compared with facts which do not exist, and fields that no approval has."""
        fields = self._vocabulary.approval_fields
        for name, field in fields.items():
            for approval in sorted(self._approvals)[:1] if field.limit else ():
                own = {f"{OWN}{other}": f"approvals.{approval}.{other}" for other in fields}
                for key, message, hint in self._types.problems(bind(field.limit or TRUE, Binding(rename=own))):
                    yield LawError(f"the limit `{name}` of a grant, at `{key}`, {message}", None, hint)
        limited = [name for name, field in fields.items() if field.limit]
        for catalogued in (approval for j in self._jurisdictions.values() for approval in j.approvals):
            for name in catalogued.limits:
                if name not in limited:
                    hint = suggest(name, limited) or f"use {', '.join(limited)}"
                    yield _error(
                        f"`{catalogued.id}` has the limit `{name}`, which no grant has", catalogued.place, hint
                    )

    def _circles(self) -> Iterator[LawError]:
        """Rules that set themselves aside, alone or through others: all of them would vanish."""
        rules = {rule.id: rule for j in self._jurisdictions.values() for rule in j.rules if rule.supersedes}
        done: set[str] = set()
        for start in rules:
            path: list[str] = []
            open_ = [(start, 0)]
            while open_:
                name, depth = open_.pop()
                del path[depth:]
                if name in path:
                    circle = path[path.index(name) :]
                    words = " supersedes ".join(f"`{each}`" for each in (*circle, name))
                    yield _error(f"rules set themselves aside: {words}", rules[name].place, "remove one `supersedes`")
                elif name in rules and name not in done:
                    path.append(name)
                    open_ += [(other, len(path)) for other in reversed(rules[name].supersedes)]
            done.update(path)
            done.add(start)

    def _prerequisites(self) -> Iterator[LawError]:
        """Approvals that all wait for each other, whichever alternative is taken."""
        approvals = {approval.id: approval for j in self._jurisdictions.values() for approval in j.approvals}
        reachable: set[str] = set()
        while fresh := {
            name
            for name, approval in approvals.items()
            if name not in reachable and all(reachable & set(group) for group in approval.after)
        }:
            reachable |= fresh
        waiting = [name for name, item in approvals.items() if name not in reachable and _known_all(item, approvals)]
        circle = _circle(waiting, approvals)
        if circle:
            words = " after ".join(f"`{each}`" for each in (*circle, circle[0]))
            yield _error(f"approvals wait for each other: {words}", approvals[circle[0]].place, "remove one `after`")

    def _kinds(self) -> Iterator[LawError]:
        nowhere = Place("rules/approval-kinds.yaml", 1)
        for kind in self._bearers.approval_kinds.values():
            for holder in kind.applicants:
                yield from self._known(holder, self._bearers.titles, "duty holder", nowhere)
            for action in filter(None, kind.actions):
                yield from self._known(action, self._actions, "action", nowhere)
            yield from self._planning(kind.usual, nowhere)

    def _jurisdiction(self, jurisdiction: Jurisdiction) -> Iterator[LawError]:
        nowhere = Place(f"jurisdictions/{jurisdiction.id}", 0)
        for name, adoption in jurisdiction.applies.items():
            yield from self._known(name, self._instruments, "instrument", nowhere)
            yield from self._cites(adoption.cites, nowhere)
        for name, others in jurisdiction.recognises.items():
            for approval in (name, *others):
                yield from self._known(approval, self._approvals, "approval", nowhere)
        for explanation in (*jurisdiction.decided_below, *jurisdiction.closed_for):
            yield from self._explanation(explanation, nowhere)
        for parameter in jurisdiction.parameters.values():
            for value in parameter.values:
                yield from self._cites(value.cites, parameter.place)
        for document in jurisdiction.approvals:
            yield from self._approval(document)
        for route in jurisdiction.routes:
            yield from self._route(route)
        for rule in jurisdiction.rules:
            yield from self._rule(rule)
        for note in jurisdiction.notes:
            yield from self._cites(note.cites, note.place)
        for item in jurisdiction.not_covered:
            yield from self._cites(item.cites, item.place)

    def _known(self, name: str, known: Collection[str], kind: str, place: Place) -> Iterator[LawError]:
        if name not in known:
            yield _error(f"no {kind} is called `{name}`", place, suggest(name, known))

    def _cites(self, cites: Iterable[Cite], place: Place) -> Iterator[LawError]:
        for cite in cites:
            yield from self._known(cite.instrument, self._instruments, "instrument", place)

    def _explanation(self, explanation: Explanation, place: Place) -> Iterator[LawError]:
        yield from self._condition(explanation.when, "when", place)
        for member in explanation.members:
            yield from self._known(member, self._jurisdictions, "jurisdiction", place)
        for rule in explanation.rules:
            yield from self._known(rule, self._rules, "rule", place)
        yield from self._cites(explanation.cites, place)

    def _approval(self, approval: Approval) -> Iterator[LawError]:
        yield from self._cites(approval.cites, approval.place)
        yield from self._known(approval.kind, self._bearers.approval_kinds, "kind of approval", approval.place)
        for name in {name for group in approval.after for name in group}:
            yield from self._known(name, self._approvals, "approval", approval.place)
        for proof in approval.proves:
            yield from self._cites(proof.cites, approval.place)
            for name in proof.approvals:
                yield from self._known(name, self._approvals, "approval", approval.place)
            for name in proof.rules:
                yield from self._known(name, self._rules, "rule", approval.place)
        yield from self._planning(approval.exceptions, approval.place)

    def _planning(self, planning: Exceptions, place: Place) -> Iterator[LawError]:
        yield from self._cites(planning.cites(), place)
        if planning.applicant:
            yield from self._known(planning.applicant, self._bearers.titles, "duty holder", place)
        if planning.cost:
            yield from self._known(planning.cost.level, self._bearers.costs, "class of cost", place)
        facts = [*self._vocabulary.facts, *self._vocabulary.sections]
        for fact in (fact for change in planning.changes for fact in change.facts):
            if fact not in facts and not any(fact[-1] == "." and path.startswith(fact) for path in facts):
                yield _error(f"no fact is called `{fact}`", place, suggest(fact, facts))

    def _route(self, route: Route) -> Iterator[LawError]:
        yield from self._cites(route.cites, route.place)
        yield from self._condition(route.available_when, route.id, route.place)
        for name in {name for group in route.needs for name in group}:
            yield from self._known(name, self._approvals, "approval", route.place)

    def _rule(self, rule: Rule) -> Iterator[LawError]:
        yield from self._cites(rule.cites, rule.place)
        yield from self._known(rule.duty_holder, self._bearers.titles, "duty holder", rule.place)
        yield from self._condition(rule.applies_when, rule.id, rule.place)
        yield from self._condition(rule.requires, rule.id, rule.place)
        for route in rule.routes:
            yield from self._known(route, self._routes, "route", rule.place)
        for other in (*rule.supersedes, *rule.conflicts_with):
            yield from self._known(other, self._rules, "rule", rule.place)
        for approval in rule.states_need:
            yield from self._known(approval, self._approvals, "approval", rule.place)
        if rule.remedy.action:
            yield from self._known(rule.remedy.action, self._actions, "action", rule.place)
        for case in rule.tests:
            yield from self._given(case.given, f"rule `{rule.id}`", case.place)
            yield from self._known(case.market, self._jurisdictions, "jurisdiction", case.place)

    def _condition(self, condition: Condition, owner: str, place: Place) -> Iterator[LawError]:
        for key, message, hint in self._types.problems(condition):
            yield _error(f"`{owner}`: `{key}` {message}", place, hint)

    def _formula(self, expr: Expr, owner: str, place: Place) -> Iterator[LawError]:
        for path in sorted(expr.facts()):
            if path not in self._vocabulary:
                hint = suggest(path, self._vocabulary.facts)
                yield _error(f"`{owner}` computes with the unknown fact `{path}`", place, hint)

    def _given(self, given: Iterable[str], owner: str, place: Place) -> Iterator[LawError]:
        for path in given:
            if path not in self._vocabulary:
                hint = suggest(path, self._vocabulary.facts)
                yield _error(f"a case of {owner} declares the unknown fact `{path}`", place, hint)


def _known_all(approval: Approval, approvals: Mapping[str, Approval]) -> bool:
    return all(name in approvals for group in approval.after for name in group)


def _circle(waiting: list[str], approvals: Mapping[str, Approval]) -> list[str]:
    """A circle among approvals that can never be reached; empty where none of them is in one."""
    path: list[str] = []
    name = waiting[0] if waiting else ""
    while name and name not in path:
        path.append(name)
        name = next((n for group in approvals[name].after for n in group if n in waiting), "")
    return path[path.index(name) :] if name else []


def _error(message: str, place: Place, hint: str = "") -> LawError:
    return LawError(message, ErrorPlace(place.file, place.line, place.column), hint)
