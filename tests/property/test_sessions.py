# SPDX-License-Identifier: Apache-2.0
"""Whatever is declared and taken back, a session says what a check from the start would, in every field."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.property.session_steps import Step, choices, follow

from carnet.api import Law, Profile, load_law
from carnet.logic.evaluators import NAMES

ROOT = Path(__file__).resolve().parents[2]
SMALL = Law.open([ROOT / "tests" / "assess" / "law"])
MARKETS = ("CC", "CC-X", "DD", "ES", "FF")
ASKED = choices(SMALL, MARKETS, SMALL.as_of) | {
    "organisation.roles": [None, [], ["operator"], ["ads_developer", "operator"]],
    "organisation.home_country": [None, "AQ", "ES", "DE"],
    "operation.start_date": [None, dt.date(2026, 7, 1), dt.date(2027, 1, 1)],
    "approvals.DD-PERMIT.held": [None, True, False],
    "approvals.CC-PERMIT.granted_on": [None, dt.date(2025, 1, 1), dt.date(2027, 9, 1), dt.date(2027, 10, 1)],
    "approvals.CC-PERMIT.valid_until": [None, dt.date(2025, 1, 2), dt.date(2028, 9, 1)],
}
TELLING = [
    *(path for path in ASKED if path.startswith(("approvals.CC-PERMIT", "organisation", "operation", "automation"))),
    "approvals.FF-PERMIT.held",
    "vehicle.rear_range_m",
]
SPARSE = {"automation.sae_level": 4, "operation.driver_on_board": False}
MATTER_TO_ALL = ["organisation.roles", "commercial.entry_mode", "organisation.home_country"]
WALK = int(os.environ.get("CARNET_WALK", 40))
START: dict[str, Any] = {
    "automation": {"sae_level": 4, "max_speed_kmh": 130, "features": ["valet_parking"]},
    "operation.driver_on_board": False,
    "behaviour": {"yields_to": ["ambulance"]},
    "approvals": {"BB-WVTA": "held", "CC-PERMIT": {"granted_on": dt.date(2026, 9, 1)}},
    "waivers": [{"rule": "cc.rear", "reason": "soon", "by": "the board", "until": dt.date(2026, 3, 31)}],
}
FEATURES = {"pilot": {"automation.sae_level": 3}, "parking": {"in": {"CC": {"automation.max_speed_kmh": 10}}}}


def walk(
    seed: str,
    asked: Mapping[str, list[Any]],
    often: Sequence[str],
    where: Sequence[tuple[str | None, ...]],
    length: int,
) -> list[Step]:
    """Random steps; the paths in `often` come as often as all others together, and half of all are for the base."""
    random = Random(seed)
    steps = []
    for number in range(length):
        path = random.choice([*often] if number % 2 else [*asked])
        value = None if random.random() < 0.25 else random.choice(asked[path])
        steps.append(Step(path, value, *(random.choice(where) if random.random() < 0.5 else ())))
    return steps


@pytest.mark.parametrize("evaluator", NAMES)
@pytest.mark.parametrize("day", [None, SMALL.as_of, dt.date(2026, 12, 1)], ids=str)
@pytest.mark.parametrize("features", [False, True], ids=["base", "features"])
@pytest.mark.parametrize("complete", [False, True], ids=["open", "complete"])
def test_a_session_says_what_a_fresh_check_does(
    evaluator: str, complete: bool, features: bool, day: dt.date | None
) -> None:
    data = START | ({"complete": ["approvals", "behaviour"]} if complete else {})
    data |= {"features": FEATURES} if features else {}
    profile = Profile.from_dict(data, SMALL.vocabulary, approvals=SMALL.approvals, jurisdictions=SMALL.codes)
    where = [(market, feature) for market in (None, "BB", "CC", "CC-X") for feature in (None, *profile.features)]
    steps = walk(f"{evaluator} {complete} {features} {day}", ASKED, TELLING, where, 2 * WALK)
    follow(SMALL, profile, MARKETS, day, evaluator, steps)


@pytest.mark.parametrize("evaluator", NAMES)
@pytest.mark.parametrize(
    ("example", "markets"),
    [("", ("DE",)), ("robotaxi-munich", ("DE-BY",)), ("sedan-l3", ("FR",)), ("robotaxi-dubai", ("AE-DU", "US-CA"))],
)
def test_and_so_it_does_with_the_whole_law(evaluator: str, example: str, markets: tuple[str, ...]) -> None:
    law = load_law()
    asked = choices(law, markets, law.as_of)
    profile = law.profile(ROOT / "examples" / f"{example}.yaml") if example else Profile.from_dict(SPARSE)
    derived = {path for market in markets for item in law.rulebook(market, law.as_of).derived for path in item.reads()}
    often = [*sorted(derived & asked.keys()), *MATTER_TO_ALL]
    where = [(market, feature) for market in (None, markets[0]) for feature in (None, *profile.features)]
    follow(law, profile, markets, law.as_of, evaluator, walk(example + evaluator, asked, often, where, WALK))
