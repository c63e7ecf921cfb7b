# SPDX-License-Identifier: Apache-2.0
"""Saved profiles under `/v1/work`: their versions, who looks after their approvals, and what comes due."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from carnet.report.plain import plain
from carnet.serve.api.asked import Body
from carnet.serve.api.asking import BASIC, Ask, refusals
from carnet.serve.api.compare import DIFF, rendered
from carnet.serve.context import Editor, Here, Reader
from carnet.serve.kept import profiles, reminders
from carnet.serve.kept.tables import SavedProfile, Version
from carnet.serve.problems import Refused
from carnet.serve.reading import read_profile

router = APIRouter(prefix="/work", tags=["work"], responses={**BASIC, **refusals(404, 501)})
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Why = Annotated[str, Field(min_length=1, max_length=2000, description="Why it is changed; stands in the history")]
Person = Annotated[str, Field(max_length=300)]
IfMatch = Annotated[str | None, Header(description="The version that you changed, as its `etag` said")]


class VersionHead(BaseModel):
    """A version of a saved profile, without its text."""

    profile: str
    number: int
    sha256: str
    who: str
    at: str
    why: str


class VersionWhole(VersionHead):
    """A version with its text."""

    text: str


class SavedHead(BaseModel):
    """A saved profile by its present version."""

    id: str
    name: str
    version: int
    archived: bool
    who: str
    at: str
    why: str
    sha256: str


class NewProfile(Body):
    """A profile to save; the text is kept as it is written, comments and order included."""

    text: Annotated[str, Field(max_length=4 << 20)]
    why: Why


def head(version: Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("profile", "number", "sha256", "who", "at", "why")}


def saved_head(saved: SavedProfile, version: Version) -> dict[str, Any]:
    own = {"id": saved.id, "name": saved.name, "version": saved.version, "archived": saved.archived}
    return {**own, **{name: getattr(version, name) for name in ("who", "at", "why", "sha256")}}


def whole(version: Version, status: int = 200) -> Response:
    """A version with its text; its number is its tag."""
    return JSONResponse({**head(version), "text": version.text}, status, {"etag": f'"{version.number}"'})


def matched(if_match: str | None) -> int:
    """The version that a change is made on.

    Raises:
        Refused: when none is named.
    """
    number = (if_match or "").strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or len(number) > 9:
        hint = "send the `etag` of the version that you changed as `if-match`"
        raise Refused(428, "version", "the change names no version that it is made on", hint)
    return int(number)


@router.get("/profiles", response_model=list[SavedHead])
def list_profiles(
    here: Here, me: Reader, archived: Annotated[bool, Query(description="Those that were archived")] = False
) -> Any:
    """The saved profiles."""
    return [saved_head(saved, version) for saved, version in profiles.listed(here.kept, archived)]


@router.post("/profiles", status_code=201, response_model=VersionWhole)
def save_profile(body: NewProfile, here: Here, me: Editor) -> Response:
    """Save a profile; it has to follow the vocabulary."""
    return whole(profiles.save_new(here.kept, here.law, me.name, body.text, body.why), 201)


@router.get("/profiles/{id}", response_model=VersionWhole)
def saved_profile(id: Id, here: Here, me: Reader) -> Response:
    """The present version."""
    return whole(profiles.version_of(here.kept, id))


@router.put("/profiles/{id}", response_model=VersionWhole, responses=refusals(412, 428))
def change_profile(id: Id, body: NewProfile, here: Here, me: Editor, if_match: IfMatch = None) -> Response:
    """Save a new version on the one named by `if-match`; 412 tells that somebody else was quicker, and who."""
    return whole(profiles.save(here.kept, here.law, me.name, id, body.text, body.why, matched(if_match)))


class Archived(Body):
    """Whether a profile is left out of lists."""

    archived: bool


@router.put("/profiles/{id}/archived", response_model=Archived)
def archive_profile(id: Id, body: Archived, here: Here, me: Editor) -> Archived:
    """Leave a profile out of lists, or take it back into them."""
    profiles.archive(here.kept, me.name, id, body.archived)
    return body


@router.get("/profiles/{id}/versions", response_model=list[VersionHead])
def versions(id: Id, here: Here, me: Reader) -> Any:
    """The history: who changed it, when and why."""
    return [head(version) for version in profiles.history(here.kept, id)]


Number = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("/profiles/{id}/versions/{number}", response_model=VersionWhole)
def version(id: Id, number: Number, here: Here, me: Reader) -> Response:
    """A version as it was."""
    return whole(profiles.version_of(here.kept, id, number))


class Compared(Body):
    """Two versions to compare in some markets."""

    old: Annotated[int, Field(ge=1)]
    new: Annotated[int, Field(ge=1)]
    markets: list[str] | None = None
    as_of: dt.date | None = None


@router.post("/profiles/{id}/compare", responses={200: DIFF}, response_class=Response)
def compare_versions(id: Id, body: Compared, asking: Ask, me: Reader) -> Response:
    """What one version changed in the other's findings."""
    from carnet.report.diff.profiles import diff_profiles
    from carnet.serve.api.asked import check_amount, read_day, read_markets

    with asking.turn() as turn:
        here, law = asking.here, asking.here.law
        both = [
            read_profile(law, profiles.version_of(here.kept, id, each).text, f"version {each}")
            for each in (body.old, body.new)
        ]
        markets = read_markets(law, body.markets or "all")
        check_amount(here, both, markets)
        day = read_day(body.as_of)
        return turn.answer(
            "compare-versions",
            lambda tick: rendered(
                "diff", "json", diff_profiles(law, both[0], both[1], markets, day, "native", tick), "en"
            ),
        )


