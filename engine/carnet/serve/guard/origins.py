# SPDX-License-Identifier: Apache-2.0
"""Requests that another site makes in a browser: by a name that is not this server's, or from a page not its own.

A browser says where a request comes from (`Sec-Fetch-Site`, `Origin`); whoever sends a token means it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from carnet.errors import shown
from carnet.serve.problems import Refused, refusal
from carnet.serve.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")


class Origins:
    """Refuses them."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._check(scope["method"], Headers(scope=scope))
            except Refused as error:
                await refusal(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, method: str, headers: Headers) -> None:
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if _name(host) not in self._settings.known_hosts:
            hint = "name it with `--allow-host`"
            raise Refused(421, "host", f"{shown(host)} is no name of this server", hint)
        if method in SAFE or headers.get("authorization", "").lower().startswith("bearer "):
            return
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        own = urlsplit(origin).netloc.lower() == host.lower() if origin else None
        if site in ("same-origin", "none") and own is not False:
            return
        if site is None and (own or (own is None and "cookie" not in headers)):
            return
        raise Refused(403, "cross-site", "a page of another site made this request")


def _name(host: str) -> str:
    """The name without its port."""
    head, colon, port = host.lower().rpartition(":")
    return head if colon and port.isdecimal() else host.lower()
