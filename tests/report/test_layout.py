# SPDX-License-Identifier: Apache-2.0
"""Text is measured by what a terminal shows, and nothing in it can move the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from carnet.report.layout import CLOSING, OPENING, Page, clean, cut, display_width, pad, wrap


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("東京", 4), ("\u00e9", 1), ("e\u0301", 1), ("“§ 1d”", 6), ("ﬀ", 1), ("안녕", 4)]
)
def test_width_is_counted_in_columns(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m", "a\nb", "a\rb", "a\u202eb", "a\u200bb", "a\x9bb"])
def test_nothing_can_move_the_cursor_or_reorder_text(text: str) -> None:
    assert clean(text).isprintable()


@given(st.text(max_size=200), st.integers(2, 60))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


@given(st.text(max_size=80), st.integers(1, 40))
def test_cut_and_padded_text_fills_its_column(text: str, width: int) -> None:
    assert display_width(cut(text, width)) <= width
    assert display_width(pad(text, width)) == width
    assert display_width(pad(text, width, right=True)) == width


def test_wide_text_breaks_between_characters() -> None:
    assert wrap("道路交通安全法 第七十五条", 10) == ["道路交通安", "全法 第七", "十五条"]


def test_a_word_longer_than_the_line_is_broken_and_shorter_ones_are_not() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("x https://example.org/long", 10) == ["x", "https://ex", "ample.org/", "long"]


def test_a_page_hangs_its_paragraphs_and_never_leaves_two_empty_lines() -> None:
    page = Page(40)
    page.text("word " * 12, 2, "-")
    page.gap()
    page.gap()
    page.text("end")
    lines = str(page).splitlines()
    assert lines[0].startswith("  - word")
    assert lines[1].startswith("    word")
    assert lines.count("") == 1


def test_colour_wraps_whole_lines_only_when_asked_for() -> None:
    plain, coloured = Page(40), Page(40, colour=True)
    for page in (plain, coloured):
        page.text("word " * 12, fg="red")
    assert "\x1b" not in str(plain)
    assert str(coloured).count("\x1b[31m") == len(str(plain).splitlines())


def test_wide_characters_line_up_and_punctuation_keeps_its_place() -> None:
    lines = wrap("从耗时最长者开始：划定运行区域的许可（州或市镇道路），任一即可：engineering_degree, technician。", 30)
    assert all(display_width(line) <= 30 for line in lines)
    assert not any(line[0] in CLOSING or line[-1] in OPENING for line in lines)
    assert any("engineering_degree" in line for line in lines), "a word of letters is not broken"
    assert {display_width(pad(text, 12)) for text in ("巴伐利亚", "Bavaria", "有条件开放的市场")} == {12}
