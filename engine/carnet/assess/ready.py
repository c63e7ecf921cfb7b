# SPDX-License-Identifier: Apache-2.0
"""Rulebooks made ready to answer for any facts; kept with the law, since that costs more than answering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from threading import Lock
from typing import Any

from carnet.assess.duties import ROLES
from carnet.law.law import Law
from carnet.law.rulebook import Rulebook
from carnet.logic.condition import Condition, facts_read
from carnet.logic.native import Test, compile_condition
from carnet.logic.program import Evaluator
from carnet.verdict.clause import Clause, Ref
from carnet.verdict.plan import MarketPlan, Planner

Paths = frozenset[str]
MOST_KEPT = 50_000
"""Layers with sets of grants whose limits are kept together."""


class ReadyLaw:
    """Some rulebooks' plan, with its program made ready by an evaluator."""

    def __init__(self, books: tuple[Rulebook, ...], engine: Evaluator) -> None:
        self._planner = planner = Planner()
        self._limits: dict[tuple[int, tuple[str, ...]], tuple[Clause, ...]] = {}
        self._later_reads: dict[Ref, Paths] = {}
        self._limit_readers: dict[tuple[int, tuple[str, ...]], Mapping[str, Sequence[Ref]]] = {}
        self._with_limits: dict[tuple[int, tuple[str, ...]], Paths] = {}
        self._tests: dict[Ref, Test] = {}
        self._made_of: dict[tuple[int, bool], Paths] = {}
        self._lock = Lock()
        self._books = books  # keeps them alive, by whose identity they are known
        self._markets = {id(book): planner.add(book, book.derived) for book in books}
        self.plan = planner.plan()
        self.program = self.plan.program
        self.prepared = engine.prepare(self.program)
        self.conditions: Sequence[Condition] = planner.conditions
        self.sources = {item.path: item for item in self.program.derived}

    def market(self, book: Rulebook) -> MarketPlan:
        """What is to be decided under one of the rulebooks."""
        return self._markets[id(book)]

    def limits(self, layer: int, granted: Iterable[str]) -> tuple[Clause, ...]:
        """What is asked of the grants that a profile holds, in a layer."""
        key = (layer, tuple(granted))
        found = self._limits.get(key)
        if found is None:
            with self._lock:
                if len(self._limits) > MOST_KEPT:
                    self._limits.clear()
                of = self.plan.limits[layer].of
                found = self._limits[key] = tuple(chain.from_iterable(map(of, key[1])))
        return found

    def asks_later(self, ref: Ref) -> bool:
        """Whether a condition is one of the limits of grants, which the program does not answer."""
        return ref >= len(self.program.conditions)

    def test(self, ref: Ref) -> Test:
        """A condition compiled for the reference evaluator."""
        if ref not in self._tests:
            self._tests[ref] = compile_condition(self.conditions[ref])
        return self._tests[ref]

    def reads(self, refs: Iterable[Ref]) -> Paths:
        """The facts that some conditions read, derived ones as such."""
        return Paths().union(*map(self._read_by, refs))

    def made_of(self, clause: Clause, looked_at: bool) -> Paths:
        """The facts that a finding of a clause is made of; looked_at: those that it requires are among them."""
        key = (id(clause), looked_at)
        found = self._made_of.get(key)
        if found is None:
            refs = {ref for ref in clause.refs() if looked_at or ref != clause.requires}
            found = self.reads(refs) | ROLES
            if clause.kind == "rule" or clause.kind == "need":  # part of the plan, which lives as long as this
                self._made_of[key] = found
        return found

    def _read_by(self, ref: Ref) -> Paths:
        if not self.asks_later(ref):
            return self._reads[ref]
        if ref not in self._later_reads:
            self._later_reads[ref] = facts_read(self.conditions[ref])
        return self._later_reads[ref]

    def layer_reads(self, layer: int, granted: Iterable[str]) -> Paths:
        """What a layer reads; roles count wherever findings are made."""
        key = (layer, tuple(granted))
        if key not in self._with_limits:
            limits = self.limits(*key)
            self._with_limits[key] = self._layer_reads[layer].union(*(self.reads(one.refs()) for one in limits))
        return self._with_limits[key]

    def limit_readers(self, layer: int, granted: Iterable[str]) -> Mapping[str, Sequence[Ref]]:
        """By fact, the conditions on which limits of the grants that a profile holds are asked in a layer."""
        key = (layer, tuple(granted))
        if key not in self._limit_readers:
            asked = {limit.asked for limit in self.limits(*key) if limit.asked is not None}
            readers: dict[str, list[Ref]] = {}
            for ref in asked:
                for path in self._read_by(ref):
                    readers.setdefault(path, []).append(ref)
            self._limit_readers[key] = readers
        return self._limit_readers[key]

    def market_reads(self, market: MarketPlan, granted: Sequence[str]) -> Paths:
        """What a market reads, with the law that changes soon and what counts for nothing."""
        beside = (ref for clause in (*market.changes, *market.guidance) for ref in clause.refs())
        return self.reads(beside).union(ROLES, *(self.layer_reads(layer, granted) for layer in market.layers))

    def spread(self, differing: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Paths:
        """What differs, with the derived facts that do; an unknown one may wait for other facts than before."""
        changed = set(differing)
        for path, reads in self._derivations:
            if not reads.isdisjoint(changed):
                old, new = before.get(path), after.get(path)
                if new is None or new != old or type(new) is not type(old):
                    changed.add(path)
        return frozenset(changed)

    @cached_property
    def _derivations(self) -> tuple[tuple[str, Paths], ...]:
        return tuple((derived.path, derived.reads()) for derived in self.program.derived)

    @cached_property
    def _reads(self) -> tuple[Paths, ...]:
        return tuple(map(facts_read, self.program.conditions))

    @cached_property
    def layer_refs(self) -> tuple[frozenset[Ref], ...]:
        """By layer, the conditions that it is decided and explained by."""
        return tuple(layer.refs() for layer in self.plan.layers)

    @cached_property
    def _layer_reads(self) -> tuple[Paths, ...]:
        return tuple(self.reads(refs) | ROLES for refs in self.layer_refs)


def ready_law(law: Law, rulebooks: Iterable[Rulebook], engine: Evaluator) -> ReadyLaw:
    """The rulebooks made ready, or as they were before."""
    books = tuple({id(book): book for book in rulebooks}.values())
    return law.ready((engine.name, *map(id, books)), partial(ReadyLaw, books, engine))
