# SPDX-License-Identifier: Apache-2.0
"""Pages as a browser sees them: accessible, no sideways scrolling, nothing cut on paper.

Skipped where Playwright, axe or a Chromium is missing; `CARNET_CHROMIUM` names one that is not on the path.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytest.importorskip("jinja2", reason="the extra `reports` is not installed")

CHROMIUM = os.environ.get("CARNET_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on the path"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


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
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    # axe is injected as a script, which the page's own policy forbids
    page = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
    page.goto(pages[name].as_uri())
    results = axe_playwright.Axe().run(page).response
    assert results["passes"]
    serious = [v for v in results["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []


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
