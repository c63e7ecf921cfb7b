# SPDX-License-Identifier: Apache-2.0
"""One block of rows from profiles to results: the kernel that threads and clusters run alike."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from carnet.declare.former import Renamed
from carnet.fleet.compiled import compile_rulebooks
from carnet.fleet.counted import CountedClause
from carnet.fleet.layout import Layout
from carnet.fleet.objects import TooWide
from carnet.fleet.parts import Divider, Part
from carnet.fleet.results import COUNTS, OUTCOMES, Assessor, MarketBlock
from carnet.fleet.rows import Reject
from carnet.fleet.waivers import waived
from carnet.law.law import Law
from carnet.logic.columnar.bitmaps import Bits, count, unpack

NAMES = pa.dictionary(pa.int32(), pa.string())
RESULTS = pa.schema(
    [
        ("profile", pa.string()),
        ("market", NAMES),
        ("as_of", pa.date32()),
        ("outcome", NAMES),
        ("route", NAMES),
        *((name, pa.uint16()) for name in COUNTS),
        ("blocking", pa.list_(NAMES)),
        ("waived", pa.list_(NAMES)),
        ("home", NAMES),
        ("home_outcome", NAMES),
        ("home_blocking", pa.list_(NAMES)),
    ]
)
FINDINGS = pa.schema(
    [
        ("profile", pa.string()),
        ("market", NAMES),
        ("as_of", pa.date32()),
        ("layer", NAMES),
        ("feature", NAMES),
        ("rule", NAMES),
        ("status", NAMES),
        ("severity", NAMES),
        ("is_waived", pa.bool_()),
    ]
)
Tally = Counter[tuple[str, str, str, str]]
"""How many profiles, by market, day (where it was asked for), rule (empty: the market itself) and status or outcome."""


@dataclass(slots=True)
class Outcome:
    """What came of a block."""

    rows: int
    results: list[pa.RecordBatch] = field(default_factory=list)
    findings: list[pa.RecordBatch] = field(default_factory=list)
    tally: Tally = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    rejects: tuple[Reject, ...] = ()

    def followed_by(self, later: Outcome) -> Outcome:
        """Of two blocks in a row, as of one."""
        return Outcome(
            self.rows + later.rows,
            self.results + later.results,
            self.findings + later.findings,
            self.tally + later.tally,
            self.outcomes + later.outcomes,
            self.rejects + later.rejects,
        )


class Kernel:
    """Record batches in, record batches out; rulebooks are compiled once per day and set of markets.

    as_of: the days of every row, over any column; each row is assessed on each of them.
    """

    def __init__(
        self,
        law: Law,
        layout: Layout,
        markets: Sequence[str],
        as_of: Sequence[dt.date],
        today: dt.date,
        findings: bool = False,
        tally: bool = False,
        confirmed: frozenset[str] = frozenset(),
        expecting: bool = False,
    ) -> None:
        self._law, self._layout, self._confirmed, self._expecting = law, layout, confirmed, expecting
        self._divider = Divider(markets, as_of, today, law.homes, law.chain)
        self._findings, self._tally, self._by_day = findings, tally, bool(as_of)
        self._assessor = lru_cache(maxsize=512)(self._compile)
        self._granted: frozenset[str] = frozenset()
        self._most_rows = sys.maxsize

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns met so far that mean nothing, where these may stand."""
        return self._layout.left_out

    def renamed(self, table: str) -> tuple[Renamed, ...]:
        """The names of before that were met so far, each once."""
        return self._layout.renamed(table)

    def run(self, batch: pa.RecordBatch, first: int) -> Outcome:
        """Assess a batch whose first row has the number `first` in its table."""
        if batch.num_rows > self._most_rows:
            return self._halves(batch, first)
        try:
            block = self._layout.read(batch, first)
        except TooWide:
            return self._halves(batch, first)
        outcome = Outcome(batch.num_rows, rejects=block.rejects)
        self._granted = granted = self._granted | block.declared.granted()
        for part in self._divider.parts(block):
            assessor = self._assessor(part.day, part.markets, part.home, granted)
            if batch.num_rows > assessor.most_rows:
                self._most_rows = assessor.most_rows
                return self._halves(batch, first)
            waivers = waived(part.block.waivers, part.day, part.block.declared.rows)
            for market in assessor.assess(part.block.declared, part.features):
                rows = Rows(market, part, waivers)
                outcome.results.append(rows.results())
                outcome.outcomes.update(rows.outcomes)
                if self._findings:
                    outcome.findings.extend(rows.findings())
                if self._tally:
                    rows.count(outcome.tally, str(part.day) if self._by_day else "")
        return outcome

    def _halves(self, batch: pa.RecordBatch, first: int) -> Outcome:
        half = batch.num_rows // 2
        return self.run(batch.slice(0, half), first).followed_by(self.run(batch.slice(half), first + half))

    def _compile(self, day: dt.date, markets: tuple[str, ...], home: str, granted: frozenset[str]) -> Assessor:
        beside = self._law.rulebook(home, day, home=True) if home else None
        books = [self._law.rulebook(code, day) for code in markets]
        about = (self._law.vocabulary, self._law.not_yet(day), self._confirmed, self._expecting)
        return Assessor(compile_rulebooks(books, beside, sorted(granted)), *about)


