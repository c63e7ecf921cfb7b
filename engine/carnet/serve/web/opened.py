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
    asked for. origin: the name of the file or example it came from.
    """

    id: str
    text: str
    origin: str
    version: int = 1
    markets: tuple[str, ...] = ()
    as_of: dt.date | None = None


class OpenProfiles:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Opened] = OrderedDict()
        self._characters = 0

    def add(self, text: str, origin: str) -> Opened:
        opened = Opened(secrets.token_urlsafe(9), text, origin)
        with self._lock:
            self._put(opened)
        return opened

    def get(self, id_: str) -> Opened:
        """The profile of an address.

        Raises:
            Refused: when there is none any more.
        """
        with self._lock:
            if id_ not in self._kept:
                raise Refused(404, "not-open", "this profile is not open any more", "open its file again")
            self._kept.move_to_end(id_)
            return self._kept[id_]

    def write(self, id_: str, text: str, version: int) -> Opened:
        """The profile with another text.

        version: of the text that was changed.

        Raises:
            Refused: when somebody else has changed it since; nothing is lost, nothing is written.
        """
        opened = self.get(id_)
        with self._lock:
            if self._kept.get(id_, opened).version != version:
                hint = "what you wrote is still in the form: copy it, load the page again, and put it in"
                raise Refused(409, "changed", "somebody else has changed this profile meanwhile", hint)
            changed = opened._replace(text=text, version=version + 1)
            self._put(changed)
        return changed

    def choose(self, id_: str, markets: Sequence[str], as_of: dt.date | None) -> Opened:
        """The profile with other markets chosen, and another day."""
        opened = self.get(id_)
        with self._lock:
            changed = self._kept.get(id_, opened)._replace(markets=tuple(markets), as_of=as_of)
            self._put(changed)
        return changed

    def all(self) -> tuple[Opened, ...]:
        """Those that are open, the last used first."""
        with self._lock:
            return tuple(reversed(self._kept.values()))

    def _put(self, opened: Opened) -> None:
        before = self._kept.pop(opened.id, None)
        self._characters += len(opened.text) - (len(before.text) if before else 0)
        self._kept[opened.id] = opened
        while len(self._kept) > MOST or (self._characters > MOST_CHARACTERS and len(self._kept) > 1):
            _, gone = self._kept.popitem(last=False)
            self._characters -= len(gone.text)
