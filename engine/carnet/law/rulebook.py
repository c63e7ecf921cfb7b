# SPDX-License-Identifier: Apache-2.0
"""The law of one market on one day: which rules and routes bind there, with the market's own values put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from carnet.frozen import EMPTY
from carnet.law.limits import NO_LIMITS, Limits
from carnet.law.model import Approval, Explanation, NotCovered, Note, Route, Rule
from carnet.logic import condition as logic
from carnet.logic.condition import Condition, facts_read
from carnet.logic.program import Derived


class BoundRule(NamedTuple):
    """A rule with its conditions bound to the market and day."""

    rule: Rule
    applies: Condition
    requires: Condition


class BoundRoute(NamedTuple):
    route: Route
    available: Condition


class BoundExplanation(NamedTuple):
    explanation: Explanation
    when: Condition


class Override(NamedTuple):
    """A rule that takes another's place: when it applies and, if it binds on some routes only, one is on offer."""

    by: str
    when: Condition


class Change(NamedTuple):
    """A rule that starts, reaches all vehicles or ends within the horizon; `date` None: adopted without a first day."""

    bound: BoundRule
    date: dt.date | None
    kind: str


class Layer(NamedTuple):
    """One jurisdiction's say: its rules and routes of the national kind, or of the exporter's home."""

    jurisdiction: str
    name: str
    rules: tuple[BoundRule, ...]
    routes: tuple[BoundRoute, ...]
    closed_for: tuple[BoundExplanation, ...]
    decided_below: tuple[BoundExplanation, ...]

    @property
    def layer(self) -> str:
        """`national`, or `home` for duties of an exporter's own country; a layer that says nothing is national."""
        said = [bound.rule.layer for bound in self.rules[:1]] + [bound.route.layer for bound in self.routes[:1]]
        return said[0] if said else "national"


class Rulebook(NamedTuple):
    """Everything that binds in a market on a day, widest jurisdiction first.

    overrides: by rule, the rules that may take its place. recognises: by approval, others that stand for it; none where
    the rulebook is of an exporter's home, which asks for its own. proven: by rule, the approvals that prove it.
    """

    market: str
    name: str
    day: dt.date
    chain: tuple[str, ...]
    layers: tuple[Layer, ...]
    overrides: Mapping[str, tuple[Override, ...]]
    derived: tuple[Derived, ...]
    changes: tuple[Change, ...]
    guidance: tuple[BoundRule, ...]
    notes: tuple[Note, ...]
    not_covered: tuple[NotCovered, ...]
    approvals: Mapping[str, Approval]
    recognises: Mapping[str, tuple[str, ...]]
    context: Mapping[str, Any]
    proven: Mapping[str, tuple[str, ...]] = EMPTY
    limits: Limits = NO_LIMITS

    def rules(self) -> Iterator[BoundRule]:
        for layer in self.layers:
            yield from layer.rules


def plain_path(path: str) -> str:
    """A derived fact's own path, without the mark of the market that computes it (`derived.x@DE`)."""
    return path.partition("@")[0]


def overrides_in(layers: Sequence[Layer]) -> dict[str, tuple[Override, ...]]:
    """By rule, the rules that may take its place.

    Only where `when` is true is a rule set aside. While it is unknown which of the two binds, both are looked at: what
    the overridden one does not find met is undetermined, so that no duty drops out between them.
    """
    available = {route.route.id: route.available for layer in layers for route in layer.routes}
    found: dict[str, tuple[Override, ...]] = {}
    for bound in (rule for layer in layers for rule in layer.rules):
        ways = tuple(available[route] for route in bound.rule.routes if route in available)
        if (bound.rule.routes and not ways) or bound.rule.advice:
            continue
        for other in bound.rule.supersedes:
            when = logic.AllOf((bound.applies, logic.AnyOf(ways))) if ways else bound.applies
            found[other] = (*found.get(other, ()), Override(bound.rule.id, when))
    return found


def derived_needed(derived: Iterable[Derived], conditions: Iterable[Condition]) -> tuple[Derived, ...]:
    """Those derived facts that some condition reads, directly or through another, in dependency order."""
    ordered = list(derived)
    wanted: set[str] = set()
    for condition in conditions:
        wanted |= {path for path in facts_read(condition) if path.startswith("derived.")}
    kept: list[Derived] = []
    for item in reversed(ordered):
        if item.path in wanted:
            wanted |= item.reads()
            kept.append(item)
    return tuple(reversed(kept))
