# SPDX-License-Identifier: Apache-2.0
"""The API keeps its own document: random requests find no server error and no breach, and a generated client works."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from carnet.serve.app import create_app
from carnet.serve.settings import Limits, Settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
EXAMPLES = int(os.environ.get("CARNET_FUZZ_API", "3"))
"""Requests for each operation; `make fuzz-api` asks for many more."""
SCHEMA = schemathesis.openapi.from_asgi(
    "/v1/openapi.json",
    create_app(Settings(limits=Limits(per_minute=1_000_000), hosts=("testserver",), assistant=False)),
)
SCHEMA.config.phases.coverage.enabled = EXAMPLES > 10  # some seventy more requests for each operation
CHECKED = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(CHECKED)


@SCHEMA.exclude(path_regex="/events$").parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 10)
def test_no_request_breaks_the_contract(case: Any) -> None:
    case.call_and_validate(checks=CHECKS, timeout=120)


def test_the_document_is_openapi_3_1_and_describes_the_report(app: FastAPI) -> None:
    document = app.openapi()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    assert schemas["Report"]["properties"]["markets"]["items"] == {"$ref": "#/components/schemas/ReportMarket"}
    text = json.dumps(document)
    assert "#/$defs/" not in text
    wanted = {name.rpartition("/")[2] for name in _references(document)}
    assert wanted <= set(schemas)


def _references(data: Any) -> list[str]:
    if isinstance(data, dict):
        own = [data["$ref"]] if isinstance(data.get("$ref"), str) else []
        return own + [found for value in data.values() for found in _references(value)]
    return [found for item in data for found in _references(item)] if isinstance(data, list) else []


def test_a_generated_client_checks_a_profile(
    app: FastAPI, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, munich: str
) -> None:
    pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed")
    (tmp_path / "openapi.json").write_text(json.dumps(app.openapi()), encoding="utf-8")
    command = ["-m", "openapi_python_client", "generate", "--path", "openapi.json", "--output-path", "made", "--meta"]
    done = subprocess.run([sys.executable, *command, "none"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search("Unable to process|Cannot parse", done.stderr), done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    made = importlib.import_module("made")
    body = importlib.import_module("made.models").CheckBody(profile=munich, markets=["DE-BY"])
    operation = importlib.import_module("made.api.profiles.check_profile_v1_check_post")
    caller = made.Client(base_url="http://127.0.0.1:8000").set_httpx_client(client)
    answer = operation.sync_detailed(client=caller, body=body)
    assert answer.status_code == 200, answer.content
    report = answer.parsed
    assert report.markets[0].market == "DE-BY"
    assert report.markets[0].outcome
