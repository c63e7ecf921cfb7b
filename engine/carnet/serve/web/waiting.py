# SPDX-License-Identifier: Apache-2.0
"""A page that takes long is answered at once by one that says so and asks again; the work goes on meanwhile, once."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from carnet.serve.context import Identity, identity, services
from carnet.serve.web.environment import render
from carnet.serve.web.failing import Handler, PageRoute
from carnet.serve.web.language import language_of

MOST = 256
"""Pages in the making; of more, browsers wait for the answer itself."""
AGAIN, KEPT = 1, 10
"""Seconds after which a browser asks again, and for which a page that is done waits for that."""


class Asked(NamedTuple):
    """A page by who asks for it, with his role, and how."""

    who: Identity
    url: str
    language: str


Making = dict[Asked, asyncio.Task[Response]]


class PatientRoute(PageRoute):
    """A route whose page may take long. Only who navigates in a browser is told to wait: others get the page."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def or_wait(request: Request) -> Response:
            making, who = _making(request), identity(request)
            if request.method != "GET":
                changed = await answer(request)
                for old in [each for each in making if each.who.key == who.key]:
                    del making[old]  # it may be made from what was just changed
                return changed
            if request.headers.get("sec-fetch-mode") != "navigate" or len(making) >= MOST:
                return await answer(request)
            asked = Asked(who, str(request.url), language_of(request))
            task = making.get(asked)
            if task is None:
                task = making[asked] = asyncio.ensure_future(answer(request))
            done, _ = await asyncio.wait({task}, timeout=services(request).settings.limits.patience)
            if not done:
                task.add_done_callback(lambda _: _forget(making, asked, task, KEPT))
                page = await run_in_threadpool(render, request, "waiting.html.j2", 202)
                page.headers["refresh"] = str(AGAIN)
                return page
            _forget(making, asked, task)
            return task.result()

        return or_wait


def _forget(making: Making, asked: Asked, task: asyncio.Task[Response], after: float = 0) -> None:
    if after:
        asyncio.get_running_loop().call_later(after, _forget, making, asked, task)
    elif making.get(asked) is task:
        del making[asked]


def _making(request: Request) -> Making:
    state = request.app.state
    if getattr(state, "making", None) is None:
        state.making = {}
    found: Making = state.making
    return found
