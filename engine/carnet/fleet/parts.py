# SPDX-License-Identifier: Apache-2.0
"""A block taken apart into rows that are assessed alike: the same features, home, markets and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from carnet.declare.profile import START_DATE
from carnet.fleet.rows import Block, select


class Part(NamedTuple):
    """Rows of a block; `home` is the exporters' own country where it has duties of its own, else empty."""

    day: dt.date
    markets: tuple[str, ...]
    features: tuple[str, ...]
    home: str
    block: Block


class Divider:
    """Divides blocks for some markets.

    days: those of every row, whatever it says itself. chain: a market with its ancestors.
    """

    def __init__(
        self,
        markets: Sequence[str],
        days: Sequence[dt.date],
        today: dt.date,
        homes: Sequence[str],
        chain: Callable[[str], Sequence[str]],
    ) -> None:
        self._markets, self._days, self._today, self._homes, self._chain = tuple(markets), days, today, homes, chain

    def parts(self, block: Block) -> Iterator[Part]:
        for features, same_features in _split(block, block.features):
            for home, same_home in _split(same_features, self._homes_of(same_features)):
                for markets, same_markets in self._by_market(same_home):
                    for day, part in self._by_day(same_markets, self._chain(markets[0])):
                        yield Part(day, markets, tuple((features or "").split()), home or "", part)

    def _homes_of(self, block: Block) -> pa.Array | None:
        """Each row's home, where it has duties of its own."""
        if block.homes is None or not self._homes:
            return None
        return pc.if_else(pc.is_in(block.homes, pa.array(self._homes)), block.homes, "")

    def _by_market(self, block: Block) -> Iterator[tuple[tuple[str, ...], Block]]:
        """Where rows name their market, by market; else all of them together that start on the same days."""
        if block.markets is not None:
            yield from (((market,), part) for market, part in _split(block, block.markets))
            return
        alike: dict[Sequence[Any], list[str]] = {}
        for market in self._markets:
            alike.setdefault(_starts(block, self._chain(market)), []).append(market)
        for markets in alike.values():
            yield tuple(markets), block

    def _by_day(self, block: Block, chain: Sequence[str]) -> Iterator[tuple[dt.date, Block]]:
        if self._days:
            yield from ((day, block) for day in self._days)
            return
        starts = [block.declared.layers[key][START_DATE] for key in reversed(_starts(block, chain))]
        stated = [days for days in (block.days, *starts) if days is not None]
        days = pc.coalesce(*stated, pa.scalar(self._today)) if stated else None
        if days is None:
            yield self._today, block
        else:
            yield from _split(block, days)


def _starts(block: Block, chain: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The layers that say when operation starts in a market."""
    layers: Mapping[tuple[str, str], Mapping[str, pa.Array]] = block.declared.layers
    return tuple(key for key in block.declared.overlaid(chain) if START_DATE in layers[key])


def _split(block: Block, column: pa.Array | None) -> Iterator[tuple[Any, Block]]:
    """The block by the values of a column; as it is where there is no column."""
    if column is None:
        yield None, block
        return
    for value in pc.unique(column).to_pylist():
        mask = (
            column.is_null() if value is None else pc.fill_null(pc.equal(column, pa.scalar(value, column.type)), False)
        )
        yield value, block if pc.all(mask).as_py() else select(block, mask)
