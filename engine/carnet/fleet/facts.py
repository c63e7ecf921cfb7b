# SPDX-License-Identifier: Apache-2.0
"""The facts of a block that count in a market on a day, as `carnet.declare.facts` lays them out for one profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.declare.approval_states import HELD
from carnet.declare.expected import EXPECTABLE, asked_for
from carnet.declare.facts import is_held, layer_order
from carnet.declare.grants import OWN, in_time, recognised
from carnet.declare.reading import LayerKey
from carnet.declare.vocabulary import Vocabulary
from carnet.logic.columnar.arrow import from_arrow
from carnet.logic.columnar.bitmaps import Bits, pack
from carnet.logic.columnar.columns import BoolColumn, Column, DateColumn, SetColumn, day_number
from carnet.logic.columnar.counts import Rows
from carnet.logic.truths import Truths

NOTHING: Mapping[str, dt.date] = {}
Layers: TypeAlias = Mapping[LayerKey, Mapping[str, pa.Array]]


@dataclass(frozen=True, slots=True)
class Declared:
    """A block as declared and checked: facts by feature and jurisdiction, both empty for the base, and what is closed.

    `complete` says in which rows a section is declared complete, `taken_back` where a layer takes back what a wider one
    declares.
    """

    rows: int
    layers: Layers
    complete: Mapping[str, pa.Array]
    taken_back: Layers = field(default_factory=dict)

    def overlaid(self, chain: Sequence[str], feature: str = "") -> tuple[LayerKey, ...]:
        """The layers that count in a market, the weakest first: markets equal in this share facts."""
        return tuple(key for key in layer_order(chain, feature) if key in self.layers)

    def granted(self) -> frozenset[str]:
        """The approvals that some row may hold."""
        paths = (path for layer in self.layers.values() for path in layer if is_held(path))
        return frozenset(path[len("approvals.") : -len(".held")] for path in paths)

    def take(self, mask: pa.Array) -> Declared:
        """Only the rows of a mask."""

        def pick(arrays: Mapping[str, pa.Array]) -> Mapping[str, pa.Array]:
            return {path: array.filter(mask) for path, array in arrays.items()}

        layers, taken = ({key: pick(layer) for key, layer in found.items()} for found in (self.layers, self.taken_back))
        return Declared(pc.sum(mask).as_py() or 0, layers, pick(self.complete), taken)

    def laid_out(self, overlaid: Iterable[LayerKey]) -> Mapping[str, pa.Array]:
        """Nearer layers over wider ones."""
        arrays: dict[str, pa.Array] = {}
        for key in overlaid:
            for path, mask in self.taken_back.get(key, {}).items():
                if path in arrays:
                    arrays[path] = without(arrays[path], mask)
            for path, array in self.layers[key].items():
                arrays[path] = pc.coalesce(plain(array), plain(arrays[path])) if path in arrays else array
        return arrays


def expected(arrays: Mapping[str, pa.Array], day: dt.date) -> Mapping[str, pa.Array]:
    """What is expected by the day as held and granted on it; see `carnet.declare.expected`."""
    found: dict[str, pa.Array] = {}
    for approval in asked_for(arrays):
        days = arrays.get(f"{approval}.expected_on")
        if days is None:
            continue
        asked = pc.is_in(plain(arrays[f"{approval}.state"]), value_set=pa.array(EXPECTABLE))
        now = pc.fill_null(pc.and_(asked, pc.less_equal(days, pa.scalar(day, days.type))), False)
        for name, value in (("held", pa.scalar(True)), ("granted_on", days)):
            path, kind = f"{approval}.{name}", pa.bool_() if name == "held" else days.type
            own = plain(arrays[path]) if path in arrays else pa.nulls(len(days), kind)
            found[path] = pc.if_else(now, value if name == "held" else pc.coalesce(own, value), own)
    return found


def _state(path: str, arrays: Mapping[str, pa.Array]) -> pa.Array | None:
    """What `held` says of the state of an approval of which nothing else is declared anywhere."""
    approval, _, name = path.rpartition(".")
    held = arrays.get(f"{approval}.held") if name == "state" else None
    return None if held is None else pc.if_else(pc.fill_null(held, False), HELD, pa.scalar(None, pa.string()))


def without(array: pa.Array, mask: pa.Array) -> pa.Array:
    """A column that is unknown where the mask is set."""
    array = plain(array)
    return pc.if_else(pc.fill_null(mask, False), pa.scalar(None, array.type), array)


def plain(array: pa.Array) -> pa.Array:
    """A text or set without dictionary, which Arrow does not merge."""
    if pa.types.is_list(array.type):
        return array.cast(pa.list_(pa.string()))
    return array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array


class FactColumns(Mapping[str, Column]):
    """Columns by fact path, made when first read; approvals count only while they are valid."""

    def __init__(
        self,
        declared: Declared,
        overlaid: Iterable[LayerKey],
        day: dt.date,
        vocabulary: Vocabulary,
        begins: Mapping[str, dt.date] = NOTHING,
        expecting: bool = False,
    ) -> None:
        self._begins = begins
        self._rows = declared.rows
        laid_out = declared.laid_out(overlaid)
        self._arrays = {**laid_out, **expected(laid_out, day)} if expecting else laid_out
        self._day = day_number(day)
        self._vocabulary = vocabulary
        self._complete = {section: pack(mask.to_numpy(False)) for section, mask in declared.complete.items()}
        self._made: dict[str, Column] = {}

    def __getitem__(self, path: str) -> Column:
        if path not in self._made:
            self._made[path] = self._make(path)
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def _make(self, path: str) -> Column:
        if path.endswith(OWN):
            return self[path.removesuffix(OWN)]
        if "@" in path:
            return self._recognised(path)
        array = self._arrays.get(path, _state(path, self._arrays))
        column = Column.unknown(self._rows) if array is None else from_arrow(array)
        closed = self._closed(path)
        if closed is not None:
            column = self._close(column, path, closed)
        if path.startswith("approvals.") and path.endswith(".held") and isinstance(column, BoolColumn):
            return self._lapse(column, path.removesuffix("held"))
        return column

    def _closed(self, path: str) -> Bits | None:
        closed = None
        for section, rows in self._complete.items():
            if path.startswith(f"{section}."):
                closed = rows if closed is None else closed | rows
        return closed

    def _close(self, column: Column, path: str, closed: Bits) -> Column:
        """No, or none, where nothing is declared in a section that is complete; other kinds have no such value."""
        kind = self._vocabulary.fact(path).type if path in self._vocabulary else ""
        if path.startswith("approvals.") and not path.endswith(".held"):
            return column
        if kind == "bool":
            true = column.true if isinstance(column, BoolColumn) else closed ^ closed
            return BoolColumn(self._rows, column.known | closed, true & column.known)
        if kind == "set":
            if isinstance(column, SetColumn):
                return SetColumn(column.codes, column.names, column.offsets, column.known | closed)
            nothing = np.zeros(0, np.uint8)
            return SetColumn(nothing, (), np.zeros(self._rows + 1, np.int32), column.known | closed)
        return column

    def _lapse(self, held: BoolColumn, approval: str) -> BoolColumn:
        space = Rows(self._rows)
        granted, until = self[f"{approval}granted_on"], self[f"{approval}valid_until"]
        later = granted.known & pack(granted.numbers > self._day) if isinstance(granted, DateColumn) else space.none
        ended = until.known & pack(until.numbers < self._day) if isinstance(until, DateColumn) else space.none
        exists = approval.split(".")[1] not in self._begins
        return _bools(in_time(_truths(held), later, ended, exists, space), self._rows)

    def _recognised(self, path: str) -> Column:
        """An approval that counts as held through others too."""
        own, *others = recognised_from(path)
        found = recognised(_truths(self[own]), (_truths(self[other]) for other in others), Rows(self._rows))
        return _bools(found, self._rows)


def recognising(path: str, others: Iterable[str]) -> str:
    """The name of a column of approvals that count as held through others too."""
    return f"{path}@{'|'.join(others)}"


def recognised_from(path: str) -> tuple[str, ...]:
    """What such a column is made of, its own first."""
    own, _, others = path.partition("@")
    return (own, *(f"approvals.{other}.held" for other in others.split("|")))


def _truths(column: Column) -> Truths[Bits]:
    true = column.true & column.known if isinstance(column, BoolColumn) else column.known ^ column.known
    return Truths(true, column.known ^ true if isinstance(column, BoolColumn) else true)


def _bools(truths: Truths[Bits], rows: int) -> BoolColumn:
    return BoolColumn(rows, truths.true | truths.false, truths.true)
