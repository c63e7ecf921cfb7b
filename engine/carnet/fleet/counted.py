# SPDX-License-Identifier: Apache-2.0
"""Decisions over a block as results count them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from carnet.logic.columnar.bitmaps import Bits
from carnet.verdict.judge import ClauseDecision, LayerDecision
from carnet.verdict.outcome import Grade
from carnet.verdict.plan import Clause
from carnet.verdict.status import Statuses


class CountedClause(NamedTuple):
    """A clause with its status where it counts, left empty elsewhere; `feature` is the only one of several it names."""

    clause: Clause
    status: Statuses[Bits]
    counts: Bits
    feature: str = ""

    def within(self, mask: Bits, feature: str = "") -> CountedClause:
        """What it says in the rows of a mask."""
        return CountedClause(self.clause, self.status.within(mask), self.counts & mask, feature)


class CountedLayer(NamedTuple):
    """A layer over the block: its clauses, its outcome, and where each route is the one taken."""

    clauses: tuple[CountedClause, ...]
    outcome: Grade[Bits]
    taken: Mapping[str, Bits]


def counted_layer(decision: LayerDecision[Bits]) -> CountedLayer:
    """What a decided layer amounts to."""
    return CountedLayer(tuple(map(counted, decision.clauses)), decision.outcome, decision.choice.taken)


def counted(decision: ClauseDecision[Bits]) -> CountedClause:
    """A decided clause where it counts."""
    clause, status, standing, _ = decision
    if not (clause.routes or clause.overridden_by or clause.advice):
        return CountedClause(clause, status, standing)
    counts = decision.counts
    return CountedClause(clause, status.within(counts), counts)


def either(tested: Bits, declared: CountedLayer, testing: CountedLayer) -> CountedLayer:
    """The layer as a test where the mask is set, as declared elsewhere."""
    if declared is testing:
        return declared
    clauses = [one.within(~tested, one.feature) for one in declared.clauses]
    clauses += [one.within(tested, one.feature) for one in testing.clauses]
    taken = {route: (testing.taken[route] & tested) | (bits & ~tested) for route, bits in declared.taken.items()}
    pairs = zip(testing.outcome, declared.outcome, strict=True)
    outcome = tuple((test & tested) | (other & ~tested) for test, other in pairs)
    return CountedLayer(tuple(one for one in clauses if one.counts.any()), outcome, taken)
