# SPDX-License-Identifier: Apache-2.0
"""Bad law is refused whole, with one sentence per mistake: what, where, what to try."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from carnet.api import Law
from carnet.days import add_months
from carnet.errors import CarnetError, LawError
from carnet.law.link import link_law
from carnet.law.locate import bundled_law

SMALL = Path(__file__).resolve().parents[1] / "assess" / "law"
RULE = """rules:
  - id: cc.new
    title: New
    topic: traffic_law
    cites: [{instrument: cc.act, provision: § 1}]
    confidence: primary
    duty_holder: operator
    severity: major
    requires: %s
"""
INSTANCE = """rules:
  - {id: cc.new, duty: %s, with: %s, cites: [{instrument: cc.act, provision: § 1}], confidence: primary}
"""
DECLARED = (
    "`declared` may only be `true`, in what a rule requires, outside `not`; "
    "compare `vehicle.type_approved_on` with a value, so that it is asked for while nobody declared it"
)
CASES = {
    "misspelt key": ("rulse: []", ":1:1: `rulse` is not a key here; did you mean `rules`?"),
    "misspelt fact": (
        RULE % "{automation.sae_levl: 4}",
        ":2:5: `cc.new`: `automation.sae_levl` reads the fact `automation.sae_levl`, which the vocabulary does not have"
        "; did you mean `automation.sae_level`?",
    ),
    "misspelt operator": (
        RULE % "{automation.sae_level: {gt_e: 4}}",
        ":9:39: `gt_e` is not an operator; did you mean `gte`?",
    ),
    "misspelt combinator": (
        RULE % "{al: []}",
        ":9:16: `al` is neither a combinator nor a fact; did you mean `all`?",
    ),
    "value that is not allowed": (
        RULE % "{behaviour.yields_to: {contains: ambulanc}}",
        ":2:5: `cc.new`: `behaviour.yields_to` compares with `ambulanc`, which is not a value of `behaviour.yields_to`;"
        " did you mean `ambulance`?",
    ),
    "operator that does not fit": (
        RULE % "{behaviour.yields_to: {gte: 4}}",
        ":2:5: `cc.new`: `behaviour.yields_to` compares a set with `gte`; use one of eq, ne, contains_any, "
        "contains_all, subset_of, disjoint, ranks, size_eq, size_ne, size_lt, size_lte, size_gt, size_gte",
    ),
    "formula that gives another kind": (
        RULE % '{automation.max_speed_kmh: {lte: {formula: "context.as_of"}}}',
        "`cc.new`: `automation.max_speed_kmh` compares a number with a formula that gives a date",
    ),
    "formula that computes with another kind": (
        RULE % '{automation.max_speed_kmh: {lte: {formula: "context.as_of + 1"}}}',
        "`automation.max_speed_kmh` has a formula that takes a date for a number in `+`; use `days`, `years`",
    ),
    "rule that sets itself aside": (
        RULE % "{automation.sae_level: 4}" + "    supersedes: [cc.new]\n",
        "rules set themselves aside: `cc.new` supersedes `cc.new`; remove one `supersedes`",
    ),
    "rules that set each other aside": (
        RULE % "{automation.sae_level: 4}"
        + "    supersedes: [cc.two]\n"
        + (RULE % "{automation.sae_level: 4}").replace("rules:\n", "").replace("cc.new", "cc.two")
        + "    supersedes: [cc.new]\n",
        "rules set themselves aside: `cc.new` supersedes `cc.two` supersedes `cc.new`; remove one `supersedes`",
    ),
    "address that runs": (
        "instruments: [{id: cc.x, title: T, kind: statute, url: 'javascript:alert(1)'}]",
        ":1:51: `url` is no address of the web, such as https://law.example/act",
    ),
    "weeks that run backwards": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {decide: [8, 4]}}}",
        "`decide` is not the fewest weeks and then the most, such as [4, 8]",
    ),
    "period in two units": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {validity: {years: 1, months: 6}}}}",
        ":1:55: `validity` names no one length of time; write one of "
        "`days`, `working_days`, `weeks`, `months`, `years`",
    ),
    "period of the law without a provision": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {decision: {months: 3}}}}",
        ":1:55: `decision` is a period of the law, so it needs `cites`",
    ),
    "change of no fact": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {changes: [{facts: [automation.sae_levl], asks: new}]}}}",
        ":1:13: no fact is called `automation.sae_levl`; did you mean `automation.sae_level`?",
    ),
    "applicant that is nobody": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {applicant: operater}}}",
        ":1:13: no duty holder is called `operater`; did you mean `operator`?",
    ),
    "class of cost that is none": (
        "approvals: {CC-X: {title: T, kind: permit, planning: {cost: {level: huge}}}}",
        ":1:13: no class of cost is called `huge`",
    ),
    "approvals that wait for each other": (
        "approvals:\n"
        "  CC-X: {title: T, kind: permit, after: [[CC-Y]]}\n"
        "  CC-Y: {title: T, kind: permit, after: [[CC-X, CC-Z]]}\n"
        "  CC-Z: {title: T, kind: permit, after: [[CC-Y]]}\n",
        ":2:3: approvals wait for each other: `CC-X` after `CC-Y` after `CC-X`; remove one `after`",
    ),
    "formula": (
        RULE % '{automation.max_speed_kmh: {lte: {formula: "2 * (3"}}}',
        ":9:49: `formula` expected `)` before `the end` (character 7 of `2 * (3`)",
    ),
    "empty any": (RULE % "{any: []}", ":9:16: `any` needs a list with at least one item"),
    "unknown approval": (
        RULE % "{approvals: {any_of: [CC-PERMITT]}}",
        ":2:5: `cc.new`: `approvals.CC-PERMITT.held` asks for the approval `CC-PERMITT`, which no pack lists;"
        " did you mean `CC-PERMIT`?",
    ),
    "unknown instrument": (
        "notes: [{id: cc.n, text: x, cites: [{instrument: cc.akt, provision: § 1}]}]",
        ":1:9: no instrument is called `cc.akt`; did you mean `cc.act`?",
    ),
    "unknown duty": (INSTANCE % ("yield", "{}"), ":2:18: no duty is called `yield`; did you mean `yields`?"),
    "unknown parameter of a duty": (
        INSTANCE % ("yields", "{clases: [ambulance]}"),
        ":2:39: duty `yields` takes no `clases`; did you mean `classes`?",
    ),
    "rule without requirement": (
        RULE.replace("    requires: %s\n", ""),
        ":2:5: rule `cc.new` has no `requires`; add it, or make it an instance of a duty",
    ),
    "severity": (
        (RULE % "{automation.sae_level: 4}").replace("severity: major", "severity: mayor"),
        ":8:5: `severity` is `mayor`; did you mean `major`?",
    ),
    "id twice": (
        RULE % "{automation.sae_level: 4}" + (RULE % "{automation.sae_level: 4}").removeprefix("rules:\n"),
        "z-new.yaml:10:5: `cc.new` is defined already in jurisdictions/CC/z-new.yaml:2; keep one of them",
    ),
    "id of another file": (
        (RULE % "{automation.sae_level: 4}").replace("cc.new", "cc.rear"),
        "`cc.rear` is defined already in jurisdictions/CC/pack.yaml:86; keep one of them",
    ),
    "date that does not exist": (
        RULE % "{vehicle.type_approved_on: {gte: 2026-02-30}}",
        ":9:48: the date `2026-02-30` does not exist; correct the day",
    ),
    "folder and id": (
        "jurisdiction: {id: CX, name: Other}",
        ":1:16: `CX` stands in the folder `CC`; rename one of them",
    ),
    "parameter values out of order": (
        "parameters: {x_kmh: {values: [{from: 2020-01-01, value: 1}, {from: 2019-01-01, value: 2}]}}",
        ":1:14: `x_kmh` has values out of order or twice on a day; put the oldest first",
    ),
    "file that is no mapping": ("- rules", ":1:1: is not a mapping of keys; use the keys jurisdiction, parameters,"),
    "nested misspelt key": (
        (RULE % "{automation.sae_level: 4}").replace("provision:", "provison:"),
        ":5:34: `provison` is not a key here; did you mean `provision`?",
    ),
    "misspelt key of a parameter": (
        "parameters: {x_kmh: {unitt: km/h, values: [{value: 1}]}}",
        ":1:22: `unitt` is not a key here; did you mean `unit`?",
    ),
    "key like no other": (
        "parameters: {x_kmh: {zzz: km/h, values: [{value: 1}]}}",
        ":1:22: `zzz` is not a key here; use unit, values",
    ),
    "missing key": ("notes: [{id: cc.n}]", ":1:9: `text` is missing; add it"),
    "wrong type": ("notes: [{id: cc.n, text: 3}]", ":1:20: `text` is not text; write it in quotes"),
    "no duty holder": (
        (RULE % "{automation.sae_level: 4}").replace("    duty_holder: operator\n", ""),
        ":2:5: rule `cc.new` has no `duty_holder`; say whose duty it is",
    ),
    "with without a duty": (
        RULE % "{automation.sae_level: 4}" + "    with: {x: 1}\n",
        ":2:5: `with` and `when` belong to an instance of a duty; add `duty:` or remove them",
    ),
    "duty with conditions": (
        (INSTANCE % ("yields", "{classes: [ambulance]}")).replace(
            "duty:", "requires: {automation.sae_level: 4}, duty:"
        ),
        ":2:5: an instance of a duty has no conditions of its own; narrow it with `when:`",
    ),
    "parameter that is no value": (
        INSTANCE % ("yields", "{classes: {set: [ambulance]}}"),
        ":2:39: is not a parameter value; write a value, a list, or {formula: text}",
    ),
    "parameter without value": (
        "parameters: {x_kmh: {values: [{value: null}]}}",
        ": `value` has no value; write `none` where the law sets none",
    ),
    "approval of a duty": (
        INSTANCE % ("holds", "{approvals: [CC-PERMITT]}"),
        "asks for the approval `CC-PERMITT`, which no pack lists; did you mean `CC-PERMIT`?",
    ),
    "formula over a text": (
        RULE % '{automation.max_speed_kmh: {lte: {formula: "organisation.home_country * 2"}}}',
        "computes with `organisation.home_country`, which is a text; use a number or a date",
    ),
    "formula over an unknown fact": (
        RULE % '{automation.max_speed_kmh: {lte: {formula: "automation.maxspeed * 2"}}}',
        "reads the fact `automation.maxspeed`, which the vocabulary does not have",
    ),
    "facts that cannot be compared": (
        RULE % "{automation.max_speed_kmh: {lte: {fact: organisation.home_country}}}",
        "compares a number with `organisation.home_country`, a text",
    ),
    "other fact that does not exist": (
        RULE % "{automation.max_speed_kmh: {lte: {fact: automation.maxspeed}}}",
        "reads the fact `automation.maxspeed`, which the vocabulary does not have",
    ),
    "text for a bool": (
        RULE % "{operation.driver_on_board: yes}",
        "compares true or false with `yes`; write true or false",
    ),
    "text for a number": (
        RULE % "{automation.sae_level: four}",
        "compares with `four`, which is not a number",
    ),
    "unknown group": (
        RULE % "{organisation.home_country: {in: {group: NAER}}}",
        "names the group `NAER`, which does not exist; did you mean `NEAR`?",
    ),
    "unknown fact of a case": (
        RULE % "{automation.sae_level: 4}" + "    tests: [{given: {automation.level: 4}, expect: gap}]\n",
        "a case of rule `cc.new` declares the unknown fact `automation.level`",
    ),
    "id of another jurisdiction": (
        (RULE % "{automation.sae_level: 4}").replace("cc.new", "cc-x.ban"),
        "`cc-x.ban` already stands at",
    ),
    "declared in what decides whether a rule applies": (
        RULE % "{automation.sae_level: 4}" + "    applies_when: {vehicle.type_approved_on: {declared: true}}\n",
        f":10:47: {DECLARED}",
    ),
    "declared turned round": (
        RULE % "{any: [{automation.max_speed_kmh: {lte: 5}}, {automation.max_speed_kmh: {declared: false}}]}",
        f":9:88: {DECLARED.replace('vehicle.type_approved_on', 'automation.max_speed_kmh')}",
    ),
    "declared within not": (
        RULE % "{not: {all: [{vehicle.type_approved_on: {declared: true}}]}}",
        f":9:56: {DECLARED}",
    ),
    "declared in what narrows a duty": (
        (INSTANCE % ("yields", "{classes: [ambulance]}")).replace(
            "cites:", "when: {vehicle.type_approved_on: {declared: true}}, cites:"
        ),
        f": {DECLARED}",
    ),
    "declared in what makes a way in available": (
        "routes: [{id: x, title: X, kind: deployment, available_when: {vehicle.type_approved_on: {declared: true}}}]",
        f":1:90: {DECLARED}",
    ),
    "unknown route": (
        RULE % "{automation.sae_level: 4}" + "    routes: [cc.l5]\n",
        "no route is called `cc.l5`; did you mean `cc.l4`?",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "law")
    return tmp_path / "law"


def sentences(folder: Path) -> str:
    with pytest.raises(CarnetError) as error:
        link_law([folder])
    return str(error.value).replace(f"{folder}/", "")


SHARED = {
    "derivation that asks what is declared": (
        "derivations: [{fact: derived.a, type: bool, title: A, when: {vehicle.type_approved_on: {declared: true}}}]",
        f":1:89: {DECLARED}",
    ),
    "duty that asks what is declared": (
        "duties: [{duty: d, title: D, topic: traffic_law, duty_holder: driver, severity: major, takes: {}, "
        "applies_when: {vehicle.type_approved_on: {declared: true}}, requires: {automation.sae_level: 4}}]",
        f": {DECLARED}",
    ),
    "derivation without a formula": (
        "derivations: [{fact: derived.a, type: number, title: A}]",
        ":1:15: `derived.a` needs `when` for a bool and `formula` otherwise; give one of them",
    ),
    "derivation with a bad formula": (
        "derivations: [{fact: derived.a, type: number, title: A, formula: 1 +}]",
        "`formula` expected a number, a name or `(` before `the end` (character 4)",
    ),
    "derivation over an unknown fact": (
        "derivations: [{fact: derived.a, type: number, title: A, formula: automation.maxspeed}]",
        "`derived.a` computes with the unknown fact `automation.maxspeed`",
    ),
    "group in itself": ("groups: {RING: {union: [RING]}}", "group `RING` takes itself in"),
    "group of nothing": ("groups: {RING: {union: [FARR]}}", "group `FARR` does not exist; did you mean `FAR`?"),
    "action twice": (
        "actions: [{id: f, title: F, who: owner, weeks: [1, 2]}, {id: f, title: F, who: owner, weeks: [1, 2]}]",
        "`f` already stands at",
    ),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_bad_shared_file(name: str, folder: Path) -> None:
    text, message = SHARED[name]
    (folder / "rules" / "z-new.yaml").write_text(text, encoding="utf-8")
    assert message in sentences(folder)


def test_a_jurisdiction_without_a_head(folder: Path) -> None:
    (folder / "jurisdictions" / "EE").mkdir()
    (folder / "jurisdictions" / "EE" / "law.yaml").write_text("notes: []")
    assert sentences(folder).endswith("`EE` has no `jurisdiction:`; add jurisdiction.yaml")


def test_a_file_outside_a_jurisdictions_folder(folder: Path) -> None:
    (folder / "jurisdictions" / "law.yaml").write_text("notes: []")
    assert sentences(folder) == (
        "jurisdictions/law.yaml: stands outside a jurisdiction's folder; move law.yaml to `jurisdictions/<CODE>/`"
    )


def test_routes_that_are_only_proposed_or_have_ended_are_not_on_offer(folder: Path) -> None:
    cite = "cites: [{instrument: cc.act, provision: § 2}]"
    (folder / "jurisdictions" / "CC" / "z.yaml").write_text(
        "routes:\n"
        f"  - {{id: cc.proposed, title: Maybe, kind: deployment, legal_status: proposed, {cite}}}\n"
        f"  - {{id: cc.gone, title: Once, kind: deployment, until: 2020-12-31, {cite}}}\n"
    )
    law = Law.open([folder])

    def on_offer(day: dt.date) -> set[str]:
        return {route.route.id for layer in law.rulebook("CC", day).layers[-1:] for route in layer.routes}

    assert on_offer(law.as_of) == {"cc.assist", "cc.l4", "cc.test", "cc.park"}
    assert on_offer(dt.date(2020, 12, 31)) == {"cc.assist", "cc.gone", "cc.test", "cc.park"}
    asked = {owner for owner, _, _ in law.maker("CC", law.as_of).unbound()}
    assert {"cc.proposed", "cc.assist"} <= asked
    assert "cc.gone" not in asked


def test_only_yaml_is_law(folder: Path) -> None:
    before = link_law([folder]).jurisdictions
    (folder / "jurisdictions" / "CC" / "README.md").write_text("rulse: []")
    assert link_law([folder]).jurisdictions == before


def test_a_broken_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda path: False)
    with pytest.raises(LawError, match=r"carnet: the bundled law is missing; install carnet again$"):
        bundled_law()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 1, 30), 1, dt.date(2028, 2, 29)),
        (dt.date(2026, 8, 31), 1, dt.date(2026, 9, 30)),
        (dt.date(2026, 11, 22), 24, dt.date(2028, 11, 22)),
        (dt.date(2026, 12, 31), 24, dt.date(2028, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: dt.date, months: int, later: dt.date) -> None:
    assert add_months(day, months) == later


def test_law_without_a_release(folder: Path) -> None:
    rules = folder / "rules" / "law.yaml"
    rules.write_text(rules.read_text().partition("\n")[2], encoding="utf-8")
    assert sentences(folder) == "no file says which release of the law this is; add `law: {version, as_of}`"


def test_a_market_without_a_parameter_that_its_rule_needs(folder: Path) -> None:
    text = RULE % "{automation.max_speed_kmh: {lte: {param: top_kmh}}}"
    (folder / "jurisdictions" / "CC" / "z.yaml").write_text(text, encoding="utf-8")
    law = Law.open([folder])
    with pytest.raises(
        CarnetError, match=r"`cc.new` needs the parameter `top_kmh`, which `CC-X` does not set; add it to"
    ):
        law.rulebook("CC-X", law.as_of)


def test_a_note_is_shown_from_its_first_day_to_its_last(folder: Path) -> None:
    text = "notes: [{id: cc.old, text: A duty rate., from: 2025-01-01, until: 2025-12-31}]"
    (folder / "jurisdictions" / "CC" / "z.yaml").write_text(text, encoding="utf-8")
    law = Law.open([folder])
    days = ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01")
    shown = [any(n.id == "cc.old" for n in law.rulebook("CC", dt.date.fromisoformat(day)).notes) for day in days]
    assert shown == [False, True, True, False]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_pack(name: str, folder: Path) -> None:
    text, message = CASES[name]
    (folder / "jurisdictions" / "CC" / "z-new.yaml").write_text(text, encoding="utf-8")
    found = sentences(folder)
    assert message in found
    assert "\n" not in found or name == "folder and id"


def test_derived_facts_in_a_circle(folder: Path) -> None:
    (folder / "rules" / "more.yaml").write_text(
        "derivations:\n"
        "  - {fact: derived.a, type: number, title: A, formula: derived.b + 1}\n"
        "  - {fact: derived.b, type: number, title: B, formula: derived.a + 1}\n"
    )
    assert sentences(folder) == "rules/more.yaml:2:5: derived fact `derived.a` depends on itself; break the cycle"


def test_jurisdictions_in_a_circle(folder: Path) -> None:
    (folder / "jurisdictions" / "AA" / "z.yaml").write_text("jurisdiction: {id: AA, name: Treaty, parent: CC}")
    assert "is its own ancestor; correct `parent:`" in sentences(folder)


def test_a_parent_without_a_folder(folder: Path) -> None:
    (folder / "jurisdictions" / "CC-X" / "z.yaml").write_text("jurisdiction: {id: CC-X, name: City, parent: CD}")
    assert sentences(folder).endswith(":1:38: `CC-X` has the parent `CD`, which has no folder; add its folder")


@pytest.mark.parametrize("key", ["decided_below", "closed_for"])
def test_what_is_declared_decides_no_explanation(key: str, folder: Path) -> None:
    head = folder / "jurisdictions" / "CC" / "pack.yaml"
    lines = head.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("  closed_for:"))
    asked = f"{key}: [{{when: {{vehicle.type_approved_on: {{declared: true}}}}, why: w}}]"
    head.write_text(text.replace("jurisdiction:\n", f"jurisdiction:\n  {asked}\n", 1), encoding="utf-8")
    assert DECLARED in sentences(folder)


def test_a_rule_may_require_that_a_fact_is_declared(folder: Path) -> None:
    requires = "{any: [{all: [{vehicle.type_approved_on: {declared: true}}, {automation.sae_level: 4}]}]}"
    (folder / "jurisdictions" / "CC" / "z.yaml").write_text(RULE % requires, encoding="utf-8")
    assert "cc.new" in [rule.id for rule in link_law([folder]).jurisdictions["CC"].rules]


def test_a_folder_without_law(tmp_path: Path) -> None:
    with pytest.raises(CarnetError, match="holds no law; put packs under"):
        link_law([tmp_path])


def test_all_mistakes_are_told_together(folder: Path) -> None:
    for code in ("CC", "DD"):
        (folder / "jurisdictions" / code / "z.yaml").write_text("rulse: []")
    assert len(sentences(folder).splitlines()) == 2


def test_a_private_pack_replaces_a_rule_and_adds_one(folder: Path, tmp_path: Path) -> None:
    private = tmp_path / "private" / "jurisdictions" / "CC"
    private.mkdir(parents=True)
    rule = (RULE % "{automation.sae_level: 4}").replace("cc.new", "cc.rear")
    added = (RULE % "{automation.sae_level: 5}").removeprefix("rules:\n")
    (private / "ours.yaml").write_text(rule + added, encoding="utf-8")
    rules = {rule.id: rule for rule in link_law([folder, tmp_path / "private"]).jurisdictions["CC"].rules}
    assert rules["cc.rear"].title == "New"
    assert {"cc.new", "cc.yields"} <= set(rules)
