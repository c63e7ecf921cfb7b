# SPDX-License-Identifier: Apache-2.0
"""The web app as a person meets it: three clicks to a board, every page without a barrier, what moves moves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

PAGES = {
    "start": "/",
    "board": "{p}",
    "filtered": "{p}?q=zzz",
    "market": "{p}/markets/DE-BY",
    "barred": "{p}/markets/JO",
    "edit": "{p}/edit",
    "section": "{p}/edit/operation",
    "approvals": "{p}/edit/approvals",
    "what if": "{p}/whatif?automation.max_speed_kmh=30",
    "compare": "{p}/compare",
    "time line": "{p}/timeline",
    "plan": "{p}/plan?market=JP&start=2027-01-04",
    "downloads": "{p}/downloads",
    "history": "{p}/history",
    "month": "/month",
    "law": "/law",
    "hits": "/law?q=convoy",
    "rule": "/law/rules/de.traffic.convoys-funerals",
    "instrument": "/law/instruments/de.stvg",
    "fact": "/law/facts/behaviour.yields_to",
    "approval": "/law/approvals/DE-OPERATING-AREA",
    "market law": "/law/markets/DE-BY",
    "error": "/law/rules/no.such-rule",
}


class Site(NamedTuple):
    home: str
    profile: str

    def url(self, name: str) -> str:
        return self.home + PAGES[name].format(p=self.profile)


@pytest.fixture(scope="module")
def site(browser: Any) -> Iterator[Site]:
    """The app on a port of its own, with an example open."""
    import uvicorn

    from carnet.serve.app import create_app
    from carnet.serve.settings import Limits, Settings

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(limits=Limits(patience=30))), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 180
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    home = f"http://127.0.0.1:{port}"
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.set_default_timeout(180_000)
    page.goto(home)
    page.click("button[value=robotaxi-munich]")
    page.wait_for_url("**/profiles/*")
    yield Site(home, page.url.removeprefix(home))
    server.should_exit = True
    thread.join(10)


def opened(browser: Any, site: Site, name: str, **context: Any) -> Any:
    """A page, on which nothing may fail: no script, no request, no policy."""
    page = browser.new_context(**context).new_page()
    page.set_default_timeout(120_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(site.url(name))
    assert [text for text in wrong if "status of 404" not in text] == []
    return page


def test_three_clicks_lead_from_nothing_to_a_board(browser: Any, site: Site) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(site.home)
    page.get_by_role("button", name="Creek robotaxi").click()
    page.locator("tr[data-market]").first.wait_for(timeout=120_000)
    assert page.locator("[data-map] .tile").count() == page.locator("tr[data-market]").count() > 90


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(browser: Any, site: Site, serious: Callable[[Any], object], name: str) -> None:
    for scheme, language in (("light", "en"), ("dark", "ar")):
        # axe is injected as a script, which the page's own policy forbids
        page = opened(browser, site, name, color_scheme=scheme, locale=language, bypass_csp=True)
        assert serious(page) == [], (scheme, language)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(browser: Any, site: Site, name: str) -> None:
    for width, language in ((1440, "zh"), (390, "en"), (390, "ar")):
        page = opened(browser, site, name, locale=language, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, language)
        assert page.evaluate("document.documentElement.lang") == language


def test_pages_read_without_script_and_ask_no_other_host(browser: Any, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(site.url("board") + "?outcome=prohibited")
    assert page.locator("tr[data-market]:visible").count() == 1
    assert [url for url in asked if not url.startswith(site.home)] == []


def test_the_board_is_filtered_as_it_is_typed(browser: Any, site: Site) -> None:
    page = opened(browser, site, "board")
    page.get_by_role("searchbox", name="Market", exact=True).fill("bava")
    assert page.locator("tr[data-market]:visible").count() == 1
    assert page.locator("[data-count]").inner_text().startswith("1 ")
    assert "q=bava" in page.url
    page.get_by_role("link", name="Bavaria").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Bavaria")


def test_an_answer_is_checked_as_it_is_typed_and_declared_beside_the_text(browser: Any, site: Site) -> None:
    page = opened(browser, site, "section")
    form = page.locator("[data-path='operation.fleet_size']")
    box = form.locator("[name=value]")
    box.fill("many")
    form.locator("[data-status].bad").wait_for()
    assert "fleet_size: many" not in page.locator("#yaml").input_value()
    box.fill("37")
    box.press("Tab")
    deadline = time.monotonic() + 60
    while "fleet_size: 37" not in page.locator("#yaml").input_value():  # the policy forbids what polls in the page
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
    assert "# A driverless ride-hailing service" in page.locator("#yaml").input_value(), "comments stay"


def test_a_mistake_in_the_text_is_told_by_its_line(browser: Any, site: Site) -> None:
    page = opened(browser, site, "section")
    area = page.locator("#yaml")
    text = area.input_value()
    area.fill(text + "\nvehicle2: {seats: 4}\n")
    said = page.locator("[data-said] li")
    said.first.wait_for()
    assert "vehicle2" in said.first.inner_text()


def test_what_is_supposed_flips_markets_and_is_declared_only_when_kept(browser: Any, site: Site) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(site.home)
    page.click("button[value=suv-l2]")
    page.get_by_role("link", name="What if").click()
    home = page.url
    page.locator("[data-path='vehicle.steering_side'] [value=right]").check()
    page.locator("[data-map] .flipped").first.wait_for()
    assert page.locator("[data-rows] tr").count() == page.locator("[data-map] .flipped").count() > 0
    assert "vehicle.steering_side=right" in page.url
    page.goto(home)
    assert page.locator("[data-map] .flipped").count() == 0, "supposing declares nothing"
    page.locator("[data-path='vehicle.steering_side'] [value=right]").check()
    page.locator("[data-map] .flipped").first.wait_for()
    page.get_by_role("button", name="Declare this").click()
    page.goto(home.removesuffix("/whatif") + "/edit/vehicle")
    assert "steering_side: right" in page.locator("#yaml").input_value()


def test_the_keyboard_reaches_the_content_first(browser: Any, site: Site) -> None:
    page = opened(browser, site, "board")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_a_chart_that_is_dragged_is_planned_again(browser: Any, site: Site) -> None:
    page = opened(browser, site, "plan")
    first = page.locator(".bands tbody .draw").first
    first.scroll_into_view_if_needed()
    bars = first.bounding_box()
    x, y = bars["x"] + bars["width"] / 3, bars["y"] + bars["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + bars["width"] / 4, y, steps=4)
    start = page.locator("#start").input_value()
    assert start > "2027-01-04"
    page.mouse.up()
    page.wait_for_url(f"**start={start}**")
    page.locator("[data-roadmap]").wait_for()
    assert page.locator("#start").input_value() == start
    assert "job=" not in page.url


def test_a_market_that_is_unticked_is_planned_without_and_planning_can_be_stopped(browser: Any, site: Site) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{site.home}{site.profile}/plan?market=JP&market=SG&start=2027-01-04")
    page.locator("[data-plan] [value=JP]").uncheck()
    page.wait_for_url(lambda url: "market=SG" in url and "market=JP" not in url)
    page.locator("#start").fill("2027-02-01")
    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    page.locator("[data-busy]").wait_for(state="hidden")
    assert "2027-02-01" not in page.url
