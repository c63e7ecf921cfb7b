# SPDX-License-Identifier: Apache-2.0
"""The design domain of a profile as ASAM OpenODD 1.0 in the terms of ISO 34503; what has no term stands in comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml

from carnet.declare.vocabulary import Value
from carnet.intake.answers import written
from carnet.intake.odd import ROAD_TYPES

Terms = dict[str, Any]
_ROADS = {ours[0]: theirs for theirs, ours in ROAD_TYPES.items() if len(ours) == 1}
_LIGHT = {"day": "day", "dusk": "low_ambient", "night_lit": "night", "night_unlit": "night"}
_SPECIAL = {"tunnel": "tunnel", "bridge": "bridge", "toll_plaza": "toll_plaza", "level_crossing": "rail_crossing"}
_SURFACE = {"wet_surface": "wet", "standing_water": "standing_water", "ice": "icy", "snow": "snow_on_surface"}
_SIDES = {"right": "right-hand_travel", "left": "left-hand_travel"}
_STRUCTURES: Mapping[str, tuple[str, list[str]]] = {
    "roundabout": ("roundabout", ["mini", "compact", "normal", "large"]),
    "roadworks": ("temporary_drivable_area_structures", ["road_work"]),
    "unsignalised_junction": ("intersection_classification", ["non-signalized_intersection"]),
    "bus_lane": ("lane_type", ["bus_lane"]),
    "tram_tracks": ("lane_type", ["tram_lane"]),
    "ramp": ("drivable_area_type", ["slip_roads_or_off-ramps"]),
}
EXPORTED = ("odd.", "behaviour.traffic_sides")


def render(name: str, values: Mapping[str, Value | None]) -> tuple[str, list[str]]:
    """YAML of the facts about the design domain, and those that stand there in comments only, which no import reads.

    values: those of a profile's base.
    """
    terms: Terms = {}
    without: list[str] = []
    facts = {path: value for path, value in values.items() if path.startswith(EXPORTED) and value is not None}
    for path, value in facts.items():
        lost = _TERMS[path](terms, value) if path in _TERMS else written(value)
        if lost:
            without.append(f"{path}: {lost}")
    _temperature(terms, facts)
    domain = {"TITLE": name, "DESCRIPTION": "Written by Carnet from a declared profile.", "INCLUDE_AND": terms}
    text = yaml.safe_dump({"ODD": {"carnet_profile": domain}}, sort_keys=False, allow_unicode=True, width=110)
    head = ["# ASAM OpenODD 1.0, terms of ISO 34503. What the profile does not declare is not said here."]
    head += ["# Declared, without a term of ISO 34503:"] if without else []
    text = "\n".join([*head, *(f"#   {' '.join(line.split())}" for line in without), text])
    return text, [line.partition(":")[0] for line in without]


def _listed(term: str, names: Mapping[str, str]) -> Callable[[Terms, Any], str]:
    def add(terms: Terms, value: Any) -> str:
        found = [names[item] for item in value if item in names]
        if found:
            terms[term] = list(dict.fromkeys([*terms.get(term, []), *found]))
        return ", ".join(item for item in value if item not in names)

    return add


def _roads(terms: Terms, value: Any) -> str:
    """All road types or none: some of them would say that the feature drives nowhere else."""
    lost = _listed("drivable_area_type", _ROADS)({}, value)
    return written(value) if lost else _listed("drivable_area_type", _ROADS)(terms, value)


def _structures(terms: Terms, value: Any) -> str:
    lost = _listed("special_structures_type", _SPECIAL)(terms, [item for item in value if item not in _STRUCTURES])
    for item in value:
        if item in _STRUCTURES:
            term, words = _STRUCTURES[item]
            terms[term] = list(dict.fromkeys([*terms.get(term, []), *words]))
    return lost


def _most(term: str, unit: str) -> Callable[[Terms, Any], str]:
    def add(terms: Terms, value: Any) -> str:
        terms[term] = f"<= {value:g} {unit}"
        return ""

    return add


def _temperature(terms: Terms, facts: Mapping[str, Any]) -> None:
    low, high = facts.get("odd.temperature_min_c"), facts.get("odd.temperature_max_c")
    if low is not None and high is not None:
        terms["ambient_air_temperature"] = f"[{low:g} .. {high:g}] C"
    elif low is not None or high is not None:
        terms["ambient_air_temperature"] = f">= {low:g} C" if low is not None else f"<= {high:g} C"


_TERMS: Mapping[str, Callable[[Terms, Any], str]] = {
    "odd.road_types": _roads,
    "odd.rain_max_mm_h": _most("rainfall_rate", "mm/h"),
    "odd.posted_limit_max_kmh": _most("speed_limit", "km/h"),
    "odd.light": _listed("natural_illuminance", _LIGHT),
    "odd.weather": _listed("drivable_area_included_surface_condition", _SURFACE),
    "odd.structures": _structures,
    "odd.temperature_min_c": lambda terms, value: "",
    "odd.temperature_max_c": lambda terms, value: "",
    "behaviour.traffic_sides": _listed("direction_of_travel", _SIDES),
}
