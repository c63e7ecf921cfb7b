# SPDX-License-Identifier: Apache-2.0
"""A profile that lies under every row of a table: what a row does not declare itself is the profile's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.declare.profile import Profile
from carnet.declare.reading import LayerKey
from carnet.fleet.clean import TYPES
from carnet.fleet.facts import plain, without

Columns: TypeAlias = dict[LayerKey, dict[str, pa.Array]]


class Base:
    """The facts, features, closed sections and waivers of a profile, as columns."""

    def __init__(self, profile: Profile) -> None:
        content = profile.content
        self.features = profile.features
        self.complete = profile.complete
        self._waivers = {waiver.rule: str(waiver.until) for waiver in profile.waivers}
        self._facts = {key: dict(layer.values) for key, layer in content.layers.items()}
        self._types = {
            path: TYPES[profile.names.vocabulary.fact(path).type] for layer in self._facts.values() for path in layer
        }

    def under(self, layers: Columns, taken_back: Columns, rows: int) -> None:
        """Put the profile's facts, and what its layers take back, under those of the rows."""
        for key, facts in self._facts.items():
            layer, taken = layers.setdefault(key, {}), taken_back.setdefault(key, {})
            for path, value in facts.items():
                if value is None:
                    taken[path] = pa.repeat(pa.scalar(True), rows)
                    continue
                same = constant(value, self._types[path], rows)
                same = without(same, taken[path]) if path in taken else same
                layer[path] = pc.coalesce(plain(layer[path]), plain(same)) if path in layer else same

    def waivers(self, stated: pa.Array | None, rows: int) -> pa.Array | None:
        """Each row's waivers and the profile's, a row's over the profile's of the same rule."""
        if not self._waivers:
            return stated
        if stated is None:
            return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([json.dumps(self._waivers)]))
        texts = [json.dumps({**self._waivers, **json.loads(text)}) for text in stated.dictionary.to_pylist()]
        codes = pc.fill_null(stated.indices, len(texts)).cast(pa.int32())
        return pa.DictionaryArray.from_arrays(codes, pa.array([*texts, json.dumps(self._waivers)]))


def constant(value: Any, kind: pa.DataType, rows: int) -> pa.Array:
    """One value in every row; texts by a dictionary, which costs next to nothing."""
    if pa.types.is_list(kind):
        codes = np.tile(np.arange(len(value), dtype=np.int32), rows)
        items = pa.DictionaryArray.from_arrays(codes, pa.array(list(value), pa.string()))
        return pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32) * len(value), items)
    if pa.types.is_string(kind):
        return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([value]))
    return pa.repeat(pa.scalar(value, kind), rows)


def features_by_row(
    names: tuple[str, ...], always: tuple[str, ...], layers: Mapping[LayerKey, Mapping[str, pa.Array]], rows: int
) -> pa.Array | None:
    """Each row's features, with blanks between: those it always has, and those of which any column says something."""
    if not names:
        return None
    codes = np.zeros(rows, np.int64)
    for place, feature in enumerate(names):
        arrays = [array for key, layer in layers.items() if key[0] == feature for array in layer.values()]
        says = np.full(rows, feature in always)
        for array in arrays:
            says |= array.is_valid().to_numpy(zero_copy_only=False)
        codes |= says.astype(np.int64) << place
    distinct, at = np.unique(codes, return_inverse=True)
    texts = [" ".join(name for place, name in enumerate(names) if code >> place & 1) for code in distinct.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(at))
