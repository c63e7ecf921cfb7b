# SPDX-License-Identifier: Apache-2.0
"""Long work beside the requests: started, watched, cancelled and fetched by any process that serves.

A job is a folder: `state.json`, replaced as a whole; `answer`, once there is one; `cancel`, when it is to stop.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from carnet.errors import CarnetError
from carnet.serve.answer import Answer
from carnet.serve.computing import Tick, until
from carnet.serve.problems import LOG, Refused, problem, problem_of

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")
PAUSE_S = 0.1
Compute = Callable[[Tick], Answer]


class Job(BaseModel):
    """One job as it stands: `done` of `total` steps, and the name of the last."""

    id: str
    kind: str
    state: State
    done: int = 0
    total: int | None = None
    step: str | None = None
    created: float
    ended: float | None = None


class _Record(Job):
    owner: str
    pid: int
    status: int = 200
    media_type: str = ""
    headers: dict[str, str] = {}


class Cancelled(CarnetError):
    """Somebody stopped the job."""


class Jobs:
    """The jobs in a folder; safe to share between threads and processes."""

    def __init__(self, folder: Path, running: int, kept: int, seconds: float) -> None:
        self.folder, self._kept, self._seconds = folder, kept, seconds
        self._pool = ThreadPoolExecutor(max_workers=running, thread_name_prefix="job")

    def start(self, kind: str, owner: str, compute: Compute, total: int | None) -> Job:
        """Put a job in line.

        Raises:
            Refused: when too many are kept that have not ended.
        """
        self._tidy()
        record = _Record(
            id=secrets.token_urlsafe(18),
            kind=kind,
            state="waiting",
            total=total,
            created=time.time(),
            owner=owner,
            pid=os.getpid(),
        )
        (self.folder / record.id).mkdir(parents=True, mode=0o700)
        self._write(record)
        self._pool.submit(self._run, record, compute)
        return record

    def find(self, id_: str, owner: str | None) -> Job:
        """A job; of anybody where no owner is named.

        Raises:
            Refused: when there is none of this name and owner.
        """
        return self._read(id_, owner)

    def all(self, owner: str | None) -> list[Job]:
        """The jobs, the newest first."""
        found = [record for record in self._records() if owner in (None, record.owner)]
        return sorted(found, key=lambda record: -record.created)

    def cancel(self, id_: str, owner: str | None) -> Job:
        """Stop a job at its next step; forget one that has ended."""
        record = self._read(id_, owner)
        if record.state in ENDED:
            shutil.rmtree(self.folder / record.id, ignore_errors=True)
        else:
            (self.folder / record.id / "cancel").touch()
        return record

    def answer(self, id_: str, owner: str | None) -> Answer:
        """What came out of it, an error included.

        Raises:
            Refused: while it has not ended, or when it was cancelled.
        """
        record = self._read(id_, owner)
        if record.state == "cancelled":
            raise Refused(409, "cancelled", "the job was cancelled", "start it again")
        if record.state not in ENDED:
            hint = f"watch /v1/jobs/{record.id}/events"
            raise Refused(409, "not-ended", f"the job is {record.state}", hint, {"retry-after": "1"})
        body = (self.folder / record.id / "answer").read_bytes()
        return Answer(body, record.media_type, dict(record.headers), record.status)

    def close(self) -> None:
        """Stop what runs here; the folder's owner removes it."""
        for record in self._records():
            if record.pid == os.getpid() and record.state not in ENDED:
                (self.folder / record.id / "cancel").touch()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, record: _Record, compute: Compute) -> None:
        try:
            answer = compute(self._ticker(record))
        except Cancelled:
            return self._end(record, "cancelled")
        except CarnetError as error:
            answer = Answer.of(problem_of(error))
        except Exception as error:
            LOG.error("internal error in a job", exc_info=error)
            answer = Answer.of(problem(500, "internal", f"internal error ({type(error).__name__})"))
        path = self.folder / record.id
        with suppress(OSError):  # the job was forgotten meanwhile
            (path / "draft").write_bytes(answer.body)
            os.replace(path / "draft", path / "answer")
            record.status, record.media_type, record.headers = answer.status, answer.media_type, answer.headers
            self._end(record, "done" if answer.status < 400 else "failed")
        return None

    def _ticker(self, record: _Record) -> Tick:
        in_time = until(time.monotonic() + self._seconds, self._seconds)
        cancel = self.folder / record.id / "cancel"
        record.state, written = "running", 0.0

        def tick(step: str) -> None:
            nonlocal written
            if step:
                record.done += 1
                record.step = step
            if time.monotonic() - written > PAUSE_S:
                if cancel.exists():
                    raise Cancelled("cancelled")
                self._write(record)
                written = time.monotonic()
            in_time(step)

        tick("")
        return tick

    def _end(self, record: _Record, state: State) -> None:
        record.state, record.ended = state, time.time()
        self._write(record)

    def _write(self, record: _Record) -> None:
        path = self.folder / record.id
        with suppress(OSError):
            (path / "state.draft").write_text(record.model_dump_json(), encoding="utf-8")
            os.replace(path / "state.draft", path / "state.json")

    def _read(self, id_: str, owner: str | None) -> _Record:
        known = id_.replace("-", "").replace("_", "").isalnum() and len(id_) <= 40
        record = self._load(self.folder / id_) if known else None
        if record is None or owner not in (None, record.owner):
            raise Refused(404, "no-job", "there is no such job", "it may have been forgotten; start it again")
        return record

    def _load(self, path: Path) -> _Record | None:
        try:
            record = _Record.model_validate(json.loads((path / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        if record.state not in ENDED and record.pid != os.getpid() and not _lives(record.pid):
            body = problem(500, "stopped", "the process that ran the job was stopped", "start it again")
            (path / "answer").write_bytes(bytes(body.body))
            record.status, record.media_type = 500, body.media_type or ""
            self._end(record, "failed")
        return record

    def _records(self) -> Iterator[_Record]:
        if self.folder.is_dir():
            yield from filter(None, (self._load(path) for path in self.folder.iterdir()))

    def _tidy(self) -> None:
        """Forget the oldest that have ended, as many as are too many."""
        records = sorted(self._records(), key=lambda record: record.created)
        surplus = len(records) + 1 - self._kept
        for record in [each for each in records if each.state in ENDED][: max(surplus, 0)]:
            shutil.rmtree(self.folder / record.id, ignore_errors=True)
            surplus -= 1
        if surplus > 0:
            raise Refused(503, "jobs", f"{self._kept} jobs wait or run already", "wait for one", {"retry-after": "5"})


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
