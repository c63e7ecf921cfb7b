# SPDX-License-Identifier: Apache-2.0
"""ASAM OpenODD 1.0 in YAML, with the terms of ISO 34503: from a design domain to `odd.*` facts.

Included attributes say where the feature drives, excluded ones where it does not. A list of ours is declared only where
every term of theirs has one of ours; else it is left with what could be declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from carnet.declare.quantities import parse_quantity
from carnet.declare.vocabulary import Value
from carnet.errors import InputError, Place, SourceError
from carnet.intake.harvest import NO_COUNTERPART, Harvest, Left, Taken
from carnet.source import Source, read_source

TOP = ("IMPORT", "ODD", "MODULES", "TAXONOMY")
ROAD_TYPES: Mapping[str, tuple[str, ...]] = {
    "motorways_or_highways_or_interstates": ("motorway",),
    "primary_roads": ("dual_carriageway", "rural"),
    "radial_roads": ("dual_carriageway", "urban"),
    "distributor_roads": ("urban",),
    "minor_or_local_roads": ("residential", "urban"),
    "parking_space": ("parking",),
}
"""Our road types for theirs; more than one: which of them is meant is left open."""
RAIN = {"no_rain": 0, "light_rain": 2.5, "moderate_rain": 7.6, "heavy_rain": 50, "violent_rain": 100}
"""The most rain of each class of ISO 34503, in mm/h."""
DAYLIGHT_LUX = 2000
NIGHT = "declare `odd.light`: dusk and night are told apart otherwise"
_LABELS = ("TITLE", "DESCRIPTION", "LABEL")
_INTERVAL = re.compile(r"\[\s*(?P<low>-?[0-9.]+)\s*\.\.\s*(?P<high>-?[0-9.]+)\s*\]\s*(?P<unit>\S*)\Z")
_BOUND = re.compile(r"(?P<sign><=|>=|<|>|==)\s*(?P<value>\S+)\s*(?P<unit>\S*)\Z")
_STRUCTURES = {
    "tunnel": "tunnel", "bridge": "bridge", "toll_plaza": "toll_plaza", "rail_crossing": "level_crossing",
    "road_work": "roadworks", "bus_lane": "bus_lane", "tram_lane": "tram_tracks",
    "unsignalized": "unsignalised_junction",
    "non-signalized_intersection": "unsignalised_junction", "slip_roads_or_off-ramps": "ramp",
    "mini": "roundabout", "compact": "roundabout", "normal": "roundabout", "large": "roundabout",
}  # fmt: skip
_WEATHER = {"icy": "ice", "snow_on_surface": "snow", "standing_water": "standing_water", "wet": "wet_surface"}
_CLASSES = {"horse_riders": "horse_rider", "animals": "large_animal", "motor_vehicle": "vehicle"}
_SUGGESTED = (
    ("odd.structures", _STRUCTURES),
    ("odd.weather", _WEATHER),
    ("sensing.object_classes", _CLASSES),
)


class Attribute(NamedTuple):
    """A term with its values or bounds, where it stands, and whether the domain includes it."""

    name: str
    values: tuple[str, ...]
    included: bool
    place: Place

    @property
    def origin(self) -> str:
        return f"line {self.place.line}, {self.place.path.split('.')[1]}"


def is_odd(data: Any) -> bool:
    return isinstance(data, dict) and bool(data) and set(data) <= set(TOP)


def read_odd(file: Path) -> Harvest:
    """What a design domain says of the facts.

    Raises:
        SourceError: when the file is no strict YAML, or none of this kind.
    """
    source = read_source(file)
    if not is_odd(source.data):
        raise SourceError("is no OpenODD file", Place(str(file)), f"its keys are {', '.join(TOP)}")
    reader = _Modules(source)
    taken: list[Taken] = []
    left: list[Left] = list(reader.unused())
    for attribute in reader.attributes:
        found, why = _fact(attribute)
        taken += found
        if not found or why:
            text = ", ".join(attribute.values)
            said = "" if attribute.included else "excluded: "
            left.append(Left(attribute.origin, f"{said}{attribute.name}: {text}", why or _suggestion(attribute)))
    left += reader.without_facts()
    return Harvest("design domain, ASAM OpenODD", reader.title, *_consistent(taken, left))


def _consistent(taken: list[Taken], left: list[Left]) -> tuple[tuple[Taken, ...], tuple[Left, ...]]:
    """One value for each fact, the narrower where two bounds are given; what is set aside is said."""
    found: dict[str, Taken] = {}
    for item in taken:
        old = found.get(item.path)
        if old is None:
            found[item.path] = item
        elif old.value != item.value:
            keep, drop = (old, item) if _narrower(item.path, old.value, item.value) else (item, old)
            found[item.path] = keep
            left.append(Left(drop.origin, str(drop.value), f"`{item.path}` is narrower at {keep.origin}"))
    return tuple(found.values()), tuple(left)


def _narrower(path: str, one: Any, other: Any) -> bool:
    return bool(one >= other) if "_min" in path else bool(one <= other)


class _Modules:
    """The modules of a file and what the domain makes of them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        data = source.data
        self._modules: dict[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {}
        for top in ("ODD", "MODULES"):
            for name, module in (data.get(top) or {}).items():
                if isinstance(module, Mapping):
                    self._modules[name] = ((top, name), module)
        self._used: set[str] = set()
        roots = [name for name, (keys, _) in self._modules.items() if keys[0] == "ODD"]
        self._roots = roots or self._not_included()
        self.attributes = [found for name in self._roots for found in self._of(name, True)]

    @property
    def title(self) -> str:
        name = self._roots[0] if self._roots else ""
        return str(self._modules[name][1].get("TITLE") or name) if name else ""

    def unused(self) -> Iterator[Left]:
        for name, (keys, _) in self._modules.items():
            if name not in self._used:
                yield Left(f"line {self._source.place(keys).line}", name, "no module includes it")

    def without_facts(self) -> Iterator[Left]:
        for key, why in (("TAXONOMY", "terms, not a domain"), ("IMPORT", "another file; import it by itself")):
            if self._source.data.get(key):
                yield Left(f"line {self._source.place((key,)).line}", key, why)

    def _not_included(self) -> list[str]:
        named = {word for _, module in self._modules.values() for word in _references(module)}
        return [name for name, (_, module) in self._modules.items() if not named & {name, *_names(module)}]

    def _of(self, name: str, included: bool) -> Iterator[Attribute]:
        keys, module = self._modules[name]
        if name in self._used:
            return
        self._used.add(name)
        for key, value in module.items():
            if key in _LABELS:
                continue
            if key.startswith(("INCLUDE", "EXCLUDE")) and isinstance(value, Mapping):
                here = included if key.startswith("INCLUDE") else not included
                for term, entry in value.items():
                    yield from self._term(term, entry, here, (*keys, key, term))
            else:
                yield from self._term(key, value, included, (*keys, key))

    def _term(self, term: str, entry: Any, included: bool, keys: tuple[str, ...]) -> Iterator[Attribute]:
        inner = [name for name, (_, module) in self._modules.items() if term == name or term in _names(module)]
        if entry is True and inner:
            for name in inner:
                yield from self._of(name, included)
            return
        values = entry if isinstance(entry, list) else [entry]
        words = tuple(str(value) for value in values if value is not None and not isinstance(value, (dict, list)))
        yield Attribute(term, words, included, self._source.place(keys))


def _references(module: Mapping[str, Any]) -> Iterator[str]:
    for value in module.values():
        if isinstance(value, Mapping):
            yield from (key for key, entry in value.items() if entry is True)


def _names(module: Mapping[str, Any]) -> tuple[str, ...]:
    label = module.get("LABEL")
    return (label,) if isinstance(label, str) else ()


def _fact(attribute: Attribute) -> tuple[list[Taken], str]:
    """What an attribute declares, and why something of it is left."""
    name, origin = attribute.name, attribute.origin
    if name == "drivable_area_type" and attribute.included:
        return _roads(attribute)
    if name in ("rainfall_rate", "rainfall_intensity", "average_rainfall_per_time"):
        return _upper("odd.rain_max_mm_h", attribute, "mm/h", RAIN)
    if name in ("temperature", "ambient_air_temperature"):
        return _temperature(attribute)
    if name == "speed_limit" and attribute.included:
        return _upper("odd.posted_limit_max_kmh", attribute, "km/h", {})
    if name == "direction_of_travel" and attribute.included:
        sides = {"right-hand_travel": "right", "left-hand_travel": "left"}
        if all(value in sides for value in attribute.values):
            return [Taken("behaviour.traffic_sides", tuple(sides[value] for value in attribute.values), origin)], ""
    if name == "natural_illuminance" and attribute.included and attribute.values == ("day",):
        return [Taken("odd.light", ("day",), origin)], ""
    if name == "natural_illuminance":
        return [], NIGHT
    if name == "illuminance":
        return _light(attribute)
    if name in ("geofenced_areas", "pre_defined_routes") and attribute.included:
        return [Taken("odd.area", "defined_area" if name == "geofenced_areas" else "defined_routes", origin)], ""
    return [], ""


def _roads(attribute: Attribute) -> tuple[list[Taken], str]:
    known = {value: ROAD_TYPES.get(value.replace(" ", "_"), ()) for value in attribute.values}
    if attribute.values and all(len(ours) == 1 for ours in known.values()):
        return [Taken("odd.road_types", tuple(dict.fromkeys(ours[0] for ours in known.values())), attribute.origin)], ""
    sure = dict.fromkeys(ours[0] for ours in known.values() if len(ours) == 1)
    parts = [f"{', '.join(sure)} for certain"] if sure else []
    parts += [f"{' or '.join(ours)} for {value}" for value, ours in known.items() if len(ours) > 1]
    parts += [f"nothing for {value}" for value, ours in known.items() if not ours]
    return [], f"declare `odd.road_types`: {'; '.join(parts)}"


def _bounds(attribute: Attribute, unit: str, names: Mapping[str, float]) -> tuple[float | None, float | None]:
    """The least and most that the domain includes, in our unit; None where it sets no bound.

    Raises:
        InputError: for a unit that is not one of this quantity.
    """
    low = high = None
    for text in attribute.values:
        if text in names and attribute.included:
            high = max(names[text], high or 0)
        elif match := _INTERVAL.match(text):
            if attribute.included:
                low, high = (parse_quantity(f"{match[end]} {match['unit'] or unit}", unit) for end in ("low", "high"))
        elif match := _BOUND.match(text):
            value = names.get(match["value"])
            if value is None:
                value = parse_quantity(f"{match['value']} {match['unit'] or unit}", unit)
            above = match["sign"].startswith(">")
            if above is attribute.included:
                low = value
            else:
                high = value
    return low, high


def _upper(path: str, attribute: Attribute, unit: str, names: Mapping[str, float]) -> tuple[list[Taken], str]:
    try:
        _, high = _bounds(attribute, unit, names)
    except InputError as error:
        return [], error.message
    return ([], "") if high is None else ([Taken(path, _whole(high), attribute.origin)], "")


def _temperature(attribute: Attribute) -> tuple[list[Taken], str]:
    try:
        low, high = _bounds(attribute, "°C", {})
    except InputError as error:
        return [], error.message
    ends = (("odd.temperature_min_c", low), ("odd.temperature_max_c", high))
    return [Taken(path, _whole(value), attribute.origin) for path, value in ends if value is not None], ""


def _light(attribute: Attribute) -> tuple[list[Taken], str]:
    """Daylight is 2,000 lux and more; below that the classes of ours and theirs differ."""
    match = _BOUND.match(attribute.values[0]) if attribute.values else None
    above = bool(match and match["sign"].startswith(">"))
    if match and match["unit"] == "lux" and above is attribute.included:
        try:
            if float(match["value"]) >= DAYLIGHT_LUX:
                return [Taken("odd.light", ("day",), attribute.origin)], ""
        except ValueError:
            pass
    return [], NIGHT


def _whole(value: float) -> Value:
    return int(value) if float(value).is_integer() else value


def _suggestion(attribute: Attribute) -> str:
    """What the user could declare, where terms have counterparts in a list that the file does not give whole."""
    for path, ours in _SUGGESTED:
        found = list(_ours(attribute.values, ours))
        if found:
            verb = "declare" if attribute.included else "leave out of"
            return f"{verb} `{path}`: {', '.join(found)}"
    return NO_COUNTERPART


def _ours(values: Iterable[str], names: Mapping[str, str]) -> Iterator[str]:
    return iter(dict.fromkeys(names[value] for value in values if value in names))
