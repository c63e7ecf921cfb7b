# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from law_folder import LawFolder, rule

from carnet.errors import LawError
from carnet.law.casework.scope import Scope, scope
from carnet.law.locate import bundled_law

Carnet = Callable[..., tuple[int, list[str]]]

YIELDS = """
in_force: {from: 2025-03-29}
applies_when: {automation.sae_level: {gte: 3}}
requires: {behaviour.yields_to: {contains: convoy}, behaviour.turns_on_red: false}
tests:
  - {given: {automation.sae_level: 4, behaviour.yields_to: [convoy], behaviour.turns_on_red: false}, expect: compliant}
  - {given: {automation.sae_level: 4, behaviour.yields_to: []}, expect: gap}
  - {given: {automation.sae_level: 2}, expect: not_applicable}
  - {given: {automation.sae_level: 3, behaviour.turns_on_red: false}, expect: undetermined,
      unknown: [behaviour.yields_to]}
  - {given: {}, expect: absent, as_of: 2025-03-28}
  - {given: {automation.sae_level: 3, behaviour.turns_on_red: true}, expect: gap, as_of: 2025-03-29}
"""


def test_cases_pass(law: LawFolder, carnet: Carnet) -> None:
    law.rules(rule("qq.yields", YIELDS))
    assert carnet("test", ".") == (0, ["6 cases passed (1 rule)"])


def test_a_case_that_fails_says_where_and_what_it_got(law: LawFolder, carnet: Carnet) -> None:
    law.rules(
        rule("qq.yields", YIELDS.replace("expect: gap}", "expect: compliant}", 1)),
        rule("qq.bare", "requires: {behaviour.turns_on_red: false}"),
    )
    assert carnet("test", ".") == (
        1,
        [
            "jurisdictions/QQ/rules.yaml:15: qq.yields: expected compliant, got gap",
            "1 of 6 cases failed (2 rules, 1 rule without a case)",
        ],
    )


def test_unknown_facts_are_compared_as_a_set(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {behaviour.yields_to: {contains: convoy}, behaviour.turns_on_red: false}
tests:
  - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red, behaviour.yields_to]}
  - {given: {}, expect: undetermined, unknown: [behaviour.turns_on_red]}
  - {given: {}, expect: undetermined}
  - {given: {}, expect: gap}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (
        1,
        [
            "jurisdictions/QQ/rules.yaml:13: qq.x: expected undetermined (unknown: behaviour.turns_on_red), "
            "got undetermined (unknown: behaviour.yields_to, behaviour.turns_on_red)",
            "jurisdictions/QQ/rules.yaml:15: qq.x: expected gap, "
            "got undetermined (unknown: behaviour.yields_to, behaviour.turns_on_red)",
            "2 of 4 cases failed (1 rule)",
        ],
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("automation.sae_level: 9", "`automation.sae_level` is `9`, outside 0 to 5 (check the value and its unit)"),
        ("vehicle.category: M3", "`vehicle.category` cannot be `M3` (allowed: M1, M2, N1)"),
        ("behaviour.turns_on_red: yes", "`behaviour.turns_on_red` is true or false, not `yes` (write `true`)"),
        ("context.market: QQ", "`context.market` is supplied by `market:` and `as_of:` and cannot be given"),
        ("derived.driverless: true", "`derived.driverless` is computed and cannot be given"),
        ("operation.entities: [ZZ]", "`ZZ` is not a country code (write an ISO 3166 code such as `DE`)"),
    ],
)
def test_given_values_follow_the_vocabulary(law: LawFolder, carnet: Carnet, given: str, problem: str) -> None:
    law.rules(rule("qq.x", f"requires: {{automation.sae_level: 1}}\ntests:\n  - {{given: {{{given}}}, expect: gap}}"))
    code, lines = carnet("test", ".")
    assert code == 1
    assert lines[0].replace("`operation.entities`: ", "") == f"jurisdictions/QQ/rules.yaml:12: qq.x: {problem}"


