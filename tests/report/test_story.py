# SPDX-License-Identifier: Apache-2.0
"""The paragraph that a report opens with names what no action lifts, and begins with nothing where nothing opens."""

from __future__ import annotations

from pathlib import Path

from carnet.api import Law, load_law
from carnet.declare.profile import Profile
from carnet.plan.actions import actions
from carnet.plan.first import first_step
from carnet.plan.readiness import outlook
from carnet.report import lack_words
from carnet.report.story import opening
from carnet.spoken import speaking

SUV = Path(__file__).parents[2] / "examples" / "suv-l2.yaml"
BAN = "A PRC- or Russia-controlled manufacturer may not sell connected vehicles at all from model year 2027"


def _profile(law: Law) -> Profile:
    return Profile.from_file(SUV, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


def test_a_ban_is_named_in_the_first_paragraph() -> None:
    law = load_law()
    one = opening(law.check(_profile(law), ["US-CA"]))
    assert f"Barred from US-CA: {BAN}." in one
    several = opening(law.check(_profile(law), ["US-CA", "US-TX"]))
    assert f"Barred from US-CA, US-TX: {BAN}." in several
    assert "Begin with" not in several
    assert "in the way of most" not in several


def test_the_paragraph_is_said_in_the_language_spoken() -> None:
    law = load_law()
    with speaking("de"):
        said = opening(law.in_language("de").check(_profile(law), ["US-CA"]))
    assert "Von US-CA ausgeschlossen: Ein von China oder Russland beherrschter Hersteller" in said
    assert "⟨en⟩" not in said


def test_a_check_and_a_comparison_begin_with_the_same_step() -> None:
    law = load_law()
    several = law.check(_profile(law), ["DE", "JP", "AE-DU"])
    step = first_step(several.markets, actions(several.markets))
    assert step is not None
    assert (step.action.id, step.opens) == ("fact:organisation.agents", ("AE-DU",))
    assert outlook(several.markets).step == step
    assert lack_words.step(step) in opening(several)
    one = law.check(_profile(law), ["DE"])
    alone = first_step(one.markets, actions(one.markets))
    assert alone is not None
    assert f"Begin with what takes longest: {lack_words.title(alone.action.first)}" in opening(one)
