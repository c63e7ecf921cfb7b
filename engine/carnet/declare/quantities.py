# SPDX-License-Identifier: Apache-2.0
"""Quantities with a unit, such as `80 mph`, turned into the unit of a fact.

The table is small and exact (fractions, rounded once), because a units library takes longer to import than a whole
check may take. Names are looked up within the dimension of the fact, so `0.3 g` is an acceleration where one is asked
for and a mass elsewhere. Months and years are no multiple of days, so they are a dimension of their own.
"""

from __future__ import annotations

import re
from fractions import Fraction

from carnet.errors import InputError, shown, suggest

_TABLE: dict[str, dict[str, str]] = {
    "speed": {
        "km/h kmh kph km/hr": "1",
        "m/s": "3.6",
        "mph mi/h": "1.609344",
        "kn knot knots": "1.852",
        "ft/s fps": "1.09728",
    },
    "length": {
        "m metre metres meter meters": "1",
        "mm": "0.001",
        "cm": "0.01",
        "km": "1000",
        "in inch inches": "0.0254",
        "ft foot feet": "0.3048",
        "yd yard yards": "0.9144",
        "mi mile miles": "1609.344",
        "nmi": "1852",
    },
    "mass": {"kg": "1", "g": "0.001", "t tonne tonnes": "1000", "lb lbs pound pounds": "0.45359237"},
    "duration": {
        "s sec second seconds": "1",
        "ms": "0.001",
        "min minute minutes": "60",
        "h hr hour hours": "3600",
        "days d day": "86400",
        "weeks w week": "604800",
    },
    "calendar": {"months mo month": "1", "years a y yr year": "12"},
    "acceleration": {"m/s2 m/s²": "1", "ft/s2 ft/s²": "0.3048", "g": "9.80665"},
    "jerk": {"m/s3 m/s³": "1"},
    "power": {"kW": "1", "W": "0.001", "hp": "0.74569987158227022", "PS": "0.73549875"},
    "force": {"N": "1", "kN": "1000", "lbf": "4.4482216152605"},
    "rainfall": {"mm/h": "1", "in/h": "25.4"},
    "temperature": {"°C C degC": "1", "°F F degF": "5/9", "K": "1"},
    "share": {"% percent": "1"},
    "frequency": {"Hz": "1", "kHz": "1000"},
    "energy density": {"Wh/kg": "1"},
    "density": {"g/cm3 g/cm³": "1", "kg/m3 kg/m³": "0.001"},
    "capacity": {"mAh/g": "1", "Ah/kg": "1"},
}
_OFFSETS = {"°f": Fraction(-32), "f": Fraction(-32), "degf": Fraction(-32), "k": Fraction("-273.15")}
_FACTORS = {
    dimension: {name.lower(): Fraction(factor) for names, factor in rows.items() for name in names.split()}
    for dimension, rows in _TABLE.items()
}
UNITS: dict[str, str] = {names.split()[0]: dimension for dimension, rows in _TABLE.items() for names in rows}
"""The units a fact of the vocabulary may have, with their dimension."""

_QUANTITY = re.compile(r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([^\s0-9.,+-][^\s]{0,15})\Z")
_LOOKS_NUMERIC = re.compile(r"[-+−]?[0-9]")


def spellings(unit: str) -> list[str]:
    """The spellings accepted for a fact in this unit, the unit itself first."""
    rows = _TABLE[UNITS[unit]]
    return [unit, *(name for names in rows for name in names.split() if name != unit)]


def parse_quantity(text: str, unit: str) -> int | float:
    """The number that `text` stands for in `unit`, whole where it is whole.

    Raises:
        InputError: when it is no quantity, names no known unit, or is one of another dimension.
    """
    dimension = UNITS[unit]
    match = _QUANTITY.match(text.strip())
    if not match:
        raise InputError(f"{shown(text)} is not a quantity", hint=_how(text, unit))
    number, name = match[1], match[2].lower()
    factors = _FACTORS[dimension]
    if name not in factors:
        raise _wrong_unit(match[2], unit)
    offsets = _OFFSETS if dimension == "temperature" else {}
    zero_based = (Fraction(number) + offsets.get(name, 0)) * factors[name]
    result = zero_based / factors[unit.lower()] - offsets.get(unit.lower(), 0)
    return int(result) if result.denominator == 1 else float(result)


def _how(text: str, unit: str) -> str:
    if _LOOKS_NUMERIC.match(text.strip()):
        if "," in text:
            return f"write the number with a decimal point and no other separator, such as `1500.5 {unit}`"
        if re.fullmatch(r"[-+]?[0-9.]+", text.strip()):
            return "write the number without quotes"
    return f"write a number in {unit}, or one with its unit, such as `80 {unit}`"


def _wrong_unit(name: str, unit: str) -> InputError:
    dimension = UNITS[unit]
    others = [other for other, factors in _FACTORS.items() if name.lower() in factors]
    if others:
        return InputError(f"{shown(name)} is a unit of {others[0]}, not of {dimension}", hint=f"give it in {unit}")
    hint = suggest(name, spellings(unit)) or f"units of {dimension}: {', '.join(spellings(unit))}"
    return InputError(f"unknown unit {shown(name)}", hint=hint)
