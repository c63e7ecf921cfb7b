# SPDX-License-Identifier: Apache-2.0
"""What was worked out for an open profile, kept for the next page: its reading and its report."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from carnet.api import Law, Profile
from carnet.assess.model import Report
from carnet.serve.computing import Computing
from carnet.serve.web.opened import Opened

T = TypeVar("T")
PROFILES, REPORTS = 64, 8


class Kept(Generic[T]):
    """The last few things made, each made once however many ask for it at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._made:
                    self._made.move_to_end(key)
                    return self._made[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._made[key] = made
                while len(self._made) > self._most:
                    self._made.popitem(last=False)
        return made


class Assessments:
    """Readings and reports of one law, by what they come from."""

    def __init__(self, law: Law, computing: Computing) -> None:
        self._law, self._computing = law, computing
        self._profiles: Kept[Profile] = Kept(PROFILES)
        self._reports: Kept[Report] = Kept(REPORTS)

    def read(self, text: str, name: str) -> Profile:
        """A profile's text read against the law.

        Raises:
            CarnetError: for a text that is none.
        """
        law = self._law
        return Profile.from_text(text, law.vocabulary, name=name, approvals=law.approvals, jurisdictions=law.codes)

    def profile(self, opened: Opened) -> Profile:
        return self._profiles.get((_hash(opened.text), opened.origin), lambda: self.read(opened.text, opened.origin))

    def report(self, opened: Opened) -> Report:
        """The profile in every market."""
        law, profile = self._law, self.profile(opened)

        def make() -> Report:
            with self._computing.turn():
                return law.check(profile, law.markets(), opened.as_of)

        return self._reports.get(_key(opened), make)


def _key(opened: Opened) -> tuple[str, dt.date | None, dt.date]:
    """What a report hangs on; today too, since a profile may leave the day open."""
    return _hash(opened.text), opened.as_of, dt.date.today()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
