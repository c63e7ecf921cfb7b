# SPDX-License-Identifier: Apache-2.0
"""Which approvals count as held on a day, stated once for one profile (bits are 0 or 1) and for columns (bitmaps)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from carnet.logic.truths import B, Space, Truths


def in_time(held: Truths[B], granted_later: B, ended: B, exists: bool, space: Space[B]) -> Truths[B]:
    """Whether a declared approval counts on the day: not before its grant, not after its end.

    exists: whether there are such approvals on the day at all; before the first, none counts.
    """
    late = granted_later | ended if exists else space.every
    return Truths(held.true & ~late, held.false | (held.true & late))


def recognised(own: Truths[B], others: Iterable[Truths[B]], space: Space[B]) -> Truths[B]:
    """Whether an approval counts where others that are held stand for it; one that is not declared stands for none."""
    through = reduce(or_, (other.true for other in others), space.none)
    return Truths(own.true | through, own.false & ~through)
