# SPDX-License-Identifier: Apache-2.0
"""What the library hands out is frozen or a copy: whatever a caller does to it, the next check says the same."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import carnet
from carnet.frozen import Frozen, freeze
from carnet.report.json import render

DAY = dt.date(2027, 1, 1)
DATA = {"name": "x", "automation.sae_level": 3, "approvals": {"UN-R155": "held"}, "odd.road_types": ["motorway"]}


def mappings(value: Any, seen: set[int], depth: int = 8) -> Iterator[dict[Any, Any] | list[Any]]:
    """Every dict and list that can be reached by public names."""
    if id(value) in seen or depth == 0 or isinstance(value, type):
        return
    seen.add(id(value))
    inner: list[Any] = []
    if isinstance(value, (dict, list)):
        yield value
        inner = list(value.values() if isinstance(value, dict) else value)
    elif isinstance(value, tuple):
        inner = list(value)
    elif type(value).__module__.startswith("carnet"):
        names = [
            name for name in dir(value) if not name.startswith("_") and name not in ("programs", "folders", "limit")
        ]
        inner = [getattr(value, name) for name in names if not callable(getattr(value, name))]
    for item in inner:
        yield from mappings(item, seen, depth - 1)


def test_the_law_is_frozen() -> None:
    law = carnet.load_law()
    parts = (
        law.actions,
        law.approvals,
        law.groups,
        law.vocabulary,
        law.derivations,
        law.head("DE"),
        law.jurisdiction("DE"),
    )
    found = [value for part in parts for value in mappings(part, set())]
    assert found
    assert {type(value) for value in found} == {Frozen}


def test_a_later_check_says_what_an_earlier_one_said() -> None:
    law = carnet.load_law()
    profile = carnet.Profile.from_dict(DATA)
    report = law.check(profile, ["DE", "SG"], DAY)
    before = render(report)
    given = profile.to_dict()
    given["automation.sae_level"] = 0
    given["odd.road_types"].append("rural")
    for value in mappings(report, set(), 6):
        if not isinstance(value, Frozen):
            value.clear()
    assert render(law.check(profile, ["DE", "SG"], DAY)) == before
    assert carnet.Profile.from_dict(profile.to_dict()).sha256 == profile.sha256


def test_data_that_was_read_is_not_kept() -> None:
    data = json.loads(json.dumps(DATA))
    profile = carnet.Profile.from_dict(data)
    before = profile.sha256
    data["odd.road_types"].append("rural")
    data["approvals"].clear()
    assert carnet.Profile.from_dict(profile.to_dict()).sha256 == before
    assert profile.declared("odd.road_types") == ("motorway",)


CHANGES = {
    "__setitem__": ("a", 2), "__delitem__": ("a",), "update": ({"a": 2},), "clear": (), "pop": ("a",), "popitem": (),
    "setdefault": ("b", 1), "__ior__": ({"b": 1},),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_frozen_mapping_refuses_every_change(name: str) -> None:
    frozen = Frozen({"a": 1})
    with pytest.raises(TypeError, match="cannot be changed"):
        getattr(frozen, name)(*CHANGES[name])
    assert frozen == {"a": 1} == pickle.loads(pickle.dumps(frozen))
    assert type(pickle.loads(pickle.dumps(frozen))) is Frozen
    assert frozen | {"b": 2} == {"a": 1, "b": 2}


def test_freezing_leaves_what_holds_no_mapping() -> None:
    plain = ((1, "a"), dt.date(2027, 1, 1))
    assert freeze(plain) is plain
    assert freeze(({"a": {"b": 1}},)) == ({"a": {"b": 1}},)
    assert type(freeze(({"a": {"b": 1}},))[0]["a"]) is Frozen
