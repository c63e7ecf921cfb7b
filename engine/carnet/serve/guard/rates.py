# SPDX-License-Identifier: Apache-2.0
"""How often one caller may ask, and how often a token may be guessed: buckets that fill again with time.

Each process counts its own.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carnet.serve.problems import Refused, problem_of, refusal

CALLERS = 10_000
GUESSES = 10
"""Wrong tokens from one address in a minute."""


class Buckets:
    """A bucket for each caller; safe to share between threads."""

    def __init__(self, per_minute: int) -> None:
        self.most = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str, cost: float = 1.0) -> float:
        """Take from a caller's bucket; how many seconds to wait when there is not one in it."""
        now = time.monotonic()
        with self._lock:
            left, then = self._left.pop(caller, (float(self.most), now))
            left = min(float(self.most), left + (now - then) * self.most / 60)
            self._left[caller] = (left - cost if left >= 1 else left, now)
            if len(self._left) > CALLERS:
                self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * 60 / self.most


def too_often(what: str, wait: float) -> Refused:
    seconds = int(wait) + 1
    return Refused(429, "rate", what, f"wait {seconds} seconds", {"retry-after": str(seconds)})


class Rates:
    """Requests of one caller, behind the door: by name, or by address where nobody has one."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app, self._buckets = app, Buckets(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        me = scope.get("carnet.identity")
        if me is not None:
            named = me.via in ("token", "proxy", "openid")
            wait = self._buckets.wait(me.key if named else _address(scope))
            if wait:
                error = too_often(f"more than {self._buckets.most} requests in a minute", wait)
                await refusal(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Guesses:
    """Wrong tokens from one address, before the door: after some, no token from there is looked at for a while."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._buckets = app, Buckets(GUESSES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "authorization" not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        caller = _address(scope)
        wait = self._buckets.wait(caller, 0.0)
        if wait:
            await problem_of(too_often("too many wrong tokens", wait))(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._buckets.wait(caller)
            await send(message)

        await self._app(scope, receive, watched)


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown", 0))[0])
