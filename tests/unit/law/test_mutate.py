# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable

import pytest
from law_folder import LawFolder, rule

from carnet.law.casework.mutants import moved, mutants
from carnet.logic.condition import AtLeast

Carnet = Callable[..., tuple[int, list[str]]]

CHANGES = {
    "requires: {automation.max_speed_kmh: {lte: 60}}": [
        "`automation.max_speed_kmh is at most 60` becomes `automation.max_speed_kmh is below 60`",
        "`automation.max_speed_kmh is at most 60` becomes `automation.max_speed_kmh is at most 59`",
        "`automation.max_speed_kmh is at most 60` becomes `automation.max_speed_kmh is at most 61`",
    ],
    "requires: {behaviour.rear_range_m: {gt: 0.25}}": [
        "`behaviour.rear_range_m is above 0.25` becomes `behaviour.rear_range_m is at least 0.25`",
        "`behaviour.rear_range_m is above 0.25` becomes `behaviour.rear_range_m is above 0.24`",
        "`behaviour.rear_range_m is above 0.25` becomes `behaviour.rear_range_m is above 0.26`",
    ],
    "requires: {vehicle.type_approved_on: {gte: 2024-07-07}}": [
        "`vehicle.type_approved_on is at least 2024-07-07` becomes `vehicle.type_approved_on is above 2024-07-07`",
        "`vehicle.type_approved_on is at least 2024-07-07` becomes `vehicle.type_approved_on is at least 2024-07-06`",
        "`vehicle.type_approved_on is at least 2024-07-07` becomes `vehicle.type_approved_on is at least 2024-07-08`",
    ],
    "requires: {vehicle.category: M2}": [
        "`vehicle.category is M2` becomes `vehicle.category is not M2`",
        "`vehicle.category is M2` becomes `vehicle.category is N1`",
    ],
    "requires: {automation.sae_level: {in: [3]}}": [
        "`automation.sae_level is one of 3` becomes `automation.sae_level is none of 3`",
        "`3` is replaced by `4` in `automation.sae_level is one of 3`",
    ],
    "requires: {vehicle.category: {not_in: [M1, M2]}}": [
        "`vehicle.category is none of M1, M2` becomes `vehicle.category is one of M1, M2`",
        "`M1` is dropped in `vehicle.category is none of M1, M2`",
        "`M2` is dropped in `vehicle.category is none of M1, M2`",
    ],
    "requires: {behaviour.yields_to: {contains: convoy}}": [
        "`behaviour.yields_to contains convoy` becomes `behaviour.yields_to does not contain convoy`",
        "`convoy` is replaced by `ambulance` in `behaviour.yields_to contains convoy`",
    ],
    "requires: {behaviour.yields_to: {contains_any: [convoy, police]}}": [
        "`behaviour.yields_to contains any of convoy, police` becomes `behaviour.yields_to contains convoy, police`",
        "`convoy` is dropped in `behaviour.yields_to contains any of convoy, police`",
        "`police` is dropped in `behaviour.yields_to contains any of convoy, police`",
    ],
    "requires: {behaviour.yields_to: {ranks: [convoy, police]}}": [
        "`behaviour.yields_to ranks, in this order, convoy, police` becomes "
        "`behaviour.yields_to contains convoy, police`",
        "`convoy` is dropped in `behaviour.yields_to ranks, in this order, convoy, police`",
        "`police` is dropped in `behaviour.yields_to ranks, in this order, convoy, police`",
        "`convoy` and `police` change places in `behaviour.yields_to ranks, in this order, convoy, police`",
    ],
    "requires: {behaviour.yields_to: {ranks: [convoy]}}": [
        "`behaviour.yields_to contains convoy` becomes `behaviour.yields_to does not contain convoy`",
        "`convoy` is replaced by `ambulance` in `behaviour.yields_to contains convoy`",
    ],
    "requires: {behaviour.yields_to: {size: {gte: 1}}}": [
        "`behaviour.yields_to has >= 1 items` becomes `behaviour.yields_to has > 1 items`",
        "`behaviour.yields_to has >= 1 items` becomes `behaviour.yields_to has >= 0 items`",
        "`behaviour.yields_to has >= 1 items` becomes `behaviour.yields_to has >= 2 items`",
    ],
    "requires: {operation.revoked_on: {declared: true}}": [
        "`operation.revoked_on is declared` becomes `operation.revoked_on is not declared`",
    ],
    "requires: {automation.max_speed_kmh: {lte: {fact: behaviour.rear_range_m}}}": [
        "`automation.max_speed_kmh is at most behaviour.rear_range_m` becomes "
        "`automation.max_speed_kmh is below behaviour.rear_range_m`",
        "`automation.max_speed_kmh is at most behaviour.rear_range_m` becomes "
        "`automation.max_speed_kmh is at most behaviour.rear_range_m + 1`",
        "`automation.max_speed_kmh is at most behaviour.rear_range_m` becomes "
        "`automation.max_speed_kmh is at most behaviour.rear_range_m - 1`",
    ],
    'requires: {behaviour.rear_range_m: {gte: {formula: "automation.max_speed_kmh / 7"}}}': [
        "`behaviour.rear_range_m is at least automation.max_speed_kmh / 7` becomes "
        "`behaviour.rear_range_m is at least (automation.max_speed_kmh / 7) + 1`",
        "`behaviour.rear_range_m is at least automation.max_speed_kmh / 7` becomes "
        "`behaviour.rear_range_m is at least (automation.max_speed_kmh / 7) - 1`",
    ],
    "requires: {automation.max_speed_kmh: {lte: {param: look_back_s}}}": [
        "`automation.max_speed_kmh is at most the parameter `look_back_s`` becomes "
        "`automation.max_speed_kmh is below the parameter `look_back_s``",
        "`automation.max_speed_kmh is at most the parameter `look_back_s`` becomes "
        "`automation.max_speed_kmh is at most look_back_s + 1`",
        "`automation.max_speed_kmh is at most the parameter `look_back_s`` becomes "
        "`automation.max_speed_kmh is at most look_back_s - 1`",
    ],
    "requires: {approvals: {any_of: {param: permits}}}": [
        "`any of the parameter `permits` is held` becomes `each of the parameter `permits` is held`",
    ],
    "requires: {vehicle.registered_in: {in: {group: CLUB}}}": [
        "`vehicle.registered_in is one of the group CLUB` becomes `vehicle.registered_in is none of the group CLUB`",
    ],
    "requires: {approvals: {applied_of: [QQ-R1, QQ-R2]}}": [
        "`QQ-R1` is dropped",
        "`QQ-R2` is dropped",
    ],
    "requires: {all: [{behaviour.turns_on_red: true}, {not: {automation.sae_level: 3}}]}": [
        "`all` of 2 becomes `any`",
        "`behaviour.turns_on_red is true` is dropped",
        "`automation.sae_level is not 3` is dropped",
        "`behaviour.turns_on_red is true` becomes `behaviour.turns_on_red is not true`",
        "`not` before `automation.sae_level is 3` is removed",
        "`automation.sae_level is 3` becomes `automation.sae_level is not 3`",
        "`automation.sae_level is 3` becomes `automation.sae_level is 2`",
        "`automation.sae_level is 3` becomes `automation.sae_level is 4`",
    ],
    "requires: {at_least: {n: 2, of: [{behaviour.turns_on_red: true}, {operation.driver_on_board: true}]}}": [
        "at least 2 becomes 1",
        "`behaviour.turns_on_red is true` is dropped",
        "`operation.driver_on_board is true` is dropped",
        "`behaviour.turns_on_red is true` becomes `behaviour.turns_on_red is not true`",
        "`operation.driver_on_board is true` becomes `operation.driver_on_board is not true`",
    ],
}
REGULATIONS = """\
instruments: [{id: QQ-R1, title: Regulation 1, optional: true}, {id: QQ-R2, title: Regulation 2, optional: true}]
approvals: {QQ-R1: {title: One, kind: type_approval}, QQ-R2: {title: Two, kind: type_approval}}
"""


