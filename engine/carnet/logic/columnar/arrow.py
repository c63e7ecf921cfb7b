# SPDX-License-Identifier: Apache-2.0
"""Arrow record batches as columns of facts, without copying where Arrow's layout allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.logic.columnar.bitmaps import Bits, Numbers, from_buffer, pack
from carnet.logic.columnar.columns import (
    BoolColumn,
    Column,
    DateColumn,
    NumberColumn,
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
        return TextColumn(_codes(array), array.dictionary.to_pylist(), known)
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and _is_text(kind.value_type):
        return _sets(array, known)
    return ObjectColumn([_frozen(value) for value in array.to_pylist()])


def _plain(array: pa.Array) -> pa.Array:
    """Without extension type; text by a dictionary that has each name once and no null, nothing else by one."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if not _is_text(array.type):
        return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array
    if pa.types.is_dictionary(array.type):
        names = array.dictionary
        if not names.null_count and len(set(names.to_pylist())) == len(names):
            return array
        array = array.cast(array.type.value_type)
    return array.dictionary_encode()


def _sets(array: pa.Array, known: Bits) -> Column:
    items, offsets = _items(array, known)
    if items.null_count:
        flaws = np.cumsum(items.is_null().to_numpy(zero_copy_only=False))
        flaws = np.concatenate(([0], flaws))[offsets]
        known = known & pack(flaws[1:] == flaws[:-1])
    return SetColumn(_codes(items), items.dictionary.to_pylist(), offsets, known)


def _items(array: pa.Array, known: Bits) -> tuple[pa.Array, Numbers]:
    """The items of all rows, and where each row's begin and end; unknown rows have none."""
    dtype = np.dtype(np.int64 if pa.types.is_large_list(array.type) else np.int32)
    offsets = _values(array.buffers()[1], dtype, array.offset, len(array) + 1)
    if (pack(offsets[1:] > offsets[:-1]) & ~known).any():  # the writer left something under a null
        sizes = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
        return _plain(array.flatten()), np.concatenate(([0], np.cumsum(sizes)))
    first, end = int(offsets[0]), int(offsets[-1])
    return _plain(array.values.slice(first, end - first)), offsets - first if first else offsets


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _numbers(array: pa.Array) -> Numbers:
    """The values buffer; what stands under a null is whatever the writer left there."""
    dtype = np.dtype(_DTYPES.get(str(array.type), str(array.type)))
    return _values(array.buffers()[1], dtype, array.offset, len(array))


def _values(buffer: Any, dtype: np.dtype[Any], offset: int, size: int) -> Numbers:
    return np.frombuffer(buffer, dtype, size, offset * dtype.itemsize) if size else np.empty(0, dtype)


def _codes(array: pa.Array) -> Numbers:
    return _numbers(pc.fill_null(array.indices, 0) if array.null_count else array.indices)
