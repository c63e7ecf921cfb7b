# SPDX-License-Identifier: Apache-2.0
"""How well a market is known follows from the coverage tables of its chain, the nearest member first."""

from __future__ import annotations

from typing import get_args

import pytest

import carnet
from carnet.law.known import Area, Level, Scale, known_by
from carnet.law.model import Coverage, Jurisdiction
from carnet.report import digest

AREAS = get_args(Area)
SCALE = Scale(0.75, 0.5, frozenset({"traffic_rules"}), frozenset({"vehicle_approval"}))


def member(kind: str, **states: str) -> Jurisdiction:
    coverage = {area: Coverage(state) for area, state in states.items()}
    empty: tuple[()] = ()
    return Jurisdiction("X", "X", "", kind, "right", "", empty, empty, "", {}, {}, empty, empty, coverage=coverage)


def everywhere(state: str, **other: str) -> dict[str, str]:
    return dict.fromkeys(AREAS, state) | other


@pytest.mark.parametrize(
    ("chain", "area", "state"),
    [
        ([member("state", data="encoded")], "data", "encoded"),
        ([member("state", data="searched")], "data", "searched"),
        ([member("state")], "data", "not_researched"),
        ([member("state", data="not_researched"), member("union", data="encoded")], "data", "above"),
        ([member("state"), member("union", data="encoded")], "data", "encoded"),
        (
            [member("state", vehicle_approval="not_researched"), member("union", vehicle_approval="encoded")],
            "vehicle_approval",
            "encoded",
        ),
        ([member("state"), member("treaty", vehicle_approval="encoded")], "vehicle_approval", "not_researched"),
        ([member("city", data="not_researched"), member("state", data="searched")], "data", "above"),
        ([member("city"), member("state", data="searched")], "data", "searched"),
    ],
)
def test_an_area_is_what_the_nearest_member_says_that_speaks_of_it(
    chain: list[Jurisdiction], area: str, state: str
) -> None:
    assert known_by(chain, SCALE).areas[area] == state


def test_levels_at_their_thresholds_and_what_is_needed() -> None:
    def level(researched: int, **other: str) -> Level:
        states = {area: "encoded" if index < researched else "not_researched" for index, area in enumerate(AREAS)}
        return known_by([member("state", **states | other)], SCALE).level

    assert [level(6), level(7), level(10), level(11)] == [Level.THINLY, Level.FAIRLY, Level.FAIRLY, Level.WELL]
    assert (
        known_by([member("state", **everywhere("encoded", traffic_rules="not_researched"))], SCALE).level
        is Level.FAIRLY
    )


def test_a_thinly_known_market_never_reads_as_plain_open() -> None:
    law = carnet.load_law()
    profile = carnet.Profile.from_dict({"vehicle": {"category": "M1"}, "automation": {"sae_level": 0}})
    for market in law.check(profile, list(law.markets())):
        assert set(market.known.areas) == set(AREAS)
        thin = market.known.level is Level.THINLY
        assert (digest.outcome_word(market) == f"{digest.outcome_name(market.outcome)} as far as known") == (
            thin and market.outcome in digest.LETS_IN
        )
    levels = {code: law.known(code).level for code in law.markets()}
    assert levels["DE"] is Level.WELL
    assert Level.THINLY in levels.values()
