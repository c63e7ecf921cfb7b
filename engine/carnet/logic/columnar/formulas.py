# SPDX-License-Identifier: Apache-2.0
"""Formulas over whole columns: the same values as `formula.evaluate` gives row by row.

What Python computes with whole numbers is computed in doubles here, the same up to 2**53.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

import numpy as np

from carnet.logic.columnar.bitmaps import Flags, Numbers, pack, unpack
from carnet.logic.columnar.columns import (
    Column,
    ComputedColumn,
    DateColumn,
    SetColumn,
    constant,
    day_number,
    from_python,
)
from carnet.logic.columnar.leaves import as_numbers
from carnet.logic.formula import Expr, evaluate


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers (or days, for a date) and where they are known; a single one stands for every row."""

    numbers: Numbers
    known: Flags
    days: bool = False


NOTHING = Series(np.zeros(()), np.zeros((), np.bool_))


class NotVectorised(Exception):
    """The formula reads something that is neither number, date nor constant table."""


def compute(expr: Expr, columns: Mapping[str, Column], rows: int) -> Column:
    """The value of a formula whose parameters are bound, for every row."""
    if expr.op in ("number", "value"):
        return constant(expr.value, rows)
    if expr.op == "fact" and not isinstance(columns.get(expr.value), SetColumn):
        return columns.get(expr.value) or Column.unknown(rows)
    try:
        with np.errstate(all="ignore"):
            series = _series(expr, columns)
    except NotVectorised:
        return _row_by_row(expr, columns, rows)
    known = pack(np.broadcast_to(series.known, (rows,)))
    numbers = np.broadcast_to(series.numbers, (rows,))
    return DateColumn(numbers.astype(np.int32), known) if series.days else ComputedColumn(numbers, known)


def _series(expr: Expr, columns: Mapping[str, Column]) -> Series:
    if expr.op in ("number", "value"):
        return _constant(expr.value)
    if expr.op == "fact":
        return _fact(columns.get(expr.value))
    if expr.op in ("step", "interpolate"):
        return _lookup(expr, _series(expr.args[1], columns))
    args = [_series(arg, columns) for arg in expr.args]
    days = args[0].days
    act = (_OF_DAYS if days else _OF_NUMBERS).get(expr.op)
    if act is None or any(arg.days is not days for arg in args):
        return NOTHING
    numbers, defined = act(*(arg.numbers for arg in args))
    known = reduce(np.logical_and, (arg.known for arg in args), defined & np.isfinite(numbers))
    return Series(numbers, known, days and expr.op in ("min", "max"))


def _constant(value: Any) -> Series:
    if isinstance(value, dt.date):
        return Series(np.array(day_number(value), np.float64), np.array(True), days=True)
    if isinstance(value, (bool, int, float)):
        return Series(np.array(value, np.float64), np.array(True))
    raise NotVectorised


def _fact(column: Column | None) -> Series:
    if column is None or type(column) is Column:
        return NOTHING
    numbers = column.lengths if isinstance(column, SetColumn) else as_numbers(column)
    if numbers is None:
        raise NotVectorised
    return Series(numbers.astype(np.float64), unpack(column.known, column.rows), isinstance(column, DateColumn))


def _lookup(expr: Expr, x: Series) -> Series:
    if x.days:
        return NOTHING
    keys, values = _table(expr.args[0])
    at = np.searchsorted(keys, x.numbers, side="right") - 1
    known = x.known & (at >= 0)
    at = np.maximum(at, 0)
    if expr.op == "step":
        return Series(values[at], known)
    after = np.minimum(at + 1, len(keys) - 1)
    run = np.where(after > at, keys[after] - keys[at], 1)
    numbers = values[at] + (values[after] - values[at]) * (x.numbers - keys[at]) / run
    return Series(numbers, known & (x.numbers <= keys[-1]))


def _table(expr: Expr) -> tuple[Numbers, Numbers]:
    try:
        keys, values = np.array(expr.value, np.float64).T
    except (TypeError, ValueError):
        raise NotVectorised from None
    return keys, values


def _row_by_row(expr: Expr, columns: Mapping[str, Column], rows: int) -> Column:
    read = {path: columns[path].values() for path in expr.facts() if path in columns}
    return from_python([evaluate(expr, {path: values[row] for path, values in read.items()}) for row in range(rows)])


Act: TypeAlias = Callable[..., tuple[Any, Any]]  # arrays -> the result and where it is defined


def _always(act: Callable[..., Any]) -> Act:
    return lambda *xs: (act(*xs), True)


def _finite(act: Callable[[Any], Any]) -> Act:
    return lambda x: (act(x), np.isfinite(x))


def _years(start: Numbers, end: Numbers) -> tuple[Any, Any]:
    (year, month, day), (end_year, end_month, end_day) = _calendar(start), _calendar(end)
    early = (end_month < month) | ((end_month == month) & (end_day < day))
    return (end_year - year - early).astype(np.float64), True


def _calendar(days: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Year, month and day of the month."""
    date = days.astype(np.int64).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    return (
        month.astype("datetime64[Y]").astype(np.int64) + 1970,
        month.astype(np.int64) % 12 + 1,
        (date - month.astype("datetime64[D]")).astype(np.int64) + 1,
    )


_OF_NUMBERS: Mapping[str, Act] = {
    "+": _always(np.add),
    "-": _always(np.subtract),
    "*": _always(np.multiply),
    "/": lambda a, b: (np.divide(a, b), np.not_equal(b, 0)),
    "neg": _always(np.negative),
    "abs": _always(np.abs),
    "sqrt": lambda x: (np.sqrt(x), np.greater_equal(x, 0)),
    "ceil": _finite(np.ceil),
    "floor": _finite(np.floor),
    "min": _always(lambda *xs: reduce(np.minimum, xs)),
    "max": _always(lambda *xs: reduce(np.maximum, xs)),
}
_OF_DAYS: Mapping[str, Act] = {
    "days": _always(lambda start, end: end - start),
    "years": _years,
    "month": lambda date: (_calendar(date)[1].astype(np.float64), True),
    "min": _OF_NUMBERS["min"],
    "max": _OF_NUMBERS["max"],
}
