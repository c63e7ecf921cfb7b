# SPDX-License-Identifier: Apache-2.0
"""Saved profiles: opened, saved with a reason, compared with what they were; and what changes next month for all."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from carnet.days import add_months
from carnet.report.timeline import Band, timeline
from carnet.serve.context import Editor, Here, Me
from carnet.serve.kept import profiles
from carnet.serve.web.environment import render
from carnet.serve.web.opened import Opened
from carnet.serve.web.state import About, Pages, Shared
from carnet.serve.web.waiting import PatientRoute

router = APIRouter(route_class=PatientRoute)
MOST = 30
"""Profiles of which the next month is told on one page."""


class Coming(NamedTuple):
    """What changes for one profile: the markets in which something turns."""

    opened: Opened
    name: str
    bands: tuple[Band, ...]


@router.post("/saved/{saved_id}/open")
def open_saved(here: Here, shared: Shared, me: Me, saved_id: str) -> Response:
    """Open the present version of a saved profile; the one that is open already where there is one."""
    return RedirectResponse(f"/profiles/{_open(here, shared, me.key, saved_id).id}", 303)


def _open(here: Here, shared: Pages, owner: str, saved_id: str) -> Opened:
    open_already = (each for each in shared.opened.of(owner) if each.saved == saved_id)
    found = next(open_already, None)
    if found is not None:
        return found
    version = profiles.version_of(here.kept, saved_id)
    shared.assessments.read(version.text, "profile.yaml")
    return shared.opened.add(version.text, "profile.yaml", owner, saved_id, version.number)


@router.post("/profiles/{id_}/save")
def save(here: Here, about: About, me: Editor, why: Annotated[str, Form(max_length=2000)]) -> Response:
    """Keep the profile as it stands, with the reason; somebody who saved meanwhile is named, and nothing is lost."""
    opened, law = about.opened, here.law
    if opened.saved:
        version = profiles.save(here.kept, law, me.name, opened.saved, opened.text, why, opened.saved_version)
    else:
        version = profiles.save_new(here.kept, law, me.name, opened.text, why)
    about.pages.opened.saved(opened, version.profile, version.number)
    return RedirectResponse(f"{about.url}/history", 303)


@router.get("/profiles/{id_}/history")
def history(here: Here, about: About, version: int = 0) -> Response:
    """The versions of a saved profile, and what has changed since one of them."""
    versions = profiles.history(here.kept, about.opened.saved) if about.opened.saved else []
    since = next((each for each in versions if each.number == version), versions[0] if versions else None)
    lines = _difference(since.text, about.opened.text) if since else []
    return about.page("history.html.j2", here="history", versions=versions, since=since, lines=lines, keeps=keeps(here))


def keeps(here: Here) -> bool:
    """Whether the server keeps anything."""
    return here.settings.data is not None


def _difference(old: str, new: str) -> list[tuple[str, str]]:
    """The lines that differ, each with a word for what became of it, and some around them."""
    words = {"+": "added", "-": "removed", "@": "place", " ": "same"}
    found = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]
    return [(words[line[0]], line if line[0] == "@" else line[1:]) for line in found if line]


@router.get("/month")
def month(request: Request, here: Here, shared: Shared, me: Me) -> Response:
    """What changes next month for every profile that is saved or open."""
    today = dt.date.today()
    until = add_months(today, 1)
    saved = [each.id for each, _ in profiles.listed(here.kept)] if keeps(here) else []
    opened = {
        each.id: each for each in (*(_open(here, shared, me.key, id_) for id_ in saved), *shared.opened.of(me.key))
    }
    found = [_coming(here, shared, each, today, until) for each in list(opened.values())[:MOST]]
    return render(
        request, "month.html.j2", here="month", law=shared.law, found=found, today=today, until=until, most=MOST,
        left=max(len(opened) - MOST, 0),
    )  # fmt: skip


def _coming(here: Here, shared: Pages, opened: Opened, today: dt.date, until: dt.date) -> Coming:
    law, profile = shared.law, shared.assessments.profile(opened)
    markets = opened.markets or law.markets()

    def make() -> tuple[Band, ...]:
        with here.computing.turn():
            line = timeline(law, profile, markets, today, until)
        return tuple(band for band in line.bands if band.turns)

    return Coming(opened, profile.name, shared.months.get((opened.text, markets, today, law.language), make))
