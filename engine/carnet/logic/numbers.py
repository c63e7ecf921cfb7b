# SPDX-License-Identifier: Apache-2.0
"""Numbers compared as a person does: what differs by less than a billionth of itself is the same.

Only where a fraction is involved; whole numbers, which a profile and a pack read as such even when written 5.0, are
compared exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, floor, isclose, isfinite
from typing import Any

RELATIVE = 1e-9
DECIMALS = 1000
"""Of a unit, as far as limits are printed and proposed."""


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal; of numbers, up to what no person would tell apart."""
    if a == b:
        return True
    if (type(a) is float and type(b) in (float, int)) or (type(b) is float and type(a) is int):
        try:
            return isclose(a, b, rel_tol=RELATIVE)
        except OverflowError:
            return False
    return False


def among(value: Any, values: tuple[Any, ...]) -> bool:
    """Whether one of the values is the same."""
    return value in values or (type(value) in (float, int) and any(same(value, other) for other in values))


ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": lambda a, b: bool(a < b) and not same(a, b),
    "lte": lambda a, b: bool(a <= b) or same(a, b),
    "gt": lambda a, b: bool(a > b) and not same(a, b),
    "gte": lambda a, b: bool(a >= b) or same(a, b),
}


def rounded_up(value: float) -> float:
    """To the decimals that are printed, never down by more than nobody can tell."""
    return _rounded(value, ceil)


def rounded_down(value: float) -> float:
    """To the decimals that are printed, never up by more than nobody can tell."""
    return _rounded(value, floor)


def _rounded(value: float, towards: Callable[[float], int]) -> float:
    if type(value) is not float or not isfinite(value) or abs(value) > 1e12 or not round(value, 3):
        return value  # printed in full
    nearest = round(value * DECIMALS) / DECIMALS
    return nearest if same(nearest, value) else towards(value * DECIMALS) / DECIMALS
