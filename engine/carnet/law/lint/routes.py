# SPDX-License-Identifier: Apache-2.0
"""Whether there are ways into a market, and whether somebody can take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carnet.errors import LawError
from carnet.law.casework.rule_under_test import under_test
from carnet.law.casework.search import Search
from carnet.law.lint.model import Found, Level, Linted, lint_rule
from carnet.law.model import Severity
from carnet.law.resolve import RulebookMaker
from carnet.law.rulebook import BoundRoute, BoundRule, Layer, Rulebook
from carnet.logic.condition import TRUE, AnyOf, Condition, Not
from carnet.logic.native import compile_condition
from carnet.logic.native_program import compile_derived

PLAIN: Mapping[str, Any] = {
    "operation.phase": "commercial",
    "vehicle.category": "M1",
    "vehicle.manual_controls": ("steering_wheel", "brake_pedal", "accelerator"),
    "operation.remote.role": (),
}
PROFILES: Mapping[str, Mapping[str, Any]] = {
    "a car with driver assistance": {
        **PLAIN,
        "automation.sae_level": 2,
        "automation.sae_level_installed": 2,
        "operation.service": "private_car",
        "operation.driver_on_board": True,
    },
    "a private car that drives itself at level 3": {
        **PLAIN,
        "automation.sae_level": 3,
        "automation.sae_level_installed": 3,
        "operation.service": "private_car",
        "operation.driver_on_board": True,
    },
    "a robotaxi without a driver at level 4": {
        **PLAIN,
        "automation.sae_level": 4,
        "automation.sae_level_installed": 4,
        "operation.service": "robotaxi",
        "operation.driver_on_board": False,
        "operation.on_board_operator": "none",
        "operation.remote.role": ("monitoring", "assistance"),
    },
}


@dataclass(frozen=True, slots=True)
class Own:
    """A jurisdiction's own layer on the law's day, and what it was made by."""

    maker: RulebookMaker
    book: Rulebook
    layer: Layer


def own_layers(law: Linted) -> Iterator[Own]:
    """Every jurisdiction's own layer, national and home."""
    day = law.law.as_of
    for code, home in [(code, False) for code in law.law.codes] + [(code, True) for code in law.law.homes]:
        try:
            book = law.law.rulebook(code, day, home)
        except LawError:
            continue
        yield from (Own(law.law.maker(code, day), book, layer) for layer in book.layers if layer.jurisdiction == code)


@lint_rule("route-unreachable", Level.ERROR)
def route_unreachable(law: Linted) -> Found:
    for own in own_layers(law):
        for route in own.layer.routes:
            at, name = route.route.place, f"route `{route.route.id}`"
            search = Search(under_test(own.maker, route.available, TRUE), law.samples)
            if not search.compliant:
                yield at, f"{name} is on offer to no profile", "its `available_when` contradicts itself"
                continue
            for bound in _blocking(own.layer, route):
                if _contradict(law, own, route, search, bound):
                    what = f"{name} can be taken by no profile: rule `{bound.rule.id}` forbids all that it is for"
                    yield at, what, "narrow the rule by `routes:` or `applies_when`, or correct `available_when`"


def _blocking(layer: Layer, route: BoundRoute) -> Iterator[BoundRule]:
    """The rules that must hold on a route."""
    for bound in layer.rules:
        on_route = not bound.rule.routes or route.route.id in bound.rule.routes
        if bound.rule.severity is Severity.BLOCKING and on_route:
            yield bound


def _contradict(law: Linted, own: Own, route: BoundRoute, search: Search, bound: BoundRule) -> bool:
    """Whether no profile that the route is for keeps the rule; those that leave it open are taken to be able to."""
    kept = AnyOf((Not(bound.applies), bound.requires))
    here = under_test(own.maker, route.available, kept)
    alone = Search(here, law.samples)
    if any(alone.searched.truths(facts)[1] is not False for facts in search.compliant):
        return False
    return not alone.compliant


@lint_rule("profile-without-route", Level.ERROR)
def profile_without_route(law: Linted) -> Found:
    """Asked of each layer that has routes: an ordinary profile finds one on offer, or is told why there is none."""
    for own in own_layers(law):
        if not own.layer.routes or own.maker.context["context.market"] != own.layer.jurisdiction:
            continue
        routes = [route.available for route in own.layer.routes if route.route.track == "driving"]
        if own.layer.routes[0].route.layer == "home":
            continue
        reasons = [item.when for item in (*own.layer.closed_for, *own.layer.decided_below)]
        for name, facts in PROFILES.items():
            values = _values(own.book, facts)
            if not _is_any(routes, values) and not _is_any(reasons, values):
                place = law.jurisdiction_place(own.layer.jurisdiction)
                what = f"{name} finds no route on offer in `{own.layer.jurisdiction}`, and no `closed_for` says why"
                yield place, what, "add the route that it takes, or the reason why there is none"


def _values(book: Rulebook, facts: Mapping[str, Any]) -> dict[str, Any]:
    values = {**book.context, **facts}
    for item in book.derived:
        if (value := compile_derived(item)(values)) is not None:
            values[item.path] = value
    return values


def _is_any(conditions: list[Condition], values: Mapping[str, Any]) -> bool:
    """Whether one of these holds, or may hold for what is not known."""
    return any(compile_condition(condition)(values) is not False for condition in conditions)
