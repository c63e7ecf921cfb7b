# SPDX-License-Identifier: Apache-2.0
"""What the columns of a table mean, and a block of rows read by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.declare.values import Names
from carnet.declare.vocabulary import Fact
from carnet.errors import InputError, Problems, suggest
from carnet.fleet.clean import Cleaner, Faults, is_text
from carnet.fleet.facts import Declared
from carnet.logic.columnar.arrow import flatten

PROFILE, MARKET, AS_OF, COMPLETE = "profile", "market", "as_of", "complete"
START_DATE = "operation.start_date"
OWN = (PROFILE, MARKET, AS_OF, COMPLETE)
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
    """Rows that can be assessed; `markets` is null where every market asked for is meant."""

    profiles: pa.Array
    markets: pa.Array | None
    days: pa.Array
    declared: Declared
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column that declares a fact, for a jurisdiction where `code` names one; `whole` approvals say held or none."""

    column: str
    fact: Fact
    code: str
    whole: bool


class Layout:
    """Reads blocks of one table.

    markets: the codes that may stand in the column `market`. as_of: the day for every row, over any column.
    """

    def __init__(
        self,
        schema: pa.Schema,
        names: Names,
        markets: Sequence[str],
        as_of: dt.date | None,
        today: dt.date,
        complete: Sequence[str] = (),
        skip_unknown: bool = False,
    ) -> None:
        self._as_of, self._today, self._everywhere = as_of, today, tuple(complete)
        self._cleaner = Cleaner(names)
        self._sections = {path.rpartition(".")[0] for path in names.vocabulary.facts} | {"approvals"}
        self._sections |= {section.partition(".")[0] for section in self._sections}
        allowed = {section: section for section in sorted(self._sections)}
        self._own = {
            PROFILE: Fact(PROFILE, "text"),
            MARKET: Fact(MARKET, "choice", values={code: code for code in markets}),
            AS_OF: Fact(AS_OF, "date"),
            COMPLETE: Fact(COMPLETE, "set", values=allowed),
        }
        self._check_sections(complete)
        columns = [name for name, _ in flatten(pa.RecordBatch.from_pylist([], schema))]
        self.has_markets = MARKET in columns
        self._facts: dict[str, FactColumn] = {}
        self._find(columns, names, skip_unknown)

    def _check_sections(self, complete: Iterable[str]) -> None:
        for section in complete:
            if section not in self._sections:
                hint = suggest(section, self._sections) or "see `carnet facts` for the sections"
                raise InputError(f"unknown section `{section}`", hint=hint)

    def _find(self, columns: Iterable[str], names: Names, skip_unknown: bool) -> None:
        problems = []
        for column in columns:
            if column in OWN:
                continue
            code, path = "", column
            if column.startswith("in."):
                _, code, path = (*column.split(".", 2), "")[:3]
            whole = path.startswith("approvals.") and path.removeprefix("approvals.") in (names.approvals or ())
            path = f"{path}.held" if whole else path
            if self._is_fact(path, names) and (not code or names.jurisdictions is None or code in names.jurisdictions):
                self._facts[column] = FactColumn(column, names.vocabulary.fact(path), code, whole)
            elif not skip_unknown:
                hint = suggest(path, [*OWN, *names.vocabulary.facts]) or "rename it or pass --skip-unknown"
                problems.append(InputError(f"the column `{column}` is no fact", hint=hint))
        if problems:
            raise Problems(problems)

    def _is_fact(self, path: str, names: Names) -> bool:
        if path.startswith("approvals."):
            approval = path.removeprefix("approvals.").rpartition(".")[0]
            return path in names.vocabulary and (names.approvals is None or approval in names.approvals)
        return path in names.vocabulary.facts

    def read(self, batch: pa.RecordBatch, first: int) -> Block:
        """A block whose first row has the number `first`."""
        arrays = dict(flatten(batch))
        faults = Faults()
        own = {name: self._clean(name, fact, arrays, faults) for name, fact in self._own.items() if name in arrays}
        layers: dict[str, dict[str, pa.Array]] = {"": {}}
        for column in self._facts.values():
            array = self._held(column, arrays[column.column], faults)
            clean = self._cleaner.clean(column.fact, column.column, array, faults)
            layers.setdefault(column.code, {})[column.fact.path] = clean
        if self.has_markets:
            missing = own[MARKET].is_null().to_numpy(zero_copy_only=False)
            faults.add(np.flatnonzero(missing).tolist(), MARKET, "names no market; give one or leave the column out")
        profiles = own.get(PROFILE, pa.nulls(batch.num_rows, pa.string()))
        numbers = pa.array(np.arange(first, first + batch.num_rows)).cast(pa.string())
        profiles = pc.coalesce(profiles.cast(pa.string()), numbers)
        for layer in layers.values():
            _imply_held(layer)
        complete = self._complete(own.get(COMPLETE), batch.num_rows)
        declared = Declared(batch.num_rows, layers.pop(""), layers, complete)
        block = Block(profiles, own.get(MARKET), self._days(own.get(AS_OF), declared), declared, ())
        return _without(block, faults.by_row, first) if faults.by_row else block

    def _clean(self, name: str, fact: Fact, arrays: Mapping[str, pa.Array], faults: Faults) -> pa.Array:
        array = arrays[name]
        if name == PROFILE and not pa.types.is_null(array.type):
            return array.cast(pa.string())
        return self._cleaner.clean(fact, name, array, faults)

    def _held(self, column: FactColumn, array: pa.Array, faults: Faults) -> pa.Array:
        """A column of a whole approval says `held` or `none`, or true or false."""
        if not (column.whole and is_text(array.type)):
            return array
        array = array.cast(pa.string())
        at = pc.index_in(array, _HELD)
        wrong = pc.and_(array.is_valid(), at.is_null()).to_numpy(zero_copy_only=False)
        faults.add(np.flatnonzero(wrong).tolist(), column.column, "says neither `held` nor `none`")
        return _MEANS.take(at)

    def _days(self, stated: pa.Array | None, declared: Declared) -> pa.Array:
        if self._as_of is not None:
            return pa.array([self._as_of] * declared.rows, pa.date32())
        start = declared.base.get(START_DATE)
        return pc.coalesce(*(days for days in (stated, start) if days is not None), pa.scalar(self._today))

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
    markets = None if block.markets is None else block.markets.filter(mask)
    return Block(block.profiles.filter(mask), markets, block.days.filter(mask), block.declared.take(mask), rejects)
