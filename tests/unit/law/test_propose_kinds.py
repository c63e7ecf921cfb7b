# SPDX-License-Identifier: Apache-2.0
"""Cases for comparisons of every kind of fact: sizes, ranks, other facts on the right, days and years back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from law_folder import LawFolder, chosen, rule

Carnet = Callable[..., tuple[int, list[str]]]
MORE = {
    "vocabulary/behaviour.yaml": "  behaviour.hears: {type: set, question: Whom?, values: {convoy: c, police: p}}\n",
    "vocabulary/vehicle.yaml": "  vehicle.former: {type: choice, question: What was it?, values: {M1: car, M2: bus}}\n",
    "derivations/all.yaml": """\
  - fact: derived.days_since_revoked
    type: number
    unit: days
    title: Days since a permit was revoked
    formula: "days(operation.revoked_on, context.as_of)"
""",
}
LATE = "parameters:\n  late_kmh: {unit: km/h, values: [{from: 2025-01-01, value: 50}]}\n"


@pytest.fixture(autouse=True)
def more_facts(law: LawFolder) -> None:
    for name, text in MORE.items():
        path = law.root / "rules" / name
        path.write_text(path.read_text() + text)
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    head.write_text(head.read_text().replace("parameters:\n", LATE))


PROPOSED = {
    "requires: {behaviour.yields_to: {size: {gte: 2}}}": """\
    - {given: {behaviour.yields_to: [convoy, ambulance]}, expect: compliant}
    - {given: {behaviour.yields_to: [convoy]}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.yields_to]}
""",
    "requires: {behaviour.yields_to: {ranks: [convoy, ambulance, police]}}": """\
    - {given: {behaviour.yields_to: [convoy, ambulance, police]}, expect: compliant}
    - {given: {behaviour.yields_to: [convoy, police, ambulance]}, expect: gap}
    - {given: {behaviour.yields_to: [ambulance, police]}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.yields_to]}
""",
    "requires: {behaviour.yields_to: {contains: convoy}}": """\
    - {given: {behaviour.yields_to: [convoy]}, expect: compliant}
    - {given: {behaviour.yields_to: []}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.yields_to]}
""",
    "requires: {behaviour.turns_on_red: {eq: {fact: operation.driver_on_board}}}": """\
    - {given: {operation.driver_on_board: true, behaviour.turns_on_red: true}, expect: compliant}
    - {given: {operation.driver_on_board: true, behaviour.turns_on_red: false}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red, operation.driver_on_board]}
""",
    "requires: {vehicle.category: {eq: {fact: vehicle.former}}}": """\
    - {given: {vehicle.former: M1, vehicle.category: M1}, expect: compliant}
    - {given: {vehicle.former: M1, vehicle.category: M2}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [vehicle.category, vehicle.former]}
""",
    "requires: {behaviour.yields_to: {contains_all: {fact: behaviour.hears}}}": """\
    - {given: {behaviour.hears: [convoy], behaviour.yields_to: [convoy]}, expect: compliant}
    - {given: {behaviour.hears: [convoy], behaviour.yields_to: []}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.yields_to, behaviour.hears]}
""",
    # what is on the right is not declared where the rule does not apply
    """
applies_when: {automation.sae_level: {gte: 4}}
requires: {automation.max_speed_kmh: {lte: {fact: behaviour.rear_range_m}}}
""": """\
    - {given: {behaviour.rear_range_m: 50, automation.sae_level: 4, automation.max_speed_kmh: 50}, expect: compliant}
    - {given: {behaviour.rear_range_m: 50, automation.sae_level: 4, automation.max_speed_kmh: 51}, expect: gap}
    - {given: {automation.sae_level: 3}, expect: not_applicable}
    - {given: {automation.sae_level: 4}, expect: undetermined, unknown: [automation.max_speed_kmh,
        behaviour.rear_range_m]}
""",
    # years so far back that there were none
    "applies_when: {derived.days_since_revoked: {lt: 3650}}\nrequires: {behaviour.turns_on_red: false}": """\
    - {given: {operation.revoked_on: 2016-06-04, behaviour.turns_on_red: false}, expect: compliant, as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2024-12-31, behaviour.turns_on_red: true}, expect: gap, as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2016-06-03, behaviour.turns_on_red: false}, expect: not_applicable,
        as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2024-12-31}, expect: undetermined, as_of: 2026-06-01,
        unknown: [behaviour.turns_on_red]}
""",
    # a last day of February that other years do not have
    """
