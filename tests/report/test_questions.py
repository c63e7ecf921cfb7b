# SPDX-License-Identifier: Apache-2.0
"""What to declare next: what decides most comes first, nothing is counted twice, and what is named settles it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import report_samples as samples

import carnet
from carnet.assess.model import Explanation, Outcome, Status, Told
from carnet.law.model import Severity
from carnet.plan.questions import Question, allowed, closable, entries, questions, standing, to_ask

LAW = carnet.load_law()
TEN_LINES = """
name: Ten lines
vehicle: {category: M1, steering_side: left}
automation: {sae_level: 2, max_speed_kmh: 130, hands_off: true}
operation: {phase: commercial, service: private_car}
organisation: {home_country: CN}
"""


def profile(text: str) -> carnet.Profile:
    return carnet.Profile.from_text(text)


def waits(rule: str, *unknown: str, **changes: object) -> Any:
    return samples.finding(rule, Status.UNDETERMINED, unknown=unknown, **changes)


def test_a_rule_counts_once_for_each_market_and_feature() -> None:
    findings = (
        waits("x.two", "a.b", "a.c"),
        waits("x.two", "a.b", "a.c"),
        waits("x.one", "a.c"),
        waits("x.minor", "a.c", severity=Severity.MAJOR),
        waits("x.minor", "a.d", severity=Severity.MAJOR),
    )
    here = samples.bavaria()._replace(findings=findings, routes=())
    there = samples.japan()._replace(findings=findings[2:3])
    assert questions([here, there]) == (
        Question("a.c", 4, 3, 2, ("DE-BY", "JP"), ("x.two", "x.one", "x.minor")),
        Question("a.b", 1, 1, 0, ("DE-BY",), ("x.two",)),
        Question("a.d", 1, 0, 0, ("DE-BY",), ("x.minor",)),
    )


def test_a_route_that_may_be_on_offer_waits_as_a_blocking_rule_does() -> None:
    market = samples.bavaria()._replace(findings=())
    assert questions([market]) == (Question("operation.phase", 1, 1, 1, ("DE-BY",), ("de.test-permit",)),)


def test_duties_of_home_count_once_and_stand_last() -> None:
    duty = waits("cn.export", "supply_chain.dual_use_items", layer="home")
    markets = [samples.japan()._replace(market=code, home="CN", home_findings=(duty,)) for code in ("JP", "AE")]
    asked = questions([*markets, samples.bavaria()._replace(findings=())])
    assert [(one.fact, one.findings, one.markets, one.home) for one in asked] == [
        ("operation.phase", 1, ("DE-BY",), False),
        ("supply_chain.dual_use_items", 1, ("CN",), True),
    ]


def test_what_decides_whether_a_rule_applies_is_asked_before_what_it_requires() -> None:
    told = Told(unknown=("a.applies", "a.requires"), asks=("a.applies",))
    finding = samples.finding("x.y", Status.UNDETERMINED)._replace(explanation=Explanation(None, told))
    asked = questions([samples.bavaria()._replace(findings=(finding,), routes=())])
    assert [(one.fact, one.later) for one in asked] == [("a.applies", False), ("a.requires", True)]
    assert [one.fact for one in to_ask(asked)] == ["a.applies"]
    assert [one.fact for one in to_ask(asked[1:])] == ["a.requires"], "once nothing else is left"


def test_no_exemption_is_asked_for_before_the_ordinary_way() -> None:
    asked = questions(LAW.check(profile(TEN_LINES), "DE"))
    kinds = {LAW.approvals[one.fact.split(".")[1]].kind for one in to_ask(asked) if one.fact.startswith("approvals.")}
    assert kinds.isdisjoint({"exemption", "individual_approval"})
    assert any(one.fact == "approvals.EU-ART39.held" and one.later for one in asked)


def test_details_of_an_approval_wait_for_whether_it_is_held() -> None:
    asked = questions(LAW.check(profile(TEN_LINES), "DE"))
    details = [one for one in asked if one.fact.startswith("approvals.") and not one.fact.endswith(".held")]
    assert all(one.later for one in details)


def test_a_first_report_asks_little_at_once_and_says_how_much_waits() -> None:
    from carnet.report import terminal

    text = terminal.render(LAW.check(profile(TEN_LINES), "DE"))
    asked = text.split("Not known yet")[1].split("The rest")[0]
    assert asked.count("\n  ? ") == 10
    assert "can be asked now" in asked
    assert "wait behind these answers" in asked
    assert "`complete: [approvals]`" in " ".join(asked.split())


def test_approvals_are_one_question() -> None:
    asked = (
        Question("approvals.A.held", 1, 3, 0, ("DE",), ()),
        Question("a.b", 1, 2, 0, ("DE",), ()),
        Question("approvals.B.held", 1, 1, 0, ("DE",), ()),
    )
    assert [entry.facts for entry in entries(asked)] == [("approvals.A.held", "approvals.B.held"), ("a.b",)]


def test_a_section_in_which_nothing_is_declared_may_be_complete() -> None:
    asked = [Question(f"cyber.x{n}", 1, 1, 0, ("DE",), ()) for n in range(6)]
    assert closable(asked, ()) == (("cyber", 6),)
    assert closable(asked, ("cyber",)) == ()
    assert closable(asked[1:], ()) == ()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("vehicle.condition", "one of new, used, prototype, salvage"),
        ("software.over_the_air", "yes or no"),
        ("odd.max_speed_kmh", "a number in km/h (0 to 400)"),
        ("operation.start_date", "a day, YYYY-MM-DD"),
        ("hmi.languages", "ISO 639 codes"),
        ("no.such.fact", ""),
    ],
)
def test_what_may_be_answered_is_said(path: str, said: str) -> None:
    assert allowed(LAW, path).startswith(said)


def answer(law: carnet.Law, path: str, random: Random) -> Any:
    """Any value that may be declared for a fact."""
    fact = law.vocabulary.fact(path)
    if fact.type == "bool":
        return random.random() < 0.5
    if fact.type == "choice":
        return random.choice(list(fact.values))
    if fact.type == "set":
        codes = {"country": ["CN", "DE"], "place": ["DE", "CN"], "language": ["de", "zh"]}
        some = list(fact.values) or codes.get(fact.items, ["x"])
        return random.sample(some, random.randint(1, min(3, len(some))))
    if fact.type == "date":
        return "2027-02-01"
    if fact.type in ("int", "number"):
        low, high = fact.range or (0, 100)
        return int(low + (high - low) * random.random()) or int(high)
    return "x"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("market", ["DE", "AE", "CN"])
def test_the_facts_named_settle_the_outcome_whatever_the_answers_are(market: str, seed: int) -> None:
    """What is still undetermined afterwards waits for no answer: the law is silent, unread or left to members."""
    random = Random(seed)
    before = profile(TEN_LINES)
    stands = standing(LAW.check(before, market).market(market))
    assert stands.outcome is Outcome.UNDETERMINED
    held = {path for path in stands.facts if path.endswith(".held")}
    papers = {path.split(".")[1]: random.random() < 0.3 for path in held}
    answers = {path: answer(LAW, path, random) for path in stands.facts if not path.startswith("approvals.")}
    details = {
        path: answer(LAW, path, random)
        for path in stands.facts
        if path.startswith("approvals.") and not path.endswith(".held")
    }
    held_facts = {f"approvals.{name}.held": yes for name, yes in papers.items()}
    after = LAW.check(before.with_set({**answers, **held_facts, **details}), market).market(market)
    assert after.outcome is not Outcome.UNDETERMINED or not standing(after).facts
