# SPDX-License-Identifier: Apache-2.0
"""Markets over a block of rows: judged on bitmaps, given out as numbers and Arrow arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carnet.assess.model import BEST_FIRST
from carnet.declare.reading import LayerKey
from carnet.declare.vocabulary import Vocabulary
from carnet.fleet.compiled import Compiled, CompiledMarket
from carnet.fleet.facts import Declared, FactColumns
from carnet.fleet.features import Together
from carnet.fleet.judge import Judged, LayerJudge, Line
from carnet.fleet.status import worst
from carnet.law.model import Severity
from carnet.logic.columnar.bitmaps import Bits, ones, zeros
from carnet.logic.columnar.counts import bits_by_row, numbers, total

Numbers = NDArray[np.uint16]
OUTCOMES = pa.array([str(outcome) for outcome in BEST_FIRST])
COUNTS = (
    "compliant",
    "gap",
    "undetermined",
    "not_applicable",
    *(f"gap_{severity}" for severity in Severity),
)


@dataclass(frozen=True, slots=True)
class LayerCounts:
    """How many lines of a layer count in each row, and in which status."""

    counted: Numbers
    compliant: Numbers
    undetermined: Numbers
    gaps: Mapping[Severity, Numbers]


class MarketBlock:
    """One market over a block.

    features: the same market feature by feature, where there are several; it takes the worst of them. home: what the
    exporters' own country asks beside it.
    """

    def __init__(
        self,
        market: CompiledMarket,
        rows: int,
        layers: Sequence[Judged],
        counts: Sequence[LayerCounts] = (),
        features: Sequence[MarketBlock] = (),
        home: MarketBlock | None = None,
    ) -> None:
        self.market = market
        self.rows = rows
        self.home = home
        self._layers = layers
        self._counts = counts
        self._features = features

    def lines(self) -> Iterator[Line]:
        for layer in self._layers:
            yield from layer.lines

    @cached_property
    def outcome(self) -> pa.Array:
        levels = worst((layer.outcome for layer in self._layers), self.rows)
        codes = numbers(total(levels), self.rows).astype(np.int32)
        return pa.DictionaryArray.from_arrays(codes, OUTCOMES)

    def route(self) -> pa.Array:
        """Of the first worst feature: the route of the nearest layer that has one, there of the first of its tracks."""
        if not self._features:
            return self._route()
        outcome, route = self.outcome.indices, pa.nulls(self.rows, pa.string())
        for feature in reversed(self._features):
            same = pc.equal(feature.outcome.indices, outcome)
            route = pc.if_else(same, feature.route().cast(pa.string()), route)
        return route.dictionary_encode()

    def _route(self) -> pa.Array:
        routes = [route for layer in self._layers for route in reversed(layer.taken)]
        slices = [zeros(self.rows) for _ in range(len(routes).bit_length())]
        for code, (_, taken) in enumerate(routes, 1):
            if taken.any():
                for weight, bits in enumerate(slices):
                    slices[weight] = bits | taken if code >> weight & 1 else bits & ~taken
        codes = numbers(slices, self.rows).astype(np.int32)
        names = pa.array([name for name, _ in routes], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes - 1, mask=codes == 0), names)

    @cached_property
    def counts(self) -> Mapping[str, Numbers]:
        """By the names of `COUNTS`."""
        zero = np.zeros(self.rows, np.uint16)
        gaps = {severity: sum((layer.gaps[severity] for layer in self._counts), zero) for severity in Severity}
        gap = sum(gaps.values(), zero)
        compliant = sum((layer.compliant for layer in self._counts), zero)
        undetermined = sum((layer.undetermined for layer in self._counts), zero)
        rest = sum((layer.counted for layer in self._counts), zero) - compliant - gap - undetermined
        by_severity = (gaps[severity] for severity in Severity)
        return dict(zip(COUNTS, (compliant, gap, undetermined, rest, *by_severity), strict=True))

    @cached_property
    def blocking(self) -> pa.Array:
        """The rules and needs that close the market in each row."""
        every = ones(self.rows)
        return self.where_gap({line.id: every for line in self.lines() if line.severity is Severity.BLOCKING})

    def where_gap(self, rules: Mapping[str, Bits]) -> pa.Array:
        """For each row those of the rules that are gaps there, within the rows given for each."""
        found: dict[str, Bits] = {}
        for line in self.lines():
            if line.id in rules and (hits := line.status.gap & rules[line.id]).any():
                found[line.id] = found[line.id] | hits if line.id in found else hits
        return listed(list(found.items()), self.rows)


def listed(lines: Sequence[tuple[str, Bits]], rows: int) -> pa.Array:
    """For each row the names of those lines whose bit is set, in their order."""
    names = pa.array([name for name, _ in lines], pa.string())
    bitmaps = [bits for _, bits in lines]
    octets = [bits_by_row(bitmaps[at : at + 8])[:rows] for at in range(0, len(lines), 8)]
    flags = np.stack(octets, axis=1) if octets else np.zeros((rows, 0), np.uint8)
    every = np.tile(np.arange(flags.shape[1] * 8, dtype=np.int32), rows)
    mask = pa.BooleanArray.from_buffers(pa.bool_(), len(every), [None, pa.py_buffer(flags)])
    codes = pa.array(every).filter(mask)
    sizes = numbers(total(bitmaps), rows)
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, pa.DictionaryArray.from_arrays(codes, names))


class Assessor:
    """Assesses blocks for the markets of one day; holds nothing of a block, so that threads may share it."""

    def __init__(self, compiled: Compiled, vocabulary: Vocabulary) -> None:
        self._compiled = compiled
        self._vocabulary = vocabulary

    def assess(self, declared: Declared, features: Sequence[str] = ()) -> Iterator[MarketBlock]:
        """Every market over the block; markets whose facts are the same share the work.

        features: those that every profile of the block has; none where the base is the only one.
        """
        by_facts: dict[tuple[tuple[LayerKey, ...], ...], list[CompiledMarket]] = {}
        for market in self._compiled.markets:
            overlaid = tuple(declared.overlaid(market.chain, feature) for feature in features or ("",))
            by_facts.setdefault(overlaid, []).append(market)
        for overlaid, markets in by_facts.items():
            judges = [self._judge(declared, keys, markets[0].day) for keys in overlaid]
            together = Together(judges, features, self._compiled) if len(judges) > 1 else None
            desk = Desk(declared.rows, judges, together)
            home = desk.block(self._compiled.home) if self._compiled.home else None
            for market in markets:
                abroad = home and home.market.market not in market.chain
                yield desk.block(market, home if abroad else None)

    def _judge(self, declared: Declared, overlaid: Sequence[LayerKey], day: dt.date) -> LayerJudge:
        facts = FactColumns(declared, overlaid, day, self._vocabulary)
        return LayerJudge(self._compiled.layers, self._compiled.program.over(facts, declared.rows))


class Desk:
    """Puts markets of equal facts together from their layers, each judged and counted once."""

    def __init__(self, rows: int, judges: Sequence[LayerJudge], together: Together | None) -> None:
        self._rows = rows
        self._judges = judges
        self._together = together
        self._counts: dict[int, LayerCounts] = {}

    def block(self, market: CompiledMarket, home: MarketBlock | None = None) -> MarketBlock:
        if self._together is None:
            return self._of(market, self._judges[0], home)
        features = [MarketBlock(market, self._rows, [judge.judge(i) for i in market.layers]) for judge in self._judges]
        return self._of(market, self._together, home, features)

    def _of(
        self,
        market: CompiledMarket,
        judge: LayerJudge | Together,
        home: MarketBlock | None,
        features: Sequence[MarketBlock] = (),
    ) -> MarketBlock:
        judged = [judge.judge(layer) for layer in market.layers]
        for layer, result in zip(market.layers, judged, strict=True):
            if layer not in self._counts:
                self._counts[layer] = layer_counts(result.lines, self._rows)
        return MarketBlock(market, self._rows, judged, [self._counts[at] for at in market.layers], features, home)


def layer_counts(lines: Sequence[Line], rows: int) -> LayerCounts:
    gaps = {severity: total(line.status.gap for line in lines if line.severity is severity) for severity in Severity}
    return LayerCounts(
        counted=numbers(total(line.counts for line in lines), rows),
        compliant=numbers(total(line.status.compliant for line in lines), rows),
        undetermined=numbers(total(line.status.undetermined for line in lines), rows),
        gaps={severity: numbers(slices, rows) for severity, slices in gaps.items()},
    )
