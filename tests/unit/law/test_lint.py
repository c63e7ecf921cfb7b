# SPDX-License-Identifier: Apache-2.0
"""Each lint rule on the smallest law that breaks it; every message is compared whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from law_folder import LawFolder, rule

from carnet.law.casework.scope import Scope
from carnet.law.lint.model import Linted
from carnet.law.lint.run import LINT_RULES
from carnet.law.model import Place

Carnet = Callable[..., tuple[int, list[str]]]
Lint = Callable[..., list[str]]
RULES = "jurisdictions/QQ/rules.yaml"
SIMPLE = "requires: {behaviour.turns_on_red: false}"
CASES = """
tests:
  - {given: {behaviour.turns_on_red: false}, expect: compliant}
  - {given: {behaviour.turns_on_red: true}, expect: gap}
"""


@pytest.fixture
def lint(carnet: Carnet) -> Lint:
    """Run one lint rule and return what it found, without the place's column and the last line."""

    def call(name: str, *args: str) -> list[str]:
        _, lines = carnet("lint", ".", "--only", name, *args)
        return lines[:-1]

    return call


def test_every_lint_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = {page.stem for page in (Path(__file__).parents[3] / "docs" / "lint").glob("*.md")} - {"README"}
    assert pages == set(LINT_RULES)


@pytest.mark.parametrize("name", LINT_RULES)
def test_pages_say_what_to_avoid_what_to_prefer_and_why(name: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / "lint" / f"{name}.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("#") and "and a rule" not in line] == [
        f"# {name}",
        "## Avoid",
        "## Prefer",
        "## Rationale",
    ]
    assert f"Level: {LINT_RULES[name].level}" in text


def test_a_law_without_faults(law: LawFolder, carnet: Carnet) -> None:
    law.write("rules/derivations/all.yaml", "derivations: []\n")
    law.write("jurisdictions/QQ/jurisdiction.yaml", law_without_parameters(law))
    law.rules(rule("qq.x", f"basis: text\n{SIMPLE}{CASES}"))
    code, lines = carnet("lint", ".", "-j", "QQ")
    assert (code, lines) == (0, ["0 errors, 0 warnings, 0 info"])


def law_without_parameters(law: LawFolder) -> str:
    text = (law.root / "jurisdictions/QQ/jurisdiction.yaml").read_text()
    return text.replace("parameters:\n  look_back_s: {unit: s, values: [{value: 4.5}]}\n", "")


def test_citation_missing(law: LawFolder, lint: Lint) -> None:
    law.rules(rule("qq.x", SIMPLE).replace("[{instrument: qq.act, provision: Art. 1}]", "[]"))
    assert lint("citation-missing") == [
        f"{RULES}:2: error: citation-missing: rule `qq.x` cites no provision; name the instrument and the place in it"
    ]


