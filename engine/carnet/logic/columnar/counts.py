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


def total(bitmaps: Iterable[Bits]) -> Slices:
    """How many of the bitmaps have each row's bit set.

    Of each weight, three at a time become one of it and one of the next, and two that are left over likewise.
    """
    stack: NDArray[np.uint64] = np.array(list(bitmaps), np.uint64)
    slices: list[Bits] = []
    while len(stack):
        carried = [stack[:0]]
        while len(stack) > 1:
            whole = len(stack) // 3 * 3 or 2
            a, b = stack[:whole:3], stack[1:whole:3]
            half, carry = a ^ b, a & b
            if len(stack) > 2:
                c = stack[2:whole:3]
                half, carry = half ^ c, carry | (half & c)
            carried.append(carry)
            stack = np.concatenate([half, stack[whole:]])
        slices.append(stack[0])
        stack = np.concatenate(carried)
    return tuple(slices)


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


class Rows:
    """The rows of a table, as decisions over them need it."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.every, self.none = ones(rows), zeros(rows)

    def any(self, bits: Bits) -> bool:
        return bool(bits.any())

    def maybe(self, bits: Bits) -> bool:
        return True

    def total(self, bits: Iterable[Bits]) -> tuple[Bits, ...]:
        return tuple(total(bits))


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
