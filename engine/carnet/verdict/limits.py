# SPDX-License-Identifier: Apache-2.0
"""Grants have limits: for each approval that a route or a rule relies on, that what is done lies within them.

An approval that is held counts with its own limits, and one that is recognised for another with its own, not with those
of the other. Where several would do, one that reaches far enough is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple, TypeAlias

from carnet.declare.grants import own_path
from carnet.law.ids import limit_id
from carnet.law.model import Kind, Severity
from carnet.law.rulebook import Layer, Rulebook
from carnet.logic.condition import FALSE, TRUE, AllOf, AnyOf, Compare, Condition, Constant, children, held
from carnet.verdict.clause import Clause, Covering, Ref

Kept: TypeAlias = Callable[[str], Condition]
Permits: TypeAlias = tuple[str, ...] | None
"""On a route to test, the permits that may say what a test carries."""


Stated: TypeAlias = tuple[tuple[str, tuple[tuple[str, Condition], ...]], ...]
"""By approval and field, when a rule asks the very same that the limit does."""


class Reliance(NamedTuple):
    """A route or a rule that relies on approvals: what it wants held, when, on which routes, and how much it counts."""

    by: str
    wanted: tuple[Condition, ...]
    applies: Ref
    routes: tuple[str, ...]
    severity: Severity
    permits: Permits


class Known(NamedTuple):
    """What layers ask alike: that the limits of an approval are kept, the numbers of whether one is asked and kept, and
    of what makes it not matter."""

    kept: dict[tuple[object, ...], Condition]
    numbers: dict[tuple[object, ...], Ref]
    covered: dict[tuple[object, ...], Ref | None]


class LayerLimits:
    """The limits that one layer of a rulebook asks to be kept; each approval's are laid out when they are asked for.

    rules: the clauses of the layer's rules. ref: the number of a condition, as this market reads it. stated: see
    `stated_by_rules`.
    """

    def __init__(
        self,
        book: Rulebook,
        layer: Layer,
        rules: Sequence[Clause],
        ref: Callable[[Condition], Ref],
        known: Known,
        stated: Stated,
    ) -> None:
        self._book, self._layer, self._rules, self._ref, self._known = book, layer, rules, ref, known
        self._stated = dict(stated)
        self._limits, self._approvals = book.limits, book.approvals
        self._clauses: dict[str, tuple[Clause, ...]] = {}

    @property
    def approvals(self) -> Iterable[str]:
        """Those on which some route or rule relies."""
        return self._relying

    def of(self, name: str) -> tuple[Clause, ...]:
        """The limits of an approval, for each route and rule that relies on it."""
        if name not in self._clauses:
            relying = self._relying.get(name, ())
            self._clauses[name] = tuple(
                self._clause(name, field, by) for by in relying for field in self._limits.fields
            )
        return self._clauses[name]

    def _clause(self, name: str, field: str, by: Reliance) -> Clause:
        permits = by.permits if self._is_permit(name) else None
        return Clause(
            limit_id(by.by, name, field),
            "limit",
            by.applies,
            self._kept(name, field),
            by.severity,
            routes=by.routes,
            asked=self._asked(name, field, field in self._always(name, permits)),
            covering=Covering(partial(self._covered, name, field, by, permits)),
            grant=(name, field),
        )

    @cached_property
    def _relying(self) -> Mapping[str, Sequence[Reliance]]:
        """By approval, what relies on it: routes, then rules on the routes that do not need it themselves."""
        found: dict[str, list[Reliance]] = {}
        if not self._limits.fields:
            return found
        always = self._ref(TRUE)
        for bound in self._layer.routes:
            route = bound.route
            permits = tuple(filter(self._is_permit, chain.from_iterable(route.needs)))
            wanted = tuple(AnyOf(tuple(map(held, group))) for group in route.needs)
            asked = permits if route.kind is Kind.TESTING else None
            relies = Reliance(route.id, wanted, always, (route.id,), Severity.BLOCKING, asked)
            for name in self._carriers(wanted):
                found.setdefault(name, []).append(relies)
        needed = {name: [relies.by for relies in routes] for name, routes in found.items()}
        routes = tuple(bound.route.id for bound in self._layer.routes)
        for rule, clause in zip(self._layer.rules, self._rules, strict=True):
            if clause.advice or not _may_ask(rule.requires):
                continue
            parts = rule.requires.items if isinstance(rule.requires, AllOf) else (rule.requires,)
            for name in self._carriers(parts):
                on = rule.rule.routes or (routes if name in needed else ())
                left = tuple(route for route in on if route not in needed.get(name, ()))
                if left or not on:
                    relies = Reliance(clause.id, parts, clause.applies, left, clause.severity, None)
                    found.setdefault(name, []).append(relies)
        return found

    def _carriers(self, wanted: Iterable[Condition]) -> Iterable[str]:
        """The approvals that can satisfy a part of what is wanted, those recognised for others included."""
        found: dict[str, None] = {}
        for name in chain.from_iterable(map(_asked, wanted)):
            found.update(dict.fromkeys((name, *self._book.recognises.get(name, ()))))
        return found

    def _asked(self, name: str, field: str, always: bool) -> Ref:
        """The number of that an approval is held and has this limit."""
        own = own_path(name, self._book.recognises)
        key = ("asked", own, field, always)
        if key not in self._known.numbers:
            holds: Condition = Compare(own, "eq", _YES)
            has = Compare(f"approvals.{name}.{field}", "declared", _YES)
            self._known.numbers[key] = self._ref(holds if always else AllOf((has, holds)))
        return self._known.numbers[key]

    def _kept(self, name: str, field: str) -> Ref:
        """The number of that a limit is kept."""
        key = ("kept", name, field, self._layer.jurisdiction)
        if key not in self._known.numbers:
            self._known.numbers[key] = self._ref(self._limits.of(field, name, self._layer.jurisdiction))
        return self._known.numbers[key]

    def _within(self, name: str, permits: Permits) -> Condition:
        """That what is done lies within all limits of an approval."""
        key = (name, self._layer.jurisdiction, permits, self._stating(name))
        if key not in self._known.kept:
            always = self._always(name, permits)
            fields = self._limits.fields
            parts = (self._open(name, field, permits, field in always) for field in fields)
            kept = (self._limits.of(field, name, self._layer.jurisdiction) for field in fields)
            self._known.kept[key] = AllOf(tuple(AnyOf((*ways, one)) for ways, one in zip(parts, kept, strict=True)))
        return self._known.kept[key]

    def _open(self, name: str, field: str, permits: Permits, always: bool) -> tuple[Condition, ...]:
        """Where a limit of an approval is not asked although a law relies on it."""
        ways = self._instead(name, field, permits)
        return ways if always else (Compare(f"approvals.{name}.{field}", "declared", Constant(False)), *ways)

    def _instead(self, name: str, field: str, permits: Permits) -> tuple[Condition, ...]:
        """Where something else says what a limit says: a rule, or another permit of the same route to test."""
        stated = dict(self._stating(name))
        ways = [stated[field]] if field in stated else []
        if permits and field in self._limits.in_tests:
            ways.append(_said_by(field, name, permits))
        return tuple(ways)

    def _always(self, name: str, permits: Permits) -> frozenset[str]:
        """The limits that a grant always carries; of a permit to test, also whether it lets the public on board."""
        return frozenset((*self._approvals[name].limits, *(self._limits.in_tests if permits is not None else ())))

    def _is_permit(self, name: str) -> bool:
        return self._approvals[name].kind in self._limits.permits

    def _stating(self, name: str) -> tuple[tuple[str, Condition], ...]:
        """The limits of an approval that rules ask themselves, each with when they do."""
        return self._stated.get(name, ())

    def _covered(self, name: str, field: str, by: Reliance, permits: Permits) -> Ref | None:
        """The number of what makes a limit of an approval not matter: what else satisfies all that the approval can
        satisfy, or says what the limit says; None where nothing does."""
        book = self._book
        foreign = tuple((one, book.recognises[one]) for one in self._carriers(by.wanted) if one in book.recognises)
        stated = tuple((one, self._stating(one)) for one in self._carriers(by.wanted) if one in self._stated)
        key = (name, field, by.wanted, by.permits, self._layer.jurisdiction, foreign, stated)
        if key not in self._known.covered:

            def within(other: str) -> Condition:
                return self._within(other, by.permits if self._is_permit(other) else None)

            satisfied = (part for part in by.wanted if name in self._carriers((part,)))
            others = _all(tuple(self._strictly(part, name, within) for part in satisfied))
            ways = _any((others, *self._instead(name, field, permits)))
            self._known.covered[key] = None if ways == FALSE else self._ref(ways)
        return self._known.covered[key]

    def _strictly(self, condition: Condition, without: str, within: Kept) -> Condition:
        """The condition where an approval counts only as far as it reaches, and one of them not at all."""
        if name := _name(condition):
            carriers = dict.fromkeys((name, *self._book.recognises.get(name, ())))
            return _any(tuple(self._reaching(one, within) for one in carriers if one != without))
        if isinstance(condition, (AllOf, AnyOf)):
            items = tuple(self._strictly(item, without, within) for item in condition.items)
            return _all(items) if isinstance(condition, AllOf) else _any(items)
        return condition

    def _reaching(self, name: str, within: Kept) -> Condition:
        return AllOf((Compare(own_path(name, self._book.recognises), "eq", Constant(True)), within(name)))


def stated_by_rules(book: Rulebook) -> Stated:
    """The limits that rules of a rulebook ask themselves."""
    found: dict[str, dict[str, Condition]] = {}
    for bound in book.rules():
        read = getattr(getattr(bound.requires, "operand", None), "path", "")
        name, _, field = read.removeprefix("approvals.").rpartition(".")
        if field in book.limits.fields and bound.requires == book.limits.of(field, name):
            found.setdefault(name, {})[field] = bound.applies
    return tuple((name, tuple(fields.items())) for name, fields in found.items())


def _said_by(field: str, name: str, permits: Sequence[str]) -> Condition:
    """Where a permit is silent on what a test may carry, another permit of the same route may say it."""
    silent = Compare(f"approvals.{name}.{field}", "declared", Constant(False))
    said = (Compare(f"approvals.{other}.{field}", "eq", Constant(True)) for other in permits if other != name)
    return AllOf((silent, AnyOf(tuple(said))))


def _may_ask(condition: Condition) -> bool:
    """Whether some part asks for an approval, quickly."""
    if isinstance(condition, Compare):
        return condition.path.endswith(".held")
    return any(map(_may_ask, children(condition))) if isinstance(condition, (AllOf, AnyOf)) else False


def _asked(condition: Condition) -> Iterator[str]:
    """The approvals that a condition asks to be held, whose holding can satisfy it."""
    if name := _name(condition):
        yield name
    elif isinstance(condition, (AllOf, AnyOf)):
        for item in condition.items:
            yield from _asked(item)


_YES = Constant(True)


def _name(condition: Condition) -> str:
    """The approval that this is the holding of; empty for other conditions."""
    if not isinstance(condition, Compare) or not condition.path.endswith(".held") or condition.op != "eq":
        return ""
    return condition.path[len("approvals.") : -len(".held")] if condition.operand == _YES else ""


def _all(items: tuple[Condition, ...]) -> Condition:
    return FALSE if FALSE in items else items[0] if len(items) == 1 else AllOf(items)


def _any(items: tuple[Condition, ...]) -> Condition:
    items = tuple(item for item in items if item != FALSE)
    return items[0] if len(items) == 1 else AnyOf(items)
