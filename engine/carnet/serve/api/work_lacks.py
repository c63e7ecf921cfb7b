# SPDX-License-Identifier: Apache-2.0
"""Lacks under `/v1/work`: given to people and partners, talked about, closed with evidence. A partner sees his own."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from carnet.serve.api.asked import Body
from carnet.serve.api.asking import BASIC, refusals
from carnet.serve.api.work import Id, Person
from carnet.serve.context import Editor, Here, Identity, Me, Reader, Services
from carnet.serve.kept import evidence, lacks
from carnet.serve.kept.tables import Assignment, Evidence as Kept
from carnet.serve.problems import Refused

router = APIRouter(prefix="/work", tags=["work"], responses={**BASIC, **refusals(404, 501)})
partners = APIRouter(prefix="/work", tags=["partners"], responses={**BASIC, **refusals(404, 501)})
Lack = Annotated[str, Field(min_length=1, max_length=300)]


class Given(BaseModel):
    """A lack that somebody has."""

    id: str
    profile: str
    lack: str
    title: str
    person: str
    partner: str
    due: dt.date | None
    who: str
    at: str
    version: int


class Give(Body):
    """A lack for a person or a partner. `on`: the version that this changes, 0 where nobody has it."""

    lack: Lack
    title: Annotated[str, Field(min_length=1, max_length=500)]
    person: Person = ""
    partner: Person = ""
    due: dt.date | None = None
    on: Annotated[int, Field(ge=0)] = 0


class Say(Body):
    """Something to say of a lack."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class SayOf(Say):
    """The same, naming the lack. `partner`: who may read it beside ourselves; nobody else where it is empty."""

    lack: Lack
    partner: Person = ""


class Said(BaseModel):
    """What somebody said; `partner` may read it too."""

    id: str
    lack: str
    who: str
    at: str
    text: str
    partner: str


class File(BaseModel):
    """A file of evidence."""

    id: str
    lack: str
    name: str
    sha256: str
    size: int
    media_type: str
    who: str
    at: str


def row(record: Any, model: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in model.model_fields}


@router.get("/profiles/{id}/assignments", response_model=list[Given])
def assignments(id: Id, here: Here, me: Reader) -> Any:
    """Who has which lack of a profile."""
    return [row(each, Given) for each in lacks.assignments(here.kept, id)]


@router.post("/profiles/{id}/assignments", response_model=Given, responses=refusals(412))
def assign(id: Id, body: Give, here: Here, me: Editor) -> Any:
    """Give a lack to a person or a partner, with a day on which it is due."""
    given = lacks.assign(
        here.kept,
        me.name,
        id,
        body.lack,
        body.title,
        person=body.person,
        partner=body.partner,
        due=body.due,
        on=body.on,
    )
    return row(given, Given)


@router.delete("/profiles/{id}/assignments/{assignment}", status_code=204, response_class=Response)
def release(id: Id, assignment: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], here: Here, me: Editor) -> Response:
    """Take a lack back from whoever has it."""
    lacks.release(here.kept, me.name, id, assignment)
    return Response(status_code=204)


@router.get("/profiles/{id}/comments", response_model=list[Said])
def comments(id: Id, here: Here, me: Reader, lack: Annotated[str | None, Query(max_length=300)] = None) -> Any:
    """What was said of the lacks of a profile, or of one of them."""
    return [row(each, Said) for each in lacks.comments(here.kept, id, lack)]


@router.post("/profiles/{id}/comments", status_code=201, response_model=Said)
def comment(id: Id, body: SayOf, here: Here, me: Editor) -> Any:
    """Say something of a lack: among ourselves, or for the partner who has it."""
    return row(lacks.comment(here.kept, me.name, id, body.lack, body.text, body.partner), Said)


@router.get("/profiles/{id}/evidence", response_model=list[File])
def files(id: Id, here: Here, me: Reader, lack: Annotated[str | None, Query(max_length=300)] = None) -> Any:
    """The files of evidence."""
    return [row(each, File) for each in evidence.listed(here.kept, id, lack)]


UPLOAD = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}
NameOf = Annotated[str, Query(min_length=1, max_length=300, description="The file's name, such as `report.pdf`")]


@router.post(
    "/profiles/{id}/evidence", status_code=201, response_model=File, openapi_extra=UPLOAD, responses=refusals(415)
)
async def attach(
    id: Id,
    request: Request,
    here: Here,
    me: Editor,
    lack: Annotated[str, Query(min_length=1, max_length=300)],
    name: NameOf,
) -> Any:
    """Attach a file to a lack: its bytes are the body."""
    return await _attach(here, me, id, lack, name, await _bytes(request))


@router.get("/profiles/{id}/evidence/{file}", response_class=Response)
def download(id: Id, file: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], here: Here, me: Reader) -> Response:
    """A file of evidence, as an attachment."""
    return sent(here, evidence.found(here.kept, id, file))


@partners.get("/addressed", response_model=list[Given])
def addressed(here: Here, me: Me) -> Any:
    """The lacks that are addressed to the partner who asks."""
    return [row(each, Given) for each in lacks.assignments(here.kept, partner=_partner(me))]


Own = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@partners.get("/addressed/{assignment}/comments", response_model=list[Said])
def comments_addressed(assignment: Own, here: Here, me: Me) -> Any:
    """What the partner may read of a lack addressed to him: what he said himself, and what was said for him."""
    given = _own(here, me, assignment)
    return [row(each, Said) for each in lacks.comments(here.kept, given.profile, given.lack, given.partner)]


@partners.post("/addressed/{assignment}/comments", status_code=201, response_model=Said)
def comment_addressed(assignment: Own, body: Say, here: Here, me: Me) -> Any:
    """Say something of a lack that is addressed to the partner."""
    given = _own(here, me, assignment)
    return row(lacks.comment(here.kept, me.name, given.profile, given.lack, body.text, given.partner), Said)


@partners.post(
    "/addressed/{assignment}/evidence",
    status_code=201,
    response_model=File,
    openapi_extra=UPLOAD,
    responses=refusals(415),
)
async def attach_addressed(assignment: Own, request: Request, here: Here, me: Me, name: NameOf) -> Any:
    """Attach a file to a lack that is addressed to the partner."""
    given = await run_in_threadpool(_own, here, me, assignment)
    return await _attach(here, me, given.profile, given.lack, name, await _bytes(request))


def _partner(me: Identity) -> str:
    if me.role != "partner" or not me.partner:
        raise Refused(403, "role", "this is for partners", "see the profile's own lists")
    return me.partner


def _own(here: Services, me: Identity, assignment: str) -> Assignment:
    with here.kept.reading() as session:
        return lacks.addressed(session, assignment, _partner(me))


async def _bytes(request: Request) -> list[bytes]:
    """The body, which the guard counts."""
    return [part async for part in request.stream()]


async def _attach(here: Services, me: Identity, profile: str, lack: str, name: str, parts: list[bytes]) -> Any:
    limit = here.settings.limits.upload_bytes
    kept = await run_in_threadpool(evidence.attach, here.kept, me.name, profile, lack, name, parts, limit)
    return row(kept, File)


def sent(here: Services, kept: Kept) -> Response:
    """A file as nothing but an attachment, whatever it holds."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(kept.name)}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(evidence.content(here.kept, kept), 200, headers, kept.media_type)
