# SPDX-License-Identifier: Apache-2.0
"""From findings to outcomes: of a route, of a layer, of a market."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from carnet.assess.model import Finding, Outcome, RouteResult, Status
from carnet.law.model import Kind, Severity
from carnet.verdict.outcome import worst_of as worst

DEPLOYMENT_ORDER = (Outcome.OPEN, Outcome.CONDITIONAL, Outcome.UNDETERMINED)
DRIVING = "driving"


def route_outcome(findings: Iterable[Finding], available: bool | None, silent: bool) -> Outcome:
    """A route's outcome over its own findings and the routeless ones of its layer.

    Where the law is silent a route is never better than undetermined.
    """
    outcome = Outcome.OPEN
    if available is None or silent:
        outcome = Outcome.UNDETERMINED
    gap = False
    for finding in findings:
        blocking = finding.severity is Severity.BLOCKING
        if finding.status is Status.GAP:
            gap = True
            if blocking:
                outcome = worst([outcome, Outcome.CLOSED if finding.curable else Outcome.PROHIBITED])
        elif finding.status is Status.UNDETERMINED and blocking:
            outcome = worst([outcome, Outcome.UNDETERMINED])
    return Outcome.CONDITIONAL if gap and outcome is Outcome.OPEN else outcome


class Choice(NamedTuple):
    """A track's outcome and the route it is judged by; no route when none is on offer."""

    outcome: Outcome
    route: RouteResult | None


def choose(routes: list[RouteResult], touched: bool | None) -> Choice | None:
    """The best way in on one track, or None when the profile does not touch it.

    routes: those of one layer and track that the law knows on the day. A deployment route that is open, conditional or
    undetermined is best; failing these a testing route that could be used; else the track is closed, or undetermined
    while it is unknown whether the profile touches it at all.
    """
    if touched is False:
        return None
    offered = [route for route in routes if route.on_offer is not False]
    deployments = [route for route in offered if route.kind == Kind.DEPLOYMENT]
    tests = [route for route in offered if route.kind == Kind.TESTING]
    for outcome in DEPLOYMENT_ORDER:
        for route in sorted(deployments, key=_nearness):
            if route.outcome is outcome:
                return Choice(outcome, route)
    for route in sorted(tests, key=_nearness):
        if route.outcome in (Outcome.OPEN, Outcome.CONDITIONAL):
            return Choice(Outcome.TEST_ONLY, route)
    nearest = min(deployments or tests, key=_nearness, default=None)
    if touched is None:
        return Choice(Outcome.UNDETERMINED, nearest)
    prohibited = bool(offered) and all(route.outcome is Outcome.PROHIBITED for route in offered)
    return Choice(Outcome.PROHIBITED if prohibited else Outcome.CLOSED, nearest)


def _nearness(route: RouteResult) -> tuple[bool, int, int, int]:
    """A company that holds a route's permit is on that route, however few duties another one has."""
    return (route.outcome is Outcome.PROHIBITED, route.missing, route.gaps, route.undetermined)


def is_touched(track: str, routes: list[RouteResult]) -> bool | None:
    """Whether a profile touches a track: always driving; another when one of its routes is on offer."""
    if track == DRIVING:
        return True
    offers = [route.on_offer for route in routes]
    return True if True in offers else None if None in offers else False
