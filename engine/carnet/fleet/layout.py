# SPDX-License-Identifier: Apache-2.0
"""What the columns of a table mean, and a block of rows read by it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.assess.scopes import HOME
from carnet.declare.former import Renamed
from carnet.declare.profile import Profile
from carnet.declare.reading import LayerKey
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import SHOWN_PROBLEMS, InputError, Place, UnknownName, shown, suggest
from carnet.fleet.arrow_types import as_texts, is_text, rows_where
from carnet.fleet.base import Base, features_by_row
from carnet.fleet.clean import Cleaner, Faults
from carnet.fleet.columns import Columns, ColumnsOfObjects, ColumnsOfTable
from carnet.fleet.facts import Declared, plain
from carnet.fleet.grants import Grants
from carnet.fleet.header import AS_OF, COMPLETE, MARKET, PROFILE, WAIVERS, ColumnReader, FactColumn, read_header
from carnet.fleet.objects import Cells
from carnet.fleet.rows import Block, without
from carnet.fleet.table import FAULT, HEADER, JSON_ROW, PLACES
from carnet.fleet.waivers import WaiverReader
from carnet.law.law import Law
from carnet.logic.columnar.arrow import flatten

_NO_MARKET = "names no market; give one or leave the column out"


class Layout:
    """Reads blocks of one table.

    markets: the codes that may stand in the column `market`. complete: sections closed in every row. base: what a row
    leaves open. by_row: whether rows name their markets.
    """

    def __init__(
        self,
        schema: pa.Schema,
        law: Law,
        markets: Sequence[str],
        complete: Sequence[str] = (),
        skip_unknown: bool = False,
        base: Profile | None = None,
        by_row: bool = True,
    ) -> None:
        names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
        self._cleaner = Cleaner(names)
        self._grants = Grants(names.vocabulary)
        self._waivers = WaiverReader(law, names)
        sections = {*names.prefixes, "approvals"}
        _check_sections(complete, sections)
        self._by_row = by_row
        self._law, self._markets = law, {code.upper(): code for code in markets}
        self._day = Fact(AS_OF, "date")
        self._sections = Fact(COMPLETE, "set", values={section: section for section in sorted(sections)})
        self._reader = ColumnReader(names)
        self._columns = _columns(schema, self._reader, skip_unknown)
        self._base = Base(base) if base else None
        self._always = self._base.features if self._base else ()
        self._features = tuple(dict.fromkeys((*self._always, *self._columns.features)))
        self._everywhere = (*complete, *(self._base.complete if self._base else ()))

    @property
    def has_markets(self) -> bool | None:
        """Whether rows name their market; None where each may or may not."""
        return MARKET in self._columns.header.own if isinstance(self._columns, ColumnsOfTable) else None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns met so far that mean nothing, in the order of the alphabet where rows name them."""
        names = self._columns.left_out
        return tuple(names) if isinstance(names, tuple) else tuple(sorted(names))

    def renamed(self, table: str) -> tuple[Renamed, ...]:
        """The names of before that were met so far in columns and cells, each once."""
        place = Place(table)
        values = [Renamed(old, new, place, fact=fact) for (fact, old), new in self._cleaner.renamed.items()]
        return tuple(dict.fromkeys([*(replace(one, place=place) for one in self._reader.renamed), *values]))

    def read(self, batch: pa.RecordBatch, first: int) -> Block:
        """A block whose first row has the number `first`.

        Raises:
            InputError: where a row names a market although all are asked about the same.
        """
        rows, faults = batch.num_rows, Faults()
        _unreadable(batch, faults)
        columns = self._columns.read(batch, faults)
        own = columns.own
        layers: dict[LayerKey, dict[str, pa.Array]] = {("", ""): {}}
        taken_back: dict[LayerKey, dict[str, pa.Array]] = {}
        for column, array in columns.facts:
            self._declare(column, array, layers.setdefault(column.layer, {}), taken_back, faults)
        for key, layer in layers.items():
            self._grants.imply(layer, taken_back.setdefault(key, {}), faults, not (self._base or any(key)))
        profiles = self._profiles(own, first, rows, faults)
        waivers = self._waivers.read(_trimmed(own[WAIVERS], faults), faults) if WAIVERS in own else None
        markets = self._market(own, rows, faults)
        days = self._cleaner.clean(self._day, AS_OF, own[AS_OF], faults) if AS_OF in own else None
        complete = self._complete(own, rows, faults)
        if self._base:
            self._base.under(layers, taken_back, rows)
            waivers = self._base.waivers(waivers, rows)
        block = Block(
            profiles=profiles,
            declared=Declared(rows, layers, complete, taken_back),
            markets=markets,
            days=days,
            features=self._features_of(columns, layers, rows),
            homes=plain(layers["", ""][HOME]) if HOME in layers["", ""] else None,
            waivers=waivers,
        )
        return without(block, faults.by_row, first, batch) if faults.by_row else block

    def _declare(
        self,
        column: FactColumn,
        array: pa.Array | Cells,
        layer: dict[str, pa.Array],
        taken_back: dict[LayerKey, dict[str, pa.Array]],
        faults: Faults,
    ) -> None:
        """Put what a column says into its layer; a row that says a fact twice cannot be used."""
        path = column.fact.path
        if column.whole:
            found, gone = self._grants.whole(path, column.column, array, faults)
            taken_back.setdefault(column.layer, {}).update(gone)
        else:
            found = {path: self._cleaner.clean(column.fact, column.column, array, faults)}
        for name, values in found.items():
            if name in layer:
                both = pc.and_(layer[name].is_valid(), values.is_valid())
                faults.add(rows_where(both), column.column, "is said twice in the row; keep one of them")
                values = pc.coalesce(plain(layer[name]), plain(values))
            layer[name] = values

    def _profiles(self, own: Mapping[str, pa.Array | Cells], first: int, rows: int, faults: Faults) -> pa.Array:
        """The names of rows as they stand, and the number of a row without one."""
        numbers = pa.array(np.arange(first, first + rows)).cast(pa.string())
        if PROFILE not in own:
            return numbers
        names = as_texts(own[PROFILE], PROFILE, faults)
        return pc.if_else(pc.fill_null(pc.equal(names, ""), True), numbers, names)

    def _features_of(
        self, columns: Columns, layers: Mapping[LayerKey, Mapping[str, pa.Array]], rows: int
    ) -> pa.Array | None:
        if columns.features is None:
            return features_by_row(self._features, self._always, layers, rows)
        if not self._always and not any(columns.features):
            return None
        return pa.array([" ".join(dict.fromkeys((*self._always, *named))) for named in columns.features], pa.string())

    def _market(self, own: Mapping[str, pa.Array | Cells], rows: int, faults: Faults) -> pa.Array | None:
        """Codes in any case of letters, as on the command line."""
        if MARKET not in own:
            asked = self._by_row and isinstance(self._columns, ColumnsOfObjects)
            if asked:
                faults.add(range(rows), MARKET, _NO_MARKET)
            return pa.nulls(rows, pa.string()) if asked else None
        if not self._by_row:
            raise both_name_markets()
        names = as_texts(own[MARKET], MARKET, faults).dictionary_encode()
        missing = names.is_null().to_numpy(zero_copy_only=False)
        codes: list[str | None] = []
        wrong: dict[int, str] = {}
        for at, name in enumerate(names.dictionary.to_pylist()):
            codes.append(self._markets.get(name.strip().upper()))
            if codes[-1] is None:
                wrong[at] = self._no_market(name.strip(), len(wrong)) if name.strip() else _NO_MARKET
        for row, at in enumerate(pc.fill_null(names.indices, -1).to_pylist() if wrong else ()):
            if at in wrong:
                faults.add([row], MARKET, wrong[at])
        faults.add(np.flatnonzero(missing).tolist(), MARKET, _NO_MARKET)
        return pa.array(codes, pa.string()).take(names.indices)

    def _no_market(self, name: str, others: int) -> str:
        """Why a name is no market; of very many nobody is told the nearest, as looking for it takes its time."""
        if others >= SHOWN_PROBLEMS and name not in self._law.codes:
            return f"unknown market {shown(name, 40)}; `carnet markets` lists them"
        try:
            return f"`{self._law.head(name).id}` is no market of its own; see `carnet markets`"
        except UnknownName as error:
            return str(error)

    def _complete(self, own: Mapping[str, pa.Array | Cells], rows: int, faults: Faults) -> Mapping[str, pa.Array]:
        found = {section: pa.array(np.ones(rows, np.bool_)) for section in self._everywhere}
        if COMPLETE not in own:
            return found
        stated = self._cleaner.clean(self._sections, COMPLETE, own[COMPLETE], faults)
        items, parents = stated.flatten(), pc.list_parent_indices(stated).to_numpy()
        for section in pc.unique(items).to_pylist():
            mask = np.zeros(rows, np.bool_)
            mask[parents[pc.equal(items, section).to_numpy(zero_copy_only=False)]] = True
            found[section] = pa.array(mask | (section in self._everywhere))
        return found


