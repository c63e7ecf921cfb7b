# SPDX-License-Identifier: Apache-2.0
"""Columns of any type as the few that facts are read from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.fleet.objects import Cells


class _Faults(Protocol):
    def add(self, rows: Iterable[int], column: str, reason: str) -> None: ...


def is_text(kind: pa.DataType) -> bool:
    """Whether a type is text, as it is or by a dictionary."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def usual(array: pa.Array) -> pa.Array:
    """A column in one of the usual types, where it came in a newer or rarer one of the same meaning."""
    if isinstance(array, pa.ExtensionArray):
        if array.type.extension_name == "arrow.uuid":
            names = [None if raw is None else str(uuid.UUID(bytes=raw)) for raw in array.storage.to_pylist()]
            return pa.array(names, pa.string())
        array = array.storage
    kind = array.type
    if pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _decoded(array)
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return pa.array(array.to_pylist(), pa.list_(_plain(kind.value_type)))  # Arrow's cast loses items
    if pa.types.is_fixed_size_list(kind) or (pa.types.is_list(kind) and pa.types.is_string_view(kind.value_type)):
        return array.cast(pa.list_(_plain(kind.value_type)))
    return array


def _decoded(array: pa.Array) -> pa.Array:
    """Bytes as the text they are; as they stand where some are none."""
    try:
        return array.cast(pa.string())
    except pa.ArrowInvalid:
        return array


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_string_view(kind) else kind


def cells_of(array: pa.Array, column: str, faults: _Faults) -> Cells:
    """The distinct values of a column; what is no value of its type, such as text that is no UTF-8, is reported."""
    if pa.types.is_dictionary(array.type) and not array.dictionary.null_count:
        codes = pc.fill_null(array.indices, -1).cast(pa.int32()).to_numpy()
        values, broken = _values(array.dictionary)
    else:
        values, broken = _values(array)
        codes, values, broken = _coded(values, broken)
    for code, reason in broken.items():
        faults.add(np.flatnonzero(codes == code).tolist(), column, reason)
    return Cells(np.where(np.isin(codes, list(broken)), -1, codes).astype(np.int32) if broken else codes, values)


def _values(array: pa.Array) -> tuple[list[Any], dict[int, str]]:
    """Python's values, and which cannot be had."""
    try:
        return [_value(value) for value in array.to_pylist()], {}
    except (pa.ArrowException, UnicodeError, OverflowError, ValueError):
        values: list[Any] = []
        broken = {}
        for at, scalar in enumerate(array):
            try:
                values.append(_value(scalar.as_py()))
            except (pa.ArrowException, UnicodeError, OverflowError, ValueError):
                values.append(None)
                broken[at] = _reason(array.type)
        return values, broken


def _value(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _reason(kind: pa.DataType) -> str:
    text = is_text(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return "is no text (not UTF-8)" if text else "is a value outside the calendar"


def _coded(values: list[Any], broken: dict[int, str]) -> tuple[Any, list[Any], dict[int, str]]:
    known: dict[Any, int] = {}
    distinct: list[Any] = []
    codes = np.full(len(values), -1, np.int32)
    reasons = {}
    for row, value in enumerate(values):
        if value is None and row not in broken:
            continue
        key = (type(value), value if isinstance(value, str) else repr(value), broken.get(row))
        if key not in known:
            known[key] = len(distinct)
            distinct.append(value)
            if row in broken:
                reasons[known[key]] = broken[row]
        codes[row] = known[key]
    return codes, distinct, reasons


def rows_where(mask: pa.Array) -> list[int]:
    rows: list[int] = np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False)).tolist()
    return rows


def as_texts(array: pa.Array | Cells, column: str, faults: _Faults) -> pa.Array:
    """A column of names as they stand; numbers and days as they are written; nothing else has a name."""
    if not isinstance(array, Cells):
        if pa.types.is_null(array.type):
            return pa.nulls(len(array), pa.string())
        if pa.types.is_boolean(array.type) or not pa.types.is_nested(array.type):
            try:
                texts = array.cast(pa.string())
                texts.validate(full=True)
                return texts
            except pa.ArrowException:
                pass
        array = cells_of(array, column, faults)
    names: list[str | None] = []
    for code, value in enumerate(array.values):
        names.append(None if isinstance(value, (dict, list, tuple)) else _written(value))
        if value is not None and names[-1] is None:
            faults.add(np.flatnonzero(array.codes == code).tolist(), column, "is no name; write it as text")
    return pa.array(names, pa.string()).take(pa.array(array.codes, mask=array.codes < 0))


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
