# SPDX-License-Identifier: Apache-2.0
"""The system's Chromium, driven by Playwright, and axe to look for what hinders people.

Skipped where one of them is missing, unless `CARNET_BROWSER_TESTS` says that they must run (`make browser`);
`CARNET_CHROMIUM` names a Chromium that is not on the path.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = os.environ.get("CARNET_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
HERE = Path(__file__).parent


def missing() -> str:
    """Why these tests cannot run; empty where they can."""
    for module, what in (("playwright", "the extra `browser`"), ("axe_playwright_python", "the extra `browser`")):
        if find_spec(module) is None:
            return f"{what} is not installed"
    if find_spec("jinja2") is None:
        return "the extra `reports` is not installed"
    return "" if CHROMIUM else "no chromium on the path"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = missing()
    own = [item for item in items if HERE in item.path.parents]
    if reason and own and os.environ.get("CARNET_BROWSER_TESTS"):
        raise pytest.UsageError(f"the tests in a browser cannot run: {reason}")
    for item in own:
        item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def serious() -> Callable[[Any], list[tuple[str, str]]]:
    """What axe finds serious or critical on a page: the rule, and where."""
    from axe_playwright_python.sync_playwright import Axe

    def find(page: Any) -> list[tuple[str, str]]:
        results = Axe().run(page).response
        assert results["passes"]
        found = [each for each in results["violations"] if each["impact"] in ("serious", "critical")]
        return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]

    return find
