# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable

import pytest
from law_folder import LawFolder, chosen, rule

Carnet = Callable[..., tuple[int, list[str]]]

THRESHOLD = """
in_force: {from: 2025-03-29, until: 2030-12-31}
applies_when: {derived.driverless: true}
requires: {automation.max_speed_kmh: {lte: 60}}
"""
PROPOSED = {
    THRESHOLD: """\
    - {given: {automation.sae_level: 4, operation.driver_on_board: false, automation.max_speed_kmh: 60},
        expect: compliant}
    - {given: {automation.sae_level: 4, operation.driver_on_board: false, automation.max_speed_kmh: 61}, expect: gap}
    - {given: {automation.sae_level: 3}, expect: not_applicable}
    - {given: {automation.sae_level: 4, operation.driver_on_board: false}, expect: undetermined,
        unknown: [automation.max_speed_kmh]}
    - {given: {}, expect: absent, as_of: 2025-03-28}
    - {given: {automation.sae_level: 4, operation.driver_on_board: false, automation.max_speed_kmh: 61}, expect: gap,
        as_of: 2025-03-29}
    - {given: {automation.sae_level: 4, operation.driver_on_board: false, automation.max_speed_kmh: 61}, expect: gap,
        as_of: 2030-12-31}
    - {given: {}, expect: absent, as_of: 2031-01-01}
""",
    # either-or: one compliant case per alternative, one gap per item that is required
    """
applies_when: {vehicle.category: {in: [M1, M2]}}
requires:
  any:
    - behaviour.yields_to: {contains_all: [convoy, ambulance]}
    - not: {behaviour.turns_on_red: true}
""": """\
    - {given: {vehicle.category: M1, behaviour.turns_on_red: false}, expect: compliant}
    - {given: {vehicle.category: M1, behaviour.yields_to: [convoy, ambulance]}, expect: compliant}
    - {given: {vehicle.category: M2, behaviour.yields_to: [convoy], behaviour.turns_on_red: true}, expect: gap}
    - {given: {vehicle.category: M1, behaviour.yields_to: [ambulance], behaviour.turns_on_red: true}, expect: gap}
    - {given: {vehicle.category: N1}, expect: not_applicable}
    - {given: {vehicle.category: M1}, expect: undetermined, unknown: [behaviour.yields_to, behaviour.turns_on_red]}
""",
    # a formula: whole numbers on either side of what it gives
    """
requires: {behaviour.rear_range_m: {gte: {fact: derived.range_needed_m}}}
""": """\
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 75}, expect: compliant}
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 74}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.rear_range_m, automation.max_speed_kmh]}
""",
    # a formula that comes out broken
    """
requires: {behaviour.rear_range_m: {gte: {formula: "automation.max_speed_kmh / 7"}}}
""": """\
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 8.572}, expect: compliant}
    - {given: {automation.max_speed_kmh: 60, behaviour.rear_range_m: 8.571}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.rear_range_m, automation.max_speed_kmh]}
""",
    # what reads the day itself names it, so that it stays true when the law's own day moves
    """
applies_when: {derived.years_since_revoked: {lt: 5}}
requires: {automation.sae_level: {lte: 3}}
""": """\
    - {given: {operation.revoked_on: 2022-05-31, automation.sae_level: 3}, expect: compliant, as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2024-12-31, automation.sae_level: 4}, expect: gap, as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2021-05-31, automation.sae_level: 3}, expect: not_applicable, as_of: 2026-06-01}
    - {given: {operation.revoked_on: 2024-12-31}, expect: undetermined, as_of: 2026-06-01,
        unknown: [automation.sae_level]}
""",
    """
in_force: {new_types: 2022-07-06, all_vehicles: 2027-07-07}
requires: {behaviour.turns_on_red: false}
""": """\
    - {given: {vehicle.type_approved_on: 2022-07-06, behaviour.turns_on_red: false}, expect: compliant}
    - {given: {vehicle.type_approved_on: 2022-07-06, behaviour.turns_on_red: true}, expect: gap}
    - {given: {vehicle.type_approved_on: 2022-07-05}, expect: not_applicable}
    - {given: {vehicle.type_approved_on: 2022-07-06}, expect: undetermined, unknown: [behaviour.turns_on_red]}
    - {given: {}, expect: absent, as_of: 2022-07-05}
    - {given: {vehicle.type_approved_on: 2022-07-05, behaviour.turns_on_red: true}, expect: not_applicable,
        as_of: 2027-07-06}
    - {given: {vehicle.type_approved_on: 2022-07-05, behaviour.turns_on_red: true}, expect: gap, as_of: 2027-07-07}
""",
    # a group of jurisdictions names what is no country: nobody can declare that
    """
requires: {operation.entities: {subset_of: {group: CLUB}}, vehicle.registered_in: {in: [QQ, DE]}}
""": """\
    - {given: {operation.entities: [DE, FR], vehicle.registered_in: DE}, expect: compliant}
    - {given: {operation.entities: [CN]}, expect: gap}
    - {given: {vehicle.registered_in: CN}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [operation.entities, vehicle.registered_in]}
""",
    """
requires:
  at_least:
    n: 2
    of: [{behaviour.turns_on_red: false}, {automation.sae_level: 3}, {vehicle.type_approved_on: {gte: 2020-01-01}}]
""": """\
    - {given: {automation.sae_level: 3, vehicle.type_approved_on: 2020-01-01}, expect: compliant}
    - {given: {behaviour.turns_on_red: false, automation.sae_level: 3}, expect: compliant}
    - {given: {behaviour.turns_on_red: true, vehicle.type_approved_on: 2019-12-31}, expect: gap}
    - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red, automation.sae_level,
        vehicle.type_approved_on]}
""",
    # nobody whom it addresses can comply
    """
applies_when: {automation.sae_level: {gte: 4}}
requires: {automation.sae_level: {lte: 3}}
""": """\
    - {given: {automation.sae_level: 4}, expect: gap}
    - {given: {automation.sae_level: 3}, expect: not_applicable}
    - {given: {}, expect: undetermined, unknown: [automation.sae_level]}
""",
}


