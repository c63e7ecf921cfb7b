# SPDX-License-Identifier: Apache-2.0
"""Truth of many rows as packed bitmaps: one bit a row, in 64-bit words, lowest bit first as in Arrow.

Bits past the last row are always 0, so that a row that does not exist is never true, false or counted.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from carnet.logic.truths import Truths

Bits: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[Any]


def words(rows: int) -> int:
    """How many words hold one bit a row."""
    return (rows + 63) // 64


def zeros(rows: int) -> Bits:
    return np.zeros(words(rows), np.uint64)


def ones(rows: int) -> Bits:
    bits = np.full(words(rows), ~np.uint64(0))
    if rows % 64:
        bits[-1] = np.uint64((1 << rows % 64) - 1)
    return bits


def pack(flags: Flags) -> Bits:
    """One flag a row, packed."""
    bits = zeros(len(flags))
    packed = np.packbits(flags, bitorder="little")
    bits.view(np.uint8)[: len(packed)] = packed
    return bits


def unpack(bits: Bits, rows: int) -> Flags:
    """One flag a row."""
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def from_buffer(buffer: Any, offset: int, rows: int) -> Bits:
    """The bitmap in an Arrow buffer that starts `offset` bits in; no buffer means that every bit is set."""
    if buffer is None:
        return ones(rows)
    if offset % 8:
        flags = np.unpackbits(np.frombuffer(buffer, np.uint8), count=offset + rows, bitorder="little")
        return pack(flags[offset:].view(np.bool_))
    bits = zeros(rows)
    size = (rows + 7) // 8
    bits.view(np.uint8)[:size] = np.frombuffer(buffer, np.uint8, size, offset // 8) if size else 0
    return bits & ones(rows)


# Hacker's Delight 7-3: swap ever larger blocks across the diagonal.
_SWAPS = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))


def transposed(octets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every eight bytes as a square of bits turned over: bit i of byte j becomes bit j of byte i."""
    squares = octets.view(np.uint64)
    for shift, mask in _SWAPS:
        moved = (squares ^ (squares >> np.uint64(shift))) & np.uint64(mask)
        squares = squares ^ moved ^ (moved << np.uint64(shift))
    return squares.view(np.uint8)


def count(bits: Bits) -> int:
    """How many rows have their bit set."""
    return int(np.bitwise_count(bits).sum())


def truths_where(hit: Bits, known: Bits) -> Truths[Bits]:
    """True where `hit`, false elsewhere, unknown where not `known`."""
    true = hit & known
    return Truths(true, true ^ known)
