# SPDX-License-Identifier: Apache-2.0
"""Rulebooks of many markets compiled to one columnar program.

What two markets have in common word for word is one condition, one rule and, where a whole jurisdiction's say is the
same in both, one layer; each is then judged once per block of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carnet.assess.findings import need_condition, need_id
from carnet.assess.market import states_need
from carnet.law.model import Kind, Severity
from carnet.law.rulebook import BoundRoute, BoundRule, Layer, Rulebook, derived_needed
from carnet.logic.bind import Binding, bind
from carnet.logic.columnar.graph import Ref
from carnet.logic.columnar.program import ColumnarProgram
from carnet.logic.condition import All, Any, Compare, Condition, Constant, facts_read, held
from carnet.logic.program import Derived, Program


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`overridden_by` are the conditions under which other rules of the market take its place."""

    id: str
    applies: Ref
    requires: Ref
    severity: Severity
    curable: bool
    routes: tuple[str, ...]
    overridden_by: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One of some approvals is held; not asked where a rule that states it applies."""

    id: str
    held: Ref
    stated: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class CompiledRoute:
    id: str
    available: Ref
    deployment: bool
    track: str
    silent: bool
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class CompiledLayer:
    """A jurisdiction's say; equal for two markets in which it is the same."""

    jurisdiction: str
    rules: tuple[CompiledRule, ...]
    routes: tuple[CompiledRoute, ...]
    decided_below: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class CompiledMarket:
    market: str
    name: str
    day: dt.date
    chain: tuple[str, ...]
    layers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Markets of one day with the program and the distinct layers that they share, these referred to by index.

    `home` is what an exporter's own country asks beside every market outside it.
    """

    program: ColumnarProgram
    layers: tuple[CompiledLayer, ...]
    markets: tuple[CompiledMarket, ...]
    home: CompiledMarket | None = None


def compile_rulebooks(books: Sequence[Rulebook], home: Rulebook | None = None) -> Compiled:
    """Compile the rulebooks of one day."""
    if home is not None:
        books = [*books, home]
    recognisers = [Recogniser(book) for book in books]
    derived = {item.path: item for recogniser in recognisers for item in recogniser.derived}
    conditions = [
        recogniser.condition(condition)
        for recogniser, book in zip(recognisers, books, strict=True)
        for condition in _conditions(book)
    ]
    distinct = tuple(dict.fromkeys(conditions))
    program = ColumnarProgram(Program(derived_needed(derived.values(), distinct), distinct))
    layers: dict[CompiledLayer, int] = {}
    markets = []
    for book, recogniser in zip(books, recognisers, strict=True):
        own = [layers.setdefault(layer, len(layers)) for layer in _Compiler(book, program, recogniser).layers()]
        markets.append(CompiledMarket(book.market, book.name, book.day, book.chain, tuple(own)))
    beside = markets.pop() if home is not None else None
    return Compiled(program, tuple(layers), tuple(markets), beside)


def _conditions(book: Rulebook) -> Iterable[Condition]:
    for bound in book.rules():
        yield from (bound.applies, bound.requires)
    for overrides in book.overrides.values():
        yield from (override.when for override in overrides)
    for layer in book.layers:
        yield from (explanation.when for explanation in layer.decided_below)
        for route in layer.routes:
            yield route.available
            yield from map(need_condition, route.route.needs)


class Recogniser:
    """Lets conditions of a market read approvals as it does: held also through one that it recognises instead.

    The recognised form is a derived fact of its own, so that a market that recognises nothing shares the plain one.
    """

    def __init__(self, book: Rulebook) -> None:
        self._rename: dict[str, str] = {}
        self.derived: list[Derived] = []
        for approval, others in book.recognises.items():
            path = f"approvals.{approval}.held"
            self._rename[path] = f"derived.{path}@{'|'.join(others)}"
            through = tuple(All((_declared(other), held(other))) for other in others)
            self.derived.append(Derived(self._rename[path], condition=Any((held(approval), *through))))
        for item in book.derived:
            self._derive(item, book.market)

    def condition(self, condition: Condition) -> Condition:
        return bind(condition, Binding(rename=self._rename, partial=True)) if self._rename else condition

    def _derive(self, item: Derived, market: str) -> None:
        if item.reads().isdisjoint(self._rename):
            self.derived.append(item)
            return
        path = f"{item.path}@{market}"
        condition = None if item.condition is None else self.condition(item.condition)
        expr = None if item.expr is None else item.expr.bind({}, {}, self._rename)
        self._rename[item.path] = path
        self.derived.append(Derived(path, condition, expr))


def _declared(approval: str) -> Condition:
    return Compare(f"approvals.{approval}.held", "declared", Constant(True))


class _Compiler:
    def __init__(self, book: Rulebook, program: ColumnarProgram, recogniser: Recogniser) -> None:
        self._book = book
        self._program = program
        self._recogniser = recogniser

    def _ref(self, condition: Condition) -> Ref:
        return self._program.graph.add(self._recogniser.condition(condition))

    def layers(self) -> Iterator[CompiledLayer]:
        return map(self._layer, self._book.layers)

    def _layer(self, layer: Layer) -> CompiledLayer:
        return CompiledLayer(
            layer.jurisdiction,
            tuple(map(self._rule, layer.rules)),
            tuple(self._route(route, layer.rules) for route in layer.routes),
            tuple(self._ref(explanation.when) for explanation in layer.decided_below),
        )

    def _rule(self, bound: BoundRule) -> CompiledRule:
        rule = bound.rule
        return CompiledRule(
            rule.id,
            self._ref(bound.applies),
            self._ref(bound.requires),
            rule.severity,
            rule.curable,
            rule.routes,
            tuple(self._ref(override.when) for override in self._book.overrides.get(rule.id, ())),
        )

    def _route(self, bound: BoundRoute, rules: Sequence[BoundRule]) -> CompiledRoute:
        route = bound.route
        stating = _stating(route.id, rules)
        needs = []
        for group in route.needs:
            condition = need_condition(group)
            stated = stating.get(facts_read(condition), ())
            needs.append(
                Need(need_id(route, group), self._ref(condition), tuple(self._ref(rule.applies) for rule in stated))
            )
        deployment = route.kind is Kind.DEPLOYMENT
        return CompiledRoute(route.id, self._ref(bound.available), deployment, route.track, route.silent, tuple(needs))


def _stating(route: str, rules: Sequence[BoundRule]) -> Mapping[frozenset[str], Sequence[BoundRule]]:
    """The rules that state a need of the route themselves, by the approvals that they read."""
    found: dict[frozenset[str], list[BoundRule]] = {}
    for bound in rules:
        rule = bound.rule
        if states_need(bound) and (not rule.routes or route in rule.routes):
            found.setdefault(facts_read(bound.requires), []).append(bound)
    return found
