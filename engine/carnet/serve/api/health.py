# SPDX-License-Identifier: Apache-2.0
"""Whether the server lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from carnet import __version__
from carnet.serve.api.asking import BASIC
from carnet.serve.context import Here

router = APIRouter(prefix="/health", tags=["server"], responses=BASIC)


class Health(BaseModel):
    """That it answers."""

    status: str
    version: str


class Ready(BaseModel):
    """That it can compute."""

    status: str
    law: str


@router.get("/live")
async def live() -> Health:
    """The process answers."""
    return Health(status="ok", version=__version__)


@router.get("/ready")
def ready(here: Here) -> Ready:
    """The law is read and the kept work can be reached."""
    here.check_ready()
    return Ready(status="ok", law=here.law.version)
