# SPDX-License-Identifier: Apache-2.0
"""Which approvals count as held on a day, stated once for one profile (bits are 0 or 1) and for columns (bitmaps)."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import reduce
from operator import and_, or_

from carnet.logic.truths import B, Space, Truths

APPROVALS = "approvals."
"""Before the id of an approval, in the path of what is declared of it."""
OWN = "@own"


def own_path(approval: str, recognises: Container[str]) -> str:
    """The path of whether an approval is held itself, not through another one that is recognised for it.

    recognises: the approvals for which the market takes others.
    """
    return f"approvals.{approval}.held{OWN}" if approval in recognises else f"approvals.{approval}.held"


def name_of(path: str) -> str:
    """The approval that a path of whether one is held is of."""
    return path.removeprefix("approvals.").removesuffix(OWN).removesuffix(".held")


def in_time(held: Truths[B], granted_later: B, ended: B, exists: bool, space: Space[B]) -> Truths[B]:
    """Whether a declared approval counts on the day: not before its grant, not after its end.

    exists: whether there are such approvals on the day at all; before the first, none counts.
    """
    late = granted_later | ended if exists else space.every
    return Truths(held.true & ~late, held.false | (held.true & late))


def recognised(own: Truths[B], others: Iterable[Truths[B]], space: Space[B]) -> Truths[B]:
    """Whether an approval counts where others that are held stand for it: it is held, or one of them is."""
    either = (own, *others)
    true = reduce(or_, (one.true for one in either), space.none)
    return Truths(true, reduce(and_, (one.false for one in either), space.every))
