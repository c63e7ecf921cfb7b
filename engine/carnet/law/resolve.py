# SPDX-License-Identifier: Apache-2.0
"""From jurisdictions to the rulebook of a market and day: what binds, bound to the market's own values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from carnet.days import add_months
from carnet.errors import LawError, Place as ErrorPlace
from carnet.frozen import EMPTY, Frozen
from carnet.law.derive import derived_in
from carnet.law.in_force import COUNTING, counts_on
from carnet.law.limits import NO_LIMITS, Limits
from carnet.law.model import (
    Approval,
    Cite,
    Explanation,
    InForce,
    Jurisdiction,
    LegalStatus,
    Place,
    Proof,
    Route,
    Rule,
    Span,
)
from carnet.law.rulebook import BoundExplanation, BoundRoute, BoundRule, Change, Layer, Rulebook, overrides_in
from carnet.law.shared_model import Derivation
from carnet.logic.bind import Binding, UnboundParameter, bind
from carnet.logic.condition import TRUE, Compare, Condition, Constant, ParamValue, both
from carnet.logic.program import Derived

HORIZON_MONTHS = 24


class RulebookMaker:
    """Resolves the law of one market and day from its jurisdictions.

    chain: the market first, then its ancestors. adopted: jurisdictions outside the chain whose instruments the chain
    applies by its own decision.
    """

    def __init__(
        self,
        chain: tuple[Jurisdiction, ...],
        adopted: tuple[Jurisdiction, ...],
        day: dt.date,
        groups: Mapping[str, tuple[str, ...]],
        derivations: Iterable[Derivation],
        approvals: Mapping[str, Approval],
        limits: Limits = NO_LIMITS,
    ) -> None:
        self._chain = chain
        self._adopted = adopted
        self._day = day
        self._approvals = approvals
        self._limits = limits
        self._optional = {item.id for j in (*chain, *adopted) for item in j.instruments if item.optional}
        self._own = {j.id for j in chain}
        market = chain[0]
        self._context: dict[str, Any] = {
            "context.market": market.id,
            "context.chain": tuple(j.id for j in chain),
            "context.as_of": day,
            "context.languages": next((j.languages for j in chain if j.languages), ()),
        }
        for key, field in (("context.drives_on", "drives_on"), ("context.currency", "currency")):
            value = next((getattr(j, field) for j in chain if getattr(j, field)), None)
            if value:
                self._context[key] = value
        binding = Binding(
            params=self._parameters(day),
            groups=groups,
            context=self._context,
            applies=self.applies,
        )
        self._derived, self._binding = derived_in(market.id, derivations, binding)
        self._later: dict[dt.date, Binding] = {}

    def applies(self, instrument: str) -> bool:
        """Whether the market applies an optional instrument that day."""
        return any(
            instrument in jurisdiction.applies and jurisdiction.applies[instrument].span.holds(self._day)
            for jurisdiction in self._chain
        )

    @property
    def context(self) -> Mapping[str, Any]:
        """The engine's own facts of the market and day."""
        return self._context

    @property
    def derived(self) -> tuple[Derived, ...]:
        """The derived facts that this market can compute, in dependency order."""
        return self._derived

    @property
    def recognises(self) -> Mapping[str, tuple[str, ...]]:
        """The foreign approvals that satisfy a condition asking for the key."""
        merged: dict[str, tuple[str, ...]] = {}
        for jurisdiction in self._chain:
            for approval, others in jurisdiction.recognises.items():
                merged[approval] = tuple(dict.fromkeys((*merged.get(approval, ()), *others)))
        return merged

    def _standing_in(self) -> dict[str, tuple[str, ...]]:
        """By approval, others that stand for it: those recognised in its place, and those that prove it."""
        merged = dict(self.recognises)
        for holder, proof in self._proofs():
            for approval in proof.approvals:
                merged[approval] = tuple(dict.fromkeys((*merged.get(approval, ()), holder)))
        return merged

    def _proofs(self) -> Iterator[tuple[str, Proof]]:
        """What approvals of the chain, and of bodies whose law it applies, prove where they are held."""
        for jurisdiction in (*self._adopted, *self._chain):
            for approval in jurisdiction.approvals:
                for proof in approval.proves:
                    yield approval.id, proof

    def _proven(self) -> dict[str, tuple[str, ...]]:
        """By rule, the approvals that prove it."""
        found: dict[str, tuple[str, ...]] = {}
        for holder, proof in self._proofs():
            for rule in proof.rules:
                found[rule] = (*found.get(rule, ()), holder)
        return found

    def rule(self, jurisdiction: Jurisdiction, rule: Rule) -> BoundRule | None:
        """A single rule as it binds here, None where it does not.

        For a rule's own tests: what never counts (guidance, a proposal) is bound as if it did, and an optional
        instrument is taken as applied by the body that made it.
        """
        binds = self._chain[0].id == jurisdiction.id or self._binds(jurisdiction, rule.cites)
        span = Span(rule.in_force.first_day, rule.in_force.until)
        return self._bound(rule) if binds and span.holds(self._day) else None

    def unbound(self) -> Iterator[tuple[str, Place, Condition]]:
        """What this law may ask of a profile on the day or later, by owner, before the market's values are put in."""
        for jurisdiction in (*self._adopted, *reversed(self._chain)):
            for rule in jurisdiction.rules:
                if self._binds(jurisdiction, rule.cites) and Span(None, rule.in_force.until).holds(self._day):
                    yield rule.id, rule.place, both(rule.applies_when, rule.requires)
            for route in jurisdiction.routes:
                if self._binds(jurisdiction, route.cites) and Span(None, route.span.until).holds(self._day):
                    yield route.id, route.place, route.available_when

    def conditions(self, owner: str, place: Place, *conditions: Condition) -> tuple[Condition, ...]:
        """Conditions bound to the market and day.

        Raises:
            LawError: when one needs a parameter that the market does not set.
        """
        return tuple(self._condition(condition, owner, place) for condition in conditions)

    def make(self, home: bool = False) -> Rulebook:
        """The rulebook; with `home`, of the export duties that this jurisdiction lays on its own exporters."""
        jurisdictions = [*self._adopted, *reversed(self._chain)]
        layer_kind = "home" if home else "national"
        layers = [self._layer(jurisdiction, layer_kind) for jurisdiction in jurisdictions]
        layers = [layer for layer in layers if layer.rules or layer.routes or layer.jurisdiction in self._own]
        market = self._chain[0]
        return Rulebook(
            market=market.id,
            name=market.name,
            day=self._day,
            chain=tuple(j.id for j in self._chain),
            layers=tuple(layers),
            overrides=Frozen(overrides_in(layers)),
            derived=self._derived,
            changes=tuple(self._changes(jurisdictions, layer_kind)),
            guidance=tuple(
                self._bound(rule)
                for jurisdiction in jurisdictions
                for rule in jurisdiction.rules
                if rule.legal_status not in COUNTING
                and rule.layer == layer_kind
                and self._binds(jurisdiction, rule.cites)
            ),
            notes=tuple(
                note for j in jurisdictions for note in j.notes if self._binds(j, note.cites) and note.holds(self._day)
            ),
            not_covered=tuple(item for j in jurisdictions for item in j.not_covered if self._binds(j, item.cites)),
            approvals=self._approvals,
            recognises=EMPTY if home else Frozen(self._standing_in()),
            proven=Frozen(self._proven()),
            context=Frozen(self._context),
            limits=self._limits,
        )

    def _parameters(self, day: dt.date) -> dict[str, ParamValue]:
        """The values on the day, the nearest jurisdiction's first; outside the chain only what is adopted."""
        values: dict[str, ParamValue] = {}
        for jurisdiction in (*self._adopted, *reversed(self._chain)):
            for name, parameter in jurisdiction.parameters.items():
                current = parameter.on(day)
                if current is not None:
                    values[name] = current.value
        return values

    def _binds(self, jurisdiction: Jurisdiction, cites: tuple[Cite, ...]) -> bool:
        """An optional or foreign instrument binds only where the chain applies it; the first citation decides."""
        base = cites[0].instrument if cites else ""
        if base in self._optional or jurisdiction.id not in self._own:
            return self.applies(base)
        return True

    def _binding_on(self, day: dt.date | None) -> Binding:
        """The binding with the parameters of a later day, for law that changes then."""
        if day is None or day == self._day:
            return self._binding
        if day not in self._later:
            self._later[day] = self._binding._replace(params=self._parameters(day))
        return self._later[day]

    def _condition(self, condition: Condition, owner: str, place: Place, day: dt.date | None = None) -> Condition:
        try:
            return bind(condition, self._binding_on(day))
        except UnboundParameter as error:
            where = ErrorPlace(place.file, place.line, place.column)
            message = f"`{owner}` needs the parameter `{error.args[0]}`, which `{self._chain[0].id}` does not set"
            raise LawError(message, where, "add it to the jurisdiction's `parameters:` or to `with:`") from None

    def _bound(self, rule: Rule, day: dt.date | None = None) -> BoundRule:
        applies = self._condition(rule.applies_when, rule.id, rule.place, day)
        return BoundRule(
            rule,
            both(self._new_types(rule.in_force, day or self._day), applies),
            self._condition(rule.requires, rule.id, rule.place, day),
        )

    def _new_types(self, span: InForce, day: dt.date) -> Condition:
        """Between its two first days a duty binds only types approved since the first."""
        if span.new_types is None or (span.start is not None and span.start <= day):
            return TRUE
        return Compare("vehicle.type_approved_on", "gte", Constant(span.new_types))

    def _counts(self, rule: Rule) -> bool:
        span = rule.in_force
        return counts_on(rule.legal_status, span.first_day, span.until, self._day)

    def _layer(self, jurisdiction: Jurisdiction, kind: str) -> Layer:
        place = Place(f"jurisdictions/{jurisdiction.id}", 0)
        national = kind == "national" and jurisdiction.id in self._own
        return Layer(
            jurisdiction=jurisdiction.id,
            name=jurisdiction.name,
            rules=tuple(
                self._bound(rule)
                for rule in jurisdiction.rules
                if rule.layer == kind and self._counts(rule) and self._binds(jurisdiction, rule.cites)
            ),
            routes=tuple(
                BoundRoute(route, self._condition(route.available_when, route.id, route.place))
                for route in jurisdiction.routes
                if route.layer == kind and self._open_on_day(route) and self._binds(jurisdiction, route.cites)
            ),
            closed_for=self._explanations(jurisdiction.closed_for, place) if national else (),
            decided_below=self._explanations(jurisdiction.decided_below, place)
            if national and jurisdiction.id == self._chain[0].id
            else (),
        )

    def _explanations(self, items: tuple[Explanation, ...], place: Place) -> tuple[BoundExplanation, ...]:
        return tuple(BoundExplanation(item, self._condition(item.when, place.file, place)) for item in items)

    def _open_on_day(self, route: Route) -> bool:
        return counts_on(route.legal_status, route.span.start, route.span.until, self._day)

    def _changes(self, jurisdictions: list[Jurisdiction], kind: str) -> Iterator[Change]:
        last = add_months(self._day, HORIZON_MONTHS)
        for jurisdiction in jurisdictions:
            for rule in jurisdiction.rules:
                if rule.layer != kind or not self._binds(jurisdiction, rule.cites):
                    continue
                if rule.legal_status is LegalStatus.ADOPTED and rule.in_force.first_day is None:
                    yield Change(self._bound(rule), None, "adopted")
                if rule.legal_status in COUNTING:
                    for date, change in _dates(rule.in_force):
                        if self._day < date <= last:
                            yield Change(self._bound(rule, date), date, change)


def _dates(span: InForce) -> Iterator[tuple[dt.date, str]]:
    if span.first_day is not None:
        yield span.first_day, "starts"
    if span.new_types is not None and span.start is not None and span.start != span.new_types:
        yield span.start, "all vehicles"
    if span.until is not None:
        yield span.until + dt.timedelta(days=1), "ends"
