# SPDX-License-Identifier: Apache-2.0
"""How a question is answered: from what the client has already, at once, or as a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.responses import JSONResponse, Response

from carnet.serve.answer import Answer, matches
from carnet.serve.computing import Tick
from carnet.serve.context import Here, Me
from carnet.serve.jobs import Job
from carnet.serve.problems import Problem
from carnet.spoken import ENGLISH, speaking

RESPOND_ASYNC = "respond-async"


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn at computing for one request."""

    asking: Asking
    tick: Tick

    def answer(
        self,
        kind: str,
        compute: Callable[[Tick], Answer],
        tag: str | None = None,
        total: int | None = None,
        language: str = ENGLISH,
    ) -> Response:
        """The answer; nothing is computed for a client that has it, and little for one that asks for a job."""
        asking = self.asking

        def spoken(tick: Tick) -> Answer:
            with speaking(language):
                return compute(tick)

        if tag and matches(asking.if_none_match, tag):
            return Response(status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})
        if asking.as_job:
            job = asking.here.jobs.start(kind, asking.me.key, spoken, total)
            headers = {"location": f"/v1/jobs/{job.id}", "preference-applied": RESPOND_ASYNC}
            return JSONResponse(Job.model_validate(job.model_dump()).model_dump(), 202, headers)
        extra = {"etag": tag, "cache-control": "private, no-cache"} if tag else {}
        return spoken(self.tick).response(**extra)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what of which services, and in which manner."""

    here: Here
    me: Me
    if_none_match: str | None
    as_job: bool

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A turn at computing; everything that takes long is done within."""
        with self.here.computing.turn() as tick:
            yield Turn(self, tick)


def asking(
    here: Here,
    me: Me,
    if_none_match: Annotated[str | None, Header(description="The tag of an answer that you have")] = None,
    prefer: Annotated[str | None, Header(description="`respond-async` makes a job of it")] = None,
) -> Asking:
    wishes = [wish.partition(";")[0].strip().lower() for wish in (prefer or "").split(",")]
    return Asking(here, me, if_none_match, RESPOND_ASYNC in wishes)


Ask = Annotated[Asking, Depends(asking)]

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an operation may answer with."""
    return {status: {"description": "Problem details", "content": _PROBLEM} for status in statuses}


BASIC = refusals(400, 401, 403, 408, 413, 415, 421, 422, 429, 500, 503)
LONG: dict[int | str, dict[str, Any]] = {
    **BASIC,
    **refusals(501, 504),
    202: {"model": Job, "description": "It is computed as a job"},
    304: {"description": "You have this answer already"},
}
__all__ = ["BASIC", "LONG", "Ask", "Asking", "Problem", "Turn", "asking", "refusals"]
