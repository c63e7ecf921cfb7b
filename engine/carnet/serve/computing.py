# SPDX-License-Identifier: Apache-2.0
"""Turns at computing: so many at a time, so many waiting behind them, and none longer than its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from carnet.serve.problems import Refused

Tick = Callable[[str], None]
"""Called after every step of long work with its name; raises when the work is to stop."""


class Computing:
    """Hands out turns; safe to share between threads."""

    def __init__(self, running: int, waiting: int, seconds: float) -> None:
        self._slots = threading.Semaphore(running)
        self._line = threading.Semaphore(running + waiting)
        self._running, self._seconds = running, seconds

    @contextmanager
    def turn(self) -> Iterator[Tick]:
        """A turn; what it gives is to be called after each step.

        Raises:
            Refused: when too many wait already, or when the time is over, waiting included.
        """
        deadline = time.monotonic() + self._seconds
        if not self._line.acquire(blocking=False):
            raise busy()
        try:
            if not self._slots.acquire(timeout=self._seconds):
                raise busy()
            try:
                yield until(deadline, self._seconds)
            finally:
                self._slots.release()
        finally:
            self._line.release()


def busy() -> Refused:
    return Refused(503, "busy", "too many requests are being computed", "ask again in a moment", {"retry-after": "2"})


def until(deadline: float, seconds: float) -> Tick:
    """A tick that ends the work once the time is over."""

    def tick(step: str) -> None:
        if time.monotonic() > deadline:
            hint = "ask for fewer markets, or as a job with `Prefer: respond-async`"
            raise Refused(504, "time", f"this takes more than the {seconds:g} seconds of one request", hint)

    return tick