@pytest.mark.parametrize("body", CHANGES)
def test_one_thing_changes_at_a_time(law: LawFolder, body: str) -> None:
    law.write("jurisdictions/QQ/more.yaml", REGULATIONS)
    law.rules(rule("qq.x", body))
    linked = law.link()
    found = [mutant.what for mutant in mutants(linked.jurisdictions["QQ"].rules[0], linked.vocabulary)]
    assert found == [f"requires: {what}" for what in CHANGES[body]]


def test_where_one_of_at_least_two_is_dropped_the_other_is_left_to_be_met(law: LawFolder) -> None:
    law.rules(rule("qq.x", "requires: {at_least: {n: 2, of: [{automation.sae_level: 3}, {vehicle.category: M1}]}}"))
    linked = law.link()
    level, category = linked.jurisdictions["QQ"].rules[0].requires.items  # type: ignore[union-attr]
    found = mutants(linked.jurisdictions["QQ"].rules[0], linked.vocabulary)
    dropped = [mutant.rule.requires for mutant in found if mutant.what.endswith("is dropped")]
    assert dropped == [AtLeast(1, (category,)), AtLeast(1, (level,))]


def test_dates_move_by_a_day(law: LawFolder) -> None:
    law.rules(
        rule("qq.x", "in_force: {from: 2025-01-01, until: 2025-12-31}\nrequires: {all: [{automation.sae_level: 1}]}"),
        rule(
            "qq.y", "in_force: {new_types: 2025-01-01, all_vehicles: 2026-01-01}\nrequires: {automation.sae_level: 1}"
        ),
    )
    linked = law.link()
    found = [
        mutant.what
        for item in linked.jurisdictions["QQ"].rules
        for mutant in mutants(item, linked.vocabulary)
        if mutant.moved
    ]
    assert found == [
        "in_force: from becomes 2024-12-31",
        "in_force: from becomes 2025-01-02",
        "in_force: until becomes 2025-12-30",
        "in_force: until becomes 2026-01-01",
        "in_force: new_types becomes 2024-12-31",
        "in_force: new_types becomes 2025-01-02",
        "in_force: all_vehicles becomes 2025-12-31",
        "in_force: all_vehicles becomes 2026-01-02",
    ]


