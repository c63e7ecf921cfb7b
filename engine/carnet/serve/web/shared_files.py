# SPDX-License-Identifier: Apache-2.0
"""The stylesheet and script that pages share with the HTML reports, served from where those take them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from carnet.report.html import page
from carnet.serve.problems import Refused

router = APIRouter(prefix="/shared")
FOLDER = page.TEMPLATES
SHARED = ("style.css", "sort.js")


@router.get("/{name}")
def shared_file(name: str) -> Response:
    """One of them; a browser asks each time whether it is still the same."""
    if name not in SHARED:
        raise Refused(404, "not-found", "there is no such file")
    return FileResponse(FOLDER / name, headers={"cache-control": "no-cache"})
