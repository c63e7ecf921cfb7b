# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as problem details (RFC 9457): what, the key it concerns, what to try; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from carnet.errors import CarnetError, MissingExtra, Place, Problems, UnknownName, shown, visible
from carnet.serve.guard.headers import HEADERS
from carnet.serve.shapes import misshapes

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("carnet.serve")
NO_PAGES = ("/v1/", "/mcp", "/static/", "/shared/")
"""Where programs ask."""
MOST = 100
"""Mistakes listed in one answer."""


class Mistake(BaseModel):
    """One thing to mend: the key in the body, or the place in the text that was sent."""

    detail: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None


class Problem(BaseModel):
    """Problem details; `kind` is for programs, `detail` for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    kind: str
    hint: str | None = None
    errors: list[Mistake] = []


class Refused(CarnetError):
    """A request that is not answered, with the status and kind that say why."""

    def __init__(
        self, status: int, kind: str, detail: str, hint: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail, hint=hint)
        self.status, self.kind, self.headers = status, kind, headers or {}


TITLES = {
    400: "Unusable request",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported format",
    421: "Not a name of this server",
    422: "Unusable input",
    428: "Version required",
    429: "Too many requests",
    500: "Internal error",
    501: "Not installed",
    503: "Busy",
    504: "Out of time",
}


def problem(
    status: int,
    kind: str,
    detail: str,
    hint: str = "",
    errors: Sequence[Mistake] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The response that says so."""
    title = TITLES.get(status, "Error")
    found = Problem(title=title, status=status, detail=detail, kind=kind, hint=hint or None, errors=list(errors[:MOST]))
    return JSONResponse(found.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE, headers=headers)


def problem_of(error: CarnetError) -> Response:
    """The response for an error that Carnet raised on purpose."""
    if isinstance(error, Refused):
        return problem(error.status, error.kind, error.message, error.hint, headers=error.headers)
    if isinstance(error, MissingExtra):
        return problem(501, "not-installed", error.message, error.hint)
    if isinstance(error, Problems):
        mistakes = [_mistake(each) for each in error.errors]
        what = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        return problem(422, "input", f"{what}; the first: {mistakes[0].detail}", errors=mistakes)
    kind = "unknown-name" if isinstance(error, UnknownName) else "input"
    return problem(422, kind, visible(error.message), visible(error.hint), [_mistake(error)])


def _mistake(error: CarnetError) -> Mistake:
    place = error.place
    return Mistake(
        detail=visible(error.message),
        path=_path(place) if place else None,
        line=(place.line or None) if place else None,
        column=(place.column or None) if place else None,
        hint=visible(error.hint) or None,
    )


def _path(place: Place) -> str | None:
    """The key in the body: the profile's own path behind the name under which it was sent."""
    head = {"--set": "set"}.get(place.file, place.file)
    return f"{head}.{place.path}" if place.path and head.isprintable() and head[:1].isalpha() else place.path or head


def refusal(request: Request, error: CarnetError) -> Response:
    """The response for an error: a page for a person who looks at pages, problem details for everybody else."""
    tell = getattr(request.app.state, "tell", None)
    return tell(request, error) if tell is not None and is_for_people(request) else problem_of(error)


def is_for_people(request: Request) -> bool:
    """Whether a browser asks for something that it will show."""
    return not request.url.path.startswith(NO_PAGES) and "text/html" in request.headers.get("accept", "")


def install(app: FastAPI) -> None:
    """Answer with problem details or a page, whatever goes wrong."""
    app.add_exception_handler(CarnetError, _on_carnet_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)


def _on_carnet_error(request: Request, error: Any) -> Response:
    return refusal(request, error)


def _on_validation_error(request: Request, error: Any) -> Response:
    """A body or query of the wrong shape, with the path of each key."""
    found = misshapes(error.errors())
    mistakes = [Mistake(detail=each.detail, path=each.path, hint=each.hint or None) for each in found]
    return problem(422, "shape", mistakes[0].detail, mistakes[0].hint or "", errors=mistakes)


def _on_http_error(request: Request, error: Any) -> Response:
    kinds = {404: "not-found", 405: "method", 413: "body-size"}
    detail = str(error.detail) if error.status_code != 404 else f"there is nothing at {shown(request.url.path)}"
    return refusal(request, Refused(error.status_code, kinds.get(error.status_code, "http"), detail, "", error.headers))


def _on_bug(request: Request, error: Exception) -> Response:
    LOG.error("internal error", exc_info=error)
    what = f"internal error ({type(error).__name__})"
    answer = refusal(request, Refused(500, "internal", what, "please report it; the log says more"))
    answer.headers.update(HEADERS)  # what was raised passed by all that would add them
    return answer