@pytest.mark.parametrize(
    ("value", "steps", "result"), [(60, 1, 61), (0.25, -1, 0.24), (1.0, 1, 2), (0.9, 1, 1), (100, -1, 99)]
)
def test_a_step_is_one_of_the_last_digit_written(value: float, steps: int, result: float) -> None:
    assert moved(value, steps) == result


def test_what_no_case_notices_is_shown_with_a_case_that_would(law: LawFolder, carnet: Carnet) -> None:
    body = """
in_force: {from: 2025-03-29}
requires: {automation.max_speed_kmh: {lte: 60}}
tests:
  - {given: {automation.max_speed_kmh: 50}, expect: compliant}
  - {given: {automation.max_speed_kmh: 61}, expect: gap}
"""
    law.rules(rule("qq.x", body))
    start = "jurisdictions/QQ/rules.yaml:2: qq.x: "
    speed = "`automation.max_speed_kmh is at most 60` becomes `automation.max_speed_kmh is"
    better = "; a case to notice it: {given: {automation.max_speed_kmh: 60}, expect: compliant}"
    assert carnet("test", ".", "--mutate") == (
        1,
        [
            f"{start}requires: {speed} below 60`{better}",
            f"{start}requires: {speed} at most 59`{better}",
            f"{start}in_force: from becomes 2025-03-28",
            f"{start}in_force: from becomes 2025-03-30",
            "20.0 % of 5 changes noticed (1 rule)",
        ],
    )


