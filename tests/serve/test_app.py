# SPDX-License-Identifier: Apache-2.0
"""The application as a whole: it answers, its headers are strict, and what goes wrong is said as problem details."""

from __future__ import annotations

from fastapi.testclient import TestClient


def test_markets_are_listed(client: TestClient) -> None:
    markets = {each["market"]: each for each in client.get("/v1/markets").json()}
    assert markets["DE-BY"] == {"market": "DE-BY", "name": "Bavaria", "kind": "subdivision", "parent": "DE"}


def test_every_answer_carries_a_strict_policy(client: TestClient) -> None:
    for path in ("/", "/v1/markets", "/static/app.css", "/nowhere"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_what_is_not_there_is_a_problem(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["kind"] == "not-found"
