# SPDX-License-Identifier: Apache-2.0
"""Signing in with OpenID Connect: to the issuer, back, and into a session cookie that only this server can write."""

from __future__ import annotations

from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, Request
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse, Response

from carnet.serve.guard.identify import LONGEST, ROLES
from carnet.serve.problems import LOG, Refused
from carnet.serve.settings import OpenId

COOKIE = "__Host-carnet"
METADATA = "/.well-known/openid-configuration"


def install(app: FastAPI, openid: OpenId, secret: str, transport: Any = None) -> None:
    """Add the pages to sign in and out. transport: what carries requests to the issuer, for tests."""
    oauth = OAuth()
    own = {"transport": transport} if transport else {}
    oauth.register(
        "issuer",
        client_id=openid.client_id,
        client_secret=openid.client_secret,
        server_metadata_url=openid.issuer.rstrip("/") + METADATA,
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", **own},
    )
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    async def login(request: Request) -> Response:
        back = str(request.url_for("login_back"))
        try:
            response: Response = await oauth.issuer.authorize_redirect(request, back)
        except HTTPError as error:
            raise _unreachable(error) from None
        return response

    @router.get("/login/back", name="login_back")
    async def login_back(request: Request) -> Response:
        try:
            token = await oauth.issuer.authorize_access_token(request)
        except HTTPError as error:
            raise _unreachable(error) from None
        except (OAuthError, JoseError) as error:
            LOG.warning("sign-in failed", extra={"reason": type(error).__name__})
            raise Refused(401, "sign-in", "the issuer did not sign you in", "try again at /login") from None
        claims = token.get("userinfo") or {}
        if claims.get("iss", "").rstrip("/") != openid.issuer.rstrip("/"):
            raise Refused(401, "sign-in", "the token is of another issuer", "try again at /login")
        request.session.clear()
        request.session["who"] = _who(claims, openid)
        return RedirectResponse("/", 303)

    @router.post("/logout")
    async def logout(request: Request) -> Response:
        request.session.clear()
        return RedirectResponse("/login", 303)

    app.include_router(router)
    hours = openid.session_hours * 3600
    app.add_middleware(SessionMiddleware, secret, COOKIE, hours, https_only=True, same_site="lax")


def _unreachable(error: HTTPError) -> Refused:
    LOG.warning("issuer cannot be reached", extra={"reason": type(error).__name__})
    return Refused(503, "issuer", "the issuer that signs people in cannot be reached", "try again later")


def _who(claims: dict[str, Any], openid: OpenId) -> dict[str, str]:
    """Name and role as the issuer says; a role that is not known is the default one."""
    role = claims.get(openid.role_claim)
    name = next((str(claims[key]) for key in ("email", "preferred_username", "sub") if claims.get(key)), "unknown")
    partner = str(claims.get(openid.partner_claim) or "")
    return {
        "name": name[:LONGEST],
        "role": role if role in ROLES else openid.default_role,
        "partner": partner[:LONGEST],
    }
