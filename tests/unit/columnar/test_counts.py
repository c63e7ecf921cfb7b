# SPDX-License-Identifier: Apache-2.0
"""Bit-sliced counts say what adding row by row says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

np = pytest.importorskip("numpy")

from carnet.logic.columnar.bitmaps import count, pack, unpack  # noqa: E402
from carnet.logic.columnar.counts import at_least, numbers, total  # noqa: E402


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 130), st.integers(0, 2**32))
def test_totals(height, rows, seed):
    flags = np.random.default_rng(seed).random((height, rows)) < 0.7
    slices = total(pack(row) for row in flags)
    assert numbers(slices, rows).tolist() == flags.sum(axis=0).tolist()
    for n in (0, 1, height // 2, height, height + 1):
        assert unpack(at_least(slices, n, rows), rows).tolist() == (flags.sum(axis=0) >= n).tolist()


@given(st.lists(st.booleans(), max_size=200))
def test_packing(flags):
    bits = pack(np.array(flags, np.bool_))
    assert unpack(bits, len(flags)).tolist() == flags
    assert count(bits) == sum(flags)
