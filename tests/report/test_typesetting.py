# SPDX-License-Identifier: Apache-2.0
"""Sentences put together from parts read as their language prints them, and what is code stays as it is."""

from __future__ import annotations

import pytest

from carnet.report.layout import Page
from carnet.report.typesetting import set_page, set_type
from carnet.spoken import speaking

CHINESE = {
    "关闭: 2 项许可, 1 项产品变更": "关闭：2 项许可，1 项产品变更",
    "5 关闭.": "5 关闭。",
    "最早于2026-12-22完成; 可推迟252天.": "最早于 2026-12-22 完成；可推迟 252 天。",
    "缺少 school_group (儿童队伍)": "缺少 school_group（儿童队伍）",
    "会同 州法规定的机关, RTA": "会同州法规定的机关，RTA",
    "运营方, 会同 RTA, 当地公司": "运营方，会同 RTA，当地公司",
    "用 `carnet fill A, B` 继续.": "用 `carnet fill A, B` 继续。",
}
KEPT = [
    "AFGBV § 1(3), § 9(4); StVG § 1e(1) No. 3 [de.l4]",
    "automation.sae_level: 4, odd.places: CN",
    "DE-BY  巴伐利亚  关闭",
    "`答案; 甲: 乙`",
]


@pytest.mark.parametrize(("joined", "printed"), CHINESE.items())
def test_chinese_has_its_own_signs_and_blanks_beside_latin(joined: str, printed: str) -> None:
    with speaking("zh"):
        assert set_type(joined) == printed
        assert set_type(printed) == printed, "what is set stays as it is"


@pytest.mark.parametrize("text", KEPT)
def test_provisions_facts_tables_and_code_stay(text: str) -> None:
    with speaking("zh"):
        assert set_type(text) == text


@pytest.mark.parametrize("language", ["en", "de"])
def test_other_languages_are_left_alone(language: str) -> None:
    with speaking(language):
        assert set_type("关闭, 1 项") == "关闭, 1 项"


def test_arabic_has_its_own_comma() -> None:
    with speaking("ar"):
        assert set_type("مغلق, مفتوح; DE-BY, CN") == "مغلق، مفتوح؛ DE-BY, CN"


def test_colours_stay_where_they_are() -> None:
    with speaking("zh"):
        assert set_type("德国: \x1b[31m关闭\x1b[0m, 1 项") == "德国：\x1b[31m关闭\x1b[0m，1 项"


def test_pages_are_set_outside_markup_and_code() -> None:
    with speaking("zh"):
        page = '<p title="关闭, 1">关闭, 1<code>甲: 乙</code><script>"甲, 乙"</script><textarea>甲, 乙</textarea></p>'
        assert set_page(page) == page.replace(">关闭, 1<", ">关闭，1<")


def test_a_line_of_a_page_is_set_before_it_is_broken() -> None:
    with speaking("zh"):
        page = Page(40)
        page.titled("CN  中国", ": 关闭, 3 项")
        page.text("障碍: 无.")
    assert str(page) == "CN  中国：关闭，3 项\n障碍：无。\n"


ARABIC = {
    "طرق (DE-OPERATING-AREA) (المشغّل), 12 إلى 46": "طرق ⟦(DE-OPERATING-AREA)⟧ (المشغّل)، 12 إلى 46",
    "من (StVG §§ 1d-1l, AFGBV)": "من ⟦(StVG §§ 1d-1l, AFGBV)⟧",
    "اليوم: 2027-09-01 إلى 2027-03-01 &amp; 5": "اليوم: ⟦2027-09-01⟧ إلى ⟦2027-03-01⟧ &amp; 5",
    "الملف (053ec15bace8 إلى 6b55db69e622)": "الملف (⟦053ec15bace8⟧ إلى ⟦6b55db69e622⟧)",
    "behaviour.yields_to: إضافة tram; حذف rescue": "\u200f⟦behaviour.yields_to⟧: إضافة ⟦tram⟧؛ حذف ⟦rescue⟧",
    "قانون AFGBV § 1(3), § 9(4) انظر": "قانون ⟦AFGBV § 1(3), § 9(4)⟧ انظر",
    "L4 وفق (EU) 2022/1426": "\u200f⟦L4⟧ وفق ⟦(EU) 2022/1426⟧",
    "حذف eu.<wbr>data, eu.<wbr>act": "حذف ⟦eu.<wbr>data, eu.<wbr>act⟧",
    "DE-BY, CN": "DE-BY, CN",
}


@pytest.mark.parametrize(("text", "isolated"), ARABIC.items())
def test_ids_days_and_provisions_keep_their_order_in_arabic(text: str, isolated: str) -> None:
    with speaking("ar"):
        page = set_page(f"<p>{text}</p>")
    assert page.replace("\u2066", "⟦").replace("\u2069", "⟧") == f"<p>{isolated}</p>"
