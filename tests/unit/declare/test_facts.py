# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from carnet.declare.facts import Facts
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Vocabulary
from carnet.errors import UnknownName

APPROVALS = ("UN-R155", "UN-R157", "EU-WVTA", "IWVTA")
DAY = dt.date(2027, 1, 1)
DE_BY = ("DE-BY", "DE", "EU", "UNECE")


@pytest.fixture
def facts(vocabulary: Vocabulary) -> Any:
    def facts(text: str, chain: tuple[str, ...] = DE_BY, feature: str | None = None, **options: Any) -> Facts:
        profile = Profile.from_text(text, vocabulary, name="p.yaml", approvals=APPROVALS)
        return profile.facts(chain, feature, **{"as_of": DAY, **options})

    return facts


def test_undeclared_is_missing(facts: Any) -> None:
    assert facts("vehicle.seats: 5").values == {"vehicle.seats": 5}


LAYERED = """
odd.max_speed_kmh: 1
vehicle.seats: 5
in:
  UNECE: {odd.max_speed_kmh: 2}
  DE: {odd.max_speed_kmh: 4}
  DE-BY: {odd.max_speed_kmh: 5}
  AE: {odd.max_speed_kmh: 9}
features:
  pilot:
    odd.max_speed_kmh: 3
    in: {DE: {odd.max_speed_kmh: 6}, DE-BY: {vehicle.seats: 7}}
"""


@pytest.mark.parametrize(
    ("chain", "feature", "speed", "line"),
    [
        (("FR", "EU"), None, 1, 2),
        (("FR", "EU", "UNECE"), None, 2, 5),
        (("DE", "EU", "UNECE"), None, 4, 6),
        (DE_BY, None, 5, 7),
        (("FR", "EU"), "pilot", 3, 11),
        (("FR", "EU", "UNECE"), "pilot", 2, 5),
        (("DE", "EU", "UNECE"), "pilot", 6, 12),
        (DE_BY, "pilot", 5, 7),
    ],
)
def test_the_nearer_layer_counts(
    facts: Any, chain: tuple[str, ...], feature: str | None, speed: int, line: int
) -> None:
    found = facts(LAYERED, chain, feature)
    assert found.values["odd.max_speed_kmh"] == speed
    assert found.place("odd.max_speed_kmh").line == line


def test_a_layer_changes_only_what_it_declares(facts: Any) -> None:
    assert facts(LAYERED, DE_BY).values["vehicle.seats"] == 5
    assert facts(LAYERED, DE_BY, "pilot").values["vehicle.seats"] == 7


def test_an_unknown_feature_is_refused(facts: Any) -> None:
    with pytest.raises(UnknownName, match="did you mean `pilot`"):
        facts(LAYERED, DE_BY, "pilots")


def test_null_takes_a_wider_declaration_back(facts: Any) -> None:
    found = facts("odd.snow: true\nin: {DE: {odd.snow: }}")
    assert "odd.snow" not in found.values
    assert found.place("odd.snow") is None


def test_a_complete_section_answers_for_what_is_absent(facts: Any) -> None:
    found = facts("complete: [behaviour, odd]\nodd.snow: true")
    assert found.values == {
        "odd.snow": True,
        "odd.road_types": (),
        "odd.places": (),
        "behaviour.yields_to": (),
        "behaviour.turns_on_red": False,
        "behaviour.lane_change.automatic": False,
    }
    assert found.why("behaviour.turns_on_red") == "not declared, and `behaviour` is declared complete"
    assert found.why("odd.snow") == ""
    assert found.why("odd.max_speed_kmh") == ""


def test_a_part_of_a_section_can_be_complete(facts: Any) -> None:
    assert facts("complete: [operation.remote]").values == {"operation.remote.functions": ()}


def test_null_in_an_overlay_returns_to_what_the_complete_section_says(facts: Any) -> None:
    found = facts("complete: [odd]\nodd.snow: true\nin: {DE: {odd.snow: null}}")
    assert found.values["odd.snow"] is False


def test_complete_approvals_cover_every_known_one(facts: Any) -> None:
    found = facts("complete: [approvals]\napprovals: {UN-R157: {series: 1}}")
    assert found.values == {
        "approvals.UN-R155.held": False,
        "approvals.EU-WVTA.held": False,
        "approvals.IWVTA.held": False,
        "approvals.UN-R157.held": True,
        "approvals.UN-R157.series": 1,
    }


@pytest.mark.parametrize(
    ("as_of", "held", "why"),
    [
        (dt.date(2026, 4, 30), False, "granted only on 2026-05-01"),
        (dt.date(2026, 5, 1), True, ""),
        (dt.date(2027, 5, 1), True, ""),
        (dt.date(2027, 5, 2), False, "expired on 2027-05-01"),
    ],
)
def test_an_approval_counts_from_its_first_to_its_last_day(facts: Any, as_of: dt.date, held: bool, why: str) -> None:
    found = facts("approvals: {UN-R157: {granted_on: 2026-05-01, valid_until: 2027-05-01}}", as_of=as_of)
    assert found.values["approvals.UN-R157.held"] is held
    assert found.why("approvals.UN-R157.held") == why
    assert found.values["approvals.UN-R157.granted_on"] == dt.date(2026, 5, 1)


