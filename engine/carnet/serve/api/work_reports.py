# SPDX-License-Identifier: Apache-2.0
"""Snapshots, progress, releases of the law, the log and the archive, under `/v1/work`."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from carnet.serve.answer import Answer
from carnet.serve.api.asked import Body, Markets, check_amount, read_day, read_markets
from carnet.serve.api.asking import BASIC, LONG, Ask, refusals
from carnet.serve.api.models import MarketChange, ReceiptModel
from carnet.serve.api.work import Id
from carnet.serve.api.work_lacks import UPLOAD
from carnet.serve.computing import Tick
from carnet.serve.context import Admin, Editor, Here, Reader
from carnet.serve.kept import archive, profiles, releases, snapshots
from carnet.serve.kept.tables import Snapshot
from carnet.serve.reading import read_profile

router = APIRouter(prefix="/work", tags=["work"], responses={**BASIC, **refusals(404, 501)})
One = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
OCTETS = "application/octet-stream"
MEMORY = 8 << 20
"""Bytes of an archive that are held in memory; more goes to a file."""


class SnapshotHead(BaseModel):
    """A report that is kept; `number` is the profile's version."""

    id: str
    profile: str
    number: int
    markets: list[str]
    as_of: str
    receipt: ReceiptModel
    counts: dict[str, Any]
    sha256: str
    who: str
    at: str


class Take(Body):
    """Which markets, and for which day; today unless one is named. `number`: a version, by default the present one."""

    markets: Markets
    as_of: dt.date | None = None
    number: Annotated[int | None, Field(ge=1)] = None


def head(kept: Snapshot) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in SnapshotHead.model_fields}


@router.get("/profiles/{id}/snapshots", response_model=list[SnapshotHead])
def list_snapshots(id: Id, here: Here, me: Reader) -> Any:
    """The reports that were kept, the newest first."""
    return [head(kept) for kept in snapshots.listed(here.kept, id)]


@router.post("/profiles/{id}/snapshots", response_model=SnapshotHead, responses=LONG)
def take_snapshot(id: Id, body: Take, asking: Ask, me: Editor) -> Response:
    """Make a report of a saved profile and keep it, with its receipt."""
    with asking.turn() as turn:
        here, law = asking.here, asking.here.law
        markets, day = read_markets(law, body.markets), read_day(body.as_of)
        version = profiles.version_of(here.kept, id, body.number)
        check_amount(here, [read_profile(law, version.text)], markets)

        def compute(tick: Tick) -> Answer:
            return Answer.data(head(snapshots.take(here.kept, law, me.name, id, markets, day, tick, version.number)))

        return turn.answer("snapshot", compute, None, len(markets))


REPORT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}}
}


@router.get("/profiles/{id}/snapshots/{snapshot}", response_class=Response, responses=REPORT)
def snapshot(id: Id, snapshot: One, here: Here, me: Reader) -> Response:
    """The report itself, as it was made."""
    kept = snapshots.found(here.kept, id, snapshot)
    return Response(snapshots.text_of(kept), 200, {"etag": f'"{kept.sha256}"'}, "application/json")


class RerunModel(BaseModel):
    """Whether the report came out the same; `differs` names what it is not made of any more."""

    same: bool
    differs: list[str]


@router.post("/profiles/{id}/snapshots/{snapshot}/rerun", response_model=RerunModel, responses=LONG)
def run_again(id: Id, snapshot: One, asking: Ask, me: Reader) -> Response:
    """Make the report again: with the same law and engine it has to match."""
    with asking.turn() as turn:
        here, law = asking.here, asking.here.law
        kept = snapshots.found(here.kept, id, snapshot)
        return turn.answer("rerun", lambda tick: Answer.data(snapshots.run_again(here.kept, law, kept, tick)))


class Week(BaseModel):
    """A week of progress, by the last snapshot in it."""

    week: str
    snapshot: str
    outcomes: dict[str, int]
    gaps: dict[str, int]
    markets: int


