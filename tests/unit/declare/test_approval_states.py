# SPDX-License-Identifier: Apache-2.0
"""The state of an approval and whether it is held say the same, however a profile writes them."""

from __future__ import annotations

import pytest

import carnet
from carnet.errors import Problems


def profile(text: str) -> carnet.Profile:
    return carnet.Profile.from_text(text, name="p.yaml")


@pytest.mark.parametrize(
    ("entry", "state", "held"),
    [
        ("held", "held", True),
        ("none", None, False),
        ("planned", "planned", False),
        ("applied", "applied", False),
        ("suspended", "suspended", False),
        ("withdrawn", "withdrawn", False),
        ("refused", "refused", False),
        ("expired", "expired", False),
        ("{held: true}", "held", True),
        ("{held: false}", None, False),
        ("{state: held, granted_on: 2026-01-01}", "held", True),
        ("{state: applied, applied_on: 2026-01-01, expected_on: 2027-01-01}", "applied", False),
        ("{applied_on: 2026-01-01}", "applied", False),
        ("{expected_on: 2027-01-01}", "planned", False),
        ("{granted_on: 2026-01-01, applied_on: 2025-01-01}", "held", True),
        ("{series: 1}", "held", True),
        ("{area: [DE-BY]}", "held", True),
        ("{owner: Homologation}", None, None),
        ("{owner: Homologation, conditions: daylight only}", None, None),
    ],
)
def test_each_follows_from_the_other(entry: str, state: str | None, held: bool | None) -> None:
    declared = profile(f"approvals: {{UN-R157: {entry}}}").declared
    assert (declared("approvals.UN-R157.state"), declared("approvals.UN-R157.held")) == (state, held)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{state: applied, held: true}", "`UN-R157` is `applied`, and `held` says true; keep one of the two"),
        ("{state: held, held: false}", "`UN-R157` is `held`, and `held` says false; keep one of the two"),
        (
            "{state: refused, granted_on: 2026-01-01}",
            "`UN-R157` is `refused`, and has a day on which it was granted; write `state: held`, or no day",
        ),
        (
            "{applied_on: 2026-01-01, certificate: E1}",
            "`UN-R157` is declared with `applied_on` and `certificate`, which leaves open whether it is held; "
            "add `state:`",
        ),
        ("hold", "the approval `UN-R157` is in no state that can be declared; write `held`, `applied`, `none`"),
    ],
)
def test_statements_that_disagree_are_refused(entry: str, message: str) -> None:
    with pytest.raises(Problems) as caught:
        profile(f"approvals: {{UN-R157: {entry}}}")
    (problem,) = str(caught.value).splitlines()
    assert problem.startswith("p.yaml:1:")
    assert message in problem


def test_a_nearer_layer_says_both_anew() -> None:
    read = profile("approvals: {UN-R157: applied}\nin: {DE: {approvals.UN-R157.held: true}}")
    assert read.declared("approvals.UN-R157.state", ("DE", "EU")) == "held"
    assert read.declared("approvals.UN-R157.state") == "applied"
    back = profile("approvals: {UN-R157: held}\nin: {DE: {approvals: {UN-R157: none}}}")
    assert back.declared("approvals.UN-R157.state", ("DE", "EU")) is None
    assert back.declared("approvals.UN-R157.held", ("DE", "EU")) is False


def test_one_notation_or_another_is_the_same_profile() -> None:
    notations = ("UN-R157: held", "UN-R157.held: true", "UN-R157: {state: held}", "UN-R157: {held: true}")
    assert len({profile(f"approvals: {{{entry}}}").sha256 for entry in notations}) == 1


def test_setting_it_supposes_that_it_is_held() -> None:
    read = profile("approvals: {UN-R157: {state: refused, owner: Homologation}}").with_set(
        {"approvals.UN-R157": "held"}
    )
    assert read.declared("approvals.UN-R157.state") == "held"
    assert carnet.Profile.from_dict(read.to_dict()).sha256 == read.sha256


def test_what_stands_beside_the_facts() -> None:
    text = """\
partners: {operator: Uber}
confidential: [supply_chain, odd.max_speed_kmh, approvals.UN-R157]
confirmations: [{rule: de.l3.r157, by: Counsel, on: 2026-11-30, text: read in the official journal}]
choices: {slower: {automation.max_speed_kmh: 60 km/h}, without: {approvals: {UN-R157: none}}}
"""
    read = profile(text)
    assert read.partners == {"operator": "Uber"}
    assert read.confidential == ("supply_chain", "odd.max_speed_kmh", "approvals.UN-R157")
    assert [(item.rule, item.by, str(item.on)) for item in read.confirmations] == [
        ("de.l3.r157", "Counsel", "2026-11-30")
    ]
    assert tuple(read.choices) == ("slower", "without")
    assert read.choices["slower"].values == {"automation.max_speed_kmh": 60}
    assert carnet.Profile.from_dict(read.to_dict()).sha256 == read.sha256
    assert read.sha256 != profile("partners: {operator: Lyft}").sha256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("partners: {operators: Uber}", "unknown role `operators`; did you mean `operator`?"),
        ("partners: {operator: 7}", "`operator` is not text"),
        ("confidential: [odd.max_sped_kmh]", "unknown fact or section `odd.max_sped_kmh`; did you mean"),
        ("confirmations: [{rule: x, by: C, on: 2026-11-30}]", "a confirmation has no `text`; add `text:`"),
        ("confirmations: [{rule: x, by: C, on: 2026-11-30, text: t, at: y}]", "unknown key `at` in a confirmation"),
        ("choices: {a b: {vehicle.seats: 5}}", "the choice name `a b` is not one word"),
        ("choices: {a: {vehicle.seat: 5}}", "unknown fact `vehicle.seat`"),
        ("in: {DE: {partners: {operator: Uber}}}", "`partners` stands at the top level of a profile"),
    ],
)
def test_what_beside_the_facts_cannot_be_used(text: str, message: str) -> None:
    with pytest.raises(Problems) as caught:
        profile(text)
    assert message in str(caught.value)
