# SPDX-License-Identifier: Apache-2.0
"""How well a market's law is known: area by area and in one word, from the coverage tables of its chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple, get_args

from carnet.frozen import Frozen
from carnet.law.model import Jurisdiction

Area = Literal[
    "vehicle_approval",
    "registration",
    "import_and_duties",
    "driver_assistance",
    "automated_driving",
    "testing",
    "traffic_rules",
    "passenger_or_goods_service",
    "data",
    "cyber_and_software",
    "radio_and_maps",
    "insurance_and_liability",
    "electric_vehicles_and_batteries",
    "consumers_and_recall",
]
"""The areas of a market's law whose coverage is recorded."""
RESEARCHED = ("encoded", "searched")
ABOVE = "above"
"""Only somebody above the state was researched, so that what the nearer law adds is not known."""
NOT_RESEARCHED = "not_researched"


class Level(StrEnum):
    WELL = "well"
    FAIRLY = "fairly"
    THINLY = "thinly"


class Scale(NamedTuple):
    """Shares of the areas from which a market is known well and fairly (`rules/coverage.yaml`).

    needed: areas without which no market is known well. settled_by_unions: those in which a union's law is the whole.
    """

    well: float = 1.0
    fairly: float = 1.0
    needed: frozenset[str] = frozenset()
    settled_by_unions: frozenset[str] = frozenset()


class Known(NamedTuple):
    """A market's level, and each area's state: `encoded`, `searched`, `above` or `not_researched`."""

    level: Level
    areas: Mapping[str, str]

    @property
    def share(self) -> float:
        """The areas that are known, of all; what only stands above counts half."""
        points = sum({ABOVE: 0.5, NOT_RESEARCHED: 0.0}.get(state, 1.0) for state in self.areas.values())
        return points / len(self.areas)

    @property
    def missing(self) -> tuple[str, ...]:
        """The areas that nobody has researched, not even above."""
        return tuple(area for area, state in self.areas.items() if state == NOT_RESEARCHED)


def known_by(chain: Sequence[Jurisdiction], scale: Scale) -> Known:
    """How well the law of a chain, the market itself first, is known."""
    areas = Frozen({area: _state(area, chain, scale) for area in get_args(Area)})
    found = Known(Level.THINLY, areas)
    if found.share >= scale.well and all(areas[area] in RESEARCHED for area in scale.needed):
        return found._replace(level=Level.WELL)
    return found._replace(level=Level.FAIRLY) if found.share >= scale.fairly else found


def _state(area: str, chain: Sequence[Jurisdiction], scale: Scale) -> str:
    """The state of an area: what the nearest member says that speaks of it, else what stands above."""
    nearest = True
    for member in chain:
        coverage = member.coverage.get(area)
        if coverage is None or member.kind == "treaty":
            continue
        whole = nearest or (member.kind == "union" and area in scale.settled_by_unions)
        if coverage.state in RESEARCHED:
            return coverage.state if whole else ABOVE
        nearest = False
    return NOT_RESEARCHED
