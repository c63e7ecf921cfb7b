# SPDX-License-Identifier: Apache-2.0
"""Rulebooks of many markets compiled to one columnar program and one plan of what is to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from carnet.fleet.facts import recognising
from carnet.law.rulebook import Rulebook
from carnet.logic.bind import Binding, bind
from carnet.logic.columnar.graph import step_of
from carnet.logic.columnar.program import ColumnarProgram
from carnet.logic.condition import Condition
from carnet.logic.program import Derived
from carnet.verdict.plan import MarketPlan, Plan, Planner
from carnet.verdict.testing import PHASE


@dataclass(frozen=True)
class Compiled:
    """Markets of one day, with the program that answers for all of them.

    `home` is what an exporter's own country asks beside every market outside it. `phase_layers` are those in which it
    matters whether the operation is a test.
    """

    program: ColumnarProgram
    plan: Plan
    markets: tuple[MarketPlan, ...]
    home: MarketPlan | None = None

    @cached_property
    def phase_layers(self) -> frozenset[int]:
        _, steps = self.program.reading(PHASE)
        refs = self.program.refs
        moved = {number for number, ref in enumerate(refs) if step_of(ref) in steps}
        return frozenset(at for at, layer in enumerate(self.plan.layers) if not moved.isdisjoint(layer.refs()))


def compile_rulebooks(books: Sequence[Rulebook], home: Rulebook | None = None, granted: Iterable[str] = ()) -> Compiled:
    """Compile the rulebooks of one day.

    granted: the approvals that some row may hold, whose limits are asked.
    """
    planner = Planner(granted)
    markets = [_added(planner, book) for book in books]
    beside = _added(planner, home) if home is not None else None
    plan = planner.plan()
    return Compiled(ColumnarProgram(plan.program), plan, tuple(markets), beside)


def _added(planner: Planner, book: Rulebook) -> MarketPlan:
    recogniser = Recogniser(book)
    return planner.add(book, recogniser.derived, recogniser.condition)


class Recogniser:
    """Lets conditions of a market read approvals as it does: held also through one that it recognises instead.

    The recognised form is a column of its own, so that a market that recognises nothing shares the plain one.
    """

    def __init__(self, book: Rulebook) -> None:
        self._rename: dict[str, str] = {}
        self.derived: list[Derived] = []
        for approval, others in book.recognises.items():
            path = f"approvals.{approval}.held"
            self._rename[path] = recognising(path, others)
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
