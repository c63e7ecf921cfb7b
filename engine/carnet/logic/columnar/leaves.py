# SPDX-License-Identifier: Apache-2.0
"""One comparison over a whole column.

Each kind of column has its own operators here. A comparison that none of them knows (two kinds that are seldom
compared) runs row by row through the native evaluator's relations, so that it cannot mean anything else.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from carnet.logic.columnar.bitmaps import Bits, ones, pack, truths_where, unpack, zeros
from carnet.logic.columnar.columns import (
    BoolColumn,
    Column,
    ComputedColumn,
    DateColumn,
    NumberColumn,
    SetColumn,
    TextColumn,
    day_number,
)
from carnet.logic.columnar.sets import compare_sets
from carnet.logic.condition import AreaRef
from carnet.logic.native import RELATIONS
from carnet.logic.numbers import RELATIVE
from carnet.logic.places import Area
from carnet.logic.truths import Truths

Operand: TypeAlias = Any  # a Column, or one value for all rows

ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


def declared(column: Column, wanted: bool) -> Truths[Bits]:
    """Whether the fact is known at all; never unknown itself."""
    truths = Truths(column.known, ones(column.rows) ^ column.known)
    return truths if wanted else ~truths


def compare(left: Column, op: str, right: Operand) -> Truths[Bits]:
    """`left op right`, unknown where either is."""
    known = left.known & right.known if isinstance(right, Column) else left.known
    if Column in (type(left), type(right)):
        return Truths(known, known)
    hit = _hit(left, op, right)
    return truths_where(_row_by_row(left, op, right, known) if hit is None else hit, known)


def within(where: Column, granted: Column, area: AreaRef) -> Truths[Bits]:
    """Whether places lie in an area; each pair that occurs is looked up once."""
    if not (isinstance(where, SetColumn) and isinstance(granted, SetColumn)):
        nowhere = zeros(where.rows)  # nothing is known of one of them
        return Truths(nowhere, nowhere)
    (codes, places), (other_codes, names) = where.distinct, granted.distinct
    pairs, row = np.unique(codes.astype(np.int64) * len(names) + other_codes, return_inverse=True)
    at = (divmod(int(pair), len(names)) for pair in pairs)
    found = [Area(names[code], area.jurisdiction, area.places).holds(places[place]) for place, code in at]
    known = where.known & granted.known
    true, false = (pack(np.array([truth is wanted for truth in found], np.bool_)[row]) for wanted in (True, False))
    return Truths(true & known, false & known)


def _hit(left: Column, op: str, right: Operand) -> Bits | None:
    """Where the relation holds, right in the known rows; None for what has no operator here."""
    if op in ("in", "not_in"):
        return _membership(left, op, right)
    if op in ("ne", "disjoint"):
        hit = _hit(left, "eq" if op == "ne" else "contains_any", right)
        return None if hit is None else ~hit
    if isinstance(left, SetColumn):
        if op.startswith("size_"):
            return _numbers(NumberColumn(left.lengths, left.known), op.removeprefix("size_"), right)
        return compare_sets(left, op, right)
    if isinstance(left, TextColumn):
        return _texts(left, right) if op == "eq" else None
    if isinstance(left, BoolColumn) and isinstance(right, bool) and op == "eq":
        return left.true if right else ~left.true
    return _numbers(left, op, right)


def _membership(left: Column, op: str, right: Operand) -> Bits | None:
    hit: Bits | None = None
    if isinstance(right, tuple):
        hit = _any_of(left, (_hit(left, "eq", value) for value in right))
    elif isinstance(left, TextColumn) and isinstance(right, SetColumn):
        hit = _any_of(left, (left.equals(name) & right.contains(name) for name in right.names))
    return hit if hit is None or op == "in" else ~hit


def _any_of(left: Column, hits: Iterable[Bits | None]) -> Bits | None:
    found = zeros(left.rows)
    for hit in hits:
        if hit is None:
            return None
        found |= hit
    return found


def _texts(left: TextColumn, right: Operand) -> Bits | None:
    if isinstance(right, str):
        return left.equals(right)
    if not isinstance(right, TextColumn):
        return None
    code = {name: at for at, name in enumerate(left.names)}
    same = np.array([code.get(name, -1) for name in right.names], np.int32)
    return pack(left.codes == same[right.codes])


def _numbers(left: Column, op: str, right: Operand) -> Bits | None:
    a, b = as_numbers(left), as_numbers(right)
    if a is None or b is None or isinstance(left, DateColumn) is not _is_date(right) or op not in ARITHMETIC:
        return None
    return pack(_compared(op, a, b, _is_read(left) and _is_read(right)))


def _is_read(operand: Operand) -> bool:
    """Whether whole numbers of it are integers in a profile or pack, though a column may hold them as floats."""
    return isinstance(operand, (NumberColumn, int)) and not isinstance(operand, ComputedColumn)


def _compared(op: str, a: Any, b: Any, integers: bool) -> Any:
    """Row by row; what differs by less than a billionth of itself is the same (`carnet.logic.numbers`), unless both
    are integers."""
    if "f" not in (np.asarray(a).dtype.kind, np.asarray(b).dtype.kind):
        return ARITHMETIC[op](a, b)
    with np.errstate(invalid="ignore", over="ignore"):  # two infinities are equal, and no distance apart
        apart, size = np.abs(np.subtract(a, b, dtype=float)), np.maximum(np.abs(a), np.abs(b))
        near = (apart <= RELATIVE * size) & np.isfinite(apart)
        if integers:
            near &= (np.floor(a) != a) | (np.floor(b) != b)
        same = (a == b) | near
    if op in ("eq", "ne"):
        return same if op == "eq" else ~same
    return ARITHMETIC[op](a, b) | same if op in ("lte", "gte") else ARITHMETIC[op](a, b) & ~same


def _is_date(operand: Operand) -> bool:
    return isinstance(operand, (DateColumn, dt.date))


def as_numbers(operand: Operand) -> Any:
    """An array or a number to calculate with (a date as its day), None for text, sets and tables."""
    if isinstance(operand, NumberColumn):
        return operand.numbers
    if isinstance(operand, BoolColumn):
        return unpack(operand.true, operand.rows).view(np.uint8)
    if isinstance(operand, dt.date):
        return day_number(operand)
    return operand if isinstance(operand, (bool, int, float)) else None


def _row_by_row(left: Column, op: str, right: Operand, known: Bits) -> Bits:
    relation = RELATIONS[op]
    others = right.items() if isinstance(right, Column) else [right] * left.rows
    rows = zip(left.items(), others, unpack(known, left.rows), strict=True)
    return pack(np.array([there and bool(relation(a, b)) for a, b, there in rows], np.bool_))
