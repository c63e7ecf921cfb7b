# SPDX-License-Identifier: Apache-2.0
"""Long work: how it stands, its progress as events, its answer, and an end to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from carnet.serve.api.asking import BASIC, refusals
from carnet.serve.context import Here, Identity, Me
from carnet.serve.jobs import ENDED, Job, Jobs
from carnet.serve.problems import Refused

router = APIRouter(prefix="/jobs", tags=["jobs"], responses={**BASIC, **refusals(404)})
Id = Annotated[str, Path(max_length=40)]
PAUSE_S = 0.15
HEARTBEAT_S = 15.0


def _owner(me: Identity) -> str | None:
    """Whose jobs somebody may see: his own; an admin everybody's."""
    return None if me.role == "admin" else me.key


@router.get("", response_model=list[Job])
def jobs(here: Here, me: Me) -> list[Job]:
    """Your jobs, the newest first."""
    return here.jobs.all(_owner(me))


@router.get("/{id}", response_model=Job)
def job(id: Id, here: Here, me: Me) -> Job:
    """How a job stands."""
    return here.jobs.find(id, _owner(me))


@router.get(
    "/{id}/answer", response_class=Response, responses={200: {"description": "What was asked for"}, **refusals(409)}
)
def answer(id: Id, here: Here, me: Me) -> Response:
    """What came out of a job, a problem included; 409 until it has ended."""
    return here.jobs.answer(id, _owner(me)).response()


@router.delete("/{id}", status_code=202, response_model=Job)
def cancel(id: Id, here: Here, me: Me) -> Job:
    """Stop a job at its next step, or forget one that has ended."""
    return here.jobs.cancel(id, _owner(me))


@router.get(
    "/{id}/events",
    response_class=StreamingResponse,
    responses={200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}},
)
async def events(id: Id, here: Here, me: Me) -> StreamingResponse:
    """Progress as server-sent events: `progress` until one of `done`, `failed` or `cancelled` ends the stream."""
    await run_in_threadpool(here.jobs.find, id, _owner(me))
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(here.jobs, id, _owner(me)), 200, headers, "text/event-stream")


async def _events(jobs: Jobs, id_: str, owner: str | None) -> AsyncIterator[str]:
    before, silent = "", 0.0
    while True:
        try:
            found = await run_in_threadpool(jobs.find, id_, owner)
        except Refused:  # forgotten while it was watched
            yield 'event: cancelled\ndata: {"state": "cancelled"}\n\n'
            return
        now = Job.model_validate(found.model_dump()).model_dump_json()
        if now != before:
            name = found.state if found.state in ENDED else "progress"
            yield f"event: {name}\ndata: {now}\n\n"
            before, silent = now, 0.0
        elif silent > HEARTBEAT_S:
            yield ": still here\n\n"
            silent = 0.0
        if found.state in ENDED:
            return
        await asyncio.sleep(PAUSE_S)
        silent += PAUSE_S
