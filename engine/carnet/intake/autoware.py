# SPDX-License-Identifier: Apache-2.0
"""`vehicle_info.param.yaml` of Autoware: length, width and height from wheel base, tread and overhangs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from carnet.errors import Place, SourceError
from carnet.intake.harvest import NO_COUNTERPART, Harvest, Left, Taken
from carnet.source import read_source

NODE, PARAMETERS = "/**", "ros__parameters"
SUMS = {
    "vehicle.length_m": ("front_overhang", "wheel_base", "rear_overhang"),
    "vehicle.width_m": ("left_overhang", "wheel_tread", "right_overhang"),
    "vehicle.height_m": ("vehicle_height",),
}
"""Facts in metres and the parameters that add up to them."""


def is_autoware(data: Any) -> bool:
    return isinstance(data, Mapping) and isinstance(data.get(NODE), Mapping) and PARAMETERS in data[NODE]


def read_autoware(file: Path) -> Harvest:
    """The dimensions that a vehicle description gives.

    Raises:
        SourceError: when the file is no strict YAML, or none of this kind.
    """
    source = read_source(file)
    if not is_autoware(source.data) or not isinstance(source.data[NODE][PARAMETERS], Mapping):
        raise SourceError("is no vehicle description of Autoware", Place(str(file)), "its parameters stand below `/**`")
    values: Mapping[str, Any] = source.data[NODE][PARAMETERS]
    taken: list[Taken] = []
    used: set[str] = set()
    for path, names in SUMS.items():
        parts = [values.get(name) for name in names]
        if all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in parts):
            used.update(names)
            line = source.place((NODE, PARAMETERS, names[0])).line
            taken.append(Taken(path, round(sum(map(float, parts)), 4), f"line {line}: {' + '.join(names)}"))  # type: ignore[arg-type]
    left = [
        Left(f"line {source.place((NODE, PARAMETERS, name)).line}", f"{name}: {value}", NO_COUNTERPART)
        for name, value in values.items()
        if name not in used
    ]
    return Harvest("vehicle description of Autoware", "", tuple(taken), tuple(left))
