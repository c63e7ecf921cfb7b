# SPDX-License-Identifier: Apache-2.0
"""The facts that each part of a rulebook reads."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.assess.duties import ROLES
from carnet.assess.findings import held_facts
from carnet.assess.market import states_need
from carnet.law.rulebook import BoundRule, Layer, Rulebook
from carnet.logic.condition import Condition, facts_read

Paths = frozenset[str]


class Reads:
    """What the rulebook reads as a whole, and in parts.

    layers: by jurisdiction. ways: of each, its routes, what they need and what explains them or states a need, without
    what its rules ask. changes: law that changes within the horizon. Roles count wherever findings are made.
    """

    def __init__(self, book: Rulebook) -> None:
        self._book = book  # keeps the conditions alive by whose identity they are known
        self._known: dict[int, Paths] = {}
        ways = [self._by_ways(layer) for layer in book.layers]
        names = [layer.jurisdiction for layer in book.layers]
        rules = [self._by_rules(layer.rules) for layer in book.layers]
        self.ways = dict(zip(names, ways, strict=True))
        self.layers = {name: way | rule for name, way, rule in zip(names, ways, rules, strict=True)}
        self.changes = self._by_rules(change.bound for change in book.changes)
        self.whole = ROLES.union(self.changes, self._by_rules(book.guidance), *self.layers.values())

    def applying(self, rule: BoundRule) -> Paths:
        """What says whether a rule applies, and whether another one takes its place."""
        overrides = self._book.overrides.get(rule.rule.id, ())
        return self.by(rule.applies, *(override.when for override in overrides))

    def by(self, *conditions: Condition) -> Paths:
        """What some of the rulebook's own conditions read, each looked through once."""
        found: list[Paths] = []
        for condition in conditions:
            paths = self._known.get(id(condition))
            if paths is None:
                paths = self._known[id(condition)] = facts_read(condition)
            found.append(paths)
        return found[0] if len(found) == 1 else Paths().union(*found)

    def _by_rules(self, rules: Iterable[BoundRule]) -> Paths:
        return Paths().union(*(self.by(bound.requires) | self.applying(bound) for bound in rules))

    def _by_ways(self, layer: Layer) -> Paths:
        routes = self.by(*(bound.available for bound in layer.routes))
        needs = (held_facts(group) for bound in layer.routes for group in bound.route.needs)
        explained = self.by(*(item.when for item in (*layer.closed_for, *layer.decided_below)))
        stating = (self.by(bound.applies) for bound in layer.rules if states_need(bound))
        return ROLES.union(routes, explained, *needs, *stating)
