# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from carnet.declare.quantities import UNITS, parse_quantity, spellings
from carnet.errors import InputError

units = st.sampled_from(sorted(UNITS))
decimals = st.decimals(-(10**6), 10**6, places=4)


@given(units, decimals, st.data())
def test_a_quantity_converts_there_and_back(unit: str, number: object, data: st.DataObject) -> None:
    canonical = [name for name, dimension in UNITS.items() if dimension == UNITS[unit]]
    other = data.draw(st.sampled_from(canonical))
    there = parse_quantity(f"{number} {unit}", other)
    back = parse_quantity(f"{there:.15f} {other}", unit)
    assert math.isclose(back, float(str(number)), rel_tol=1e-4, abs_tol=1e-3)


@given(units, st.data(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_conversion_keeps_the_order(unit: str, data: st.DataObject, low: int, high: int) -> None:
    name = data.draw(st.sampled_from(spellings(unit)))
    first, second = parse_quantity(f"{low} {name}", unit), parse_quantity(f"{high} {name}", unit)
    assert (first < second) == (low < high)


@given(st.text(max_size=40), units)
def test_any_text_is_a_finite_number_or_refused_on_one_line(text: str, unit: str) -> None:
    try:
        outcome = str(parse_quantity(text, unit))
    except InputError as error:
        outcome = str(error)
    assert outcome not in ("inf", "-inf", "nan")
    assert len(outcome.splitlines()) == 1


@pytest.mark.parametrize("digits", [15, 16, 400])
def test_absurd_numbers_are_finite_or_refused(digits: int) -> None:
    text = "9" * digits + " km"
    if digits <= 15:
        assert math.isfinite(parse_quantity(text, "m"))
    else:
        with pytest.raises(InputError):
            parse_quantity(text, "m")
