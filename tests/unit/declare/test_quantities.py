# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from carnet.declare.quantities import UNITS, parse_quantity, spellings
from carnet.errors import InputError


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("80 mph", "km/h", 128.74752),
        ("80mph", "km/h", 128.74752),
        ("130 km/h", "km/h", 130),
        ("130 KM/H", "km/h", 130),
        ("10 m/s", "km/h", 36),
        ("0.5 mi", "m", 804.672),
        ("12 ft", "m", 3.6576),
        ("4500 lb", "kg", 2041.1656650000001),
        ("3.5 t", "kg", 3500),
        ("72 h", "days", 3),
        ("2 weeks", "days", 14),
        ("1.5 min", "s", 90),
        ("200 ms", "s", 0.2),
        ("3 years", "months", 36),
        ("18 months", "years", 1.5),
        ("0.3 g", "m/s2", 2.941995),
        ("-40 °F", "°C", -40),
        ("32 F", "°C", 0),
        ("273.15 K", "°C", 0),
        ("2 in/h", "mm/h", 50.8),
        ("95 %", "%", 95),
    ],
)
def test_converts_exactly_and_rounds_once(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == value


def test_whole_results_are_whole_numbers() -> None:
    assert isinstance(parse_quantity("72 h", "days"), int)
    assert isinstance(parse_quantity("1 h", "days"), float)


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("80 kg", "km/h", "`kg` is a unit of mass, not of speed; give it in km/h"),
        ("36 months", "days", "`months` is a unit of calendar, not of duration; give it in days"),
        ("80 mhp", "km/h", "unknown unit `mhp`; did you mean `mph`?"),
        ("80 xyzzy", "%", "unknown unit `xyzzy`; units of share: %, percent"),
        ("fast", "km/h", "`fast` is not a quantity; write a number in km/h"),
        ("1,500 kg", "kg", "write the number with a decimal point and no other separator"),
        ("95", "km/h", "`95` is not a quantity; write the number without quotes"),
        ("", "km/h", "`` is not a quantity"),
        ("80 km/h 2", "km/h", "is not a quantity"),
        ("1e400 km/h", "km/h", "is not a quantity"),
    ],
)
def test_what_is_no_quantity_of_the_dimension_is_refused(text: str, unit: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, unit)
    assert message in str(caught.value)


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_converts_to_itself(unit: str) -> None:
    assert parse_quantity(f"7.25 {unit}", unit) == 7.25
    assert spellings(unit)[0] == unit
