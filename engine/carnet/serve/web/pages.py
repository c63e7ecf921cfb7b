# SPDX-License-Identifier: Apache-2.0
"""The pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from carnet.serve.context import Here
from carnet.serve.web.environment import render

router = APIRouter()


@router.get("/")
def start(request: Request, here: Here) -> HTMLResponse:
    """Where everybody begins."""
    return render(request, "start.html", law=here.law)