def _check_sections(complete: Iterable[str], known: Iterable[str]) -> None:
    for section in complete:
        if section not in known:
            hint = suggest(section, known) or "see `carnet facts` for the sections"
            raise InputError(f"unknown section `{section}`", hint=hint)


def _columns(schema: pa.Schema, reader: ColumnReader, skip_unknown: bool) -> ColumnsOfTable | ColumnsOfObjects:
    if JSON_ROW in schema.names:
        return ColumnsOfObjects(reader, skip_unknown)
    names = [name for name, _ in flatten(pa.RecordBatch.from_pylist([], schema)) if name not in PLACES]
    file = (schema.metadata or {}).get(HEADER)
    place = Place(file.decode(), 1, 1) if file else None
    return ColumnsOfTable(read_header(names, reader, skip_unknown, place))


def both_name_markets() -> InputError:
    hint = "leave out one of them"
    return InputError(f"both the command and the column `{MARKET}` name markets", hint=hint)


def _unreadable(batch: pa.RecordBatch, faults: Faults) -> None:
    """Rows that the source could not read."""
    if FAULT in batch.schema.names and (reasons := batch.column(FAULT)).null_count < batch.num_rows:
        for row in rows_where(reasons.is_valid()):
            faults.add([row], "", reasons[row].as_py())


def _trimmed(array: pa.Array | Cells, faults: Faults) -> pa.Array:
    """Waivers as JSON, or as the lists that a typed table has."""
    if isinstance(array, Cells):
        texts = [value if isinstance(value, str) else json.dumps(value) for value in array.values]
        array = pa.array(texts, pa.string()).take(pa.array(array.codes, mask=array.codes < 0))
    return pc.utf8_trim_whitespace(as_texts(array, WAIVERS, faults)) if is_text(array.type) else array
