# SPDX-License-Identifier: Apache-2.0
"""Markdown shows text as it is: nothing in a profile or a law becomes markup."""

from __future__ import annotations

import pytest
import report_samples as samples

from carnet.report import markdown


def test_it_has_a_table_and_a_section_for_each_market() -> None:
    text = markdown.render(samples.report())
    assert text.startswith("# Gap report: Astra robotaxi\n\n| Market |")
    assert text.count("\n## ") == 3
    assert "| Bavaria (DE-BY) | **closed** | 2 |" in text
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
