# SPDX-License-Identifier: Apache-2.0
"""What a request can reach: the law, what is kept, and who is asking.

    @router.get("/...")
    def page(here: Here, me: Me) -> ...:
        with here.computing.turn() as tick:
            report = check(here.law, profile, markets, progress=tick)

An operation is a plain function, run in a thread; whatever takes more than some milliseconds is done within a turn.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from carnet.api import Law, load_law
from carnet.serve.computing import Computing
from carnet.serve.jobs import Jobs
from carnet.serve.kept import releases
from carnet.serve.kept.store import Store
from carnet.serve.problems import Refused
from carnet.serve.settings import Role, Settings
from carnet.serve.what_ifs import LiveWhatIfs

LOOK_S = 2.0
"""How often each process looks whether another law was switched on."""
RANKS: dict[Role, int] = {"reader": 1, "editor": 2, "admin": 3}


class Services:
    """What lives as long as the process."""

    def __init__(self, settings: Settings) -> None:
        settings.check()
        self.settings = settings
        limits = settings.limits
        self.computing = Computing(limits.running, limits.waiting, limits.seconds)
        self.what_ifs = LiveWhatIfs(limits.sessions_kept)
        self._law: Law | None = None
        self._release: str | None = None
        self._look_again = 0.0
        self._store: Store | None = None
        self._opening = threading.Lock()
        self._spoken: dict[str, Law] = {}
        self._lock = threading.Lock()

    @property
    def law(self) -> Law:
        """The law that answers: the one that was switched on for all, else that of the settings."""
        with self._lock:
            if self.settings.data is not None and time.monotonic() > self._look_again:
                self._look_again = time.monotonic() + LOOK_S
                name = releases.in_use(self.kept)
                if name is not None and name != self._release:
                    self._law, self._release = releases.opened(name, self.settings.law), name
            if self._law is None:
                self._law = load_law(*self.settings.law)
            return self._law

    @property
    def kept(self) -> Store:
        """What the team keeps.

        Raises:
            Refused: where the server was told to keep nothing.
        """
        if self.settings.data is None:
            raise Refused(404, "keeps-nothing", "this server keeps nothing", "start it with `--data FOLDER`")
        with self._opening:
            if self._store is None:
                self._store = Store(self.settings.data, self.settings.database)
            return self._store

    @property
    def drafts(self) -> Store:
        """Where profiles that are open stand: with what is kept, else in the folder that all processes share."""
        if self.settings.data is not None:
            return self.kept
        with self._opening:
            if self._store is None:
                self._store = Store(self.scratch / "drafts")
            return self._store

    def look_again(self) -> None:
        """Look at once which law was switched on."""
        self._look_again = 0.0

    def law_in(self, language: str) -> Law:
        """The same law in another language."""
        law = self.law
        with self._lock:
            if self._spoken.get("") is not law:
                self._spoken = {"": law}
            if language not in self._spoken:
                self._spoken[language] = law.in_language(language)
            return self._spoken[language]

    @cached_property
    def jobs(self) -> Jobs:
        """Long work; in a folder that all processes of one server share."""
        limits = self.settings.limits
        return Jobs(self.scratch / "jobs", max(1, limits.running - 1), limits.jobs_kept, limits.job_seconds)

    @cached_property
    def scratch(self) -> Path:
        """A folder for what need not outlive the server."""
        return self.settings.scratch or Path(tempfile.mkdtemp(prefix="carnet-"))

    def check_ready(self) -> None:
        """Whether everything that answers need can be reached."""
        assert self.law
        self.drafts.check()

    def close(self) -> None:
        """Stop what runs and remove what need not stay."""
        if self._store is not None:
            self._store.close()
            self._store = None
        jobs, scratch = self.__dict__.pop("jobs", None), self.__dict__.pop("scratch", None)
        if jobs is not None:
            jobs.close()
        if scratch is not None and self.settings.scratch is None:
            shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: `via` is loopback, token, proxy or openid; `partner` the company of somebody of that role."""

    name: str
    role: Role
    via: str
    partner: str = ""

    def may(self, role: Role) -> bool:
        """Whether somebody of this role may do what that one may; a partner is none of the others."""
        return self.role == role or (self.role in RANKS and role in RANKS and RANKS[self.role] >= RANKS[role])

    @property
    def key(self) -> str:
        """What tells callers apart."""
        return f"{self.via}:{self.name}"


def services(request: Request) -> Services:
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


def identity(request: Request) -> Identity:
    """Who is asking, as the guard found out."""
    found = request.scope["carnet.identity"]
    assert isinstance(found, Identity)
    return found


def at_least(role: Role) -> Callable[[Identity], Identity]:
    """A dependency that lets through whoever may do what that role may."""

    def check(me: Annotated[Identity, Depends(identity)]) -> Identity:
        if not me.may(role):
            raise Refused(403, "role", f"this is for the role `{role}`, and you are `{me.role}`")
        return me

    return check


Here = Annotated[Services, Depends(services)]
Me = Annotated[Identity, Depends(identity)]
Reader = Annotated[Identity, Depends(at_least("reader"))]
Editor = Annotated[Identity, Depends(at_least("editor"))]
Admin = Annotated[Identity, Depends(at_least("admin"))]
