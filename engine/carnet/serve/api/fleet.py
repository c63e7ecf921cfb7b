# SPDX-License-Identifier: Apache-2.0
"""A table of profiles: sent as a file, judged by `carnet fleet` in a process of its own, its results sent back."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from carnet.errors import MissingExtra
from carnet.serve.answer import Answer
from carnet.serve.api.asked import read_markets
from carnet.serve.api.asking import LONG, Ask, Asking, refusals
from carnet.serve.computing import Tick
from carnet.serve.problems import Refused

router = APIRouter(tags=["profiles"])
Suffix = Literal["csv", "parquet", "jsonl", "xlsx"]
TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet", "jsonl": "application/jsonl"}
PAUSE_S = 0.2
LONGEST = 2000
UPLOAD = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}
FILES = {
    "description": "A row for each profile and market",
    "content": {kind.partition(";")[0]: {} for kind in TYPES.values()},
}


@router.post("/fleet", response_class=Response, responses={**LONG, **refusals(415), 200: FILES}, openapi_extra=UPLOAD)
async def fleet(
    request: Request,
    asking: Ask,
    kind: Annotated[Suffix, Query(description="What the body is")],
    market: Annotated[list[str], Query(description="Codes such as `DE-BY`, or `all`", min_length=1, max_length=500)],
    out: Annotated[Literal["csv", "parquet", "jsonl"], Query(description="What comes back")] = "csv",
    as_of: Annotated[dt.date | None, Query(description="By default each row's own, or today")] = None,
) -> Response:
    """Judge every profile of a table: a column `profile` and one for each fact. Best asked as a job."""
    if find_spec("duckdb") is None:
        raise MissingExtra("fleet", "fleet")
    table = b"".join([part async for part in request.stream()])
    return await run_in_threadpool(_answer, asking, table, kind, market, out, as_of)


def _answer(
    asking: Asking, table: bytes, kind: str, market: Sequence[str], out: str, as_of: dt.date | None
) -> Response:
    with asking.turn() as turn:
        settings = asking.here.settings
        markets = read_markets(asking.here.law, "all" if list(market) == ["all"] else market)
        options = ["-m", ",".join(markets), *(["--as-of", as_of.isoformat()] if as_of else [])]
        options += [part for folder in settings.law for part in ("--law", folder)]

        def compute(tick: Tick) -> Answer:
            with tempfile.TemporaryDirectory(prefix="carnet-fleet-") as name:
                return _run(Path(name), table, kind, out, options, tick)

        return turn.answer("fleet", compute)


def _run(folder: Path, table: bytes, kind: str, out: str, options: Sequence[str], tick: Tick) -> Answer:
    """One run of the command; killed when its time is over or it is cancelled.

    Raises:
        Refused: with what the command says, when it cannot use the table.
    """
    given, made = folder / f"table.{kind}", folder / f"results.{out}"
    given.write_bytes(table)
    command = [sys.executable, "-m", "carnet", "fleet", given.name, "-o", made.name, "--threads", "1", *options]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        try:
            while process.poll() is None:
                time.sleep(PAUSE_S)
                tick("")
        finally:
            process.kill()
            process.wait()
    if not made.is_file():
        text = (folder / "said").read_text("utf-8", "replace").strip()[-LONGEST:]
        raise Refused(422, "table", " ".join(text.split()) or "the table cannot be used", "see docs/fleet.md")
    rejects = folder / "results.rejects.csv"
    left_out = max(rejects.read_bytes().count(b"\n") - 1, 0) if rejects.is_file() else 0
    headers = {"content-disposition": f'attachment; filename="{made.name}"', "carnet-rows-left-out": str(left_out)}
    return Answer(made.read_bytes(), TYPES[out], headers)
