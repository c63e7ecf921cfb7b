# SPDX-License-Identifier: Apache-2.0
"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from carnet import __version__
from carnet.serve.api.asking import BASIC
from carnet.serve.context import Here, Reader
from carnet.serve.guard.watch import numbers

router = APIRouter(tags=["server"], responses=BASIC)


class Health(BaseModel):
    """That it answers."""

    status: str
    version: str


class Ready(BaseModel):
    """That it can compute."""

    status: str
    law: str


@router.get("/health/live")
async def live() -> Health:
    """The process answers."""
    return Health(status="ok", version=__version__)


@router.get("/health/ready")
def ready(here: Here) -> Ready:
    """The law is read and the kept work can be reached."""
    here.check_ready()
    return Ready(status="ok", law=here.law.version)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(me: Reader) -> Response:
    """Numbers for Prometheus."""
    content, media_type = numbers()
    return Response(content, 200, media_type=media_type)
