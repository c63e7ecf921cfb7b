# SPDX-License-Identifier: Apache-2.0
"""Findings kept until a fact changes that they were made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, NamedTuple

from carnet.assess.duties import is_ours
from carnet.assess.market import Offer, on_offer
from carnet.assess.model import Finding, Status
from carnet.assess.reads import Paths, Reads
from carnet.law.rulebook import BoundRule


class Kept(NamedTuple):
    finding: Finding
    on_offer: bool
    reads: Paths

    def reassigned(self, facts: Mapping[str, Any]) -> Kept:
        ours = is_ours(self.finding.duty_holder, facts)
        return self if ours is self.finding.ours else self._replace(finding=self.finding._replace(ours=ours))


class KeptRules:
    """The findings of some rules, each kept until a fact changes that it was made of."""

    def __init__(self, rules: tuple[BoundRule, ...], reads: Reads) -> None:
        self._rules = rules
        self._reads = reads
        self._kept: list[Kept | None] = [None] * len(rules)
        self._offer: Offer | None = None

    def drop(self, changed: Set[str]) -> None:
        self._kept = [kept if kept and kept.reads.isdisjoint(changed) else None for kept in self._kept]

    def reassign(self, facts: Mapping[str, Any]) -> None:
        self._kept = [kept and kept.reassigned(facts) for kept in self._kept]

    def findings(self, offer: Offer | None, make: Callable[[BoundRule, bool], Finding]) -> list[Finding]:
        """All findings, with those made anew that are not kept or whose routes are on offer no more, or again.

        offer: the routes on offer; None where no rule depends on them.
        """
        other, self._offer = offer != self._offer, offer
        for place, kept in enumerate(self._kept):
            if kept is None or other:
                bound = self._rules[place]
                offered = offer is None or on_offer(bound, offer)
                if kept is None or kept.on_offer is not offered:
                    finding = make(bound, offered)
                    self._kept[place] = Kept(finding, offered, self._made_of(bound, finding))
        return [kept.finding for kept in self._kept if kept]

    def _made_of(self, bound: BoundRule, finding: Finding) -> Paths:
        """What a rule requires is not looked at where it does not apply."""
        if finding.status is Status.NOT_APPLICABLE:
            return self._reads.applying(bound)
        return self._reads.by(bound.requires) | self._reads.applying(bound)