@pytest.mark.parametrize("body", PROPOSED)
def test_proposed_cases(law: LawFolder, carnet: Carnet, body: str) -> None:
    law.rules(rule("qq.x", body))
    code, lines = carnet("test", ".", "--propose")
    expected = PROPOSED[body].splitlines()
    assert lines == [
        "# jurisdictions/QQ/rules.yaml:2",
        "- id: qq.x",
        "  tests:",
        *expected,
        f"# {sum(line.startswith('    -') for line in expected)} cases for 1 rule",
    ]
    assert code == 0


@pytest.mark.parametrize("body", PROPOSED)
def test_proposed_cases_notice_every_change(law: LawFolder, carnet: Carnet, body: str) -> None:
    law.rules(rule("qq.x", body))
    assert carnet("test", ".", "--propose", "--write")[0] == 0
    code, lines = carnet("test", ".", "--mutate")
    assert code == 0
    assert [line.split(" % of ")[0] for line in lines] == ["100.0"]
    assert carnet("test", ".")[0] == 0
    assert carnet("test", ".", "--propose")[1] == ["# 0 cases for 0 rules"]


def test_only_what_is_missing_is_proposed(law: LawFolder, carnet: Carnet) -> None:
    given = "automation.sae_level: 4, operation.driver_on_board: false"
    tests = f"""
tests:
  - {{given: {{{given}, automation.max_speed_kmh: 60}}, expect: compliant}}
  - {{given: {{{given}, automation.max_speed_kmh: 61}}, expect: gap}}
  - {{given: {{automation.sae_level: 3}}, expect: not_applicable}}
  - {{given: {{automation.sae_level: 5}}, expect: gap}}
  - {{given: {{}}, expect: absent, as_of: 2025-03-28}}
"""
    law.rules(rule("qq.x", THRESHOLD.rstrip() + tests))
    assert carnet("test", ".", "--propose")[1][3:-1] == [
        f"    - {{given: {{{given}}}, expect: undetermined,",
        "        unknown: [automation.max_speed_kmh]}",
        f"    - {{given: {{{given}, automation.max_speed_kmh: 61}}, expect: gap,",
        "        as_of: 2025-03-29}",
        f"    - {{given: {{{given}, automation.max_speed_kmh: 61}}, expect: gap,",
        "        as_of: 2030-12-31}",
        "    - {given: {}, expect: absent, as_of: 2031-01-01}",
    ]


