# SPDX-License-Identifier: Apache-2.0
"""What a market takes to open is what an ordinary check confirms, with nothing in it that can be left out."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import carnet
from carnet.assess.lacks import Work
from carnet.assess.model import BEST_FIRST, Outcome
from carnet.errors import UnknownName, WrongType
from carnet.plan.bounds import Bounds
from carnet.plan.questions import is_shut, to_ask
from carnet.plan.reach import MarketReach
from carnet.report import lack_words
from carnet.report.compare import csv as compare_csv, words
from carnet.report.plan.words import shut_words

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = dt.date(2027, 1, 1)
LAW = carnet.load_law()
ROBOTAXI = LAW.profile(EXAMPLES / "robotaxi-munich.yaml")
CAR = LAW.profile(EXAMPLES / "suv-l2.yaml")


def checked(profile: carnet.Profile, one: MarketReach, without: Any = None) -> Outcome:
    """The outcome with all that reach names, but for one setting; an approval goes with what it is granted for."""
    gone = without[1].removesuffix(".held") if without and without[1].endswith(".held") else None
    for (feature, path), value in one.settings.items():
        if (feature, path) != without and not (gone and path.startswith(f"{gone}.")):
            profile = profile.with_set({path: value}, market=one.market, feature=feature or None)
    return LAW.check(profile, one.market, DAY, "native").market(one.market).outcome


@pytest.mark.parametrize("market", ["DE-BY", "AE-DU", "CN-BJ", "US-CA", "BE", "TR", "IE", "GB"])
def test_a_check_confirms_what_is_promised_and_each_change_is_needed(market: str) -> None:
    one = LAW.reach(ROBOTAXI, market, as_of=DAY).market(market)
    assert checked(ROBOTAXI, one) is one.outcome
    needed = one.settings if one.outcome is not Outcome.UNDETERMINED else {(c.feature, c.path) for c in one.changes}
    for key in needed:  # what a grant covers is merely unknown when it is not said
        worse = BEST_FIRST.index(checked(ROBOTAXI, one, without=key))
        assert worse > BEST_FIRST.index(one.outcome), f"{market} reaches {one.outcome} without {key}"


@pytest.mark.parametrize("market", ["US", "AU", "GB", "TH"])
def test_no_change_of_a_car_for_export_can_be_left_out(market: str) -> None:
    one = LAW.reach(CAR, market, as_of=DAY).market(market)
    assert checked(CAR, one) is one.outcome
    for change in one.changes:
        if not all(rule.startswith("cn.") for rule in change.closes):  # duties of home decide another outcome
            worse = BEST_FIRST.index(checked(CAR, one, without=(change.feature, change.path)))
            assert worse > BEST_FIRST.index(one.outcome), f"{market} reaches {one.outcome} without {change.path}"


@pytest.mark.parametrize(
    ("market", "outcome", "kinds"),
    [("DE-BY", "open", set()), ("TR", "closed", {"no_way"}), ("US", "undetermined", {"decided_below"})],
)
def test_what_stays_in_the_way_is_said(market: str, outcome: str, kinds: set[str]) -> None:
    one = LAW.reach(ROBOTAXI, market, as_of=DAY).market(market)
    assert (one.outcome, {obstacle.kind for obstacle in one.obstacles}) == (outcome, kinds)


def test_what_the_product_is_stays_unless_it_is_named() -> None:
    identity = {path for path, fact in LAW.vocabulary.facts.items() if fact.identity}
    one = LAW.reach(ROBOTAXI, "TR", as_of=DAY).market("TR")
    assert not identity & {change.path for change in one.changes}
    with_driver = LAW.reach(
        ROBOTAXI, "TR", change=["operation.driver_on_board", "automation.sae_level", "automation.features"], as_of=DAY
    ).market("TR")
    assert BEST_FIRST.index(with_driver.outcome) <= BEST_FIRST.index(one.outcome)


def test_what_is_never_counted_on_is_replaced() -> None:
    one = LAW.reach(ROBOTAXI, "DE-BY", never=["DE-PBEFG-POOLED"], as_of=DAY).market("DE-BY")
    assert (one.outcome, one.approvals) == (Outcome.OPEN, ("DE-OPERATING-AREA", "DE-PBEFG-EXPERIMENT"))


def test_what_is_kept_stands_in_the_way() -> None:
    one = LAW.reach(ROBOTAXI, "DE-BY", keep=["operation"], as_of=DAY).market("DE-BY")
    assert (one.outcome, one.changes) == (Outcome.CLOSED, ())
    assert {obstacle.kind for obstacle in one.obstacles} == {"kept"}


def test_an_alternative_that_is_named_does_as_well() -> None:
    one = LAW.reach(ROBOTAXI, "DE-BY", as_of=DAY).market("DE-BY")
    change = next(change for change in one.changes if change.alternatives)
    settings: Mapping[tuple[str, str], Any] = {
        key: value for key, value in one.settings.items() if key != (change.feature, change.path)
    }
    instead = one._replace(changes=tuple(c for c in one.changes if c != change))
    profile = ROBOTAXI.with_set(change.alternatives[0], market="DE-BY")
    assert settings == instead.settings
    assert checked(profile, instead) is one.outcome


def test_an_open_market_needs_nothing() -> None:
    one = LAW.reach(CAR, "ET", as_of=DAY).market("ET")
    assert (one.before, one.outcome) == (Outcome.OPEN, Outcome.OPEN)
    assert all(change.closes for change in one.changes)  # duties of the exporter's home alone


def test_names_are_checked() -> None:
    with pytest.raises(UnknownName, match=r"unknown fact or section `od`.*`odd`"):
        LAW.reach(CAR, "DE", keep=["od"])
    with pytest.raises(UnknownName, match="unknown approval `UN-R99`"):
        LAW.reach(CAR, "DE", never=["UN-R99"])
    with pytest.raises(WrongType, match="keep"):
        LAW.reach(CAR, "DE", keep=[3])  # type: ignore[list-item]
    with pytest.raises(UnknownName, match="was not asked about"):
        LAW.reach(CAR, "ET").market("DE")


def test_the_command_tells_the_same_in_words_and_in_json(carnet: Callable[..., Any]) -> None:
    file = EXAMPLES / "robotaxi-munich.yaml"
    told = carnet("reach", file, "-m", "DE-BY", "--as-of", DAY)
    assert (told.code, told.err) == (0, "")
    assert "DE-BY  Bavaria: closed -> open by 2 approvals" in told.out
    assert "or DE-PBEFG-EXPERIMENT" in told.out
    data = json.loads(carnet("reach", file, "-m", "DE-BY", "--as-of", DAY, "-f", "json").out)["markets"][0]
    assert (data["before"], data["outcome"], data["least"]) == ("closed", "open", True)
    assert [change["approval"] for change in data["changes"] if change["approval"]] == [
        "DE-OPERATING-AREA",
        "DE-PBEFG-POOLED",
    ]
    wrong = carnet("reach", file, "-m", "DE-BY", "--never", "nothing")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("unknown approval `nothing`")


CHINESE = ROBOTAXI.with_set({"organisation.home_country": "CN"})


def test_home_is_not_asked_for_a_licence_to_where_nothing_opens() -> None:
    found = LAW.reach(CHINESE, ["KZ", "RW", "DE-BY"], as_of=DAY)
    assert [found.market(code).changes for code in ("KZ", "RW")] == [(), ()]
    assert "CN-ODI-FILING" in found.market("DE-BY").approvals


def test_questions_of_a_market_that_nothing_opens_come_last_and_say_so() -> None:
    report = LAW.check(CHINESE, ["KZ", "DE-BY"], DAY)
    asked = LAW.questions(CHINESE, ["KZ", "DE-BY"], DAY)
    assert is_shut(report.market("KZ"))
    assert not is_shut(report.market("DE-BY"))
    assert all(one.idle is (set(one.markets) <= {"KZ"}) for one in asked if not one.home)
    assert not any(one.idle for one in to_ask(asked))


def test_a_bar_names_the_law_and_not_who_would_bear_a_duty() -> None:
    (bar,) = [lack for lack in LAW.check(ROBOTAXI, "TR", DAY).market("TR").lacks if lack.work is Work.BAR]
    assert lack_words.who(bar).startswith("barred by ")
    assert "manufacturer" not in lack_words.who(bar)


def test_a_distance_is_at_least_so_where_facts_are_missing() -> None:
    matrix = LAW.compare([CHINESE], ["DE-BY", "KZ"], DAY)
    ready = {row.market: row.cells[0].ready for row in matrix.rows}
    assert words.to_do(ready["DE-BY"]).startswith("at least 2 approvals to obtain")
    assert words.to_do_briefly(ready["DE-BY"]).startswith("≥ 2 approvals")
    assert words.to_do(ready["KZ"]) == "no way in"


def test_the_board_says_where_the_vehicle_may_go_while_a_feature_stays_locked() -> None:
    matrix = LAW.compare([CAR], ["DE", "JP"], DAY)
    ready = {row.market: row.cells[0].ready for row in matrix.rows}
    assert [(one.feature, one.locked) for one in ready["DE"].locked] == [("motorway-assist", Outcome.CONDITIONAL)]
    assert words.locked(ready["DE"]) == "with motorway-assist locked: conditional"
    assert "With motorway-assist locked DE would be conditional" in " ".join(words.drawn(matrix.outlooks[0]))
    rows = list(csv.DictReader(io.StringIO(compare_csv.render(matrix))))
    assert {row["market"]: row["locked"] for row in rows}["DE"] == "motorway-assist=conditional"


def without_fact(file: str, path: str) -> carnet.Profile:
    """An example that does not say one fact, neither for all markets nor for one."""
    profile = LAW.profile(EXAMPLES / file)
    layers = {
        place: dataclasses.replace(layer, values={key: value for key, value in layer.values.items() if key != path})
        for place, layer in profile.content.layers.items()
    }
    return dataclasses.replace(profile, content=dataclasses.replace(profile.content, layers=layers))


FIXED = sorted(Bounds(LAW, CAR).fixed)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    path=st.sampled_from([path for path in FIXED if path != "odd.places"]),
    file=st.sampled_from(["robotaxi-munich.yaml", "suv-l2.yaml", "sedan-l3.yaml"]),
    market=st.sampled_from(["US", "DE-BY", "AE-DU", "JP", "GB", "IN", "BR", "CN-BJ"]),
)
def test_what_the_product_or_its_maker_is_is_never_assumed(path: str, file: str, market: str) -> None:
    profile = without_fact(file, path)
    one = LAW.reach(profile, market, as_of=DAY).market(market)
    assert path not in {name for _, name in one.settings}
    asked = {obstacle.title for obstacle in one.obstacles if obstacle.kind == "ask"}
    report = LAW.check(profile, market, DAY, "native").market(market)
    assert asked <= {*FIXED}
    if one.outcome in (Outcome.OPEN, Outcome.CONDITIONAL):  # then it is open whatever the fact is
        assert not asked
    elif one.outcome is Outcome.UNDETERMINED and report.outcome is Outcome.UNDETERMINED:
        assert one.obstacles


def test_a_maker_that_does_not_say_who_controls_it_is_asked_before_anything_is_said_of_the_united_states() -> None:
    profile = without_fact("suv-l2.yaml", "organisation.controlled_from")
    one = LAW.reach(profile, "US", as_of=DAY).market("US")
    asked = [obstacle.title for obstacle in one.obstacles if obstacle.kind == "ask"]
    assert (one.outcome, asked) == (Outcome.UNDETERMINED, ["organisation.controlled_from"])
    plan = LAW.plan(profile, "US", start=DAY)
    assert (plan.openings, [shut.outcome for shut in plan.shut]) == ((), [Outcome.UNDETERMINED])
    assert shut_words(plan.shut[0]).endswith("say it first: organisation.controlled_from")


def test_no_way_round_a_ban_leads_over_another_car_or_another_past() -> None:
    one = LAW.reach(CAR, "US", as_of=DAY).market("US")
    assert not {*FIXED} & {path for _, path in one.settings}
    assert "US-BIS-SPECIFIC-AUTHORISATION" in one.approvals
