# SPDX-License-Identifier: Apache-2.0
"""The columns of a block by what they mean, of a table whose rows have the same columns or of objects that need not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from carnet.errors import SHOWN_PROBLEMS, InputError
from carnet.fleet.arrow_types import usual
from carnet.fleet.clean import Faults
from carnet.fleet.header import MAX_FEATURES, OWN, ColumnReader, FactColumn, Header, features_of
from carnet.fleet.objects import Cells, read_objects
from carnet.fleet.table import JSON_ROW, PLACES
from carnet.logic.columnar.arrow import flatten


@dataclass(slots=True)
class Columns:
    """own: what is no fact, by its name. features: those that each row names in an order of its own, where it does."""

    own: Mapping[str, pa.Array | Cells]
    facts: Sequence[tuple[FactColumn, pa.Array | Cells]]
    features: Sequence[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class ColumnsOfTable:
    """Every row has the columns of the header."""

    header: Header

    @property
    def features(self) -> tuple[str, ...]:
        return features_of(self.header.facts)

    @property
    def left_out(self) -> Iterable[str]:
        """The columns that mean nothing, where these may stand."""
        return self.header.left_out

    def read(self, batch: pa.RecordBatch, faults: Faults) -> Columns:
        arrays = {name: usual(array) for name, array in flatten(batch) if name not in PLACES}
        own = {name: arrays[column] for name, column in self.header.own.items()}
        return Columns(own, [(column, arrays[column.column]) for column in self.header.facts])


@dataclass(slots=True)
class ColumnsOfObjects:
    """Each row names its columns itself; a name that means nothing is a fault of that row."""

    reader: ColumnReader
    skip_unknown: bool
    features: tuple[str, ...] = ()
    left_out: dict[str, None] = field(default_factory=dict)
    _meant: dict[str, FactColumn] = field(default_factory=dict)

    def read(self, batch: pa.RecordBatch, faults: Faults) -> Columns:
        objects = read_objects(batch.column(JSON_ROW).to_pylist())
        for row, fault in objects.faults.items():
            faults.add([row], *fault)
        own: dict[str, pa.Array | Cells] = {}
        facts = []
        unknown = 0
        for name, cells in objects.columns.items():
            if name in OWN:
                own[name] = cells
                continue
            meant = self._read(name, unknown < SHOWN_PROBLEMS)
            if isinstance(meant, FactColumn):
                facts.append((meant, cells))
            else:
                unknown += bool(meant)
                self._refuse(name, meant, cells, faults)
        crowded = [row for row, names in enumerate(objects.features) if len(names) > MAX_FEATURES]
        faults.add(crowded, "features", f"has more than {MAX_FEATURES} features")
        return Columns(own, facts, objects.features)

    def _read(self, name: str, near: bool) -> FactColumn | str:
        """What a name means, or why it means nothing; empty for a section, which may be said to be empty."""
        if name in self._meant:
            return self._meant[name]
        try:
            meant = self._meant[name] = self.reader.read(name, near and not self.skip_unknown)
        except InputError as error:
            return "" if self.reader.is_section(name) else str(error)
        return meant

    def _refuse(self, name: str, reason: str, cells: Cells, faults: Faults) -> None:
        if reason and self.skip_unknown:
            self.left_out[name] = None
            return
        wrong = [code for code, value in enumerate(cells.values) if reason or value != {}]
        where = np.flatnonzero(np.isin(cells.codes, wrong)).tolist()
        faults.add(where, name, reason or "is no mapping of names to values")
