# SPDX-License-Identifier: Apache-2.0
"""Templates of the web app: those of the HTML reports with the app's own before them, in the language of the page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment
from starlette.responses import HTMLResponse

from carnet import __version__
from carnet.intake.answers import written
from carnet.intake.harvest import shown_value
from carnet.report import i18n
from carnet.report.html import charts
from carnet.report.html.page import environment as report_environment
from carnet.report.inert import clean_text
from carnet.report.typesetting import set_page
from carnet.serve.context import services
from carnet.serve.web.language import LANGUAGE_NAMES, language_of
from carnet.spoken import speaking

WEEK = 7 * 24 * 3600


@functools.cache
def environment(language: str) -> Environment:
    """The environment of all pages in a language."""
    made = report_environment(language, "carnet.serve.web")
    made.globals.update(
        charts=charts, languages=LANGUAGE_NAMES, version=__version__, shown=shown_value, written=written
    )
    return made


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the reader's language, which is kept when the address names one."""
    language = language_of(request)
    made = environment(language).get_template(template)
    frame = {"here": "", "direction": i18n.direction(language), "language_url": _in_language(request)}
    with speaking(language):
        whole = made.render(language=language, **{"law": services(request).law_in(language), **frame, **values})
        text = set_page(clean_text(whole))
    response = HTMLResponse(text, status)
    if request.query_params.get("language") == language:
        response.set_cookie("language", language, max_age=52 * WEEK, samesite="lax", httponly=True)
    response.headers["vary"] = "Cookie, Accept-Language"
    return response


def _in_language(request: Request) -> Callable[[str], str]:
    """The address of this page in another language; of the start where the page answered a form."""
    path = request.url.path if request.method == "GET" else "/"
    return in_language(path, request.query_params.multi_items())


def in_language(path: str, query: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """An address in another language."""
    kept = [(key, value) for key, value in query if key not in ("language", "job")]
    return lambda language: f"{path}?{urlencode([*kept, ('language', language)])}"