class Care(BaseModel):
    """Who looks after an approval."""

    profile: str
    approval: str
    owner: str
    remind_on: dt.date | None
    note: str
    version: int


class NewCare(Body):
    """Who is to look after it, and when to be reminded. `on`: the version that this changes, 0 where there is none."""

    owner: Annotated[Person, Field(min_length=1)]
    remind_on: dt.date | None = None
    note: Annotated[str, Field(max_length=2000)] = ""
    on: Annotated[int, Field(ge=0)] = 0


CARE = ("profile", "approval", "owner", "remind_on", "note", "version")


@router.get("/profiles/{id}/approvals", response_model=list[Care])
def approvals_care(id: Id, here: Here, me: Reader) -> Any:
    """Who looks after which approval; state and end of each stand in the profile."""
    return [{name: getattr(care, name) for name in CARE} for care in reminders.care_of(here.kept, id)]


@router.put("/profiles/{id}/approvals/{approval}", response_model=Care, responses=refusals(412))
def look_after(id: Id, approval: Annotated[str, Path(max_length=200)], body: NewCare, here: Here, me: Editor) -> Any:
    """Say who looks after an approval."""
    care = reminders.look_after(
        here.kept, here.law, me.name, id, approval, body.owner, body.remind_on, body.note, body.on
    )
    return {name: getattr(care, name) for name in CARE}


class ReminderModel(BaseModel):
    """Something that comes due; `kind` is approval_ends, waiver_ends, remind, due, or unreadable: law that was
    switched on refuses what the profile says."""

    day: dt.date
    kind: str
    profile: str
    name: str
    subject: str
    owner: str


@router.get("/reminders", response_model=list[ReminderModel])
def what_comes_due(
    here: Here, me: Reader, until: Annotated[dt.date | None, Query(description="By default in 90 days")] = None
) -> Any:
    """Approvals and waivers that end, days to be reminded of, lacks to be closed; what is overdue included."""
    last = until or dt.date.today() + dt.timedelta(days=90)
    with here.computing.turn():
        return [plain(each) for each in reminders.coming(here.kept, here.law, last)]