def test_a_quantity_may_be_written_with_its_unit(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {automation.max_speed_kmh: {lte: 60}}
tests:
  - {given: {automation.max_speed_kmh: 30 mph}, expect: compliant}
  - {given: {automation.max_speed_kmh: 50 mph}, expect: gap}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (0, ["2 cases passed (1 rule)"])


def test_days_without_as_of(law: LawFolder, carnet: Carnet) -> None:
    """On the law's own day; of what starts later its first day, of what has ended its last."""
    tests = "requires: {automation.sae_level: 1}\ntests:\n  - {given: {automation.sae_level: 2}, expect: gap}"
    law.rules(
        rule("qq.later", "in_force: {from: 2027-01-01}\n" + tests),
        rule("qq.ended", "in_force: {from: 2001-01-01, until: 2010-12-31}\n" + tests),
        rule("qq.always", tests),
    )
    assert carnet("test", ".") == (0, ["3 cases passed (3 rules)"])


def test_both_first_days_of_a_duty_that_starts_twice(law: LawFolder, carnet: Carnet) -> None:
    body = """
in_force: {new_types: 2022-07-06, all_vehicles: 2024-07-07}
requires: {behaviour.turns_on_red: false}
tests:
  - {given: {}, expect: absent, as_of: 2022-07-05}
  - {given: {behaviour.turns_on_red: true, vehicle.type_approved_on: 2022-07-06}, expect: gap, as_of: 2022-07-06}
  - {given: {behaviour.turns_on_red: true, vehicle.type_approved_on: 2022-07-05}, expect: not_applicable,
      as_of: 2024-07-06}
  - {given: {behaviour.turns_on_red: true}, expect: undetermined, as_of: 2024-07-06,
      unknown: [vehicle.type_approved_on]}
  - {given: {behaviour.turns_on_red: true}, expect: gap, as_of: 2024-07-07}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (0, ["5 cases passed (1 rule)"])


def test_guidance_and_proposals_are_tested_as_if_they_counted(law: LawFolder, carnet: Carnet) -> None:
    body = """
legal_status: proposed
requires: {behaviour.turns_on_red: false}
tests: [{given: {behaviour.turns_on_red: true}, expect: gap}]
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (0, ["1 case passed (1 rule)"])


def test_a_missing_parameter_is_the_cases_problem(law: LawFolder, carnet: Carnet) -> None:
    body = """
requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}
tests: [{given: {}, expect: undetermined}]
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (
        1,
        [
            "jurisdictions/QQ/rules.yaml:11: qq.x: `qq.x` needs the parameter `limit_kmh`, which `QQ` does not set",
            "1 of 1 cases failed (1 rule)",
        ],
    )


def test_a_case_may_name_another_market(law: LawFolder, carnet: Carnet) -> None:
    """The city sets a parameter that the state leaves to it; a market outside the chain has no such rule."""
    law.write(
        "jurisdictions/QQ-A/more.yaml",
        "parameters: {limit_kmh: {unit: km/h, values: [{value: 30}]}}\n",
    )
    law.write("jurisdictions/PP/jurisdiction.yaml", "jurisdiction: {id: PP, name: Peeland}\n")
    body = """
requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}
tests:
  - {given: {automation.max_speed_kmh: 31}, expect: gap, market: QQ-A}
  - {given: {automation.max_speed_kmh: 31}, expect: absent, market: PP}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (0, ["2 cases passed (1 rule)"])


def test_approvals_lapse_and_are_recognised(law: LawFolder, carnet: Carnet) -> None:
    law.write(
        "jurisdictions/QQ/approvals.yaml",
        "approvals: {QQ-OK: {title: Permit, kind: permit}, PP-OK: {title: Other, kind: permit}}\n",
    )
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    head.write_text(head.read_text().replace("languages: [qq]", "languages: [qq], recognises: {QQ-OK: [PP-OK]}"))
    body = """
requires: {approvals.QQ-OK.held: true}
tests:
  - {given: {approvals.QQ-OK.held: true, approvals.QQ-OK.valid_until: 2026-06-01}, expect: compliant}
  - {given: {approvals.QQ-OK.valid_until: 2026-05-31, approvals.PP-OK.held: false}, expect: gap}
  - {given: {approvals.QQ-OK.held: false}, expect: undetermined, unknown: [approvals.PP-OK.held]}
  - {given: {approvals.QQ-OK.granted_on: 2026-01-01}, expect: compliant}
  - {given: {approvals.PP-OK.held: true}, expect: compliant}
"""
    law.rules(rule("qq.x", body))
    assert carnet("test", ".") == (0, ["5 cases passed (1 rule)"])