def test_an_approval_may_be_held_in_one_market_only(facts: Any) -> None:
    text = "approvals: {UN-R157: {series: 1, max_speed_kmh: 95}}\nin: {DE: {approvals: {UN-R157: none}}}"
    assert facts(text).values == {"approvals.UN-R157.held": False}
    assert facts(text, ("FR", "EU")).values["approvals.UN-R157.max_speed_kmh"] == 95


def test_an_overlay_may_narrow_an_approval(facts: Any) -> None:
    text = "approvals: {UN-R157: {series: 1, max_speed_kmh: 130}}\nin: {DE: {approvals.UN-R157.max_speed_kmh: 60 mph}}"
    assert facts(text).values["approvals.UN-R157.max_speed_kmh"] == 96.56064
    assert facts(text).values["approvals.UN-R157.series"] == 1


RECOGNISES = {"EU-WVTA": ("UN-R155", "IWVTA"), "UN-R157": ("EU-WVTA",)}


def test_a_recognised_approval_counts_for_the_other_but_is_not_passed_on(facts: Any) -> None:
    found = facts("approvals: {IWVTA: held}", recognises=RECOGNISES)
    assert found.values == {"approvals.IWVTA.held": True, "approvals.EU-WVTA.held": True}
    assert found.why("approvals.EU-WVTA.held") == "held through `IWVTA`, which is recognised for it or proves it"


def test_recognition_needs_an_approval_that_counts_on_the_day(facts: Any) -> None:
    text = "approvals: {IWVTA: {valid_until: 2026-01-31}, EU-WVTA: none, UN-R155: none}"
    found = facts(text, recognises=RECOGNISES)
    assert found.values["approvals.EU-WVTA.held"] is False
    assert found.why("approvals.IWVTA.held") == "expired on 2026-01-31"


def test_an_approval_is_unknown_while_one_that_is_recognised_for_it_is(facts: Any) -> None:
    found = facts("approvals: {IWVTA: none, EU-WVTA: none}", recognises=RECOGNISES)
    assert "approvals.EU-WVTA.held" not in found.values
    assert (
        found.why("approvals.EU-WVTA.held")
        == "not held, but it is not known of UN-R155 and IWVTA, recognised for it or proving it"
    )
    assert found.stand_ins == {
        "approvals.EU-WVTA.held": ("approvals.UN-R155.held",),
        "approvals.UN-R157.held": ("approvals.UN-R157.held",),
    }


def test_the_signature_leaves_the_context_out(facts: Any) -> None:
    text = "odd.snow: true\nin: {AE: {odd.snow: false}}"
    bavaria = facts(text, context={"context.market": "DE-BY"})
    berlin = facts(text, ("DE-BE", "DE"), context={"context.market": "DE-BE"})
    dubai = facts(text, ("AE-DU", "AE"), context={"context.market": "AE-DU"})
    assert bavaria.values["context.market"] == "DE-BY"
    assert bavaria.signature == berlin.signature != dubai.signature
    assert hash(bavaria.signature) == hash(berlin.signature)


def test_what_counts_in_one_market_does_not_leak_into_another(vocabulary: Vocabulary) -> None:
    profile = Profile.from_text("odd.snow: true\ncomplete: [odd]", vocabulary)
    first = profile.facts(["DE"], as_of=DAY, context={"context.market": "DE"})
    with pytest.raises(TypeError, match="cannot be changed"):
        first.values["odd.snow"] = False  # type: ignore[index]
    assert profile.facts(["FR"], as_of=DAY).values["odd.snow"] is True


def test_supposing_an_approval_held_takes_its_dates_back(vocabulary: Vocabulary) -> None:
    profile = Profile.from_text("approvals: {UN-R157: {series: 1, valid_until: 2020-01-01}}", vocabulary)
    supposed = profile.with_set({"approvals.UN-R157.held": True}, market="DE")
    assert supposed.facts(["DE", "EU"], as_of=DAY).values["approvals.UN-R157.held"] is True
    assert supposed.facts(["FR", "EU"], as_of=DAY).values["approvals.UN-R157.held"] is False
    dated = profile.with_set({"approvals.UN-R157": {"held": True, "valid_until": dt.date(2026, 12, 31)}})
    assert dated.facts(["FR", "EU"], as_of=DAY).values["approvals.UN-R157.held"] is False


def test_the_assessed_day_is_the_start_of_operation_there_else_today(vocabulary: Vocabulary) -> None:
    text = "operation.start_date: 2027-06-01\nin: {DE: {operation.start_date: 2028-01-01}}"
    profile = Profile.from_text(text, vocabulary)
    assert profile.default_as_of(DE_BY) == dt.date(2028, 1, 1)
    assert profile.default_as_of(["FR"]) == dt.date(2027, 6, 1)
    undated = Profile.from_text("vehicle.seats: 5", vocabulary)
    assert undated.default_as_of(["FR"], today=DAY) == DAY
    assert undated.default_as_of(["FR"]) == dt.date.today()
