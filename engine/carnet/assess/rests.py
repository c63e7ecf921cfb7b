# SPDX-License-Identifier: Apache-2.0
"""A market's outcome is as sure as the weakest text that decides it: which that is.

Where the market is barred, what bars it decides; else everything that binds on the route taken. With a rule go the
adoption of its instrument and the values that it reads, with a route the approvals that it needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from carnet.assess.model import Finding, LayerResult, MarketAssessment, Status, Support
from carnet.law.grounds import Basis, Cite, Confidence, Ground
from carnet.law.law import Law
from carnet.law.model import Jurisdiction, Rule, Severity
from carnet.law.rulebook import Rulebook
from carnet.logic.condition import params_read
from carnet.verdict.outcome import BARRED

_BASES = (Basis.TEXT, Basis.DERIVED, Basis.PRACTICE, Basis.INFERENCE, Basis.UNREVIEWED)


def weakest(market: MarketAssessment, book: Rulebook, law: Law) -> Support | None:
    """The least certain of the texts that decide a market; of equals the first, routes before rules."""
    return max(_Texts(market, book, law).all(), key=_doubt, default=None)


def _doubt(support: Support) -> tuple[int, int, bool]:
    ground = support.ground
    read = tuple(Confidence).index(ground.confidence or Confidence.SECONDARY)
    return read, _BASES.index(ground.basis), ground.read is None


class _Texts(NamedTuple):
    """The texts behind one market's outcome."""

    market: MarketAssessment
    book: Rulebook
    law: Law

    def all(self) -> Iterator[Support]:
        barred = self.market.outcome in BARRED
        for layer in self.market.layers:
            if not barred or layer.outcome in BARRED:
                yield from self._route(layer)
        rules = {bound.rule.id: bound.rule for bound in self.book.rules()}
        for finding in self.market.findings:
            if finding.rule in rules and self._decides(finding, barred):
                yield from self._rule(rules[finding.rule])

    def _decides(self, finding: Finding, barred: bool) -> bool:
        if barred:
            return finding.counts and finding.status is Status.GAP and finding.severity is Severity.BLOCKING
        return finding.counts and finding.status is not Status.NOT_APPLICABLE

    def _route(self, layer: LayerResult) -> Iterator[Support]:
        found = (bound.route for one in self.book.layers for bound in one.routes if bound.route.id == layer.route)
        for route in found:
            yield Support("route", route.id, route.title, route.cites, route.ground)
            yield from self._adopted(route.cites)
            for name in (name for either in route.needs for name in either if name in self.book.approvals):
                approval = self.book.approvals[name]
                yield Support("approval", name, approval.title, approval.cites, approval.ground)
        if not layer.route:
            for item in layer.told:
                yield Support("explanation", layer.jurisdiction, item.why, item.cites, item.ground)

    def _rule(self, rule: Rule) -> Iterator[Support]:
        yield Support("rule", rule.id, rule.title, rule.cites, Ground(rule.basis, rule.confidence, rule.read))
        yield from self._adopted(rule.cites)
        yield from self._values(params_read(rule.applies_when) | params_read(rule.requires))

    def _adopted(self, cites: tuple[Cite, ...]) -> Iterator[Support]:
        """That the market applies the instrument at all, which the first citation names."""
        for jurisdiction in self._chain():
            adoption = jurisdiction.applies.get(cites[0].instrument) if cites else None
            if adoption is not None and adoption.span.holds(self.book.day):
                yield Support("adoption", adoption.instrument, jurisdiction.name, adoption.cites, adoption.ground)
                return

    def _values(self, names: Iterable[str]) -> Iterator[Support]:
        for name in sorted(names):
            for jurisdiction in self._chain():
                parameter = jurisdiction.parameters.get(name)
                value = parameter and parameter.on(self.book.day)
                if value:
                    ground = value.ground._replace(confidence=value.confidence)
                    yield Support("parameter", name, jurisdiction.name, value.cites, ground)
                    break

    def _chain(self) -> Iterator[Jurisdiction]:
        return map(self.law.jurisdiction, self.book.chain)
