# SPDX-License-Identifier: Apache-2.0
"""The threat model of docs/security.md: a test for each of its lines, named by the line's key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from carnet.errors import InputError
from carnet.serve.app import create_app
from carnet.serve.settings import Limits, Proxy, Settings, Token

HOME = "http://127.0.0.1:8000"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def token(name: str, role: str = "reader", partner: str = "") -> Token:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Token.model_validate({"name": name, "sha256": digest, "role": role, "partner": partner})


def bearer(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {name}"}


@pytest.fixture(scope="module")
def teams() -> Iterator[TestClient]:
    tokens = tuple(
        token(role, role, "Uber" if role == "partner" else "") for role in ("reader", "editor", "admin", "partner")
    )
    settings = Settings(host="0.0.0.0", hosts=("carnet.example",), tokens=tokens)
    with TestClient(create_app(settings), base_url="https://carnet.example") as client:
        yield client


def test_every_line_of_the_threat_model_has_a_test() -> None:
    keys = set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    here = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    tested = set(re.findall(r"threat: ([a-z-]+)", here))
    assert keys == tested


class TestAnonymous:
    """threat: anonymous"""

    def test_nothing_starts_that_anybody_could_reach(self) -> None:
        with pytest.raises(InputError, match="nothing says who may ask"):
            create_app(Settings(host="0.0.0.0"))
        with pytest.raises(InputError, match="no name of this server"):
            create_app(Settings(host="::", tokens=(token("x"),)))

    @pytest.mark.parametrize("path", ["/", "/v1/markets", "/v1/jobs", "/v1/openapi.json", "/v1/law"])
    def test_nobody_gets_nothing(self, teams: TestClient, path: str) -> None:
        answer = teams.get(path)
        assert (answer.status_code, answer.json()["kind"]) == (401, "nobody")
        assert answer.headers["www-authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("given", ["Bearer wrong", "Bearer ", "Basic cmVhZGVyOng=", "Bearer réader"])
    def test_a_wrong_token_is_nobody_s(self, teams: TestClient, given: str) -> None:
        assert teams.get("/v1/markets", headers={"authorization": given.encode("utf-8")}).status_code == 401

    def test_a_right_one_lets_in(self, teams: TestClient) -> None:
        assert teams.get("/v1/markets", headers=bearer("reader")).status_code == 200

    def test_health_and_style_are_for_everybody(self, teams: TestClient) -> None:
        assert teams.get("/v1/health/live").status_code == 200
        assert teams.get("/static/app.css").status_code == 200

    @pytest.mark.parametrize("path", ["/static/../v1/markets", "/static/%2e%2e/v1/markets", "/v1/health/../markets"])
    def test_no_path_leads_around(self, teams: TestClient, path: str) -> None:
        assert teams.get(path).status_code in (401, 404)

    def test_a_home_behind_an_unknown_proxy_is_closed(self) -> None:
        with TestClient(create_app(), base_url=HOME) as client:
            answer = client.get("/v1/markets", headers={"x-forwarded-for": "203.0.113.9"})
            assert (answer.status_code, answer.json()["kind"]) == (403, "proxy")


class TestProxy:
    """threat: forged-identity"""

    def client(self, address: str) -> TestClient:
        proxy = Proxy(addresses=("192.0.2.0/24",))
        settings = Settings(host="0.0.0.0", hosts=("carnet.example",), proxy=proxy)
        return TestClient(create_app(settings), base_url="https://carnet.example", client=(address, 5000))

    def test_its_header_counts_from_its_address(self) -> None:
        headers = {"x-forwarded-user": "ann", "x-forwarded-role": "editor"}
        assert self.client("192.0.2.7").get("/v1/markets", headers=headers).status_code == 200

    def test_from_elsewhere_it_does_not(self) -> None:
        assert self.client("203.0.113.7").get("/v1/markets", headers={"x-forwarded-user": "ann"}).status_code == 401

    def test_two_of_them_are_none(self) -> None:
        headers = [("x-forwarded-user", "ann"), ("x-forwarded-user", "admin")]
        assert self.client("192.0.2.7").get("/v1/markets", headers=headers).status_code == 401  # type: ignore[arg-type]

    def test_an_unknown_role_is_the_least(self) -> None:
        headers = {"x-forwarded-user": "ann", "x-forwarded-role": "root"}
        client = self.client("192.0.2.7")
        assert client.get("/v1/jobs", headers=headers).status_code == 200
        assert client.get("/v1/audit", headers=headers).status_code in (403, 404)


class TestRoles:
    """threat: too-much-for-a-role"""

    def test_a_partner_reads_the_law_and_checks_nothing(self, teams: TestClient) -> None:
        assert teams.get("/v1/markets", headers=bearer("partner")).status_code == 200
        answer = teams.post("/v1/check", json={"profile": {}, "markets": ["DE"]}, headers=bearer("partner"))
        assert (answer.status_code, answer.json()["kind"]) == (403, "role")
        assert teams.get("/", headers=bearer("partner")).status_code == 403

    def test_jobs_are_their_owner_s(self, teams: TestClient) -> None:
        body = {"profile": {}, "markets": ["DE"]}
        headers = bearer("reader") | {"prefer": "respond-async"}
        place = teams.post("/v1/check", json=body, headers=headers).headers["location"]
        assert teams.get(place, headers=bearer("reader")).status_code == 200
        assert teams.get(place, headers=bearer("editor")).status_code == 404
        assert teams.get(place, headers=bearer("admin")).status_code == 200


class TestOtherSites:
    """threat: cross-site"""

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:9999"},
            {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
            {"cookie": "__Host-carnet=x"},
        ],
    )
    def test_a_page_elsewhere_changes_nothing_here(self, client: TestClient, headers: dict[str, str]) -> None:
        answer = client.post("/v1/check", json={"profile": {}, "markets": ["DE"]}, headers=headers)
        assert (answer.status_code, answer.json()["kind"]) == (403, "cross-site")

    @pytest.mark.parametrize("headers", [{}, {"origin": HOME}, {"sec-fetch-site": "same-origin", "origin": HOME}])
    def test_a_page_of_ours_and_a_program_do(self, client: TestClient, headers: dict[str, str]) -> None:
        answer = client.post("/v1/check", json={"profile": {}, "markets": ["DE"]}, headers=headers)
        assert answer.status_code == 200

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example", "0x7f.1"])
    def test_another_name_of_this_machine_is_refused(self, client: TestClient, host: str) -> None:
        """threat: rebinding"""
        answer = client.get("/v1/markets", headers={"host": host})
        assert (answer.status_code, answer.json()["kind"]) == (421, "host")

    def test_a_form_of_another_kind_is_no_json(self, client: TestClient) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = client.post(
                "/v1/check", content=b'{"profile":{},"markets":["DE"]}', headers={"content-type": kind}
            )
            assert answer.status_code == 422


class TestHeaders:
    """threat: script"""

    def test_nothing_inline_runs_and_nothing_frames_it(self, client: TestClient) -> None:
        headers = client.get("/").headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"

    def test_what_a_profile_says_is_never_a_page(self, client: TestClient) -> None:
        body = {"profile": {"name": "<script>alert(1)</script>"}, "markets": ["DE"], "format": "html"}
        answer = client.post("/v1/check", json=body)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "<script>alert(1)" not in answer.text


class TestBodies:
    """threat: too-much"""

    def small(self, **limits: Any) -> TestClient:
        return TestClient(create_app(Settings(limits=Limits(**limits))), base_url=HOME, raise_server_exceptions=False)

    @pytest.mark.parametrize(
        ("body", "status", "kind"),
        [
            (b'{"profile":' + b"[" * 60 + b"]" * 60 + b"}", 422, "depth"),
            (b'{"profile":' + b"[" * 200_000, 422, "depth"),
            (b'{"a":1,"a":2}', 422, "twice"),
            (b'{"profile":{"x":NaN}}', 422, "number"),
            (b'{"profile":{"x":1e999}}', 422, "number"),
            (b'{"profile":{"x":' + b"9" * 5000 + b"}}", 400, "body"),
            (b'{"profile":"\\ud800","markets":["DE"]}', 422, "text"),
            (b"\xff\xfe", 400, "body"),
            (b"{", 400, "body"),
            (b'{"profile":"' + b"a" * (4 << 20) + b'"}', 413, "body-size"),
        ],
    )
    def test_hostile_json_is_refused(self, client: TestClient, body: bytes, status: int, kind: str) -> None:
        answer = client.post("/v1/check", content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["kind"]) == (status, kind)

    def test_a_body_without_a_length_is_counted(self, client: TestClient) -> None:
        parts = (b" " * (1 << 20) for _ in range(6))
        answer = client.post("/v1/check", content=parts, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["kind"]) == (413, "body-size")

    def test_too_many_assessments_are_not_begun(self, client: TestClient) -> None:
        features = {f"f{number}": {} for number in range(8)}
        answer = client.post("/v1/check", json={"profile": {"features": features}, "markets": "all"})
        assert (answer.status_code, answer.json()["kind"]) == (422, "amount")

    def test_one_request_has_its_time(self, munich: str) -> None:
        answer = self.small(seconds=0.01).post("/v1/check", json={"profile": munich, "markets": ["DE-BY"]})
        assert (answer.status_code, answer.json()["kind"]) in ((504, "time"), (408, "body-time"))

    def test_a_queue_that_is_full_says_so(self) -> None:
        app = create_app(Settings(limits=Limits(running=1, waiting=0)))
        with TestClient(app, base_url=HOME) as client, app.state.services.computing.turn():
            answer = client.post("/v1/check", json={"profile": {}, "markets": ["DE"]})
        assert (answer.status_code, answer.json()["kind"]) == (503, "busy")
        assert answer.headers["retry-after"]

    def test_who_asks_too_often_waits(self) -> None:
        client = self.small(per_minute=3)
        answers = [client.get("/v1/health/live") for _ in range(5)]
        assert [each.status_code for each in answers][:3] == [200, 200, 200]
        assert (answers[-1].status_code, answers[-1].json()["kind"]) == (429, "rate")

    def test_guessing_tokens_is_slow(self) -> None:
        """threat: guessing"""
        settings = Settings(tokens=(token("right"),), limits=Limits(per_minute=100))
        client = TestClient(create_app(settings), base_url=HOME)
        answers = [client.get("/v1/markets", headers=bearer(f"guess{number}")) for number in range(20)]
        assert answers[-1].status_code == 429
        assert sum(answer.status_code == 401 for answer in answers) < 12
        assert client.get("/v1/health/live").status_code == 200
