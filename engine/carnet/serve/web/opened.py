# SPDX-License-Identifier: Apache-2.0
"""The profiles that people have open: their text with a version, the markets chosen and the day, by an id in addresses.

Kept in the database, so that every process of the server shows the same, and for each person the longest unused given
up first; what the team is to see is saved as a version of a profile.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from carnet.serve.kept.store import Store
from carnet.serve.kept.tables import Draft, now
from carnet.serve.problems import Refused

MOST = 64
MOST_CHARACTERS = 32 * 1024 * 1024
"""Of one person."""
LOOKED_AT_S = 60.0
"""How exactly it is known when a profile was last used: a page that is only read writes nothing most of the time."""


class Opened(NamedTuple):
    """A profile as it now stands; its text can always be read.

    version: rises with every change of the text. markets: those chosen, empty where all are looked at. as_of: the day
    asked for. origin: the name of the file or example it came from. owner: who opened it, and alone sees it. saved:
    the saved profile that it is a version of, with the number of that version.
    """

    id: str
    text: str
    origin: str
    owner: str = ""
    version: int = 1
    markets: tuple[str, ...] = ()
    as_of: dt.date | None = None
    saved: str = ""
    saved_version: int = 0


class OpenProfiles:
    """Those of one store; safe to share between threads and processes."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._opened = store

    @property
    def _store(self) -> Store:
        return self._opened()

    def add(self, text: str, origin: str, owner: str = "", saved: str = "", version: int = 0) -> Opened:
        opened = Opened(secrets.token_urlsafe(9), text, origin, owner, saved=saved, saved_version=version)
        with self._store.writing() as session:
            session.add(
                Draft(
                    id=opened.id,
                    owner=owner,
                    origin=origin,
                    text=text,
                    version=1,
                    markets=[],
                    as_of=None,
                    saved=saved,
                    saved_version=version,
                    used=now(),
                )
            )
            session.flush()
            _give_up(session, owner)
        return opened

    def get(self, id_: str, owner: str = "") -> Opened:
        """The profile of an address, to whoever opened it.

        Raises:
            Refused: when there is none any more, or somebody else opened it.
        """
        if not id_.replace("-", "").replace("_", "").isalnum() or len(id_) > 32:
            raise gone()
        with self._store.reading() as session:
            draft = session.get(Draft, id_)
        if draft is None or draft.owner != owner:
            raise gone()
        if draft.used < _ago(LOOKED_AT_S):
            with self._store.writing() as session:
                session.execute(update(Draft).where(Draft.id == id_).values(used=now()))
        return _opened(draft)

    def write(self, opened: Opened, text: str, version: int) -> Opened:
        """The profile with another text.

        version: of the text that was changed.

        Raises:
            Refused: when it was changed elsewhere since; nothing is lost, nothing is written.
        """
        changed = self._change(opened, Draft.version == version, text=text, version=version + 1)
        if changed is None:
            hint = "what you wrote is still in the form: copy it, load the page again, and put it in"
            raise Refused(
                409, "changed", "this profile was changed meanwhile, in another window or by another person", hint
            )
        return changed

    def choose(self, opened: Opened, markets: Sequence[str], as_of: dt.date | None) -> Opened:
        """The profile with other markets chosen, and another day."""
        changed = self._change(opened, markets=list(markets), as_of=as_of.isoformat() if as_of else None)
        if changed is None:
            raise gone()
        return changed

    def saved(self, opened: Opened, saved: str, version: int) -> Opened:
        """The profile as a version of a saved one."""
        changed = self._change(opened, saved=saved, saved_version=version)
        if changed is None:
            raise gone()
        return changed

    def of(self, owner: str) -> tuple[Opened, ...]:
        """Those that somebody has open, the last used first."""
        with self._store.reading() as session:
            query = select(Draft).where(Draft.owner == owner).order_by(Draft.used.desc(), Draft.id)
            return tuple(map(_opened, session.scalars(query)))

    def _change(self, opened: Opened, *where: object, **values: object) -> Opened | None:
        """The profile as changed; None where it is not as it has to be."""
        with self._store.writing() as session:
            chosen = update(Draft).where(Draft.id == opened.id, Draft.owner == opened.owner, *where)  # type: ignore[arg-type]
            if not session.execute(chosen.values(used=now(), **values)).rowcount:  # type: ignore[attr-defined]
                return None
            draft = session.get_one(Draft, opened.id)
        return _opened(draft)


def gone() -> Refused:
    return Refused(404, "not-open", "this profile is not open any more", "open its file again")


def _opened(draft: Draft) -> Opened:
    return Opened(
        draft.id,
        draft.text,
        draft.origin,
        draft.owner,
        draft.version,
        tuple(draft.markets),
        dt.date.fromisoformat(draft.as_of) if draft.as_of else None,
        draft.saved,
        draft.saved_version,
    )


def _give_up(session: Session, owner: str) -> None:
    """Forget the longest unused of a person, as many as are too many or too long; never the newest."""
    sizes = select(Draft.id, func.length(Draft.text)).where(Draft.owner == owner).order_by(Draft.used.desc(), Draft.id)
    characters, surplus = 0, []
    for place, (id_, size) in enumerate(session.execute(sizes).all()):
        characters += size
        if place and (place >= MOST or characters > MOST_CHARACTERS):
            surplus.append(id_)
    if surplus:
        session.execute(delete(Draft).where(Draft.id.in_(surplus)))


def _ago(seconds: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
