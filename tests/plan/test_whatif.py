# SPDX-License-Identifier: Apache-2.0
"""What-ifs say how many lacks are left and what blocks; sweeps find the very value at which an outcome flips."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import carnet
from carnet.assess.model import Outcome
from carnet.errors import InputError, Problems, UnknownName
from carnet.plan.sweep import parse_sweep

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = dt.date(2027, 1, 1)
LAW = carnet.load_law()
ROBOTAXI = LAW.profile(EXAMPLES / "robotaxi-munich.yaml")
CAR = LAW.profile(EXAMPLES / "suv-l2.yaml")


def test_all_that_reach_names_leaves_no_lack() -> None:
    one = LAW.reach(ROBOTAXI, "DE-BY", as_of=DAY).market("DE-BY")
    settings = {f"in.DE-BY.{path}": value for (_, path), value in one.settings.items()}
    market = LAW.whatif(ROBOTAXI, "DE-BY", settings, DAY).markets[0]
    assert (market.before, market.after, market.blocking) == (Outcome.CLOSED, Outcome.OPEN, ())
    assert [lack for lack in market.lacks if lack.blocking] == []


def test_one_approval_closes_its_lack_and_leaves_the_others() -> None:
    market = LAW.whatif(ROBOTAXI, "DE-BY", {"approvals.DE-OPERATING-AREA": "held"}, DAY).markets[0]
    gone = {lack.id for lack in market.lacks_before} - {lack.id for lack in market.lacks}
    assert gone == {"approval:DE-OPERATING-AREA"}
    assert (market.before, market.after) == (Outcome.CLOSED, Outcome.CLOSED)
    assert "approval:DE-PBEFG-POOLED" in {lack.id for lack in market.blocking}


def test_an_overlay_counts_below_its_jurisdiction_alone() -> None:
    found = LAW.whatif(CAR, ["DE", "GB"], {"in.DE.automation.sae_level": 0}, DAY)
    assert {change.market for change in found.changes.findings} == {"DE"}


def test_another_profile_stands_beside_this_one() -> None:
    found = LAW.whatif(CAR, "ET", ROBOTAXI, DAY)
    assert (found.markets[0].before, found.markets[0].after) == (Outcome.OPEN, Outcome.CLOSED)


def test_a_flip_is_where_a_check_finds_it() -> None:
    path = "operation.maintenance.full_check_days"
    open_but = ROBOTAXI
    for (_, name), value in LAW.reach(ROBOTAXI, "DE-BY", as_of=DAY).market("DE-BY").settings.items():
        open_but = open_but.with_set({name: value}, market=None if name == path else "DE-BY")
    swept = LAW.sweep(open_but, "DE-BY", path, range(10, 400, 50), DAY).markets[0]
    assert swept.nearest is not None
    assert (swept.nearest.below, swept.nearest.at) == (90, 90.1)
    for value, outcome in ((90, swept.nearest.before), (90.1, swept.nearest.after)):
        assert LAW.check(open_but.with_set({path: value}), "DE-BY", DAY).market("DE-BY").outcome is outcome


def test_values_are_chosen_where_none_are_given() -> None:
    sweep = LAW.sweep(CAR, "DE", "operation.driver_on_board", as_of=DAY)
    assert sweep.values == (False, True)
    assert len(sweep.markets[0].outcomes) == 2
    with pytest.raises(InputError, match="has no values to go through"):
        LAW.sweep(CAR, "DE", "behaviour.yields_to", as_of=DAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("odd.max_speed_kmh=60:130:10", ("odd.max_speed_kmh", (60, 70, 80, 90, 100, 110, 120, 130))),
        ("a.b=0:0.3:0.1", ("a.b", (0, 0.1, 0.2, 0.3))),
        ("odd.max_speed_kmh", ("odd.max_speed_kmh", ())),
    ],
)
def test_sweeps_are_read(text: str, expected: tuple[str, tuple[float, ...]]) -> None:
    assert parse_sweep(text) == expected


@pytest.mark.parametrize("text", ["a=1", "a=1:2", "a=2:1:1", "a=0:10:0", "a=0:1e9:1", "a=x:y:z", "a=0:inf:1"])
def test_sweeps_that_say_nothing_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError):
        parse_sweep(text)


def test_wrong_names_are_refused() -> None:
    with pytest.raises(Problems):
        LAW.whatif(CAR, "DE", {"odd.max_sped_kmh": 3})
    with pytest.raises(UnknownName, match="unknown jurisdiction `XX`"):
        LAW.whatif(CAR, "DE", {"in.XX.odd.max_speed_kmh": 3})
    with pytest.raises(InputError, match="names no fact"):
        LAW.whatif(CAR, "DE", {"in.DE": 3})


def test_the_api_returns_what_the_commands_print() -> None:
    assert [row.market for row in LAW.compare(CAR, ["DE", "GB"], DAY).rows]
    assert LAW.timeline(CAR, "DE", DAY, dt.date(2027, 6, 1)).bands[0].market == "DE"
    difference = LAW.diff(CAR, CAR.with_set({"automation.sae_level": 0}), "DE", DAY)
    assert [market.market for market in difference.markets] == ["DE"]
    assert all(isinstance(question, carnet.Question) for question in LAW.questions(CAR, "DE", DAY))


def test_the_command_counts_lacks_and_names_what_blocks(carnet: Callable[..., Any]) -> None:
    file = EXAMPLES / "robotaxi-munich.yaml"
    told = carnet("whatif", file, "--set", "approvals.DE-OPERATING-AREA=held", "-m", "DE-BY", "--as-of", DAY)
    assert told.code == 0
    words = " ".join(told.out.split())
    assert "lacks," in words
    assert "of which block: Permit for pooled" in words
    data = json.loads(
        carnet("whatif", file, "--set", "approvals.DE-OPERATING-AREA=held", "-m", "DE-BY", "-f", "json").out
    )
    assert "approval:DE-OPERATING-AREA" not in data["markets"][0]["lacks"]
    swept = carnet("whatif", file, "--sweep", "operation.maintenance.full_check_days=60:120:30", "-m", "DE").out
    assert swept.startswith("operation.maintenance.full_check_days from 60 to 120\ndeclared 120;")
    wrong = carnet("whatif", file, "--sweep", "odd.max_speed_kmh=9", "-m", "DE")
    assert (wrong.code, wrong.out, len(wrong.err.splitlines())) == (2, "", 1)
    assert "stands instead of" in carnet("whatif", file, "--against", file, "--set", "a=1").err


def test_a_value_that_changes_nothing_is_said_to_make_no_difference(carnet: Callable[..., Any]) -> None:
    file = EXAMPLES / "robotaxi-munich.yaml"
    told = carnet("whatif", file, "--sweep", "vehicle.seats=4:6:1", "-m", "DE-BY", "--as-of", DAY)
    assert "vehicle.seats makes no difference in DE-BY" in told.out
    assert f"profile {LAW.profile(file).sha256[:12]}" in " ".join(told.out.split())
    other = carnet("whatif", file, "--set", "vehicle.seats=4", "-m", "DE-BY", "--as-of", DAY)
    assert "Receipt: carnet" in other.out
    data = json.loads(carnet("whatif", file, "--set", "vehicle.seats=4", "-m", "DE-BY", "-f", "json").out)
    assert data["receipt"]["law_sha256"] == LAW.sha256


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["reach", "-m", "DE-BY", "--language", "de"], "Was es bräuchte: Isar robotaxi"),
        (["whatif", "-m", "DE-BY", "--language", "de", "--set", "approvals.DE-OPERATING-AREA=held"], "11 übrig, 3"),
        (["whatif", "-m", "DE-BY", "--language", "zh", "--sweep", "vehicle.seats=4:6:1"], "没有影响"),
    ],
)
def test_the_commands_speak_the_language_that_is_asked_for(
    args: list[str], told: str, carnet: Callable[..., Any]
) -> None:
    assert told in carnet(args[0], EXAMPLES / "robotaxi-munich.yaml", *args[1:], "--as-of", DAY).out
