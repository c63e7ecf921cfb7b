# SPDX-License-Identifier: Apache-2.0
"""Counts per row as binary digits, the lowest first: which of two is smaller, and one where a mask is set."""

from __future__ import annotations

from itertools import zip_longest
from typing import TypeAlias

from carnet.logic.truths import B

Digits: TypeAlias = tuple[B, ...]


def padded(digits: Digits[B], width: int, none: B) -> Digits[B]:
    """The same count with zeros in front, up to a width."""
    return (*digits, *[none] * (width - len(digits)))


def less(a: Digits[B], b: Digits[B], none: B) -> B:
    """Where the first count is smaller than the second."""
    result = none
    for x, y in zip_longest(a, b, fillvalue=none):
        result = (~x & y) | (~(x ^ y) & result)
    return result


def where(mask: B, a: Digits[B], b: Digits[B], none: B) -> Digits[B]:
    """The first count where the mask is set, the second elsewhere."""
    return tuple((x & mask) | (y & ~mask) for x, y in zip_longest(a, b, fillvalue=none))