def test_a_rule_that_needs_a_members_parameter_is_tested_there(law: LawFolder, carnet: Carnet) -> None:
    law.write("jurisdictions/QQ-A/more.yaml", "parameters: {limit_kmh: {unit: km/h, values: [{value: 30}]}}\n")
    law.rules(rule("qq.x", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"))
    assert carnet("test", ".", "--propose")[1][3] == (
        "    - {given: {automation.max_speed_kmh: 30}, expect: compliant, market: QQ-A}"
    )


def test_a_rule_for_some_markets_is_tested_in_one_of_them(law: LawFolder, carnet: Carnet) -> None:
    law.rules(
        rule("qq.x", "applies_when: {context.market: QQ-A}\nrequires: {behaviour.turns_on_red: false}"),
    )
    assert carnet("test", ".", "--propose")[1][3] == (
        "    - {given: {behaviour.turns_on_red: false}, expect: compliant, market: QQ-A}"
    )


def test_applied_approvals_are_tested_where_they_are_applied(law: LawFolder, carnet: Carnet) -> None:
    law.write(
        "jurisdictions/QQ/more.yaml",
        """\
instruments: [{id: QQ-R1, title: Regulation 1, optional: true}, {id: QQ-R2, title: Regulation 2, optional: true}]
approvals: {QQ-R1: {title: One, kind: type_approval}, QQ-R2: {title: Two, kind: type_approval}}
""",
    )
    law.write(
        "jurisdictions/QQ-A/jurisdiction.yaml",
        """\
jurisdiction: {id: QQ-A, name: Quu City, kind: city, parent: QQ, applies: {QQ-R1: {from: 2020-01-01}}}
""",
    )
    law.rules(rule("qq.x", "requires: {approvals: {applied_of: [QQ-R1, QQ-R2]}}"))
    assert carnet("test", ".", "--propose")[1][3:-1] == [
        "    - {given: {approvals.QQ-R1.held: true}, expect: compliant, market: QQ-A}",
        "    - {given: {approvals.QQ-R1.held: false}, expect: gap, market: QQ-A}",
        "    - {given: {}, expect: undetermined, market: QQ-A, unknown: [approvals.QQ-R1.held]}",
    ]


def test_rules_without_a_proposal_are_named(law: LawFolder, carnet: Carnet) -> None:
    law.rules(
        rule("qq.lost", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"),
        rule("qq.nobody", "applies_when: {automation.sae_level: {gt: 5}}\nrequires: {behaviour.turns_on_red: false}"),
    )
    code, lines = carnet("test", ".", "--propose")
    assert code == 1
    assert [line for line in lines if line.startswith("#")] == [
        "# jurisdictions/QQ/rules.yaml:2: qq.lost: `qq.lost` needs the parameter `limit_kmh`, which `QQ` does not set",
        "# jurisdictions/QQ/rules.yaml:12: qq.nobody: no profile was found that it addresses",
        "# 0 cases for 0 rules",
    ]


class TestWrite:
    BODY = "requires: {behaviour.turns_on_red: false}"
    MET, BROKEN, OPEN = CASES = (
        "    - {given: {behaviour.turns_on_red: false}, expect: compliant}\n",
        "    - {given: {behaviour.turns_on_red: true}, expect: gap}\n",
        "    - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red]}\n",
    )

    def test_they_stand_beside_the_pack_which_stays_as_it_is(self, law: LawFolder, carnet: Carnet) -> None:
        path = law.rules(rule("qq.x", self.BODY), rule("qq.y", self.BODY))
        before = path.read_bytes()
        assert carnet("test", ".", "--propose", "--write")[0] == 0
        assert path.read_bytes() == before
        assert [chosen(path, id_) for id_ in ("qq.x", "qq.y")] == ["".join(self.CASES)] * 2
        assert carnet("test", ".") == (0, ["6 cases passed (2 rules)"])

    def test_only_what_the_law_itself_does_not_show_is_added(self, law: LawFolder, carnet: Carnet) -> None:
        told = "{given: {behaviour.turns_on_red: true}, expect: gap, says: 'Art. 1: nobody turns on red'}"
        path = law.rules(rule("qq.x", f"{self.BODY}\ntests: [{told}]"))
        assert carnet("test", ".", "--propose", "--write")[0] == 0
        assert chosen(path, "qq.x") == self.MET + self.OPEN

    def test_those_of_a_rule_that_is_not_meant_stay(self, law: LawFolder, carnet: Carnet) -> None:
        path = law.rules(rule("qq.x", self.BODY), rule("qq.y", self.BODY))
        law.write("jurisdictions/QQ/rules.cases.yaml", f"cases:\n  qq.y:\n{self.BROKEN}")
        assert carnet("test", ".", "--propose", "--write", "--rule", "qq.x")[0] == 0
        assert (chosen(path, "qq.x"), chosen(path, "qq.y")) == ("".join(self.CASES), self.BROKEN)

    def test_after_a_change_they_are_chosen_anew(self, law: LawFolder, carnet: Carnet) -> None:
        path = law.rules(rule("qq.x", self.BODY))
        assert carnet("test", ".", "--renew")[0] == 0
        law.rules(rule("qq.x", self.BODY.replace("false", "true")))
        assert carnet("test", ".")[0] == 1
        assert carnet("test", ".", "--renew") == (0, ["# wrote 3 cases for 1 rule"])
        assert chosen(path, "qq.x").startswith(self.BROKEN.replace("gap", "compliant"))

    def test_cases_of_no_rule(self, law: LawFolder, carnet: Carnet) -> None:
        law.rules(rule("qq.x", self.BODY))
        law.write("jurisdictions/QQ/rules.cases.yaml", f"cases:\n  qq.z:\n{self.BROKEN}")
        message = (
            "jurisdictions/QQ/rules.cases.yaml:2:3: cases of `qq.z`, which is no rule of `QQ`; did you mean `qq.x`?"
        )
        assert carnet("test", ".") == (2, [message])


def test_words_that_would_read_as_something_else_are_quoted(law: LawFolder, carnet: Carnet) -> None:
    law.write(
        "rules/vocabulary/odd.yaml",
        """\
section: odd
title: Where
facts:
  odd.words: {type: set, items: text, question: Which words?}
""",
    )
    words = '"true", "2024-01-01", "a, b", "7", "it: is", "a] b", plain-word, NO'
    law.rules(rule("qq.x", f"requires: {{odd.words: {{contains_all: [{words}]}}}}"))
    assert carnet("test", ".", "--propose")[1][3] == f"    - {{given: {{odd.words: [{words}]}}, expect: compliant}}"
