# SPDX-License-Identifier: Apache-2.0
"""Comparisons of sets, from one membership bitmap per item."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from carnet.logic.columnar.bitmaps import Bits, ones, pack, zeros
from carnet.logic.columnar.columns import Column, SetColumn


def compare_sets(left: SetColumn, op: str, right: Any) -> Bits | None:
    """Where `left op right` holds; None for an operand that is no set."""
    if isinstance(right, SetColumn):
        return _with_column(left, op, right)
    if isinstance(right, Column) or not isinstance(right, tuple):
        return None
    if op == "contains_all":
        return left.has_all(right)
    if op == "contains_any":
        return left.has_any(right)
    if op == "subset_of":
        return ~left.has_other_than(right)
    if op == "eq":
        return left.has_all(right) & ~left.has_other_than(right)
    return _ranks(left, right) if op == "ranks" else None


def _with_column(left: SetColumn, op: str, right: SetColumn) -> Bits | None:
    if op == "contains_all":
        return _all(left.rows, (~right.contains(name) | left.contains(name) for name in right.names))
    if op == "contains_any":
        return _any(left.rows, (right.contains(name) & left.contains(name) for name in right.names))
    if op == "subset_of":
        return _with_column(right, "contains_all", left)
    if op == "eq":
        names = dict.fromkeys((*left.names, *right.names))
        return ~_any(left.rows, (left.contains(name) ^ right.contains(name) for name in names))
    return None


def _all(rows: int, bitmaps: Iterable[Bits]) -> Bits:
    result = ones(rows)
    for bits in bitmaps:
        result &= bits
    return result


def _any(rows: int, bitmaps: Iterable[Bits]) -> Bits:
    result = zeros(rows)
    for bits in bitmaps:
        result |= bits
    return result


def _ranks(left: SetColumn, names: Sequence[Any]) -> Bits:
    result = left.has_all(names)
    for before, after in itertools.pairwise(names):
        result &= pack(left.place(before) <= left.place(after))
    return result
