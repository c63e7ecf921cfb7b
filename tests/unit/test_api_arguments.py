# SPDX-License-Identifier: Apache-2.0
"""Whatever is handed to the library, what it raises on purpose is a CarnetError with a sentence."""

from __future__ import annotations

import datetime as dt
import decimal
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import carnet
from carnet.errors import LawError, Place, Problems, UnknownName, WrongType

LOOP: dict[str, Any] = {}
LOOP["vehicle"] = LOOP
DEEP: dict[str, Any] = {}
for _ in range(5000):
    DEEP = {"vehicle": DEEP}
ODD = [
    None, True, 5, -1, 2.5, float("nan"), b"DE", "", "\0", "\ud83d", "x" * 100_000, [], [None], [5], {"DE": 1}, 
    object(), dt.datetime(2027, 1, 1), dt.date(1, 1, 1), decimal.Decimal(1), Path("x"), LOOP, DEEP, (b"x",), {1: 2},
    range(3), iter("D"),
]  # fmt: skip
CALLS: dict[str, Callable[[carnet.Law, carnet.Profile, Any], Any]] = {
    "from_file": lambda law, profile, odd: carnet.Profile.from_file(odd),
    "from_text": lambda law, profile, odd: carnet.Profile.from_text(odd),
    "from_dict": lambda law, profile, odd: carnet.Profile.from_dict(odd),
    "a fact": lambda law, profile, odd: carnet.Profile.from_dict({"automation.sae_level": odd}),
    "a list": lambda law, profile, odd: carnet.Profile.from_dict({"behaviour.yields_to": odd}),
    "an approval": lambda law, profile, odd: carnet.Profile.from_dict({"approvals": {"UN-R155": odd}}),
    "an overlay": lambda law, profile, odd: carnet.Profile.from_dict({"in": odd}),
    "features": lambda law, profile, odd: carnet.Profile.from_dict({"features": odd}),
    "a feature": lambda law, profile, odd: carnet.Profile.from_dict({"features": {"a": odd}}),
    "complete": lambda law, profile, odd: carnet.Profile.from_dict({"complete": odd}),
    "waivers": lambda law, profile, odd: carnet.Profile.from_dict({"waivers": odd}),
    "a waiver": lambda law, profile, odd: carnet.Profile.from_dict({"waivers": [{"rule": odd, "until": odd}]}),
    "with_set": lambda law, profile, odd: profile.with_set(odd),
    "with_set value": lambda law, profile, odd: profile.with_set({"odd.max_speed_kmh": odd}),
    "with_set path": lambda law, profile, odd: profile.with_set({odd if hash_of(odd) else "x": 1}),
    "with_set market": lambda law, profile, odd: profile.with_set({"odd.max_speed_kmh": 5}, market=odd),
    "with_set feature": lambda law, profile, odd: profile.with_set({"odd.max_speed_kmh": 5}, feature=odd),
    "law.profile": lambda law, profile, odd: law.profile(odd),
    "check profile": lambda law, profile, odd: law.check(odd, "DE"),
    "check markets": lambda law, profile, odd: law.check(profile, odd),
    "check as_of": lambda law, profile, odd: law.check(profile, "SG", odd),
    "check evaluator": lambda law, profile, odd: law.check(profile, "SG", None, odd),
    "session markets": lambda law, profile, odd: law.session(profile, odd),
    "declare": lambda law, profile, odd: law.session(profile, "SG").declare(odd, 5),
    "declare value": lambda law, profile, odd: law.session(profile, "SG").declare("odd.max_speed_kmh", odd),
    "retract": lambda law, profile, odd: law.session(profile, "SG").retract(odd),
    "head": lambda law, profile, odd: law.head(odd),
    "jurisdiction": lambda law, profile, odd: law.jurisdiction(odd),
    "chain": lambda law, profile, odd: law.chain(odd),
    "rule": lambda law, profile, odd: law.rule(odd),
    "route": lambda law, profile, odd: law.route(odd),
    "instrument": lambda law, profile, odd: law.instrument(odd),
    "vocabulary.fact": lambda law, profile, odd: law.vocabulary.fact(odd),
    "load_law": lambda law, profile, odd: carnet.load_law(odd),
}


def raised(call: Callable[..., Any], *args: Any) -> carnet.CarnetError | None:
    try:
        call(*args)
    except carnet.CarnetError as error:
        return error
    return None


def hash_of(value: Any) -> bool:
    try:
        return bool(hash(value)) or True
    except TypeError:
        return False


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


@pytest.fixture(scope="module")
def profile() -> carnet.Profile:
    return carnet.Profile.from_dict({"name": "x"})


@pytest.mark.parametrize("call", CALLS)
def test_an_odd_argument(call: str, law: carnet.Law, profile: carnet.Profile) -> None:
    for odd in ODD:
        error = raised(CALLS[call], law, profile, odd)
        if error is not None:
            assert 0 < len(str(error)) < 3000
            assert "\n" not in str(error) or isinstance(error, Problems)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=5) | st.dates()
)
data = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
)
keys = st.sampled_from(
    [
        "name",
        "description",
        "complete",
        "waivers",
        "features",
        "in",
        "approvals",
        "vehicle",
        "vehicle.seats",
        "odd",
        "DE",
        "UN-R157",
    ]
)


@settings(max_examples=150)
@given(st.dictionaries(keys | st.text(max_size=10), data | st.dictionaries(keys, data, max_size=3), max_size=4))
def test_any_data_is_a_profile_or_refused(data: dict[str, Any]) -> None:
    if raised(carnet.Profile.from_dict, data) is None:
        read = carnet.Profile.from_dict(data)
        assert carnet.Profile.from_dict(read.to_dict()).sha256 == read.sha256


@pytest.mark.parametrize(
    "error",
    [
        carnet.CarnetError("a", Place("f", 1, 2, "p"), "h"),
        LawError("a"),
        WrongType("x", "a day", 5),
        Problems([UnknownName("a", Place("f")), LawError("b", hint="h")]),
        carnet.errors.MissingExtra("fleet", "fleet"),
    ],
)
def test_errors_cross_to_another_process(error: carnet.CarnetError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.place, again.hint) == (type(error), str(error), error.place, error.hint)


def test_a_wrong_type_is_a_type_error_too() -> None:
    with pytest.raises(TypeError):
        carnet.load_law().check("p.yaml", "DE")  # type: ignore[arg-type]


def test_a_long_or_broken_name_stays_on_one_line() -> None:
    for name in ("a\nb.yaml", "x" * 5000, "\x1b[31mred\u202e.yaml"):
        with pytest.raises(carnet.CarnetError) as error:
            carnet.Profile.from_file(name)
        assert len(str(error.value)) < 400
        assert str(error.value).isprintable()