def test_citation_without_address(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/QQ/more.yaml", "instruments:\n  - {id: qq.paper, title: On paper}\n")
    one, two = rule("qq.x", SIMPLE), rule("qq.y", "requires: {automation.sae_level: 1}")
    law.rules(one.replace("qq.act", "qq.paper"), two.replace("qq.act", "qq.paper"), rule("qq.z", SIMPLE))
    at = "jurisdictions/QQ/more.yaml:2: warning: citation-without-address: instrument `qq.paper` has no address and is"
    hint = "give it a `url:` where the text can be read"
    assert lint("citation-without-address") == [f"{at} cited 2 times without one; {hint}"]
    law.rules(one.replace("qq.act", "qq.paper"), two.replace("qq.act,", "qq.paper, url: https://law.example,"))
    assert lint("citation-without-address") == [f"{at} cited once without one; {hint}"]


def test_primary_without_address(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/QQ/more.yaml", "instruments:\n  - {id: qq.paper, title: On paper}\n")
    text = rule("qq.x", SIMPLE).replace("official", "primary")
    law.rules(text.replace("qq.act", "qq.paper"), text.replace("qq.x", "qq.y"))
    assert lint("primary-without-address") == [
        f"{RULES}:2: error: primary-without-address: rule `qq.x` claims the confidence `primary` for a text without an "
        "address; give the address of the text that was read, or lower the confidence"
    ]


def test_blocking_unreviewed(law: LawFolder, lint: Lint) -> None:
    major = rule("qq.major", SIMPLE).replace("blocking", "major")
    law.rules(rule("qq.x", SIMPLE), rule("qq.text", f"basis: text\n{SIMPLE}"), major)
    assert lint("blocking-unreviewed") == [
        f"{RULES}:2: warning: blocking-unreviewed: rule `qq.x` can close a market, and nothing says what it rests on; "
        "give its `basis:`, or lower its severity"
    ]


def test_primary_without_reading(law: LawFolder, lint: Lint) -> None:
    reading = "read: {on: 2026-11-30, what: official text}"
    texts = (rule("qq.x", SIMPLE), rule("qq.read", f"{reading}\n{SIMPLE}"))
    law.rules(*(text.replace("official\n", "primary\n") for text in texts), rule("qq.other", SIMPLE))
    assert lint("primary-without-reading") == [
        f"{RULES}:2: warning: primary-without-reading: rule `qq.x` claims the confidence `primary`, and no reading is "
        "recorded; record it (`read: {on, what, at}`), or lower the confidence"
    ]


def test_cases_missing(law: LawFolder, lint: Lint) -> None:
    gap = "tests: [{given: {behaviour.turns_on_red: true}, expect: gap}]"
    law.rules(
        rule("qq.none", SIMPLE),
        rule("qq.one", f"{SIMPLE}\n{gap}"),
        rule("qq.ban", f"{SIMPLE}\ncurable: false\n{gap}"),
        rule("qq.both", SIMPLE + CASES),
    )
    hint = "`carnet test --propose` finds some"
    assert lint("cases-missing") == [
        f"{RULES}:2: warning: cases-missing: rule `qq.none` has no compliant and no gap case; {hint}",
        f"{RULES}:12: warning: cases-missing: rule `qq.one` has no compliant case; {hint}",
    ]


def test_dates_untested(law: LawFolder, lint: Lint) -> None:
    until = "in_force: {from: 2025-01-01, until: 2029-12-31}\n"
    before = "  - {given: {}, expect: absent, as_of: 2024-12-31}\n"
    first = "  - {given: {behaviour.turns_on_red: true}, expect: gap, as_of: 2025-01-01}\n"
    law.rules(
        rule("qq.none", until + SIMPLE),
        rule("qq.x", until + SIMPLE + CASES + before),
        rule("qq.y", until + SIMPLE + CASES + before + first),
    )
    start, hint = "warning: dates-untested: rule", "`carnet test --propose` finds some"
    assert lint("dates-untested") == [
        f"{RULES}:13: {start} `qq.x` has no case on either side of 2025-01-01, 2029-12-31; {hint}",
        f"{RULES}:28: {start} `qq.y` has no case on either side of 2029-12-31; {hint}",
    ]


def test_constant_condition(law: LawFolder, lint: Lint) -> None:
    level = "applies_when: {automation.sae_level: {gte: 4}}\n"
    law.rules(
        rule("qq.nobody", "applies_when: {automation.sae_level: {gt: 5}}\n" + SIMPLE),
        rule("qq.never", level + "requires: {automation.sae_level: {lte: 3}}"),
        rule("qq.ban", level + "requires: {automation.sae_level: {lte: 3}}\ncurable: false"),
        rule("qq.always", level + "requires: {automation.sae_level: {gte: 3}}"),
        rule("qq.unbound", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"),
        rule("qq.fine", level + SIMPLE),
    )
    start = "error: constant-condition: rule"
    assert lint("constant-condition") == [
        f"{RULES}:2: {start} `qq.nobody` addresses no profile; its `applies_when` contradicts itself",
        f"{RULES}:13: {start} `qq.never` can be met by no profile that it addresses; move what it forbids from "
        "`applies_when` to `requires`, or say `curable: false` of a ban",
        f"{RULES}:36: {start} `qq.always` is met by every profile that it addresses; its `requires` repeats "
        "`applies_when`, or is empty",
    ]


def test_duplicate_rule(law: LawFolder, lint: Lint) -> None:
    law.rules(
        rule("qq.x", SIMPLE),
        rule("qq.y", SIMPLE),
        rule("qq.other", SIMPLE).replace("ads_developer", "driver"),
        rule("qq.before", "in_force: {until: 2019-12-31}\nrequires: {automation.sae_level: 1}"),
        rule("qq.after", "in_force: {from: 2020-01-01}\nrequires: {automation.sae_level: 1}"),
    )
    law.rules(rule("qq-a.x", SIMPLE), code="QQ-A")
    assert lint("duplicate-rule") == [
        f"{RULES}:12: error: duplicate-rule: rule `qq.y` asks the same as `qq.x` (line 2 of QQ/rules.yaml); "
        "merge them: name both provisions in one `cites:`, the other record in `not_covered:`"
    ]


def test_derived_required(law: LawFolder, lint: Lint) -> None:
    law.rules(
        rule("qq.x", "requires: {derived.driverless: true}"),
        rule("qq.y", "requires: {behaviour.rear_range_m: {gte: {fact: derived.range_needed_m}}}"),
    )
    assert lint("derived-required") == [
        f"{RULES}:2: error: derived-required: rule `qq.x` requires something of `derived.driverless`; compare a "
        "declared fact, so that the gap has a remedy; derived facts belong on the right"
    ]


def test_unread_fact(law: LawFolder, lint: Lint) -> None:
    """Some are read by the engine itself (`vehicle.type_approved_on`), some only by derivations."""
    law.rules(
        rule("qq.x", "requires: {behaviour.rear_range_m: {gte: {fact: derived.range_needed_m}}}"),
        rule("qq.y", "applies_when: {derived.years_since_revoked: {lt: 5}}\nrequires: {vehicle.category: M1}"),
    )
    unread = "warning: unread-fact: no rule reads the"
    hint = "remove it, or use it where the law asks for it"
    assert lint("unread-fact") == [
        f"rules/derivations/all.yaml:2: {unread} derived fact `derived.driverless`; remove it",
        f"rules/vocabulary/behaviour.yaml:4: {unread} fact `behaviour.yields_to`; {hint}",
        f"rules/vocabulary/behaviour.yaml:5: {unread} fact `behaviour.turns_on_red`; {hint}",
        f"rules/vocabulary/operation.yaml:5: {unread} fact `operation.entities`; {hint}",
        f"rules/vocabulary/vehicle.yaml:6: {unread} fact `vehicle.registered_in`; {hint}",
    ]


APPROVALS = """\
approvals:
  QQ-ASKED: {title: Asked, kind: permit, after: [[QQ-BEFORE]]}
  QQ-BEFORE: {title: Before, kind: permit}
  QQ-NEED: {title: Need, kind: permit}
  QQ-INSTEAD: {title: Instead, kind: permit}
  QQ-APPLIED: {title: Applied, kind: permit}
  QQ-UNASKED: {title: Unasked, kind: permit}
instruments: [{id: QQ-APPLIED, title: Applied, optional: true}]
routes:
  - {id: qq.route, title: A route, kind: deployment, needs: [[QQ-NEED]]}
"""


def test_unasked_approval(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/QQ/more.yaml", APPROVALS)
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    head.write_text(head.read_text().replace("languages: [qq]", "recognises: {QQ-NEED: [QQ-INSTEAD]}"))
    law.rules(rule("qq.x", "requires: {approvals.QQ-ASKED.held: true, approvals: {applied_of: [QQ-APPLIED]}}"))
    assert lint("unasked-approval") == [
        "jurisdictions/QQ/more.yaml:7: warning: unasked-approval: no rule and no route asks for the approval "
        "`QQ-UNASKED`; add it to the `needs:` of a route or to a rule, or remove it"
    ]


def test_unused_action(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/QQ/more.yaml", APPROVALS)
    law.write(
        "rules/actions/all.yaml",
        """\
actions:
  - {id: retrain, title: Train the system again, who: ads_developer, weeks: [4, 8]}
  - {id: repaint, title: Paint it, who: manufacturer, weeks: [1, 2]}
  - {id: obtain-operating-permit, title: Get the permit, who: operator, weeks: [8, 16]}
""",
    )
    law.write(
        "rules/kinds.yaml",
        "approval_kinds: {permit: {title: permit, applicant: operator, action: obtain-operating-permit}}\n",
    )
    law.rules(rule("qq.x", SIMPLE))
    assert lint("unused-action") == [
        "rules/actions/all.yaml:3: warning: unused-action: no remedy is the action `repaint`; "
        "remove it, or name it in a `remedy:`"
    ]


def test_remedy_without_action(law: LawFolder, lint: Lint) -> None:
    text = rule("qq.x", SIMPLE).replace("{action: retrain}", "{text: Do better}")
    law.rules(text, text.replace("qq.x", "qq.ban") + "    curable: false\n")
    assert lint("remedy-without-action") == [
        f"{RULES}:2: warning: remedy-without-action: rule `qq.x` names no action that closes its gap; "
        "give `remedy: {action: ...}`, or say `curable: false` where nothing can be done"
    ]


def test_unused_parameter(law: LawFolder, lint: Lint) -> None:
    law.write(
        "jurisdictions/QQ/more.yaml",
        """\
parameters:
  limit_kmh: {unit: km/h, values: [{value: 50}]}
  share: {values: [{value: 2}]}
  idle: {values: [{value: 1}]}
""",
    )
    law.write("jurisdictions/QQ/approvals.yaml", APPROVALS)
    law.rules(
        rule("qq.a", "requires: {approvals: {applied_of: [QQ-APPLIED]}}"),
        rule("qq.x", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"),
        rule("qq.y", 'requires: {automation.max_speed_kmh: {lte: {formula: "share * 10"}}}'),
    )
    assert lint("unused-parameter") == [
        "jurisdictions/QQ/more.yaml:4: info: unused-parameter: no rule uses the parameter `idle`; "
        "it is shown with the market only"
    ]


def test_parameter_missing(law: LawFolder, lint: Lint) -> None:
    """Each missing value once, with the markets that lack it; what has ended needs none."""
    requires = "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"
    law.rules(
        rule("qq.x", requires),
        rule("qq.ended", f"in_force: {{until: 2020-12-31}}\n{requires}"),
    )
    law.write("jurisdictions/QQ-A/more.yaml", "parameters: {limit_kmh: {values: [{from: 2027-01-01, value: 50}]}}\n")
    law.write(
        "jurisdictions/QQ/more.yaml",
        "routes:\n"
        "  - {id: qq.r, title: R, kind: testing, available_when: {automation.max_speed_kmh: {lt: {param: low}}}}\n",
    )
    hint = "add it to the jurisdiction's `parameters:` or to `with:`"
    start = "error: parameter-missing:"
    assert lint("parameter-missing") == [
        f"jurisdictions/QQ/more.yaml:2: {start} `qq.r` needs the parameter `low`, "
        f"which is not set for `QQ`, `QQ-A`; {hint}",
        f"{RULES}:2: {start} `qq.x` needs the parameter `limit_kmh`, which is not set for `QQ`, `QQ-A`; {hint}",
    ]


def test_derived_not_computed(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/PP/jurisdiction.yaml", "jurisdiction: {id: PP, name: Peeland}\n")
    law.write("jurisdictions/PP/more.yaml", "instruments: [{id: pp.act, title: Act, url: https://law.example}]\n")
    requires = "requires: {behaviour.rear_range_m: {gte: {fact: derived.range_needed_m}}}"
    law.write(
        "jurisdictions/PP/routes.yaml",
        "routes:\n  - {id: pp.r, title: R, kind: testing, available_when: {derived.range_needed_m: {lt: 50}}}\n",
    )
    law.rules(rule("pp.x", requires).replace("qq.act", "pp.act"), code="PP")
    law.rules(rule("qq.x", requires))
    assert lint("derived-not-computed") == [
        "jurisdictions/PP/routes.yaml:2: error: derived-not-computed: route `pp.r` reads `derived.range_needed_m`, "
        "which cannot be computed for `PP`; set the parameters it is computed from, to `none` where the law sets none",
        "jurisdictions/PP/rules.yaml:2: error: derived-not-computed: rule `pp.x` reads `derived.range_needed_m`, "
        "which cannot be computed for `PP`; set the parameters it is computed from, to `none` where the law sets none",
    ]


ROUTES = """\
routes:
  - id: qq.nobody
    title: For nobody
    kind: deployment
    available_when: {automation.sae_level: {gt: 5}}
  - id: qq.l4
    title: For those without a driver
    kind: deployment
    available_when: {automation.sae_level: {gte: 4}, operation.driver_on_board: false}
  - id: qq.assist
    title: For the others
    kind: deployment
    available_when: {automation.sae_level: {lte: 3}}
"""


def test_a_fault_of_a_jurisdiction_stands_at_its_head(law: LawFolder, tmp_path: Path) -> None:
    """In the nearest folder that has one; a head may stand in a file of another name."""
    head = law.write(
        "jurisdictions/QQ/jurisdiction.yaml", (law.root / "jurisdictions/QQ/jurisdiction.yaml").read_text()
    )
    linted = Linted(law.link(), Scope((law.root, tmp_path / "mine")))
    assert linted.jurisdiction_place("QQ") == Place(str(head), 1)
    head.rename(head.with_name("head.yaml"))
    assert linted.jurisdiction_place("QQ") == Place("jurisdictions/QQ/jurisdiction.yaml", 1)


def test_route_unreachable(law: LawFolder, lint: Lint) -> None:
    law.write("jurisdictions/QQ/routes.yaml", ROUTES)
    law.rules(
        rule("qq.driver", "requires: {operation.driver_on_board: true}"),
        rule("qq.driver.minor", "requires: {operation.driver_on_board: true}").replace("blocking", "major"),
        rule("qq.driver.assist", "routes: [qq.assist]\nrequires: {operation.driver_on_board: true}"),
        rule("qq.level", "applies_when: {automation.sae_level: {lte: 2}}\nrequires: {automation.sae_level: {gte: 3}}"),
    )
    start = "error: route-unreachable: route"
    assert lint("route-unreachable") == [
        f"jurisdictions/QQ/routes.yaml:2: {start} `qq.nobody` is on offer to no profile; "
        "its `available_when` contradicts itself",
        f"jurisdictions/QQ/routes.yaml:6: {start} `qq.l4` can be taken by no profile: rule `qq.driver` forbids all "
        "that it is for; narrow the rule by `routes:` or `applies_when`, or correct `available_when`",
    ]


def test_profile_without_route(law: LawFolder, lint: Lint) -> None:
    vocabulary = law.root / "rules/vocabulary/operation.yaml"
    vocabulary.write_text(
        vocabulary.read_text() + "  operation.service: {type: choice, question: Which?, values: {robotaxi: taxi}}\n"
    )
    law.write(
        "jurisdictions/QQ/routes.yaml",
        """\
routes:
  - {id: qq.l4, title: L4, kind: deployment, available_when: {derived.driverless: true}}
  - {id: qq.park, title: Parking, kind: deployment, track: parking, available_when: {automation.sae_level: 3}}
""",
    )
    head = law.root / "jurisdictions/QQ/jurisdiction.yaml"
    start = "jurisdictions/QQ/jurisdiction.yaml:1: error: profile-without-route:"
    end = "finds no route on offer in `QQ`, and no `closed_for` says why; "
    end += "add the route that it takes, or the reason why there is none"
    assert lint("profile-without-route") == [
        f"{start} a car with driver assistance {end}",
        f"{start} a private car that drives itself at level 3 {end}",
    ]
    why = "closed_for: [{when: {automation.sae_level: 3}, why: No text allows it.}]"
    head.write_text(head.read_text().replace("languages: [qq]", why))
    assert lint("profile-without-route") == [f"{start} a car with driver assistance {end}"]


def test_home_routes_are_for_exporters_only(law: LawFolder, lint: Lint) -> None:
    law.write(
        "jurisdictions/QQ/routes.yaml",
        """\
routes:
  - {id: qq.export, title: Export, kind: deployment, layer: home, available_when: {automation.sae_level: {gt: 5}}}
""",
    )
    assert lint("profile-without-route") == []
    assert lint("route-unreachable") == [
        "jurisdictions/QQ/routes.yaml:2: error: route-unreachable: route `qq.export` is on offer to no profile; "
        "its `available_when` contradicts itself"
    ]


def test_markets_that_cannot_be_built_are_left_to_parameter_missing(law: LawFolder, lint: Lint) -> None:
    law.rules(rule("qq.x", "requires: {automation.max_speed_kmh: {lte: {param: limit_kmh}}}"))
    law.write("jurisdictions/QQ/routes.yaml", ROUTES)
    assert lint("route-unreachable") == []
    assert lint("derived-not-computed") == []


class TestCommand:
    @pytest.fixture(autouse=True)
    def faults(self, law: LawFolder) -> None:
        law.rules(rule("qq.x", SIMPLE).replace("{action: retrain}", "{}"))
        law.rules(rule("qq-a.x", SIMPLE), code="QQ-A")

    def test_exit_codes(self, law: LawFolder, carnet: Carnet) -> None:
        only = ("--only", "remedy-without-action")
        assert carnet("lint", ".", *only)[0] == 0
        assert carnet("lint", ".", *only, "--fail-on", "warning")[0] == 1
        law.rules(rule("qq.x", SIMPLE).replace("[{instrument: qq.act, provision: Art. 1}]", "[]"))
        assert carnet("lint", ".", "--only", "citation-missing,remedy-without-action")[0] == 1

    def test_a_jurisdiction(self, carnet: Carnet) -> None:
        assert carnet("lint", ".", "--only", "remedy-without-action", "-j", "QQ-A")[1] == [
            "0 errors, 0 warnings, 0 info"
        ]
        assert carnet("lint", ".", "--only", "remedy-without-action", "-j", "QQ")[1][-1] == (
            "0 errors, 1 warning, 0 info"
        )

    @pytest.mark.parametrize(
        ("args", "message"),
        [
            (
                ("--only", "remedy-without-actions"),
                "unknown lint rule `remedy-without-actions`; did you mean `remedy-without-action`?",
            ),
            (("--only", "zzz"), "unknown lint rule `zzz`; see docs/lint"),
            (("-j", "QX"), "unknown jurisdiction `QX`; `carnet markets` lists them"),
        ],
    )
    def test_what_does_not_exist(self, carnet: Carnet, args: tuple[str, ...], message: str) -> None:
        code, lines = carnet("lint", ".", *args)
        assert code == 2
        assert [line.removeprefix("carnet: ") for line in lines] == [message]

    def test_law_that_cannot_be_linked(self, law: LawFolder, carnet: Carnet) -> None:
        law.rules(rule("qq.x", "requires: {behaviour.turns_on_rod: false}"))
        assert carnet("lint", ".") == (
            2,
            [
                f"{RULES}:2:5: `qq.x`: `behaviour.turns_on_rod` reads the fact `behaviour.turns_on_rod`, which the "
                "vocabulary does not have; did you mean `behaviour.turns_on_red`?"
            ],
        )


def test_the_bundled_law_must_have_cases(law: LawFolder, carnet: Carnet, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is a warning for a company's own packs is an error there."""
    import carnet.law.lint.run as module

    law.rules(rule("qq.x", SIMPLE))
    monkeypatch.setattr(module, "bundled_law", lambda: law.root)
    assert carnet("lint", ".", "--only", "cases-missing")[1][0].startswith(f"{RULES}:2: error: cases-missing: ")
