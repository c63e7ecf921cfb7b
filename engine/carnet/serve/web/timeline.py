# SPDX-License-Identifier: Apache-2.0
"""The time line: how the outcome changes with the law, the approvals and the waivers, for the markets chosen."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from carnet.serve.context import Here
from carnet.serve.web.downloads import line_of
from carnet.serve.web.state import About
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(prefix="/profiles/{id_}", route_class=PatientRoute)


@router.get("/timeline")
def time_line(here: Here, about: About) -> Response:
    """Bands over three years, and day by day what turns."""
    if not about.opened.markets:
        return about.page("timeline_page.html.j2", here="timeline", line=None)
    with here.computing.turn():
        line = line_of(about)
    return about.page("timeline_page.html.j2", here="timeline", line=line)
