# SPDX-License-Identifier: Apache-2.0
"""Rulebooks made ready to answer for any facts; kept with the law, since that costs more than answering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import Any

from carnet.assess.duties import ROLES
from carnet.law.law import Law
from carnet.law.rulebook import Rulebook
from carnet.logic.condition import facts_read
from carnet.logic.program import Evaluator
from carnet.verdict.plan import MarketPlan, Planner, Ref

Paths = frozenset[str]


class ReadyLaw:
    """Some rulebooks' plan, with its program made ready by an evaluator."""

    def __init__(self, books: tuple[Rulebook, ...], engine: Evaluator) -> None:
        planner = Planner()
        self._books = books  # keeps them alive, by whose identity they are known
        self._markets = {id(book): planner.add(book, book.derived) for book in books}
        self.plan = planner.plan()
        self.program = self.plan.program
        self.prepared = engine.prepare(self.program)
        self.sources = {item.path: item for item in self.program.derived}

    def market(self, book: Rulebook) -> MarketPlan:
        """What is to be decided under one of the rulebooks."""
        return self._markets[id(book)]

    def reads(self, refs: Iterable[Ref]) -> Paths:
        """The facts that some conditions read, derived ones as such."""
        return Paths().union(*(self._reads[ref] for ref in refs))

    def layer_reads(self, layer: int) -> Paths:
        """What a layer reads; roles count wherever findings are made."""
        return self._layer_reads[layer]

    def market_reads(self, market: MarketPlan) -> Paths:
        """What a market reads, with the law that changes soon and what counts for nothing."""
        beside = (ref for clause in (*market.changes, *market.guidance) for ref in clause.refs())
        return self.reads(beside).union(ROLES, *(self._layer_reads[layer] for layer in market.layers))

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