def test_an_optional_instrument_counts_as_applied_where_it_was_made(law: LawFolder, carnet: Carnet) -> None:
    law.write("jurisdictions/QQ/more.yaml", "instruments: [{id: QQ-R1, title: Regulation 1, optional: true}]\n")
    body = """
requires: {behaviour.turns_on_red: false}
tests:
  - {given: {behaviour.turns_on_red: true}, expect: gap}
  - {given: {behaviour.turns_on_red: true}, expect: absent, market: QQ-A}
"""
    law.rules(rule("qq.r1", body).replace("instrument: qq.act", "instrument: QQ-R1"))
    assert carnet("test", ".") == (0, ["2 cases passed (1 rule)"])


DUTY = """
duties:
  - duty: slow-down
    title: Slow down
    takes: {limit: automation.max_speed_kmh}
    applies_when: {context.drives_on: right}
    requires: {automation.max_speed_kmh: {lte: {param: limit}}}
    severity: major
    duty_holder: ads_developer
    topic: traffic_law
    cases:
      - {with: {limit: 30}, given: {context.drives_on: right, automation.max_speed_kmh: 30}, expect: compliant}
      - {with: {limit: 30}, given: {context.market: QQ, automation.max_speed_kmh: 31}, expect: gap}
      - {with: {limit: 30}, given: {context.drives_on: left, automation.max_speed_kmh: 31}, expect: not_applicable}
"""


def test_a_dutys_own_cases(law: LawFolder, carnet: Carnet) -> None:
    law.write("rules/duties/speed.yaml", DUTY)
    law.rules(rule("qq.x", "requires: {behaviour.turns_on_red: false}"))
    assert carnet("test", ".") == (0, ["3 cases passed (1 rule, 1 rule without a case)"])
    assert carnet("test", ".", "--rule", "qq.")[1] == ["0 cases passed (1 rule, 1 rule without a case)"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("expect: gap", "expect: compliant", "expected compliant, got gap"),
        ("context.market: QQ", "context.market: QX", "unknown market `QX`"),
        (
            "automation.max_speed_kmh: 31}, expect: gap",
            "automation.max_speed_kmh: 999}, expect: gap",
            "`automation.max",
        ),
        ("{limit: 30}, given: {context.market", "{}, given: {context.market", "`duty slow-down` needs the parameter"),
    ],
)
def test_a_dutys_case_that_fails(law: LawFolder, carnet: Carnet, before: str, after: str, problem: str) -> None:
    law.write("rules/duties/speed.yaml", DUTY.replace(before, after))
    law.rules(rule("qq.x", "requires: {behaviour.turns_on_red: false}"))
    code, lines = carnet("test", ".")
    assert code == 1
    assert lines[0].startswith(f"rules/duties/speed.yaml:13: duty slow-down: {problem}")


@pytest.mark.parametrize("evaluator", ["native", "rete"])
def test_any_evaluator(law: LawFolder, carnet: Carnet, evaluator: str) -> None:
    if evaluator == "rete":
        pytest.importorskip("durable.engine")
    law.rules(rule("qq.yields", YIELDS))
    assert carnet("test", ".", "--evaluator", evaluator) == (0, ["6 cases passed (1 rule)"])


