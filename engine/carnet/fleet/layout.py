# SPDX-License-Identifier: Apache-2.0
"""What the columns of a table mean, and a block of rows read by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.assess.scopes import HOME
from carnet.declare.profile import Profile
from carnet.declare.reading import LayerKey
from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError, UnknownName, suggest
from carnet.fleet.base import Base, features_by_row
from carnet.fleet.clean import Cleaner, Faults, is_text, rows_where, usual
from carnet.fleet.facts import Declared, plain
from carnet.fleet.header import AS_OF, COMPLETE, MARKET, PROFILE, WAIVERS, FactColumn, features_of, read_header
from carnet.fleet.waivers import WaiverReader
from carnet.law.law import Law
from carnet.logic.columnar.arrow import flatten

_HELD = pa.array(["held", "none", "true", "false"])
_MEANS = pa.array([True, False, True, False])


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out: its number in the table (the first is 1), its name, the column and the reason."""

    row: int
    profile: str
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that can be assessed, each column null where the table has none.

    markets: null where every market asked for is meant. days: the rows' own. features: each row's, with blanks between.
    homes: the exporters' own countries. waivers: as `carnet.fleet.waivers` reads them.
    """

    profiles: pa.Array
    declared: Declared
    markets: pa.Array | None = None
    days: pa.Array | None = None
    features: pa.Array | None = None
    homes: pa.Array | None = None
    waivers: pa.Array | None = None
    rejects: tuple[Reject, ...] = ()


class Layout:
    """Reads blocks of one table.

    markets: the codes that may stand in the column `market`. complete: sections closed in every row. base: what a row
    leaves open.
    """

    def __init__(
        self,
        schema: pa.Schema,
        law: Law,
        markets: Sequence[str],
        complete: Sequence[str] = (),
        skip_unknown: bool = False,
        base: Profile | None = None,
    ) -> None:
        names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
        self._cleaner = Cleaner(names)
        self._waivers = WaiverReader(law, names)
        sections = {path.rpartition(".")[0] for path in names.vocabulary.facts} | {"approvals"}
        sections |= {section.partition(".")[0] for section in sections}
        _check_sections(complete, sections)
        self._approval_fields = tuple(names.vocabulary.approval_fields)
        self._law, self._markets = law, {code.upper(): code for code in markets}
        self._own = {
            PROFILE: Fact(PROFILE, "text"),
            AS_OF: Fact(AS_OF, "date"),
            COMPLETE: Fact(COMPLETE, "set", values={section: section for section in sorted(sections)}),
        }
        columns = [name for name, _ in flatten(pa.RecordBatch.from_pylist([], schema))]
        self.has_markets = MARKET in columns
        self._facts = read_header(columns, names, skip_unknown)
        self._base = Base(base) if base else None
        self._always = self._base.features if self._base else ()
        self._features = tuple(dict.fromkeys((*self._always, *features_of(self._facts))))
        self._everywhere = (*complete, *(self._base.complete if self._base else ()))

    def read(self, batch: pa.RecordBatch, first: int) -> Block:
        """A block whose first row has the number `first`."""
        arrays = {name: usual(array) for name, array in flatten(batch)}
        faults = Faults()
        own = {
            name: self._clean(name, fact, arrays[name], faults) for name, fact in self._own.items() if name in arrays
        }
        layers: dict[LayerKey, dict[str, pa.Array]] = {("", ""): {}}
        taken_back: dict[LayerKey, dict[str, pa.Array]] = {}
        for column in self._facts:
            array = self._held(column, arrays[column.column], faults)
            clean = self._cleaner.clean(column.fact, column.column, array, faults)
            layers.setdefault(column.layer, {})[column.fact.path] = clean
            if column.whole:
                none = pc.invert(clean)
                taken_back.setdefault(column.layer, {}).update(dict.fromkeys(self._fields(column.fact.path), none))
        profiles = own.get(PROFILE, pa.nulls(batch.num_rows, pa.string()))
        numbers = pa.array(np.arange(first, first + batch.num_rows)).cast(pa.string())
        for layer in layers.values():
            _imply_held(layer)
        waivers = self._waivers.read(arrays[WAIVERS], faults) if WAIVERS in arrays else None
        if self._base:
            self._base.under(layers, taken_back, batch.num_rows)
            waivers = self._base.waivers(waivers, batch.num_rows)
        block = Block(
            profiles=pc.coalesce(profiles.cast(pa.string()), numbers),
            declared=Declared(batch.num_rows, layers, self._complete(own.get(COMPLETE), batch.num_rows), taken_back),
            markets=self._market(arrays[MARKET], faults) if self.has_markets else None,
            days=own.get(AS_OF),
            features=features_by_row(self._features, self._always, layers, batch.num_rows),
            homes=plain(layers["", ""][HOME]) if HOME in layers["", ""] else None,
            waivers=waivers,
        )
        return _without(block, faults.by_row, first) if faults.by_row else block

    def _fields(self, held: str) -> Iterator[str]:
        """The fields of an approval that go when it is said not to be held."""
        approval = held.removesuffix("held")
        return (f"{approval}{name}" for name in self._approval_fields if name != "held")

    def _clean(self, name: str, fact: Fact, array: pa.Array, faults: Faults) -> pa.Array:
        if name == PROFILE and not pa.types.is_nested(array.type) and not pa.types.is_null(array.type):
            return array.cast(pa.string())
        return self._cleaner.clean(fact, name, array, faults)

    def _market(self, array: pa.Array, faults: Faults) -> pa.Array:
        """Codes in any case of letters, as on the command line."""
        names = array.cast(pa.string()).dictionary_encode()
        missing = names.is_null().to_numpy(zero_copy_only=False)
        codes: list[str | None] = []
        for at, name in enumerate(names.dictionary.to_pylist()):
            codes.append(self._markets.get(name.strip().upper()))
            if codes[-1] is None and name.strip():
                faults.add(rows_where(pc.equal(names.indices, at)), MARKET, self._no_market(name.strip()))
            elif codes[-1] is None:
                missing |= pc.fill_null(pc.equal(names.indices, at), False).to_numpy(zero_copy_only=False)
        faults.add(np.flatnonzero(missing).tolist(), MARKET, "names no market; give one or leave the column out")
        return pa.array(codes, pa.string()).take(names.indices)

    def _no_market(self, name: str) -> str:
        try:
            return f"`{self._law.head(name).id}` is no market of its own; see `carnet markets`"
        except UnknownName as error:
            return str(error)

    def _held(self, column: FactColumn, array: pa.Array, faults: Faults) -> pa.Array:
        """A column of a whole approval says `held` or `none`, or true or false."""
        if not (column.whole and is_text(array.type)):
            return array
        array = array.cast(pa.string())
        at = pc.index_in(array, _HELD)
        wrong = pc.and_(array.is_valid(), at.is_null()).to_numpy(zero_copy_only=False)
        faults.add(np.flatnonzero(wrong).tolist(), column.column, "says neither `held` nor `none`")
        return _MEANS.take(at)

    def _complete(self, stated: pa.Array | None, rows: int) -> Mapping[str, pa.Array]:
        found = {section: pa.array(np.ones(rows, np.bool_)) for section in self._everywhere}
        if stated is None:
            return found
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


def _imply_held(layer: dict[str, pa.Array]) -> None:
    """An approval with fields but without `held` is held."""
    fields: dict[str, list[pa.Array]] = {}
    for path, array in layer.items():
        if path.startswith("approvals."):
            fields.setdefault(path.rpartition(".")[0], []).append(array)
    for approval, arrays in fields.items():
        if len(arrays) == 1 and f"{approval}.held" in layer:
            continue
        held = layer.get(f"{approval}.held", pa.nulls(len(arrays[0]), pa.bool_()))
        any_field = arrays[0].is_valid()
        for array in arrays[1:]:
            any_field = pc.or_(any_field, array.is_valid())
        layer[f"{approval}.held"] = pc.coalesce(held, pc.if_else(any_field, True, pa.scalar(None, pa.bool_())))


def _without(block: Block, faults: Mapping[int, tuple[str, str]], first: int) -> Block:
    """The block without the rows that have a fault."""
    keep = np.ones(block.declared.rows, np.bool_)
    keep[list(faults)] = False
    rejects = tuple(
        Reject(first + row, block.profiles[row].as_py(), column, reason)
        for row, (column, reason) in sorted(faults.items())
    )
    return select(block, pa.array(keep), rejects)


def select(block: Block, mask: pa.Array, rejects: tuple[Reject, ...] = ()) -> Block:
    """The rows of a mask."""

    def pick(column: pa.Array | None) -> pa.Array | None:
        return None if column is None else column.filter(mask)

    return Block(
        pick(block.profiles),
        block.declared.take(mask),
        pick(block.markets),
        pick(block.days),
        pick(block.features),
        pick(block.homes),
        pick(block.waivers),
        rejects,
    )
