# SPDX-License-Identifier: Apache-2.0
"""Templates of the web app: escaping on, undefined names refused."""

from __future__ import annotations

import functools
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse


@functools.cache
def environment() -> Environment:
    """The environment of all pages."""
    return Environment(
        loader=PackageLoader("carnet.serve.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page."""
    text = environment().get_template(template).render(request=request, **values)
    return HTMLResponse(text, status)
