# SPDX-License-Identifier: Apache-2.0
"""The plan: which markets when, by which steps, drawn as a Gantt and planned again when the reader changes it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from carnet.serve.web.failing import PageRoute
from carnet.serve.web.state import About

router = APIRouter(prefix="/profiles/{id_}", route_class=PageRoute)


@router.get("/plan")
def plan_page(about: About) -> Response:
    """The road map of the markets chosen."""
    return about.page("plan.html.j2", here="plan")
