# SPDX-License-Identifier: Apache-2.0
"""Who is asking: on loopback the person at this machine, elsewhere whoever a token, a session or the proxy says."""

from __future__ import annotations

import hashlib
import hmac
from typing import get_args

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from carnet.serve.context import Identity
from carnet.serve.problems import Refused, refusal
from carnet.serve.settings import Role, Settings

AT_HOME = Identity("local", "admin", "loopback")
NOBODY = Identity("", "reader", "nobody")
OPEN = ("/v1/health/", "/static/", "/login")
"""What everybody may see."""
TOOLS = "/mcp"
"""Where assistants ask, an application of its own that knows no roles."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
LONGEST = 200
ROLES: tuple[Role, ...] = get_args(Role)


class Identify:
    """Puts an `Identity` into the request's scope, or refuses it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            me = scope["carnet.identity"] = self._identity(scope)
            if scope["path"].startswith(TOOLS) and not me.may("reader"):
                raise Refused(403, "role", f"this is for the role `reader`, and you are `{me.role}`")
        except Refused as error:
            if self._settings.openid and scope["method"] == "GET" and not scope["path"].startswith(("/v1/", "/mcp")):
                await RedirectResponse("/login", 303)(scope, receive, send)
            else:
                await refusal(Request(scope), error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _identity(self, scope: Scope) -> Identity:
        settings, headers = self._settings, Headers(scope=scope)
        if not settings.asks_who:
            if any(name in headers for name in FORWARDED):
                hint = "name the proxy in the settings, with the header in which it says who is asking"
                raise Refused(403, "proxy", "a proxy passed this on, and this server was told of none", hint)
            return AT_HOME
        found = self._by_token(headers) or self._by_proxy(scope, headers) or _by_session(scope)
        if found:
            return found
        if scope["path"].startswith(OPEN):
            return NOBODY
        raise unknown()

    def _by_token(self, headers: Headers) -> Identity | None:
        """Whose token it is; a wrong one is refused, whatever else the request says."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        if not kind:
            return None
        digest = hashlib.sha256(given.strip().encode("utf-8", "replace")).hexdigest()
        same = [token for token in self._settings.tokens if hmac.compare_digest(token.sha256, digest)]
        if kind.lower() != "bearer" or not same:
            raise unknown()
        return Identity(same[0].name, same[0].role, "token", same[0].partner)

    def _by_proxy(self, scope: Scope, headers: Headers) -> Identity | None:
        proxy, client = self._settings.proxy, scope.get("client")
        if proxy is None or client is None or not proxy.is_from(client[0]):
            return None
        names = headers.getlist(proxy.name_header)
        if len(names) != 1 or not names[0].strip():
            return None
        role = _role(headers.get(proxy.role_header), proxy.default_role)
        return Identity(names[0].strip()[:LONGEST], role, "proxy", headers.get(proxy.partner_header, "")[:LONGEST])


def _by_session(scope: Scope) -> Identity | None:
    """Who signed in, from a cookie that only this server can write."""
    who = HTTPConnection(scope).session.get("who") if "session" in scope else None
    if not isinstance(who, dict):
        return None
    return Identity(str(who["name"]), _role(who.get("role"), "reader"), "openid", str(who.get("partner", "")))


def _role(given: object, otherwise: Role) -> Role:
    """A role by name; one that is not known is no reason to give more than the least."""
    if given is None:
        return otherwise
    return next((role for role in ROLES if role == given), "reader" if otherwise != "partner" else "partner")


def unknown() -> Refused:
    headers = {"www-authenticate": 'Bearer realm="carnet"'}
    return Refused(401, "nobody", "nobody is signed in", "send a token: `Authorization: Bearer ...`", headers)
