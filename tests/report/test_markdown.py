# SPDX-License-Identifier: Apache-2.0
"""Markdown shows text as it is: nothing in a profile or a law becomes markup."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import report_samples as samples

from carnet.api import load_law
from carnet.assess.model import Status
from carnet.declare.profile import Profile
from carnet.report import markdown, trust, xlsx

SUV = Path(__file__).parents[2] / "examples" / "suv-l2.yaml"


def test_it_has_a_table_and_a_section_for_each_market() -> None:
    text = markdown.render(samples.report())
    assert text.startswith("# Carnet gap report: Astra robotaxi\n\nAstra robotaxi in 3 markets: ")
    assert text.count("\n## ") == 3
    assert "| Bavaria (DE-BY) | **closed** | 1 approval to obtain, 1 thing to set up | 1 |" in text
    assert "`operation.remote.supervisor_appointed` (line 41): declared false, required = true" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("*x* _y_ `z`", r"\*x\* \_y\_ \`z\`"),
        ("<script>", r"\<script\>"),
        ("[a](b)", r"\[a\](b)"),
        ("1. one", r"1\. one"),
        ("- x", r"\- x"),
        ("# x\n# y", r"\# x # y"),
    ],
)
def test_markup_is_escaped(text: str, escaped: str) -> None:
    assert markdown.escape(text) == escaped


@pytest.mark.parametrize(("text", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``")])
def test_code_holds_its_backticks(text: str, shown: str) -> None:
    assert markdown.code(text) == shown


def test_a_link_that_is_not_a_web_address_stays_text() -> None:
    gap = samples.gap("x.y")
    cite = samples.replace(gap.cites[0], url="javascript:alert(1)")
    market = samples.replace(samples.bavaria(), findings=(samples.replace(gap, cites=(cite,)),))
    assert "javascript" not in markdown.render(samples.report(market))


def test_the_rest_unfolds() -> None:
    assert "Let official convoys pass" not in markdown.render(samples.report())
    assert "Let official convoys pass" in markdown.render(samples.report(), verbose=True)


def test_export_duties_stand_apart_and_bans_are_named() -> None:
    base = samples.bavaria()
    market = base._replace(
        findings=(samples.gap("de.ban", title="Forbidden", curable=False, note="Doubtful"),),
        home="CN",
        home_outcome=base.outcome,
        home_findings=(
            samples.gap("cn.export", title="Export licence", layer="home"),
            samples.finding("cn.open", Status.UNDETERMINED, layer="home", unknown=("supply_chain.dual_use_items",)),
        ),
    )
    text = markdown.render(samples.report(market), verbose=True)
    assert "### Export duties of home: CN: closed" in text
    assert "- 1 duty not decided" in text
    assert "  - The law leaves no way to cure this." in text
    assert "  - Note: Doubtful" in text
    assert "  - Evidence: Letter of appointment" in text


def test_many_questions_are_counted_and_asked_in_words() -> None:
    unknown = tuple(f"odd.fact_{n}" for n in range(14))
    finding = samples.finding("x.y", Status.UNDETERMINED, unknown=unknown)
    report = samples.report(samples.bavaria()._replace(findings=(finding,), routes=()))
    text = markdown.render(report, ask=lambda path: f"What about {path}?")
    assert r"What about odd.fact\_0? `odd.fact_0`, decides 1 blocking finding" in text
    assert "and 4 more questions" in text


def test_a_gap_that_can_be_cured_in_no_known_way_says_nothing_of_it() -> None:
    """No action is known, and the law names no ban: nothing is promised and nothing ruled out."""
    report = samples.report(samples.bavaria()._replace(findings=(samples.gap("x.y", remedy=None),)))
    blocks = markdown.render(report).split("### What stands in the way")[1].split("###")[0]
    assert "Title of x.y" in blocks
    assert "To do" not in blocks
    assert "no way to cure" not in blocks


def test_the_weakest_text_behind_an_outcome_is_named() -> None:
    law = load_law()
    profile = Profile.from_file(SUV, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
    report = law.check(profile, ["DE"])
    said = trust.weakest(report.market("DE"))
    assert said.startswith("The outcome is no surer than the weakest text")
    assert markdown.escape(said) in markdown.render(report).splitlines()
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(report)))
    assert any(said in str(cell.value) for cell in book["Summary"][4])
