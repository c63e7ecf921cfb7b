# SPDX-License-Identifier: Apache-2.0
"""What to do first: the one action that opens most of the markets looked at, the same for a check and a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from carnet.assess.lacks import Lack, Work
from carnet.assess.model import MarketAssessment, Outcome
from carnet.plan.actions import Action, action_id


class Step(NamedTuple):
    """One action, the markets that it alone would open, and those in which it stands in the way with others."""

    action: Action
    opens: tuple[str, ...]
    helps: tuple[str, ...]


def in_the_way(market: MarketAssessment) -> tuple[Lack, ...]:
    """The lacks that a market waits for, its duties of home among them; what is waived is not lacking."""
    return tuple(lack for lack in (*market.lacks, *market.home_lacks) if lack.blocking and not lack.waived)


def first_step(markets: Sequence[MarketAssessment], doing: Sequence[Action]) -> Step | None:
    """Of the actions over some markets the one that opens most by itself; failing that, the one in the way of most.

    Of several that do the same the one that takes longest: it has to begin first. None where nothing is in the way, or
    nothing that is in the way can be closed.
    """
    closable = {
        market.market: frozenset(map(action_id, lacks))
        for market, lacks in ((market, in_the_way(market)) for market in markets if market.outcome is Outcome.CLOSED)
        if not any(lack.work is Work.BAR for lack in lacks)
    }
    steps = [
        Step(
            action,
            tuple(code for code, asked in closable.items() if asked == {action.id}),
            tuple(code for code, asked in closable.items() if action.id in asked and len(asked) > 1),
        )
        for action in doing
    ]
    useful = [step for step in steps if step.opens or step.helps]
    return max(useful, key=lambda step: (len(step.opens), len(step.helps)), default=None)
