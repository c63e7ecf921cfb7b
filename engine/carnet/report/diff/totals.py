# SPDX-License-Identifier: Apache-2.0
"""Totals of two reports side by side: markets by outcome, lacks, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.model import BEST_FIRST
from carnet.report.words import label
from carnet.spoken import N_, _

if TYPE_CHECKING:
    from carnet.report.diff import MarketChange

Data = Mapping[str, Any]

NAMES = {
    "lacks_blocking": N_("Lacks in the way"),
    "lacks_lesser": N_("Lesser lacks"),
    "gaps_blocking": N_("Blocking gaps"),
    "gaps_lesser": N_("Other gaps"),
    "undetermined": N_("Not known"),
}


class Total(NamedTuple):
    """One number before and after. key: an outcome, or a key of `NAMES`."""

    key: str
    before: int
    after: int

    @property
    def name(self) -> str:
        if self.key in NAMES:
            return _(NAMES[self.key])
        return _("Markets: {outcome}").format(outcome=_(label("outcome", self.key)))


class Counts(NamedTuple):
    """What one report says of a market, counted; lacks are None where the report holds none."""

    gaps: tuple[int, int]
    undetermined: int
    lacks: tuple[int, int] | None


def counts(market: Data, findings: Iterable[Data]) -> Counts:
    """findings: those that count."""
    stands = [(finding["status"], finding["severity"] == "blocking") for finding in findings]
    gaps = stands.count(("gap", True)), stands.count(("gap", False))
    unknown = sum(status == "undetermined" for status, _blocking in stands)
    return Counts(gaps, unknown, _lacks(market.get("lacks")))


def _lacks(lacks: Any) -> tuple[int, int] | None:
    if not isinstance(lacks, list):
        return None
    open_ = [lack.get("severity") == "blocking" for lack in lacks if not lack.get("waived")]
    return open_.count(True), open_.count(False)


def totals(markets: Sequence[MarketChange]) -> tuple[Total, ...]:
    """Over the markets of both reports; lacks only over those in which something changed, and where both tell them."""
    return tuple(one for one in _totals(markets) if one.before or one.after)


def _totals(markets: Sequence[MarketChange]) -> Iterator[Total]:
    for outcome in BEST_FIRST:
        yield Total(outcome.value, sum(m.before == outcome for m in markets), sum(m.after == outcome for m in markets))
    moved = [one.counts for one in markets if one.better or one.changes]
    lacks = [(one.lacks, other.lacks) for one, other in moved if one.lacks and other.lacks]
    for number, key in enumerate(("lacks_blocking", "lacks_lesser")):
        yield Total(key, sum(one[number] for one, _after in lacks), sum(other[number] for _before, other in lacks))
    every = [one.counts for one in markets]
    for number, key in enumerate(("gaps_blocking", "gaps_lesser")):
        yield Total(key, sum(one.gaps[number] for one, _after in every), sum(o.gaps[number] for _before, o in every))
    yield Total("undetermined", sum(o.undetermined for o, _after in every), sum(o.undetermined for _before, o in every))