class TestScope:
    @pytest.fixture(autouse=True)
    def two_rules(self, law: LawFolder) -> None:
        law.rules(rule("qq.one", "requires: {behaviour.turns_on_red: false}"))
        law.rules(rule("qq-a.two", "requires: {behaviour.turns_on_red: true}"), code="QQ-A")

    def test_by_jurisdiction(self, carnet: Carnet) -> None:
        assert carnet("test", ".", "-j", "QQ-A")[1] == ["0 cases passed (1 rule, 1 rule without a case)"]
        assert carnet("test", ".", "-j", "QQ-A,QQ")[1] == ["0 cases passed (2 rules, 2 rules without a case)"]

    def test_by_the_start_of_an_id(self, carnet: Carnet) -> None:
        assert carnet("test", ".", "--rule", "qq.o")[1] == ["0 cases passed (1 rule, 1 rule without a case)"]

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (("test", "nowhere"), "carnet: nowhere: does not exist; name a folder of law, or one of its packs"),
            (("test", ".", "-j", "QX"), "carnet: unknown jurisdiction `QX`; `carnet markets` lists them"),
            (("test", ".", "--rule", "qq.onee"), "carnet: no rule's id starts with `qq.onee`; did you mean `qq.one`?"),
            (("test", ".", "--evaluator", "x"), "carnet: unknown evaluator `x`; use native or rete"),
            (
                ("test", ".", "--write"),
                "carnet: `--write` goes with `--propose`, and `--renew` and `--mutate` go alone; "
                "see `carnet test --help`",
            ),
        ],
    )
    def test_what_does_not_exist(self, carnet: Carnet, args: tuple[str, ...], message: str) -> None:
        code, lines = carnet(*args)
        assert code == 2
        assert [line.removeprefix("carnet: ") for line in lines] == [message.removeprefix("carnet: ")]


def test_a_folder_of_packs_is_read_over_the_bundled_law(
    tmp_path: Path, carnet: Carnet, law: LawFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.law.casework.scope.bundled_law", lambda: law.root)
    pack = tmp_path / "mine/jurisdictions/QQ/ours.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_text(
        """\
rules:
  - id: qq.ours.speed
    title: Our own limit
    topic: traffic_law
    cites: [{instrument: qq.act, provision: our reading}]
    confidence: memory
    duty_holder: ads_developer
    severity: advisory
    requires: {automation.max_speed_kmh: {lte: 95}}
    tests: [{given: {automation.max_speed_kmh: 96}, expect: gap}]
""",
        encoding="utf-8",
    )
    assert carnet("test", str(tmp_path / "mine")) == (0, ["1 case passed (1 rule)"])
    assert carnet("test", str(pack.parent)) == (0, ["1 case passed (1 rule)"])
    assert carnet("test", str(pack)) == (0, ["1 case passed (1 rule)"])
    (tmp_path / "rules").mkdir()
    assert carnet("test", str(tmp_path / "mine")) == (0, ["1 case passed (1 rule)"])


def test_packs_may_bring_facts_of_their_own(
    tmp_path: Path, carnet: Carnet, law: LawFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.law.casework.scope.bundled_law", lambda: law.root)
    texts = {
        "rules/vocabulary/acme.yaml": """\
section: acme
title: Acme
facts:
  acme.colour: {type: choice, values: {red: red, blue: blue}, question: Which colour?, term: ours}
""",
        "jurisdictions/QQ/ours.yaml": """\
rules:
  - id: qq.ours.colour
    title: Red
    topic: operations
    cites: [{instrument: qq.act, provision: our reading}]
    confidence: memory
    duty_holder: operator
    severity: advisory
    applies_when: {automation.max_speed_kmh: {gt: 10}}
    requires: {acme.colour: red}
    tests: [{given: {automation.max_speed_kmh: 20, acme.colour: blue}, expect: gap}]
""",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert carnet("test", str(tmp_path)) == (0, ["1 case passed (1 rule)"])


def test_a_folder_beside_the_bundled_law_is_not_silently_fine() -> None:
    with pytest.raises(LawError, match="holds no law; name a pack, such as jurisdictions/DE"):
        scope(str(bundled_law() / "docs"))


def test_without_a_folder_the_bundled_law_is_meant() -> None:
    assert scope(None, ("DE",), "de.l4") == Scope((bundled_law(),), None, ("DE",), "de.l4")


def test_a_part_of_the_bundled_law(carnet: Carnet) -> None:
    root = Path(__file__).parents[3]
    code, lines = carnet("test", str(root / "jurisdictions" / "GCC"))
    assert code == 0
    assert lines[-1].endswith(" rules)") or "without a case" in lines[-1]
