# SPDX-License-Identifier: Apache-2.0
"""What findings go by besides rules: needs of routes, limits of grants, jurisdictions without a way in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from carnet.errors import UnknownName, shown, suggest
from carnet.law.model import Approval, Route, Rule

NEEDS = ".needs."
"""Between the id of a route and the approvals of one of its needs; no id of a rule holds it."""


class Need(NamedTuple):
    """One need of a route: any of these approvals. Its findings go by its id."""

    id: str
    route: Route
    group: tuple[str, ...]


def needs_of(route: Route) -> tuple[Need, ...]:
    """What a route needs, each under an id that lasts."""
    return tuple(Need(f"{route.id}{NEEDS}{'|'.join(group)}", route, group) for group in route.needs)


LIMITS = ".limits."
"""Between the id of a route or rule and an approval that it relies on; no id of a rule holds it."""


class GrantLimit(NamedTuple):
    """That what is done lies within a limit of an approval on which a route or rule relies; `field` names the limit."""

    id: str
    by: Rule | Route
    approval: Approval
    field: str


def limit_id(by: str, approval: str, field: str) -> str:
    """The id of the finding that what is done lies within a limit of an approval."""
    return f"{by}{LIMITS}{approval}.{field}"


_WAY_IN = ".way-in"


def closure_id(jurisdiction: str) -> str:
    """The id of the finding that a jurisdiction has no way in for what is declared."""
    return f"{jurisdiction.lower()}{_WAY_IN}"


def closed_jurisdiction(id_: str) -> str:
    """The jurisdiction that such an id is of; empty for other ids."""
    return id_.removesuffix(_WAY_IN).upper() if id_.endswith(_WAY_IN) else ""


def need_named(route: Route, id_: str) -> Need:
    """The need of a route that an id names.

    Raises:
        UnknownName: with the nearest id.
    """
    needs = needs_of(route)
    found = next((need for need in needs if need.id == id_), None)
    if found is None:
        known = [need.id for need in needs]
        hint = suggest(id_, known) or f"it has {', '.join(known) or 'none'}"
        raise UnknownName(f"unknown need {shown(id_, 80)}", hint=hint)
    return found


def limit_named(
    id_: str, by: Callable[[str], Rule | Route], approvals: Mapping[str, Approval], limits: Collection[str]
) -> GrantLimit:
    """The limit of a grant that an id names. by: the route or rule of an id. limits: the fields that are limits.

    Raises:
        UnknownName: for an approval or field that does not exist, with the nearest name.
    """
    relying, _, limit = id_.partition(LIMITS)
    name, _, field = limit.rpartition(".")
    if field not in limits:
        hint = suggest(field, limits) or f"use one of {', '.join(limits)}"
        raise UnknownName(f"unknown limit {shown(limit, 80)}", hint=hint)
    if name not in approvals:
        raise UnknownName(f"unknown approval {shown(name, 80)}", hint=suggest(name, approvals))
    return GrantLimit(id_, by(relying), approvals[name], field)
