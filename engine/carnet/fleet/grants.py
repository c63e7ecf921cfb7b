# SPDX-License-Identifier: Apache-2.0
"""Approvals in the columns of a block: words for a whole approval, and what its fields say of each other by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carnet.declare.approval_states import HELD, NOT_HELD, implied
from carnet.declare.cells import NOTHING, TRUTH
from carnet.declare.vocabulary import Vocabulary
from carnet.fleet.arrow_types import cells_of, rows_where
from carnet.fleet.clean import Faults
from carnet.fleet.facts import plain
from carnet.fleet.objects import Cells

_NO_STATE = "is in no state that an approval can have; write `held`, `applied` or `none`"


class Grants:
    """Reads columns of approvals as `carnet.declare.layers` reads those of a profile."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._fields = vocabulary.approval_fields
        state = self._fields.get("state")
        self._states = tuple(state.values) if state else (HELD,)

    def whole(
        self, path: str, column: str, array: pa.Array | Cells, faults: Faults
    ) -> tuple[dict[str, pa.Array], dict[str, pa.Array]]:
        """What a column of words says of an approval's fields, and where it takes back which of them.

        path: `approvals.<id>.held`. Truth says held or not held, as it does in any other column.
        """
        cells = array if isinstance(array, Cells) else cells_of(array, column, faults)
        words = []
        for code, raw in enumerate(cells.values):
            word, known = self._word(raw)
            words.append(word)
            if not known:
                where = np.flatnonzero(cells.codes == code).tolist()
                faults.add(where, column, _NO_STATE)
        codes = pa.array(cells.codes, mask=cells.codes < 0)
        found = {path: pa.array([None if word is None else word == HELD for word in words], pa.bool_()).take(codes)}
        if "state" in self._fields:
            states = pa.array([None if word == NOT_HELD else word for word in words], pa.string())
            found[f"{path.removesuffix('held')}state"] = states.take(codes)
        none = pa.array([word == NOT_HELD for word in words], pa.bool_()).take(codes)
        approval = path.removesuffix("held")
        return found, {f"{approval}{name}": none for name in self._fields if name != "held"}

    def _word(self, raw: Any) -> tuple[str | None, bool]:
        """The state that a cell says, and whether it can be understood."""
        text = str(raw).lower() if isinstance(raw, (bool, int, float)) else raw
        if not isinstance(text, str):
            return None, raw is None
        text = text.strip()
        if text in NOTHING:
            return None, True
        if text.lower() in TRUTH:
            return (HELD if TRUTH[text.lower()] else NOT_HELD), True
        return (text, True) if text == NOT_HELD or text in self._states else (None, False)

    def imply(self, layer: dict[str, pa.Array], taken_back: dict[str, pa.Array], faults: Faults, widest: bool) -> None:
        """Fill in what the fields of each approval of a layer say of `state` and `held`, row by row.

        widest: whether no layer lies under this one, so that `held` on its own takes nothing back.
        """
        fields: dict[str, list[str]] = {}
        for path in layer:
            if path.startswith("approvals."):
                approval, _, name = path.rpartition(".")
                fields.setdefault(approval, []).append(name)
        for approval, names in fields.items():
            for name in names:
                path = f"{approval}.{name}"
                if path in taken_back:
                    both = pc.and_(pc.fill_null(taken_back[path], False), layer[path].is_valid())
                    faults.add(rows_where(both), path, "is declared, and the approval is said not to be held")
            if names != ["held"] or not widest:
                self._imply(approval, names, layer, taken_back, faults)

    def _imply(
        self,
        approval: str,
        names: Sequence[str],
        layer: dict[str, pa.Array],
        taken_back: dict[str, pa.Array],
        faults: Faults,
    ) -> None:
        """By the combinations of declared fields, which are few."""
        cases, case_of = _cases({name: layer[f"{approval}.{name}"] for name in names})
        more: list[Mapping[str, Any]] = []
        for number, case in enumerate(cases):
            try:
                more.append(implied(case))
            except ValueError as error:
                more.append({})
                faults.add(np.flatnonzero(case_of == number).tolist(), approval, "; ".join(error.args))
        for name, kind in (("held", pa.bool_()), ("state", pa.string())):
            path = f"{approval}.{name}"
            if name not in self._fields:
                continue
            if any(said.get(name) is not None for said in more):
                found = _taken([said.get(name) for said in more], kind, case_of)
                layer[path] = pc.coalesce(plain(layer[path]), plain(found)) if path in layer else found
            if any(name in said and said[name] is None for said in more):
                gone = pa.array([name in said and said[name] is None for said in more]).take(pa.array(case_of))
                taken_back[path] = pc.or_(pc.fill_null(taken_back[path], False), gone) if path in taken_back else gone


def _taken(values: list[Any], kind: pa.DataType, case_of: NDArray[np.int64]) -> pa.Array:
    """Each row's value; words by a dictionary, since there may be hundreds of such columns."""
    if not pa.types.is_string(kind):
        return pa.array(values, kind).take(pa.array(case_of))
    words = pa.array(sorted({value for value in values if value is not None}), kind)
    codes = np.array([-1 if value is None else words.index(value).as_py() for value in values], np.int8)[case_of]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)


def _cases(columns: Mapping[str, pa.Array]) -> tuple[list[dict[str, Any]], NDArray[np.int64]]:
    """The distinct combinations of declared fields, with the values of `state` and `held`, and which each row has."""
    names = list(columns)
    values: list[list[Any]] = []
    keys = np.zeros(len(columns[names[0]]), np.int64)
    for name in names:
        array = columns[name]
        if name == "held":
            distinct, codes = [None, False, True], pc.fill_null(array.cast(pa.int8()), -1).to_numpy() + 1
        elif name == "state":
            encoded = plain(array).dictionary_encode()
            distinct = [None, *encoded.dictionary.to_pylist()]
            codes = pc.fill_null(encoded.indices, -1).to_numpy() + 1
        else:
            distinct, codes = [None, True], array.is_valid().to_numpy(zero_copy_only=False)
        values.append(distinct)
        keys = keys * len(distinct) + codes
    found, case_of = np.unique(keys, return_inverse=True)
    cases = []
    for key in found.tolist():
        case = {}
        for name, distinct in zip(reversed(names), reversed(values), strict=True):
            key, code = divmod(key, len(distinct))
            case[name] = distinct[code]
        cases.append(case)
    return cases, case_of.astype(np.int64)
