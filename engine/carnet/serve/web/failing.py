# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on a page is told on a page: what it is, and where to go from there."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from carnet.errors import CarnetError, MissingExtra, UnknownName
from carnet.serve.problems import Refused
from carnet.serve.shapes import misshapes
from carnet.serve.web.environment import render
from carnet.serve.web.messages import Message, messages_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages, unless a script asks for JSON."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def or_tell(request: Request) -> Response:
            try:
                return await answer(request)
            except (CarnetError, RequestValidationError) as error:
                if "application/json" in request.headers.get("accept", ""):
                    raise
                return await run_in_threadpool(error_page, request, error)

        return or_tell


def error_page(request: Request, error: CarnetError | RequestValidationError) -> Response:
    """The page that tells of an error."""
    if isinstance(error, CarnetError):
        messages = messages_of(error)
    else:
        messages = tuple(Message(each.detail, each.hint, path=each.path) for each in misshapes(error.errors()))
    status = _status(error)
    page = render(request, "error.html.j2", status, kind=status, messages=messages)
    page.headers.update(getattr(error, "headers", {}))
    return page


def _status(error: Exception) -> int:
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, UnknownName):
        return 404
    return 501 if isinstance(error, MissingExtra) else 422