class Rows:
    """The rows that are written of one market over a part of a block."""

    def __init__(self, block: MarketBlock, part: Part, waivers: Mapping[str, Bits]) -> None:
        self._block, self._part, self._waivers = block, part, waivers
        self._size = block.rows

    def results(self) -> pa.RecordBatch:
        block, home, rows = self._block, self._block.home, self._size
        columns = [
            self._part.block.profiles,
            _same(block.market.market, rows),
            self._day(rows),
            block.outcome,
            block.route(),
            *(pa.array(block.counts[name]) for name in COUNTS),
            block.blocking,
            block.where_gap(self._waivers),
            _same(home.market.market, rows) if home else pa.nulls(rows, NAMES),
            home.outcome if home else pa.nulls(rows, NAMES),
            home.blocking if home else pa.nulls(rows, pa.list_(NAMES)),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=RESULTS)

    def findings(self) -> Iterator[pa.RecordBatch]:
        """Gaps and undetermined clauses, one by one; those of the home layer last."""
        for layer, one in self._clauses():
            for status in ("gap", "undetermined"):
                rows = np.flatnonzero(unpack(getattr(one.status, status), self._size))
                if len(rows):
                    yield self._finding(layer, one, status, rows)

    def _finding(self, layer: str, one: CountedClause, status: str, rows: NDArray[np.intp]) -> pa.RecordBatch:
        size, clause = len(rows), one.clause
        waived = np.zeros(size, np.bool_)
        if status == "gap" and clause.id in self._waivers:
            waived = unpack(self._waivers[clause.id], self._size)[rows]
        columns = [
            self._part.block.profiles.take(pa.array(rows)),
            _same(self._block.market.market, size),
            self._day(size),
            _same(layer, size),
            self._feature(one, size),
            *(_same(value, size) for value in (clause.id, status, str(clause.severity))),
            pa.array(waived),
        ]
        return pa.RecordBatch.from_arrays(columns, schema=FINDINGS)

    def _feature(self, one: CountedClause, size: int) -> pa.Array:
        return _same(one.feature, size) if one.feature else pa.nulls(size, NAMES)

    def _clauses(self) -> Iterator[tuple[str, CountedClause]]:
        yield from (("national", one) for one in self._block.clauses())
        if self._block.home:
            yield from (("home", one) for one in self._block.home.clauses())

    def _day(self, rows: int) -> pa.Array:
        return pa.array(np.full(rows, self._part.day, "datetime64[D]"))

    @cached_property
    def outcomes(self) -> Mapping[str, int]:
        """How many profiles have each outcome."""
        rows = np.bincount(self._block.outcome.indices.to_numpy(), minlength=len(OUTCOMES)).tolist()
        return dict(zip(OUTCOMES.to_pylist(), rows, strict=True))

    def count(self, tally: Tally, day: str) -> None:
        """Add how many have each outcome, and each status under each rule; under several where features differ."""
        market = self._block.market.market
        tally.update({(market, day, "", outcome): rows for outcome, rows in self.outcomes.items()})
        for rule, bits in self._by_rule().items():
            tally.update({(market, day, rule, status): count(where) for status, where in bits.items()})

    def _by_rule(self) -> Mapping[str, Mapping[str, Bits]]:
        rules: dict[str, dict[str, Bits]] = {}
        for _, one in self._clauses():
            name = one.clause.id
            found = {status: getattr(one.status, status) for status in one.status._fields}
            found["not_applicable"] = one.counts & ~one.status.applying
            known = rules.setdefault(name, found)
            if known is not found:
                rules[name] = {status: known[status] | bits for status, bits in found.items()}
        return rules


def _same(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([value]))
