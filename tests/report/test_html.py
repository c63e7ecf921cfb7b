# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
import report_samples as samples

from carnet.assess.model import Outcome
from carnet.errors import UnknownName
from carnet.law.model import Cite
from carnet.plan.actions import actions
from carnet.report import html, select
from carnet.report.i18n import LANGUAGES

VOID = {"meta", "br", "wbr", "use", "link"}


class Outline(HTMLParser):
    """Headings, ids, links and unbalanced tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def page() -> str:
    return html.render(samples.report())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed(language: str) -> None:
    outline = Outline(html.render(samples.report(), language=language))
    assert (outline.wrong, outline.open) == ([], [])
    assert len(outline.ids) == len(set(outline.ids))
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)


def test_nothing_is_loaded_or_run(page: str) -> None:
    assert not re.search(r"<script|<img|<link|<iframe|@import|url\((?!#)|\son\w+=|javascript:", page)


def test_a_gap_says_everything(page: str) -> None:
    start = page.index("<h5>A technical supervisor")
    card = re.sub(r"<[^>]+>", "", page[start : page.index("</article>", start)])
    for part in (
        "Blocking",
        "Operator (ours)",
        "de.l4.technical-supervision",
        "operation.remote.supervisor_appointed",
        "false (line 41)",
        "Appoint a technical supervisor",
        "8 to 16 weeks, with Federal Motor Transport Authority",
        "operation.remote.supervisor_appointed: true",
        "Letter of appointment",
        "StVG § 1d(3)",
        "in force from 2021-07-28; legal text read",
    ):
        assert part in card


def test_text_of_packs_and_profiles_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    bad = samples.gap("de.x", title=evil, note=evil, cites=(Cite("de.x", evil, "javascript:alert(1)", evil),))
    market = samples.replace(samples.bavaria(), name=evil, findings=(bad,))
    report = samples.replace(samples.report(market), profile={"name": evil})
    page = html.render(report, ask=lambda path: evil)
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_questions_are_asked_in_the_words_of_the_vocabulary() -> None:
    page = html.render(samples.report(), ask=lambda path: f"Question about {path}?")
    assert "Question about insurance.liability_cover_amount?" in page


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("zh", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language(language: str, direction: str) -> None:
    assert f'<html lang="{language}" dir="{direction}">' in html.render(samples.report(), language=language)


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(UnknownName, match="unknown language `fr`"):
        html.render(samples.report(), language="fr")


def test_days_keep_their_order_on_a_right_to_left_page() -> None:
    assert 'من <bdi dir="ltr">2021-07-28</bdi>' in html.render(samples.report(), language="ar")


def test_sixty_markets_take_less_than_five_megabytes() -> None:
    assert len(html.render(samples.large()).encode()) < 5_000_000


def test_findings_are_told_in_full_below_their_lacks_unless_there_are_many_markets() -> None:
    for number in (html.MANY, html.MANY + 1):
        markets = [samples.replace(samples.bavaria(), market=f"M{n}") for n in range(number)]
        page = html.render(samples.report(*markets))
        assert page.count("<h4>A technical supervisor") == number
        assert page.count("<h5>A technical supervisor") == (number if number == html.MANY else 0)


def test_an_empty_report_renders() -> None:
    empty: dict[str, Any] = {"findings": (), "counts": {}, "severities": {}, "confidence_share": {}, "upcoming": ()}
    market = samples.replace(samples.japan(), **empty)
    assert "Nothing stands in the way" in html.render(samples.report(market))


def test_each_lack_is_an_action_of_its_own() -> None:
    gaps = tuple(samples.gap(f"de.{n}", title=f"Permit {n}") for n in range(2))
    report = samples.report(samples.replace(samples.bavaria(), findings=gaps))
    assert [action.first.title for action in actions(report.markets)] == ["Permit 0", "Permit 1"]


def test_duties_at_home_are_told_beside_each_market_and_listed_once() -> None:
    home = (samples.gap("cn.export.licence", title="Export licence"), samples.finding("cn.export.report"))
    markets = [
        samples.replace(market, home="CN", home_outcome=Outcome.CLOSED, home_findings=home)
        for market in (samples.dubai(), samples.japan())
    ]
    report = samples.report(*markets)
    assert html.render(report).count("<h5>Export licence</h5>") == 2
    assert [market.market for market in select.assessed(report)] == ["AE-DU", "JP", "CN-HOME"]
    other = samples.replace(markets[1], home_findings=home[1:])
    assert [m.market for m in select.assessed(samples.report(markets[0], other))][2:] == ["CN-HOME-AE-DU", "CN-HOME-JP"]


def test_law_that_contradicts_itself_is_shown_as_a_pair() -> None:
    one = samples.finding("a.keep", title="Keep the records", conflicts_with=("b.delete",))
    other = samples.finding("b.delete", title="Delete the records", conflicts_with=("a.keep",))
    market = samples.replace(samples.japan(), findings=(one, other))
    assert [(f.rule, others) for f, others in select.conflicts(market)] == [("a.keep", ("b.delete",))]
    assert "Law that cannot be obeyed together" in html.render(samples.report(market))


def test_the_outline_of_the_page() -> None:
    page = html.render(samples.report())
    headings = [re.sub(r"<[^>]+>", "", text).strip() for text in re.findall(r"<h[1-4][^>]*>(.*?)</h[1-4]>", page)]
    assert [" ".join(heading.split()) for heading in headings] == [
        "Astra robotaxi",
        "Summary",
        "What to do",
        "What to declare",
        "Upcoming law",
        "Markets in detail",
        "Bavaria DE-BY Closed ↑",
        "Routes",
        "Status by topic",
        "What stands in the way (2)",
        "One of: EU-WVTA, EU-2022-1426",
        "A technical supervisor watches the vehicle while it drives itself",
        "Lacks that block nothing (1)",
        "The owner checks safety functions at the intervals of the ordinance",
        "Waived (1)",
        "Report data to the authority on request",
        "2 findings are undetermined",
        "Dubai AE-DU Conditional ↑",
        "Status by topic",
        "Nothing stands in the way",
        "Lacks that block nothing (1)",
        "Passenger screens in Arabic",
        "Japan JP Open ↑",
        "Status by topic",
        "Nothing stands in the way",
        "Receipt",
    ]
