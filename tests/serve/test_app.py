# SPDX-License-Identifier: Apache-2.0
"""The application as a whole: it answers, its headers are strict, and what goes wrong is said as problem details."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from carnet.serve.guard.watch import Json


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


def test_numbers_are_there_for_prometheus(client: TestClient) -> None:
    client.get("/v1/markets?secret=1")
    answer = client.get("/v1/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'carnet_requests_total{method="GET",route="/v1/markets",status="200"}' in answer.text
    assert "secret" not in answer.text


def test_a_request_leaves_a_line_without_its_query(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "carnet.serve.access"):
        client.get("/v1/markets?secret=1")
    (record,) = [each for each in caplog.records if each.name == "carnet.serve.access"]
    line = json.loads(Json().format(record))
    assert (line["method"], line["route"], line["status"], line["who"]) == ("GET", "/v1/markets", 200, "local")
    assert "secret" not in json.dumps(line)
