# SPDX-License-Identifier: Apache-2.0
"""Attacks over the whole surface: every operation with every role, and input that a database would choke on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.serve.test_work import HOME, address, database, made  # noqa: F401 - fixtures

from carnet.serve.app import create_app
from carnet.serve.settings import Settings, Token

ROLES = ("reader", "editor", "admin", "partner")
PARTNERS_MAY = (
    "/v1/health",
    "/v1/law",
    "/v1/markets",
    "/v1/rules",
    "/v1/instruments",
    "/v1/facts",
    "/v1/actions",
    "/v1/catalogue",
    "/v1/schemas",
    "/v1/work/addressed",
)
"""The law, and what is addressed to them."""
ADMINS_ONLY = {
    ("GET", "/v1/work/log"),
    ("GET", "/v1/work/archive"),
    ("POST", "/v1/work/archive"),
    ("POST", "/v1/work/law/use"),
}
READERS_MAY = ("compare", "preview", "rerun", "versions/{number}/compare")
"""What asks by POST and changes nothing of the kept work."""


def operations(app: FastAPI) -> list[tuple[str, str]]:
    found = []
    for route in app.routes:
        if isinstance(route, APIRoute):
            found += [(method, route.path) for method in sorted(route.methods or ())]
    return found


def filled(path: str) -> str:
    """A path with something in the place of each name."""
    values = {"id": "0" * 32, "number": "1", "code": "DE", "market": "DE", "name": "vehicle"}
    while "{" in path:
        head, _, rest = path.partition("{")
        name, _, rest = rest.partition("}")
        path = head + values.get(name.partition(":")[0], "0" * 32) + rest
    return path


@pytest.fixture(scope="module")
def roles(app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server that keeps work and knows one person of each role."""
    tokens = [
        Token.model_validate(
            {
                "name": role,
                "role": role,
                "partner": "Uber" if role == "partner" else "",
                "sha256": hashlib.sha256(role.encode()).hexdigest(),
            }
        )
        for role in ROLES
    ]
    settings = Settings(data=tmp_path_factory.mktemp("roles"), tokens=tuple(tokens), assistant=False)
    made_of = create_app(settings)
    made_of.state.services._law = app.state.services.law
    with TestClient(made_of, base_url=HOME, raise_server_exceptions=False) as client:
        yield client


def ask(client: TestClient, role: str, method: str, path: str) -> Any:
    headers = {"authorization": f"Bearer {role}", "accept": "application/json"}
    return client.request(method, path, headers=headers, follow_redirects=False)


class TestEveryOperation:
    """threat: too-much-for-a-role"""

    def test_a_partner_gets_the_law_and_his_own_and_nothing_else(self, roles: TestClient) -> None:
        wrong = []
        for method, path in operations(roles.app):  # type: ignore[arg-type]
            status = ask(roles, "partner", method, filled(path)).status_code
            if not path.startswith(PARTNERS_MAY) and status != 403:
                wrong.append((method, path, status))
        assert wrong == []

    def test_a_reader_changes_nothing_that_is_kept(self, roles: TestClient) -> None:
        wrong = []
        for method, path in operations(roles.app):  # type: ignore[arg-type]
            changes = path.startswith("/v1/work/") and method != "GET" and not path.endswith(READERS_MAY)
            if (changes or path.endswith("/save")) and ask(roles, "reader", method, filled(path)).status_code not in (
                403,
            ):
                wrong.append((method, path))
        assert wrong == []
        assert ask(roles, "admin", "GET", "/v1/work/profiles").json() == []

    @pytest.mark.parametrize("role", ["reader", "editor", "partner"])
    def test_only_an_admin_sees_the_log_and_moves_everything(self, roles: TestClient, role: str) -> None:
        for method, path in ADMINS_ONLY:
            assert ask(roles, role, method, path).status_code == 403

    def test_nobody_gets_nothing_of_any_operation(self, roles: TestClient) -> None:
        wrong = []
        for method, path in operations(roles.app):  # type: ignore[arg-type]
            answer = roles.request(method, filled(path), follow_redirects=False)
            if answer.status_code != 401 and not path.startswith(("/v1/health", "/static")):
                wrong.append((method, path, answer.status_code))
        assert wrong == []


HUGE = "9" * 30
NUL = "a\u0000b"


class TestWhatADatabaseChokesOn:
    """threat: too-much"""

    @pytest.fixture
    def kept(self, app: FastAPI, address: str, tmp_path: Path) -> Iterator[TestClient]:  # noqa: F811
        made_of = create_app(Settings(data=tmp_path / "kept", database=address, assistant=False))
        made_of.state.services._law = app.state.services.law
        with TestClient(made_of, base_url=HOME, raise_server_exceptions=False) as client:
            yield client

    def test_is_refused_and_breaks_nothing(self, kept: TestClient) -> None:
        id_ = made(kept)
        work = f"/v1/work/profiles/{id_}"
        page = kept.post("/open", data={"example": "suv-l2"}, follow_redirects=False).headers["location"]
        lone = b'{"lack": "a", "text": "\\ud800"}'
        json = {"content-type": "application/json"}
        asked = [
            kept.get(f"/v1/work/log?before={HUGE}"),
            kept.get(f"{work}/comments?lack=%00"),
            kept.get(f"{work}/evidence?lack=a%00b"),
            kept.get(f"{work}/versions/{HUGE}"),
            kept.post(f"{work}/comments", json={"lack": NUL, "text": NUL}),
            kept.post(f"{work}/comments", content=lone, headers=json),
            kept.post(f"{work}/assignments", json={"lack": NUL, "title": NUL, "person": NUL}),
            kept.post(f"{work}/assignments", json={"lack": "x", "title": "x", "person": "x", "on": int(HUGE)}),
            kept.post(f"{work}/snapshots", json={"markets": ["DE"], "number": int(HUGE)}),
            kept.post(f"{work}/evidence?lack=%00&name=a%00.pdf", content=b"%PDF-1.7"),
            kept.put(work, json={"text": "name: X\n", "why": NUL}, headers={"if-match": '"1"'}),
            kept.put(work, json={"text": "name: X\n", "why": "x"}, headers={"if-match": f'"{HUGE}"'}),
            kept.get("/profiles/%00/edit"),
            kept.post("/saved/%00/open"),
            kept.get(f"{page}/history?version={HUGE}"),
            kept.post(f"{page}/facts", data={"path": "vehicle.seats", "version": HUGE, "value": "5"}),
            kept.post(f"{page}/text", data={"text": "name: X\n", "version": HUGE}),
            kept.post(f"{page}/save", data={"why": NUL}),
            kept.post("/open", data={"name": "n" * 5000, "text": "name: X\n"}, follow_redirects=False),
            kept.post("/open", data={"name": NUL, "text": "name: X\n"}, follow_redirects=False),
            kept.post("/open", files={"file": ("a\u0000" + "b" * 500 + ".yaml", b"name: X\n")}, follow_redirects=False),
            kept.post(f"{page}/choice", data={"market": ["DE"] * 5000, "as_of": HUGE}),
        ]
        assert [(each.request.method, str(each.request.url)) for each in asked if each.status_code >= 500] == []
        assert kept.get(work).status_code == 200
        assert kept.get("/v1/work/log").json()["broken_at"] is None
