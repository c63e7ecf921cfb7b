# SPDX-License-Identifier: Apache-2.0
"""An application in this process, and the example that most tests ask about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `serve` is not installed")
from fastapi import FastAPI
from fastapi.testclient import TestClient

from carnet.serve.app import create_app

ROOT = Path(__file__).resolve().parents[2]
HOME = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def munich() -> str:
    return (ROOT / "examples" / "robotaxi-munich.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client
