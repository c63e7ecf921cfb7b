# SPDX-License-Identifier: Apache-2.0
"""Signs of life on a terminal's standard error for whatever takes longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import click

PATIENCE_S = 1.0
_CLEAR = "\r\x1b[K"


def _is_terminal() -> bool:
    return sys.stderr.isatty()


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """Show a message while a step without milestones runs, once it has taken a second."""
    if not _is_terminal():
        yield
        return
    timer = threading.Timer(PATIENCE_S, _draw, [message])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        _draw(_CLEAR)


class Progress:
    """A bar over a known number of steps; call it after each with the name of the step."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._start = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, name: str) -> None:
        self._done += bool(name)
        if name and _is_terminal() and time.monotonic() - self._start > PATIENCE_S:
            filled = 30 * self._done // max(self._total, 1)
            bar = "#" * filled + "." * (30 - filled)
            _draw(f"{_CLEAR}[{bar}] {self._done}/{self._total} {name}")
            self._shown = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            _draw(_CLEAR)


def _draw(text: str) -> None:
    click.echo(text, err=True, nl=False)  # which knows the consoles of Windows
