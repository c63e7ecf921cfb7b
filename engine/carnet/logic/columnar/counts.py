# SPDX-License-Identifier: Apache-2.0
"""Counting set bits per row over many bitmaps, all rows at once: bit-sliced, carry-save addition.

A count is a list of bitmaps, the i-th holding the bit of weight 2**i of every row's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from carnet.logic.columnar.bitmaps import Bits, ones, transposed, unpack, zeros

Slices: TypeAlias = Sequence[Bits]


class Counter:
    """Adds bitmaps and counts of any weight; three of one weight become one of it and one of the next."""

    def __init__(self) -> None:
        self._pending: list[list[Bits]] = []

    def add(self, bits: Bits, weight: int = 0) -> None:
        while len(self._pending) <= weight:
            self._pending.append([])
        waiting = self._pending[weight]
        waiting.append(bits)
        if len(waiting) == 3:
            a, b, c = waiting
            half = a ^ b
            self._pending[weight] = [half ^ c]
            self.add((a & b) | (half & c), weight + 1)

    def add_count(self, slices: Slices) -> None:
        for weight, bits in enumerate(slices):
            self.add(bits, weight)

    def slices(self) -> Slices:
        """The sum so far, lowest bit first."""
        weight = 0
        while weight < len(self._pending):
            if len(self._pending[weight]) == 2:
                a, b = self._pending[weight]
                self._pending[weight] = [a ^ b]
                self.add(a & b, weight + 1)
            weight += 1
        return tuple(waiting[0] for waiting in self._pending)


def total(bitmaps: Iterable[Bits]) -> Slices:
    """How many of the bitmaps have each row's bit set."""
    counter = Counter()
    for bits in bitmaps:
        counter.add(bits)
    return counter.slices()


def added(a: Slices, b: Slices) -> Slices:
    """The sum of two counts."""
    counter = Counter()
    counter.add_count(a)
    counter.add_count(b)
    return counter.slices()


def padded(slices: Slices, width: int, like: Bits) -> Slices:
    """The same count with zeros in front, up to a width."""
    return (*slices, *[np.zeros_like(like)] * (width - len(slices)))


def at_least(slices: Slices, n: int, rows: int) -> Bits:
    """Where the count is `n` or more."""
    if n <= 0:
        return ones(rows)
    if n >> len(slices):
        return zeros(rows)
    enough = ones(rows)
    for weight, bits in enumerate(slices):
        enough = bits & enough if n >> weight & 1 else bits | enough
    return enough


def less(a: Slices, b: Slices, rows: int) -> Bits:
    """Where the first count is smaller than the second."""
    none = zeros(rows)
    result = none
    for weight in range(max(len(a), len(b))):
        x = a[weight] if weight < len(a) else none
        y = b[weight] if weight < len(b) else none
        result = (~x & y) | (~(x ^ y) & result)
    return result


def where(mask: Bits, a: Slices, b: Slices) -> Slices:
    """The first count where the mask is set, the second elsewhere."""
    none = zeros(len(mask) * 64)
    longest = max(len(a), len(b))
    pairs = zip((*a, *[none] * (longest - len(a))), (*b, *[none] * (longest - len(b))), strict=True)
    return tuple((x & mask) | (y & ~mask) for x, y in pairs)


def numbers(slices: Slices, rows: int) -> NDArray[np.uint16]:
    """The count of every row as a number."""
    result = np.zeros(rows, np.uint16)
    for low in range(0, len(slices), 8):
        part = slices[low : low + 8]
        if len(part) == 1:
            result |= unpack(part[0], rows).astype(np.uint16) << np.uint16(low)
        else:
            result |= bits_by_row(part)[:rows].astype(np.uint16) << np.uint16(low)
    return result


def bits_by_row(slices: Slices) -> NDArray[np.uint8]:
    """Up to eight bitmaps as one byte a row, the first in its lowest bit; past the last row follow zeros."""
    block = np.zeros((len(slices[0]) * 8, 8), np.uint8)
    for column, bits in enumerate(slices):
        block[:, column] = bits.view(np.uint8)
    return transposed(block).reshape(-1)
