# SPDX-License-Identifier: Apache-2.0
"""A page that takes long: the browser is told at once, the work is done once, and nobody gets an old one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

pytest.importorskip("fastapi", reason="the extra `serve` is not installed")
from fastapi.testclient import TestClient
from tests.serve.conftest import HOME

from carnet.serve.app import create_app
from carnet.serve.settings import Limits, Settings

BROWSER = {"sec-fetch-mode": "navigate"}


@pytest.fixture(scope="module")
def hasty() -> Iterator[TestClient]:
    app = create_app(Settings(limits=Limits(patience=0.001)))
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        yield client


def shown(client: TestClient, url: str) -> str:
    for _ in range(600):
        answer = client.get(url, headers=BROWSER)
        if answer.status_code != 202:
            assert answer.status_code == 200
            return answer.text
        assert answer.headers["refresh"] == "1"
        assert "<progress" in answer.text
        time.sleep(0.05)
    raise AssertionError("the page never came")


def test_a_browser_is_told_to_wait_and_then_gets_the_page(hasty: TestClient, munich: str) -> None:
    url = hasty.post("/open", data={"text": munich, "name": "munich.yaml"}).headers["location"]
    assert hasty.get(url, headers=BROWSER).status_code == 202
    page = shown(hasty, url)
    assert hasty.get(url).text == page, "who does not navigate gets the page itself"


def test_what_was_changed_meanwhile_is_not_answered_with_the_old_page(hasty: TestClient, munich: str) -> None:
    url = hasty.post("/open", data={"text": munich, "name": "munich.yaml"}).headers["location"]
    assert hasty.get(url, headers=BROWSER).status_code == 202
    assert hasty.post(f"{url}/choice", data={"market": ["DE"]}).status_code == 303
    page = shown(hasty, url)
    assert re.findall(r'name="market" value="([A-Z-]+)"[^>]*checked', page) == ["DE"]
