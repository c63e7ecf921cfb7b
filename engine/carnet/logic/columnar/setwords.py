# SPDX-License-Identifier: Apache-2.0
"""Sets as words: for every row one bit per name, from the lists of the names' codes.

Most of what a table of profiles holds are names in sets, so this is where most of its conversion goes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from carnet.logic.columnar.bitmaps import Bits, Numbers, transposed, words

KINDS = (np.uint8, np.uint16, np.uint32, np.uint64)
NARROW = 2  # bytes a word up to which running totals beat NumPy's reduceat, which calls a function for every row


def set_words(codes: Numbers, offsets: Numbers, names: int) -> Sequence[Numbers]:
    """An array of words for every 64 of the names, with zeros past the last row."""
    kind = next(kind for kind in KINDS if min(names, 64) <= 8 * kind().itemsize)
    found = []
    for first in range(0, names, 64):
        items = codes.astype(kind)
        if first:
            np.subtract(items, kind(first), out=items)
        np.left_shift(kind(1), items, out=items)  # 0 for a code of another word
        word = np.zeros(64 * words(len(offsets) - 1), kind)
        word[: len(offsets) - 1] = _combined(items, offsets)
        found.append(word)
    return found


def _combined(items: Numbers, offsets: Numbers) -> Numbers:
    """The bitwise `or` of each row's items."""
    if items.itemsize <= NARROW:
        until = np.zeros(len(items) + 1, items.dtype)
        until[1:] = _running(items)
        until = until.take(offsets, mode="clip")
        rows: Numbers = until[1:] ^ until[:-1]
        if np.bitwise_count(rows).sum() == len(items):  # else some name stands twice in its row
            return rows
    rows = np.zeros(len(offsets) - 1, items.dtype)
    end = int(np.searchsorted(offsets, len(items)))  # rows from here on are empty
    if end:
        np.bitwise_or.reduceat(items, offsets[:end], out=rows[:end])
        np.multiply(rows[:end], offsets[:end] < offsets[1 : end + 1], out=rows[:end])
    return rows


def _running(items: Numbers) -> Numbers:
    """The exclusive `or` of all items up to each: within the lanes of 64-bit words first, then from word to word."""
    lanes = 8 // items.itemsize
    if len(items) <= lanes:
        return np.bitwise_xor.accumulate(items)
    blocks = np.zeros(-(-len(items) // lanes), np.uint64)
    blocks.view(items.dtype)[: len(items)] = items
    width = 64 // lanes
    for shift in (width << step for step in range(lanes.bit_length() - 1)):
        blocks ^= blocks << np.uint64(shift)
    before = _running((blocks >> np.uint64(64 - width)).astype(items.dtype))[:-1]
    everywhere = sum(1 << width * lane for lane in range(lanes))
    blocks[1:] ^= before.astype(np.uint64) * np.uint64(everywhere)
    return blocks.view(items.dtype)[: len(items)]


def rows_by_name(words: Numbers) -> NDArray[np.uint64]:
    """The words turned over: for every name a bitmap of the rows."""
    octets = np.ascontiguousarray(words.view(np.uint8).reshape(len(words), -1).T)
    turned = transposed(octets).reshape(len(octets), -1, 8).swapaxes(1, 2)
    bitmaps: Bits = np.ascontiguousarray(turned).view(np.uint64).reshape(len(octets) * 8, -1)
    return bitmaps