def test_changes_beyond_the_range_of_a_fact_do_not_count(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {automation.sae_level: {gte: 0}}
tests: [{given: {automation.sae_level: 0}, expect: compliant}]
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--mutate") == (0, ["100.0 % of 2 changes noticed (1 rule)"])


def test_changes_that_the_rest_of_a_rule_makes_up_for_do_not_count(law: LawFolder, carnet: Carnet) -> None:
    """Driverless says level 4 already: dropping or lowering the level in the same `all` changes nothing."""
    body = """
applies_when: {derived.driverless: true, automation.sae_level: {gte: 4}}
requires: {behaviour.turns_on_red: false}
"""
    law.rules(rule("qq.x", body))
    code, lines = carnet("test", ".", "--mutate")
    assert code == 1
    assert [line.partition("; a case")[0].partition("qq.x: ")[2] for line in lines[:-1]] == [
        "applies_when: `all` of 2 becomes `any`",
        "applies_when: `derived.driverless is true` is dropped",
        "applies_when: `derived.driverless is true` becomes `derived.driverless is not true`",
        "applies_when: `automation.sae_level is at least 4` becomes `automation.sae_level is above 4`",
        "applies_when: `automation.sae_level is at least 4` becomes `automation.sae_level is at least 5`",
        "requires: `behaviour.turns_on_red is false` becomes `behaviour.turns_on_red is not false`",
    ]


def test_dates_that_no_market_sees_do_not_count(law: LawFolder, carnet: Carnet) -> None:
    """The instrument is applied only later than the rule begins."""
    law.write("jurisdictions/QQ/more.yaml", "instruments: [{id: QQ-R1, title: Regulation 1, optional: true}]\n")
    law.write(
        "jurisdictions/QQ-A/jurisdiction.yaml",
        "jurisdiction: {id: QQ-A, name: A, kind: city, parent: QQ, applies: {QQ-R1: {from: 2020-01-01}}}\n",
    )
    body = """
in_force: {from: 2001-01-01}
requires: {behaviour.turns_on_red: false}
tests:
  - {given: {behaviour.turns_on_red: true}, expect: gap, market: QQ-A}
  - {given: {behaviour.turns_on_red: false}, expect: compliant, market: QQ-A}
"""
    law.rules(rule("qq.x", body).replace("qq.act", "QQ-R1"))
    assert carnet("test", ".", "--mutate") == (0, ["100.0 % of 1 change noticed (1 rule)"])


def test_a_failing_case_notices_nothing(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {behaviour.turns_on_red: false}
tests:
  - {given: {behaviour.turns_on_red: true}, expect: compliant}
  - {given: {automation.sae_level: 9}, expect: gap}
  - {given: {}, expect: undetermined, market: QQ, as_of: 2020-01-01}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--mutate")[1][-1] == "0.0 % of 1 change noticed (1 rule)"


def test_a_case_that_cannot_be_run_notices_nothing(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}
tests: [{given: {automation.max_speed_kmh: 50}, expect: compliant}]
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--mutate")[1][-1] == "0.0 % of 3 changes noticed (1 rule)"


def test_changes_of_what_the_law_sets_to_none_do_not_count(law: LawFolder, carnet: Carnet) -> None:
    law.write("jurisdictions/QQ/more.yaml", "parameters: {limit_kmh: {values: [{value: none}]}}\n")
    body = """
requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}, behaviour.turns_on_red: false}
tests:
  - {given: {behaviour.turns_on_red: false}, expect: compliant}
  - {given: {behaviour.turns_on_red: true}, expect: gap}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--mutate") == (0, ["100.0 % of 2 changes noticed (1 rule)"])


def test_what_cannot_be_told_for_certain_is_shown_without_a_case(law: LawFolder, carnet: Carnet) -> None:
    """Asked twice, nothing tells one from both; but with facts on both sides that is not proven."""
    twice = "automation.max_speed_kmh: {lte: {fact: behaviour.rear_range_m}}"
    body = f"""
requires: {{all: [{{{twice}}}, {{{twice}}}]}}
tests:
  - {{given: {{automation.max_speed_kmh: 50, behaviour.rear_range_m: 50}}, expect: compliant}}
  - {{given: {{automation.max_speed_kmh: 51, behaviour.rear_range_m: 50}}, expect: gap}}
  - {{given: {{}}, expect: undetermined}}
"""
    law.rules(rule("qq.x", body))
    speed = "`automation.max_speed_kmh is at most behaviour.rear_range_m"
    start = "jurisdictions/QQ/rules.yaml:2: qq.x: requires: "
    assert carnet("test", ".", "--mutate") == (
        1,
        [
            f"{start}`all` of 2 becomes `any`",
            f"{start}{speed}` is dropped",
            f"{start}{speed}` is dropped",
            f"{start}{speed}` becomes {speed} + 1`",
            f"{start}{speed}` becomes {speed} + 1`",
            "44.4 % of 9 changes noticed (1 rule)",
        ],
    )


def test_a_rule_that_cannot_be_bound(law: LawFolder, carnet: Carnet) -> None:
    law.rules(rule("qq.x", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"))
    code, lines = carnet("test", ".", "--mutate")
    assert code == 1
    assert lines[-1] == "0.0 % of 3 changes noticed (1 rule, 1 rule without a case)"


def test_a_change_that_needs_a_parameter_is_noticed(law: LawFolder, carnet: Carnet) -> None:
    """A rule moved to a day on which a parameter is not set yet cannot be built, and that does not go unseen."""
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    head.write_text(head.read_text().replace("[{value: 4.5}]", "[{from: 2025-01-01, value: 4.5}]"))
    body = """
in_force: {from: 2025-01-01}
requires: {automation.max_speed_kmh: {lte: {param: look_back_s}}}
tests:
  - {given: {}, expect: absent, as_of: 2024-12-31}
"""
    law.rules(rule("qq.x", body))
    assert "in_force: from becomes 2024-12-31" not in "\n".join(carnet("test", ".", "--mutate")[1])


def test_a_day_before_its_parameter_is_set_is_no_day(law: LawFolder, carnet: Carnet) -> None:
    """Such a change cannot be told from the rule itself, so that it does not count."""
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    head.write_text(head.read_text().replace("[{value: 4.5}]", "[{from: 2025-01-01, value: 4.5}]"))
    body = """
in_force: {from: 2025-01-01}
requires: {automation.max_speed_kmh: {lte: {param: look_back_s}}}
tests:
  - {given: {automation.max_speed_kmh: 4.5}, expect: compliant}
  - {given: {automation.max_speed_kmh: 4.6}, expect: gap}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--mutate")[1] == [
        "jurisdictions/QQ/rules.yaml:2: qq.x: in_force: from becomes 2025-01-02",
        "75.0 % of 4 changes noticed (1 rule)",
    ]


def test_no_rules_at_all(law: LawFolder, carnet: Carnet) -> None:
    law.write("jurisdictions/QQ/rules.yaml", "rules: []\n")
    assert carnet("test", ".", "--mutate") == (0, ["100.0 % of 0 changes noticed (0 rules)"])