@router.get("/profiles/{id}/progress", response_model=list[Week])
def progress(id: Id, here: Here, me: Reader) -> Any:
    """A line of progress, week by week."""
    return snapshots.weekly(here.kept, id)


class Releases(BaseModel):
    """The releases of the law that are installed, and the one that answers."""

    in_use: str | None
    installed: list[str]
    version: str
    sha256: str


@router.get("/law", response_model=Releases)
def law_releases(here: Here, me: Reader) -> Any:
    """Which releases of the law there are."""
    law = here.law
    used = releases.in_use(here.kept)
    return {"in_use": used, "installed": releases.names(), "version": law.version, "sha256": law.sha256}


class Release(Body):
    """A release by its name."""

    release: Annotated[str, Field(min_length=1, max_length=200)]
    as_of: dt.date | None = None


class Affected(BaseModel):
    """What a release changes in a saved profile; `error` where it cannot be read any more."""

    profile: str
    name: str
    version: int
    error: str | None
    markets: list[MarketChange]


class Preview(Release):
    """A release, and where to look."""

    markets: Markets = "all"


@router.post("/law/preview", response_model=list[Affected], responses=LONG)
def preview(body: Preview, asking: Ask, me: Reader) -> Response:
    """Which saved profiles a release would change, and why, before it is switched on; best asked as a job."""
    with asking.turn() as turn:
        here = asking.here
        now, then = here.law, releases.opened(body.release, here.settings.law)
        day = read_day(body.as_of) or dt.date.today()
        markets = read_markets(now, body.markets)
        total = 2 * len(markets) * len(profiles.listed(here.kept))
        return turn.answer(
            "preview", lambda tick: Answer.data(releases.preview(here.kept, now, then, markets, day, tick)), None, total
        )


@router.post("/law/use", response_model=Releases)
def use(body: Release, here: Here, me: Admin) -> Any:
    """Switch a release on for everybody."""
    with here.computing.turn():
        law = releases.opened(body.release, here.settings.law)
        releases.use(here.kept, me.name, body.release, law)
        here.look_again()
    return law_releases(here, me)


class LogLine(BaseModel):
    """A line of the log."""

    number: int
    at: str
    who: str
    action: str
    subject: str
    detail: dict[str, Any]
    sha256: str


class Log(BaseModel):
    """The newest lines first; `broken_at` names the first line that was tampered with."""

    broken_at: int | None
    lines: list[LogLine]


@router.get("/log", response_model=Log)
def log(
    here: Here,
    me: Admin,
    before: Annotated[int | None, Query(ge=1)] = None,
    number: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Any:
    """What was done, by whom and when. Nothing changes it."""
    lines = here.kept.lines(before, number)
    fields = LogLine.model_fields
    rows = [{name: getattr(line, name) for name in fields} for line in lines]
    return {"broken_at": here.kept.broken_at(), "lines": rows}


@router.get("/archive", response_class=StreamingResponse, responses={200: {"content": {OCTETS: {}}}})
def export(here: Here, me: Admin) -> StreamingResponse:
    """Everything that is kept, as one archive."""
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        with here.computing.turn():
            archive.write(here.kept, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    headers = {"content-disposition": 'attachment; filename="carnet.zip"'}
    return StreamingResponse(_sent(file), 200, headers, OCTETS)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(1 << 20):
            yield part


class Imported(BaseModel):
    """How many rows each table got."""

    rows: dict[str, int]


@router.post("/archive", response_model=Imported, openapi_extra=UPLOAD, responses=refusals(409))
async def take_over(request: Request, here: Here, me: Admin) -> Imported:
    """Take over an archive into a store that holds nothing yet: its bytes are the body."""
    with tempfile.SpooledTemporaryFile(max_size=MEMORY) as file:
        async for part in request.stream():
            await run_in_threadpool(file.write, part)
        file.seek(0)
        rows = await run_in_threadpool(archive.read, here.kept, me.name, file)
    return Imported(rows=rows)
