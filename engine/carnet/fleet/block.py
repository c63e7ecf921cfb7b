# SPDX-License-Identifier: Apache-2.0
"""One block of rows from profiles to results: the kernel that threads and clusters run alike."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carnet.fleet.compiled import compile_rulebooks
from carnet.fleet.layout import Block, Layout, Reject, select
from carnet.fleet.results import COUNTS, OUTCOMES, Assessor, MarketBlock
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
    ]
)
FINDINGS = pa.schema(
    [
        ("profile", pa.string()),
        ("market", NAMES),
        ("as_of", pa.date32()),
        ("rule", NAMES),
        ("status", NAMES),
        ("severity", NAMES),
    ]
)
Tally = Counter[tuple[str, str, str]]
"""How many profiles, by market, rule (empty for the market itself) and status or outcome."""


@dataclass(slots=True)
class Outcome:
    """What came of a block."""

    rows: int
    results: list[pa.RecordBatch] = field(default_factory=list)
    findings: list[pa.RecordBatch] = field(default_factory=list)
    tally: Tally = field(default_factory=Counter)
    rejects: tuple[Reject, ...] = ()


class Kernel:
    """Record batches in, record batches out; rulebooks are compiled once per day and set of markets."""

    def __init__(
        self, law: Law, layout: Layout, markets: Sequence[str], findings: bool = False, tally: bool = False
    ) -> None:
        self._law, self._layout, self._markets = law, layout, tuple(markets)
        self._findings, self._tally = findings, tally
        self._assessor = lru_cache(maxsize=512)(self._compile)

    def run(self, batch: pa.RecordBatch, first: int) -> Outcome:
        """Assess a batch whose first row has the number `first` in its table."""
        block = self._layout.read(batch, first)
        outcome = Outcome(batch.num_rows, rejects=block.rejects)
        for day, markets, part in self._parts(block):
            for market in self._assessor(day, markets).assess(part.declared):
                outcome.results.append(_results(market, part.profiles))
                if self._findings:
                    outcome.findings.extend(_findings(market, part.profiles))
                if self._tally:
                    _count(market, outcome.tally)
        return outcome

    def _compile(self, day: dt.date, markets: tuple[str, ...]) -> Assessor:
        return Assessor(compile_rulebooks([self._law.rulebook(code, day) for code in markets]), self._law.vocabulary)

    def _parts(self, block: Block) -> Iterator[tuple[dt.date, tuple[str, ...], Block]]:
        """The block by day and, where rows name their market, by market."""
        for day in pc.unique(block.days).to_pylist():
            same_day = _where(block, block.days, day)
            if same_day.markets is None:
                yield day, self._markets, same_day
            else:
                for market in pc.unique(same_day.markets).to_pylist():
                    yield day, (market,), _where(same_day, same_day.markets, market)


def _where(block: Block, column: pa.Array, value: object) -> Block:
    mask = pc.equal(column, pa.scalar(value, column.type))
    return block if pc.all(mask).as_py() else select(block, mask)


def _same(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([value]))


def _results(block: MarketBlock, profiles: pa.Array) -> pa.RecordBatch:
    rows, market = block.rows, block.market
    days = pa.array(np.full(rows, market.day, "datetime64[D]"))
    columns = [
        profiles,
        _same(market.market, rows),
        days,
        block.outcome(),
        block.route(),
        *(pa.array(block.counts[name]) for name in COUNTS),
        block.blocking(),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=RESULTS)


def _findings(block: MarketBlock, profiles: pa.Array) -> Iterator[pa.RecordBatch]:
    """Gaps and undetermined lines, rule by rule."""
    for line in block.lines():
        for status in ("gap", "undetermined"):
            bits: Bits = getattr(line.status, status)
            rows = np.flatnonzero(unpack(bits, block.rows))
            if len(rows):
                days = pa.array(np.full(len(rows), block.market.day, "datetime64[D]"))
                same = (_same(value, len(rows)) for value in (line.id, status, str(line.severity)))
                named = [profiles.take(pa.array(rows)), _same(block.market.market, len(rows)), days, *same]
                yield pa.RecordBatch.from_arrays(named, schema=FINDINGS)


def _count(block: MarketBlock, tally: Tally) -> None:
    market = block.market.market
    for code, rows in enumerate(np.bincount(block.outcome().indices.to_numpy(), minlength=len(OUTCOMES)).tolist()):
        tally[market, "", OUTCOMES[code].as_py()] += rows
    for line in block.lines():
        numbers = {name: count(getattr(line.status, name)) for name in line.status._fields}
        numbers["not_applicable"] = count(line.counts) - sum(numbers.values())
        for status, rows in numbers.items():
            tally[market, line.id, status] += rows
