# SPDX-License-Identifier: Apache-2.0
"""Arrow record batches as columns of facts, without copying where Arrow's layout allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.logic.columnar.bitmaps import Bits, from_buffer, pack
from carnet.logic.columnar.columns import (
    BoolColumn,
    Column,
    DateColumn,
    NumberColumn,
    Numbers,
    ObjectColumn,
    SetColumn,
    TextColumn,
)

_DTYPES = {"halffloat": "float16", "float": "float32", "double": "float64"}


def columns_of(batch: pa.RecordBatch) -> dict[str, Column]:
    """Every column by fact path; a struct is as many facts as it has fields, `approvals.UN-R157` and the like."""
    return {path: from_arrow(array) for path, array in flatten(batch)}


def flatten(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    """Columns with structs taken apart, their field names put behind a dot."""
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        yield from _flatten(name, array)


def _flatten(name: str, array: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    if not pa.types.is_struct(array.type):
        yield name, array
        return
    for field, part in zip(array.type, array.flatten(), strict=True):
        yield from _flatten(f"{name}.{field.name}", part)


def from_arrow(array: pa.Array) -> Column:
    """One column; NaN, a common way to write a missing number, and a set with a null in it count as unknown."""
    array = _plain(array)
    kind = array.type
    if pa.types.is_null(kind):
        return Column.unknown(len(array))
    known = from_buffer(array.buffers()[0] if array.null_count else None, array.offset, len(array))
    if pa.types.is_boolean(kind):
        return BoolColumn(len(array), known, from_buffer(array.buffers()[1], array.offset, len(array)))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = _numbers(array.cast(pa.float64()) if kind != pa.float32() else array)
        return NumberColumn(numbers, known & ~pack(np.isnan(numbers)))
    if pa.types.is_integer(kind):
        return NumberColumn(_numbers(array), known)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return DateColumn(_numbers(array.cast(pa.date32()).view(pa.int32())), known)
    if _is_text(kind):
        return TextColumn(*_encode(array), known)
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and _is_text(kind.value_type):
        return _sets(array, known)
    return ObjectColumn([_frozen(value) for value in array.to_pylist()])


def _plain(array: pa.Array) -> pa.Array:
    """Without extension type, and without a dictionary that says a name twice or hides a null."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if not pa.types.is_dictionary(array.type):
        return array
    names = array.dictionary
    plain = _is_text(array.type) and not names.null_count and pc.count_distinct(names).as_py() == len(names)
    return array if plain else array.cast(array.type.value_type)


def _sets(array: pa.Array, known: Bits) -> Column:
    items = _plain(array.flatten())
    sizes = _numbers(_filled(pc.list_value_length(array)))
    if items.null_count:
        rows = np.repeat(np.arange(len(array)), sizes)
        flawed = np.zeros(len(array), np.bool_)
        flawed[rows[items.is_null().to_numpy(zero_copy_only=False)]] = True
        known = known & ~pack(flawed)
    codes, names = _encode(items)
    return SetColumn(codes, names, sizes, known)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _numbers(array: pa.Array) -> Numbers:
    """The values buffer; what stands under a null is whatever the writer left there."""
    dtype = np.dtype(_DTYPES.get(str(array.type), str(array.type)))
    if not len(array):
        return np.empty(0, dtype)
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def _filled(array: pa.Array) -> pa.Array:
    return pc.fill_null(array, 0) if array.null_count else array


def _encode(array: pa.Array) -> tuple[Numbers, list[str]]:
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return _numbers(_filled(array.indices)), array.dictionary.to_pylist()