in_force: {from: 2028-02-29}
applies_when: {derived.years_since_revoked: {lt: 5}}
requires: {behaviour.turns_on_red: false}
""": """\
    - {given: {operation.revoked_on: 2024-02-27, behaviour.turns_on_red: false}, expect: compliant, as_of: 2028-02-29}
    - {given: {operation.revoked_on: 2026-12-31, behaviour.turns_on_red: true}, expect: gap, as_of: 2028-02-29}
    - {given: {operation.revoked_on: 2023-02-27, behaviour.turns_on_red: false}, expect: not_applicable,
        as_of: 2028-02-29}
    - {given: {operation.revoked_on: 2026-12-31}, expect: undetermined, as_of: 2028-02-29,
        unknown: [behaviour.turns_on_red]}
    - {given: {}, expect: absent, as_of: 2028-02-28}
""",
    # new types only, and no day on which it reaches the others
    "in_force: {new_types: 2022-07-06}\nrequires: {behaviour.turns_on_red: false}": """\
    - {given: {vehicle.type_approved_on: 2022-07-06, behaviour.turns_on_red: false}, expect: compliant}
    - {given: {vehicle.type_approved_on: 2022-07-06, behaviour.turns_on_red: true}, expect: gap}
    - {given: {vehicle.type_approved_on: 2022-07-05}, expect: not_applicable}
    - {given: {vehicle.type_approved_on: 2022-07-06}, expect: undetermined, unknown: [behaviour.turns_on_red]}
    - {given: {}, expect: absent, as_of: 2022-07-05}
""",
    "in_force: {until: 2030-12-31}\nrequires: {behaviour.turns_on_red: false}": """\
    - {given: {behaviour.turns_on_red: false}, expect: compliant}
    - {given: {behaviour.turns_on_red: true}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red]}
    - {given: {behaviour.turns_on_red: true}, expect: gap, as_of: 2030-12-31}
    - {given: {}, expect: absent, as_of: 2031-01-01}
""",
    # no round number meets it
    'requires: {behaviour.rear_range_m: {eq: {formula: "automation.max_speed_kmh / 7"}}}': """\
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 8.571428571428571}, expect: compliant}
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 8.572}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.rear_range_m, automation.max_speed_kmh]}
""",
}


@pytest.mark.parametrize("body", PROPOSED)
def test_proposed_cases_and_that_they_notice_every_change(law: LawFolder, carnet: Carnet, body: str) -> None:
    path = law.rules(rule("qq.x", body))
    before = path.read_text()
    assert carnet("test", ".", "--propose", "--write")[0] == 0
    assert path.read_text() == before
    assert chosen(path, "qq.x") == PROPOSED[body]
    code, (line,) = carnet("test", ".", "--mutate")
    assert (code, line.split(" % of ")[0]) == (0, "100.0")


def test_what_nobody_can_declare_is_no_case(law: LawFolder, carnet: Carnet) -> None:
    """`QQ` is a jurisdiction of this law and no country of the world."""
    law.rules(rule("qq.x", "requires: {vehicle.registered_in: QQ}"))
    assert carnet("test", ".", "--propose")[1][3:-1] == [
        "    - {given: {vehicle.registered_in: DE}, expect: gap}",
        "    - {given: {}, expect: undetermined, unknown: [vehicle.registered_in]}",
    ]


def test_a_rule_for_no_day(law: LawFolder, carnet: Carnet) -> None:
    law.rules(
        rule("qq.x", "in_force: {from: 2030-01-01, until: 2029-12-31}\nrequires: {behaviour.turns_on_red: false}")
    )
    assert carnet("test", ".", "--propose") == (
        2,
        [
            "jurisdictions/QQ/rules.yaml:10:5: ends on 2029-12-31, before it begins on 2030-01-01; "
            "correct one of the two days"
        ],
    )


def test_a_day_before_its_parameter_is_set_makes_no_case(law: LawFolder, carnet: Carnet) -> None:
    law.rules(
        rule("qq.x", "in_force: {from: 2024-01-01}\nrequires: {automation.max_speed_kmh: {lte: {param: late_kmh}}}")
    )
    assert carnet("test", ".", "--propose")[1][3:-1] == [
        "    - {given: {automation.max_speed_kmh: 50}, expect: compliant}",
        "    - {given: {automation.max_speed_kmh: 51}, expect: gap}",
        "    - {given: {}, expect: undetermined, unknown: [automation.max_speed_kmh]}",
        "    - {given: {}, expect: absent, as_of: 2023-12-31}",
    ]


def test_more_kinds_of_facts_than_can_be_tried(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires:
  all:
    - {vehicle.category: {in: [M1, M2]}}
    - {automation.sae_level: {in: [1, 3]}}
    - {automation.max_speed_kmh: {between: [30, 60]}}
    - {behaviour.rear_range_m: {between: [30, 60]}}
    - {vehicle.type_approved_on: {between: [2020-01-01, 2025-01-01]}}
    - {behaviour.turns_on_red: false}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--propose", "--write")[0] == 0
    assert carnet("test", ".", "--mutate") == (0, ["100.0 % of 41 changes noticed (1 rule)"])
