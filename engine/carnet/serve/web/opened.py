# SPDX-License-Identifier: Apache-2.0
"""The profiles that people have open: their text with a version, the markets chosen and the day, by an id in addresses.

Kept in memory, the longest unused given up first; what is to last is saved in the database where there is one.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from carnet.serve.problems import Refused

MOST = 256
MOST_CHARACTERS = 64 * 1024 * 1024


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
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Opened] = OrderedDict()
        self._characters = 0

    def add(self, text: str, origin: str, owner: str = "", saved: str = "", version: int = 0) -> Opened:
        opened = Opened(secrets.token_urlsafe(9), text, origin, owner, saved=saved, saved_version=version)
        with self._lock:
            self._put(opened)
        return opened

    def get(self, id_: str, owner: str = "") -> Opened:
        """The profile of an address, to whoever opened it.

        Raises:
            Refused: when there is none any more, or somebody else opened it.
        """
        with self._lock:
            if id_ not in self._kept or self._kept[id_].owner != owner:
                raise Refused(404, "not-open", "this profile is not open any more", "open its file again")
            self._kept.move_to_end(id_)
            return self._kept[id_]

    def write(self, opened: Opened, text: str, version: int) -> Opened:
        """The profile with another text.

        version: of the text that was changed.

        Raises:
            Refused: when somebody else has changed it since; nothing is lost, nothing is written.
        """
        with self._lock:
            opened = self._kept.get(opened.id, opened)
            if opened.version != version:
                hint = "what you wrote is still in the form: copy it, load the page again, and put it in"
                raise Refused(409, "changed", "somebody else has changed this profile meanwhile", hint)
            changed = opened._replace(text=text, version=version + 1)
            self._put(changed)
        return changed

    def choose(self, opened: Opened, markets: Sequence[str], as_of: dt.date | None) -> Opened:
        """The profile with other markets chosen, and another day."""
        with self._lock:
            changed = self._kept.get(opened.id, opened)._replace(markets=tuple(markets), as_of=as_of)
            self._put(changed)
        return changed

    def saved(self, opened: Opened, saved: str, version: int) -> Opened:
        """The profile as a version of a saved one."""
        with self._lock:
            changed = self._kept.get(opened.id, opened)._replace(saved=saved, saved_version=version)
            self._put(changed)
        return changed

    def of(self, owner: str) -> tuple[Opened, ...]:
        """Those that somebody has open, the last used first."""
        with self._lock:
            return tuple(opened for opened in reversed(self._kept.values()) if opened.owner == owner)

    def _put(self, opened: Opened) -> None:
        before = self._kept.pop(opened.id, None)
        self._characters += len(opened.text) - (len(before.text) if before else 0)
        self._kept[opened.id] = opened
        while len(self._kept) > MOST or (self._characters > MOST_CHARACTERS and len(self._kept) > 1):
            _, gone = self._kept.popitem(last=False)
            self._characters -= len(gone.text)
