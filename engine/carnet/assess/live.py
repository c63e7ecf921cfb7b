# SPDX-License-Identifier: Apache-2.0
"""A feature's assessment kept alive: what reads no changed fact stays the very object it was.

A finding is made of the truths, values and places of the facts that its conditions read, and of nothing else but the
roles that say whose duty it is; outcomes are made of statuses. So a change makes anew only the findings that read it,
and judges anew only the layers in which a status changed or the ways in did.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from carnet.assess.duties import ROLES
from carnet.assess.evidence import Evidence
from carnet.assess.findings import held_facts
from carnet.assess.kept import Kept, KeptRules
from carnet.assess.market import FeatureAssessor, LayerParts, Offer
from carnet.assess.model import Finding, Upcoming
from carnet.assess.reads import Reads
from carnet.declare.reading import Waiver
from carnet.law.rulebook import BoundRoute, Layer, Rulebook


class LiveFeature(FeatureAssessor):
    """A feature's assessment that follows its facts."""

    def __init__(self, rulebook: Rulebook, evidence: Evidence, feature: str, waivers: Mapping[str, Waiver]) -> None:
        super().__init__(rulebook, evidence, feature, waivers)
        self.reads = Reads(rulebook)
        self._rules_of = {layer.jurisdiction: KeptRules(layer.rules, self.reads) for layer in rulebook.layers}
        self._guidance = KeptRules(rulebook.guidance, self.reads)
        self._needed: dict[tuple[str, tuple[str, ...]], Kept] = {}
        self._off: dict[str, tuple[Finding, Finding]] = {}
        self._layers: dict[str, LayerParts] = {}
        self._moved: set[str] = set()
        self._changes: tuple[Upcoming, ...] | None = None

    def follow(self, evidence: Evidence, changed: Set[str]) -> None:
        """Take over new evidence and let go of what was made of facts that changed."""
        self._evidence = evidence
        moved = [name for name, reads in self.reads.layers.items() if not reads.isdisjoint(changed)]
        for name in moved:
            if not self.reads.ways[name].isdisjoint(changed):
                self._layers.pop(name, None)
        self._moved.update(moved)
        rules = [self._guidance, *(self._rules_of[name] for name in moved)]
        for kept in rules:
            kept.drop(changed)
        self._needed = {key: kept for key, kept in self._needed.items() if kept.reads.isdisjoint(changed)}
        if not ROLES.isdisjoint(changed):
            for kept in rules:
                kept.reassign(evidence.values)
            self._needed = {key: kept.reassigned(evidence.values) for key, kept in self._needed.items()}
        if not self.reads.changes.isdisjoint(changed):
            self._changes = None

    def _layer(self, layer: Layer) -> LayerParts:
        name = layer.jurisdiction
        parts = self._layers.get(name)
        if parts is None or name in self._moved:
            parts = (parts and self._retold(layer, parts)) or super()._layer(layer)
            self._layers[name] = parts
            self._moved.discard(name)
        return parts

    def _retold(self, layer: Layer, parts: LayerParts) -> LayerParts | None:
        """A layer with the same ways in, and its rules' findings as they are now; None when one counts otherwise."""
        told = []
        for finding, old in zip(self._rules(layer, self._offer(layer)), parts.findings, strict=False):
            if finding.status is not old.status or finding.superseded_by != old.superseded_by:
                return None
            told.append(finding if old.on_route else self._off_route(finding))
        return parts._replace(findings=(*told, *parts.findings[len(told) :]))

    def _rules(self, layer: Layer, offer: Offer) -> list[Finding]:
        return self._rules_of[layer.jurisdiction].findings(offer, self._rule)

    def _need(self, route: BoundRoute, group: tuple[str, ...]) -> Finding:
        key = (route.route.id, group)
        kept = self._needed.get(key)
        if kept is None:
            kept = self._needed[key] = Kept(super()._need(route, group), True, held_facts(group))
        return kept.finding

    def _off_route(self, finding: Finding) -> Finding:
        on_route, off = self._off.get(finding.rule, (None, finding))
        if on_route is not finding:
            off = super()._off_route(finding)
            self._off[finding.rule] = (finding, off)
        return off

    def upcoming(self) -> tuple[Upcoming, ...]:
        if self._changes is None:
            self._changes = super().upcoming()
        return self._changes

    def guidance(self) -> tuple[Finding, ...]:
        return tuple(self._guidance.findings(None, lambda bound, _: self._proposal(bound)))
