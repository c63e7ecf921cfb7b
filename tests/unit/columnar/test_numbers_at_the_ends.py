# SPDX-License-Identifier: Apache-2.0
"""Columns compare the largest numbers there are, and infinities, as single numbers do, without a word of NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from carnet.logic.columnar.leaves import _compared
from carnet.logic.numbers import ORDER, same

ENDS = (float("inf"), float("-inf"), 1e308, -1e308, 0.0, 1.0, 1.0 + 1e-12)


@pytest.mark.parametrize("op", ["eq", "ne", *ORDER])
def test_as_single_numbers(op: str) -> None:
    pairs = [(one, other) for one in ENDS for other in ENDS]
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    single = {"eq": same, "ne": lambda a, b: not same(a, b), **ORDER}[op]
    assert list(_compared(op, left, right, integers=False)) == [single(one, other) for one, other in pairs]
