# SPDX-License-Identifier: Apache-2.0
"""Signing in with OpenID Connect, against an issuer in this process (threat: session)."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse

from carnet.serve.app import create_app
from carnet.serve.guard.login import COOKIE
from carnet.serve.settings import OpenId, Settings

ISSUER = "https://issuer.example"
KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


class Issuer:
    """An issuer that says of everybody what `claims` say; codes remember the nonce."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "1", "email": "ann@example.org", "carnet_role": "editor"}
        self.codes: dict[str, str] = {}
        self.key = KEY
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def metadata() -> Any:
            return {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }

        @app.get("/keys")
        def keys() -> Any:
            return {"keys": [KEY.as_dict(private=False)]}

        @app.post("/token")
        async def token(request: Request) -> Any:
            form = parse_qs((await request.body()).decode())
            assert form["code_verifier"]
            now = int(time.time())
            claims = {"iss": ISSUER, "aud": "carnet", "iat": now, "exp": now + 60, "nonce": self.codes[form["code"][0]]}
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, self.key)
            return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})

        self.transport = httpx2.ASGITransport(app)


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def browser(issuer: Issuer) -> TestClient:
    openid = OpenId(issuer=ISSUER, client_id="carnet", client_secret="s")
    settings = Settings(host="0.0.0.0", hosts=("carnet.example",), openid=openid)
    app = create_app(settings, issuer.transport)
    return TestClient(app, base_url="https://carnet.example", follow_redirects=False, raise_server_exceptions=False)


def sign_in(browser: TestClient, issuer: Issuer, **changes: str) -> Any:
    asked = parse_qs(urlsplit(browser.get("/login").headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    issuer.codes["c"] = changes.get("nonce", asked["nonce"][0])
    return browser.get("/login/back", params={"code": "c", "state": changes.get("state", asked["state"][0])})


def test_nobody_is_sent_to_the_issuer(browser: TestClient) -> None:
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert browser.get("/login").headers["location"].startswith(f"{ISSUER}/authorize?")
    assert browser.get("/v1/markets").status_code == 401


def test_who_signed_in_is_known_until_he_signs_out(browser: TestClient, issuer: Issuer) -> None:
    answer = sign_in(browser, issuer)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE.lower())
    assert all(word in cookie for word in ("secure", "httponly", "samesite=lax", "path=/"))
    assert "domain" not in cookie
    assert browser.get("/v1/markets").status_code == 200
    assert browser.post("/logout", headers={"origin": "https://carnet.example"}).status_code == 303
    assert browser.get("/v1/markets").status_code == 401


def test_a_session_that_somebody_wrote_is_none(browser: TestClient, issuer: Issuer) -> None:
    sign_in(browser, issuer)
    value = browser.cookies[COOKIE]
    browser.cookies.clear()
    for forged in (value[:-3] + "AAA", "eyJ3aG8iOnsibmFtZSI6ImFkbWluIn19", ""):
        assert browser.get("/v1/markets", headers={"cookie": f"{COOKIE}={forged}"}).status_code == 401


@pytest.mark.parametrize("changes", [{"state": "other"}, {"nonce": "other"}])
def test_an_answer_to_another_question_signs_nobody_in(
    browser: TestClient, issuer: Issuer, changes: dict[str, str]
) -> None:
    assert sign_in(browser, issuer, **changes).status_code == 401
    assert browser.get("/v1/markets").status_code == 401


@pytest.mark.parametrize("claims", [{"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_others_signs_nobody_in(browser: TestClient, issuer: Issuer, claims: dict[str, Any]) -> None:
    issuer.claims |= claims
    assert sign_in(browser, issuer).status_code == 401


def test_a_token_that_another_key_signed_signs_nobody_in(browser: TestClient, issuer: Issuer) -> None:
    issuer.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    assert sign_in(browser, issuer).status_code == 401


def test_a_role_that_is_not_known_is_the_default(browser: TestClient, issuer: Issuer) -> None:
    issuer.claims["carnet_role"] = ["admin"]
    sign_in(browser, issuer)
    assert browser.get("/v1/jobs").status_code == 200
