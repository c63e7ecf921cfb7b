# SPDX-License-Identifier: Apache-2.0
"""Reports as a browser sees them: accessible, no sideways scrolling, nothing cut on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from sample_pages import sample_pages

    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name, text in sample_pages().items():
        made[name] = folder / f"{name}.html"
        made[name].write_text(text, encoding="utf-8")
    return made


NAMES = (
    "report-en",
    "report-de",
    "report-zh",
    "report-ar",
    "compare",
    "compare-ar",
    "timeline",
    "timeline-ar",
    "approvals",
    "dossier",
    "impact",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(
    browser: Any, serious: Callable[[Any], object], pages: dict[str, Path], name: str, scheme: str
) -> None:
    # axe is injected as a script, which the page's own policy forbids
    page = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
    page.goto(pages[name].as_uri())
    assert serious(page) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=True).new_page()
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_reads_without_script_and_without_network(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(pages["report-en"].as_uri())
    assert page.get_by_role("heading", name="Astra robotaxi").is_visible()
    assert asked == [pages["report-en"].as_uri()]


def test_a_link_in_the_summary_leads_to_the_market(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["report-en"].as_uri())
    page.get_by_role("link", name="Dubai").click()
    assert page.url.endswith("#m-AE-DU")


def test_the_matrix_can_be_sorted(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["compare"].as_uri())
    first = page.locator(".matrix tbody tr th").first
    assert "Bavaria" in first.inner_text()
    page.get_by_role("button", name="Astra robotaxi").click()
    assert "Japan" in first.inner_text()
    page.get_by_role("button", name="Astra robotaxi").click()
    assert "Bavaria" in first.inner_text()
