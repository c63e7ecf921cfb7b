# SPDX-License-Identifier: Apache-2.0
"""What the library hands out cannot be changed, however far one follows it, so that no check sees what another did."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from enum import Enum
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

import pytest

import carnet
from carnet.frozen import Frozen

DAY = dt.date(2027, 1, 1)
EXAMPLE = Path(__file__).parents[2] / "examples" / "robotaxi-munich.yaml"
PLAIN = (str, bytes, int, float, bool, type(None), dt.date, dt.timedelta, Enum, PurePath, type)


def changeable(root: Any, name: str) -> list[str]:
    """The ways from an object, over public names and items, to something that can be changed."""
    found, seen, todo = [], {}, [(root, name)]
    while todo:
        value, way = todo.pop()
        if isinstance(value, PLAIN) or id(value) in seen or callable(value):
            continue
        seen[id(value)] = value
        if isinstance(value, (list, set, bytearray)) or (isinstance(value, dict) and not isinstance(value, Frozen)):
            found.append(f"{way} is a {type(value).__name__}")
        if isinstance(value, (dict, MappingProxyType)):
            todo += [(item, f"{way}[{key!r}]") for key, item in value.items()]
        elif isinstance(value, (tuple, list, set, frozenset)) and not hasattr(value, "_fields"):
            todo += [(item, f"{way}[{at}]") for at, item in enumerate(value)]
        else:
            for attribute in public(value):
                if attribute == "testing":  # the facts of a test have a test of their own, and so on
                    continue
                item = getattr(value, attribute)
                if isinstance(item, (dict, list)) and item is not getattr(value, attribute):
                    continue  # a copy
                if assignable(value, attribute, item):
                    found.append(f"{way}.{attribute} can be set ({type(value).__name__})")
                todo.append((item, f"{way}.{attribute}"))
    return found


def public(value: Any) -> Iterator[str]:
    """Names of what an object shows: fields, attributes and properties."""
    names = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set()
    names |= set(getattr(value, "__dict__", ())) | set(getattr(value, "_fields", ()))
    for kind in type(value).__mro__:
        names |= {name for name, item in vars(kind).items() if hasattr(item, "__get__") and not callable(item)}
    for name in sorted(names):
        if not name.startswith("_") and not callable(getattr(value, name)):
            yield name


def assignable(value: Any, name: str, item: Any) -> bool:
    try:
        setattr(value, name, item)
    except (AttributeError, TypeError):
        return False
    return True


@pytest.fixture(scope="module")
def law() -> carnet.Law:
    return carnet.load_law()


@pytest.fixture(scope="module")
def profile() -> carnet.Profile:
    return carnet.Profile.from_file(EXAMPLE)


def test_what_is_said_of_a_profile(law: carnet.Law, profile: carnet.Profile) -> None:
    assert changeable(law.check(profile, ["DE-BY", "AE-DU"], DAY), "report") == []
    assert changeable(profile.facts(("DE-BY", "DE"), as_of=DAY), "facts") == []
    with law.session(profile, ["SG"], DAY) as session:
        changes = session.declare("odd.max_speed_kmh", 95)
        assert changeable(session, "session") == changeable(changes, "changes") == []


def test_the_law(law: carnet.Law) -> None:
    assert changeable(law, "law") == []
    assert changeable(law.jurisdiction("DE"), "jurisdiction") == []
    assert changeable(law.rulebook("DE-BY", DAY), "rulebook") == []
    assert changeable(law.not_yet(dt.date(2000, 1, 1)), "not yet") == []
    assert changeable(law.planning("UN-R157"), "planning") == []


@pytest.mark.parametrize("change", [{}, {"odd.max_speed_kmh": 95}], ids=["read", "changed"])
def test_a_profile(profile: carnet.Profile, change: dict[str, int]) -> None:
    assert changeable(profile.with_set(change) if change else profile, "profile") == []


def test_a_changed_copy_changes_nothing(profile: carnet.Profile) -> None:
    before = profile.sha256
    copy = profile.to_dict()
    copy["vehicle.category"] = "N3"
    copy["features"] = {}
    assert (profile.sha256, profile.to_dict() == copy) == (before, False)


def test_what_can_be_changed_is_found() -> None:
    class Box:
        def __init__(self) -> None:
            self.items = [1]

    assert changeable((Box(),), "x") == ["x[0].items can be set (Box)", "x[0].items is a list"]
