# SPDX-License-Identifier: Apache-2.0
"""Markets over a block of rows: judged on bitmaps, given out as numbers and Arrow arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_, xor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from carnet.declare.reading import LayerKey
from carnet.declare.vocabulary import Vocabulary
from carnet.fleet.compiled import Compiled
from carnet.fleet.counted import CountedClause, CountedLayer, counted_layer, either
from carnet.fleet.facts import Declared, FactColumns
from carnet.fleet.features import FeaturesOfBlock
from carnet.law.model import Severity
from carnet.logic.columnar.bitmaps import Bits, ones, unpack, zeros
from carnet.logic.columnar.columns import from_python
from carnet.logic.columnar.counts import Rows, bits_by_row, numbers, total
from carnet.logic.columnar.program import Batch
from carnet.verdict.judge import LayerJudge
from carnet.verdict.outcome import BEST_FIRST, Grade, worst
from carnet.verdict.plan import MarketPlan
from carnet.verdict.testing import PHASE, TESTING, in_question, lawful, test_only

Numbers = NDArray[np.uint16]
ALL = -1  # all features together
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
    """How many clauses of a layer count in each row, and in which status."""

    counted: Numbers
    compliant: Numbers
    undetermined: Numbers
    gaps: Mapping[Severity, Numbers]


class MarketBlock:
    """One market over a block.

    features: the same market feature by feature, where there are several; it takes the worst of them. home: what the
    exporters' own country asks beside it. tested: where only a test is lawful, so that the layers are those of one.
    """

    def __init__(
        self,
        market: MarketPlan,
        rows: int,
        layers: Sequence[CountedLayer],
        counts: Sequence[LayerCounts] = (),
        features: Sequence[MarketBlock] = (),
        home: MarketBlock | None = None,
        tested: Bits | None = None,
    ) -> None:
        self.market = market
        self._tested = tested
        self.rows = rows
        self.home = home
        self._layers = layers
        self._counts = counts
        self._features = features

    def clauses(self) -> Iterator[CountedClause]:
        for layer in self._layers:
            yield from layer.clauses

    @cached_property
    def _worst(self) -> Grade[Bits]:
        """The worst of the layers; of a test, what it comes to as one."""
        return worst((layer.outcome for layer in self._layers), Rows(self.rows))

    @cached_property
    def outcome(self) -> pa.Array:
        codes = numbers(total(test_only(self._worst, self._tested)), self.rows).astype(np.int32)
        return pa.DictionaryArray.from_arrays(codes, OUTCOMES)

    def route(self) -> pa.Array:
        """Of the first worst feature: the route of the nearest layer that has one, there of the first of its tracks."""
        if not self._features:
            return self._route()
        route = pa.nulls(self.rows, pa.string())
        for feature in reversed(self._features):
            unequal = reduce(or_, map(xor, feature._worst, self._worst))
            same = pa.array(~unpack(unequal, self.rows))
            route = pc.if_else(same, feature.route().cast(pa.string()), route)
        return route.dictionary_encode()

    def _route(self) -> pa.Array:
        routes = [route for layer in self._layers for route in reversed(tuple(layer.taken.items()))]
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
        clauses = (one.clause for one in self.clauses())
        return self.where_gap({clause.id: every for clause in clauses if clause.severity is Severity.BLOCKING})

    def where_gap(self, rules: Mapping[str, Bits]) -> pa.Array:
        """For each row those of the rules that are gaps there, within the rows given for each."""
        found: dict[str, Bits] = {}
        for one in self.clauses():
            name = one.clause.id
            if name in rules and (hits := one.status.gap & rules[name]).any():
                found[name] = found[name] | hits if name in found else hits
        return listed(list(found.items()), self.rows)


def listed(named: Sequence[tuple[str, Bits]], rows: int) -> pa.Array:
    """For each row the names of those whose bit is set, in their order."""
    names = pa.array([name for name, _ in named], pa.string())
    bitmaps = [bits for _, bits in named]
    octets = [bits_by_row(bitmaps[at : at + 8])[:rows] for at in range(0, len(named), 8)]
    flags = np.stack(octets, axis=1) if octets else np.zeros((rows, 0), np.uint8)
    every = np.tile(np.arange(flags.shape[1] * 8, dtype=np.int32), rows)
    mask = pa.BooleanArray.from_buffers(pa.bool_(), len(every), [None, pa.py_buffer(flags)])
    codes = pa.array(every).filter(mask)
    sizes = numbers(total(bitmaps), rows)
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, pa.DictionaryArray.from_arrays(codes, names))


MOST_BYTES = 1 << 30
BYTES_PER_LIMIT = 1
"""Of a row: eight bits, for what is decided of a limit and the truths behind it."""
FEWEST_ROWS = 1 << 12


class Assessor:
    """Assesses blocks for the markets of one day; holds nothing of a block, so that threads may share it."""

    def __init__(
        self,
        compiled: Compiled,
        vocabulary: Vocabulary,
        begins: Mapping[str, dt.date],
        confirmed: frozenset[str],
        expecting: bool = False,
    ) -> None:
        self._compiled = compiled
        self._begins, self._confirmed, self._expecting = begins, confirmed, expecting
        self._vocabulary = vocabulary

    @property
    def most_rows(self) -> int:
        """How many rows can be assessed together: of what grants limit, all that is decided is kept for a while."""
        limits = sum(len(layer.limits) for layer in self._compiled.plan.layers)
        return max(MOST_BYTES // max(limits * BYTES_PER_LIMIT, 1), FEWEST_ROWS)

    def assess(self, declared: Declared, features: Sequence[str] = ()) -> Iterator[MarketBlock]:
        """Every market over the block; markets whose facts are the same share the work.

        features: those that every profile of the block has; none where the base is the only one.
        """
        by_facts: dict[tuple[tuple[LayerKey, ...], ...], list[MarketPlan]] = {}
        for market in self._compiled.markets:
            overlaid = tuple(declared.overlaid(market.chain, feature) for feature in features or ("",))
            by_facts.setdefault(overlaid, []).append(market)
        for overlaid, markets in by_facts.items():
            batches = [self._batch(declared, keys, markets[0].day) for keys in overlaid]
            shared = SharedLayers(self._compiled, batches, features, self._confirmed)
            home = self._compiled.home
            for market in markets:
                abroad = home and home.market not in market.chain
                yield shared.block(market, home if abroad else None)

    def _batch(self, declared: Declared, overlaid: Sequence[LayerKey], day: dt.date) -> Batch:
        facts = FactColumns(declared, overlaid, day, self._vocabulary, self._begins, self._expecting)
        return self._compiled.program.over(facts, declared.rows)


class SharedLayers:
    """Puts markets of equal facts together from their layers, each decided and counted once.

    declared: the same layers as declared, where these are those of a test.
    """

    def __init__(
        self,
        compiled: Compiled,
        batches: Sequence[Batch],
        features: Sequence[str],
        confirmed: frozenset[str],
        declared: SharedLayers | None = None,
    ) -> None:
        self._compiled, self._batches, self._names, self._declared = compiled, batches, features, declared
        self._confirmed = confirmed
        self._space = Rows(batches[0].rows)
        self._judges = [LayerJudge(compiled.plan, batch.condition, self._space, confirmed) for batch in batches]
        several = len(batches) > 1
        self._several = FeaturesOfBlock(self._judges, batches, features, compiled.program) if several else None
        self._layers: dict[tuple[int, int], CountedLayer] = {}
        self._counts: dict[int, LayerCounts] = {}

    def block(self, market: MarketPlan, home: MarketPlan | None = None) -> MarketBlock:
        """One market over the block: as declared, or as a test where only that is lawful."""
        tested = self._tested(market)
        features = range(len(self._judges)) if self._several else ()
        alone = [self._block(market, tested, number) for number in features]
        beside = self._block(home, tested) if home else None
        return self._block(market, tested, ALL, alone, beside)

    def _tested(self, market: MarketPlan) -> Bits | None:
        """Where only a test is lawful; None for nowhere."""
        space, layers = self._space, market.layers
        tests = reduce(and_, (judge.tests for judge in self._judges))
        asked = in_question(worst((self.layer(at).outcome for at in layers), space), tests, space)
        if self._compiled.phase_layers.isdisjoint(layers) or not asked.any():
            return None
        tested = asked & lawful(worst((self._testing.layer(at).outcome for at in layers), space), space)
        return tested if tested.any() else None

    def _block(
        self,
        market: MarketPlan,
        tested: Bits | None,
        feature: int = ALL,
        features: Sequence[MarketBlock] = (),
        home: MarketBlock | None = None,
    ) -> MarketBlock:
        layers = [self.layer(at, feature) for at in market.layers]
        if tested is not None:
            tests = (self._testing.layer(at, feature) for at in market.layers)
            layers = [either(tested, *pair) for pair in zip(layers, tests, strict=True)]
        counts = [self._count(at, found) for at, found in zip(market.layers, layers, strict=True) if feature == ALL]
        return MarketBlock(market, self._space.rows, layers, counts, features, home, tested)

    def _count(self, layer: int, found: CountedLayer) -> LayerCounts:
        if found is not self._layers[layer, ALL]:
            return layer_counts(found.clauses, self._space.rows)
        if layer not in self._counts:
            self._counts[layer] = layer_counts(found.clauses, self._space.rows)
        return self._counts[layer]

    def layer(self, layer: int, feature: int = ALL) -> CountedLayer:
        """A layer for one feature or for all of them."""
        if self._declared and layer not in self._compiled.phase_layers:
            return self._declared.layer(layer, feature)
        key = (layer, feature)
        if key not in self._layers:
            several = self._several if feature == ALL else None
            judge = self._judges[max(feature, 0)]
            self._layers[key] = several.counted(layer) if several else counted_layer(judge.decide(layer))
        return self._layers[key]

    @cached_property
    def _testing(self) -> SharedLayers:
        phase = from_python([TESTING] * self._space.rows)
        batches = [batch.supposing(PHASE, phase) for batch in self._batches]
        return SharedLayers(self._compiled, batches, self._names, self._confirmed, self)


def layer_counts(clauses: Sequence[CountedClause], rows: int) -> LayerCounts:
    gaps = {
        severity: total(one.status.gap for one in clauses if one.clause.severity is severity) for severity in Severity
    }
    return LayerCounts(
        counted=numbers(total(one.counts for one in clauses), rows),
        compliant=numbers(total(one.status.compliant for one in clauses), rows),
        undetermined=numbers(total(one.status.undetermined for one in clauses), rows),
        gaps={severity: numbers(slices, rows) for severity, slices in gaps.items()},
    )
