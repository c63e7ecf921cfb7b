# SPDX-License-Identifier: Apache-2.0
"""Profiles that the web app saves: versions with their reasons, nobody's work written over, what is coming for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from carnet.serve.app import create_app
from carnet.serve.settings import Settings

SMALL = "# mine\nname: Kept car\nvehicle: {seats: 4}\n"


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(Settings(data=tmp_path_factory.mktemp("kept")))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


def opened(client: TestClient) -> str:
    return client.post("/open", files={"file": ("k.yaml", SMALL)}, follow_redirects=False).headers["location"]


def test_versions_are_saved_with_their_reasons_and_compared(keeping: TestClient) -> None:
    found = opened(keeping)
    assert keeping.post(f"{found}/save", data={"why": "first draft"}).status_code == 200
    keeping.post(f"{found}/facts", data={"path": "vehicle.seats", "version": "1", "value": "5"})
    page = keeping.get(f"{found}/history").text
    assert "first draft" in page
    assert "vehicle: {seats: 5}" in page
    assert 'class="removed"' in page
    keeping.post(f"{found}/save", data={"why": "one more seat"})
    assert "Nothing differs" in keeping.get(f"{found}/history").text


def test_a_version_saved_meanwhile_is_told_and_stays(keeping: TestClient) -> None:
    found = opened(keeping)
    keeping.post(f"{found}/save", data={"why": "mine"})
    (saved,) = [each for each in keeping.get("/v1/work/profiles").json() if each["why"] == "mine"]
    body = {"text": SMALL + "odd: {light: [day]}\n", "why": "theirs"}
    put = keeping.put(f"/v1/work/profiles/{saved['id']}", json=body, headers={"if-match": '"1"'})
    assert put.status_code == 200, put.text
    late = keeping.post(f"{found}/save", data={"why": "late"})
    assert late.status_code in (409, 412)
    assert "version 2" in late.text
    assert "late" not in str(keeping.get("/v1/work/profiles").json())


def test_a_saved_profile_is_opened_from_the_start_and_followed_into_next_month(keeping: TestClient) -> None:
    saved = keeping.get("/v1/work/profiles").json()[0]
    first = keeping.post(f"/saved/{saved['id']}/open", follow_redirects=False).headers["location"]
    assert keeping.post(f"/saved/{saved['id']}/open", follow_redirects=False).headers["location"] == first
    keeping.post(f"{first}/choice", data={"market": ["DE"]})
    month = keeping.get("/month")
    assert month.status_code == 200
    assert "Kept car" in month.text


def test_without_a_folder_nothing_is_kept_and_that_is_said(client: TestClient) -> None:
    found = opened(client)
    assert "This server keeps nothing" in client.get(f"{found}/history").text
    assert client.post(f"{found}/save", data={"why": "x"}).status_code == 404
