# SPDX-License-Identifier: Apache-2.0
"""Compiled things kept on disk between commands. A convenience: where nothing can be kept, they are compiled anew."""

from __future__ import annotations

import os
import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any

from carnet import __version__


def cache_folder() -> Path:
    """Where Carnet keeps what it compiled: `CARNET_CACHE`, else the user's cache folder."""
    root = os.environ.get("CARNET_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(root) / "carnet" if root else Path.home() / ".cache" / "carnet"


class Pickles:
    """A folder of pickles; reading returns None for whatever is not there or not whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Any | None:
        try:
            with (self._folder / f"{name}.pickle").open("rb") as stream:
                return pickle.load(stream)
        except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
            return None

    def write(self, name: str, value: Any) -> None:
        """Write a value whole or not at all."""
        import tempfile

        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as stream:
                pickle.dump(value, stream, protocol=5)
            os.replace(stream.name, self._folder / f"{name}.pickle")
        except OSError:
            return


@cache
def engine_stamp() -> str:
    """Changes with Python, with Carnet's version and, in a checkout, with every module that compiles something."""
    package = Path(__file__).resolve().parent
    folders = (package / part for part in ("law", "logic", "logic/rete", "declare"))
    entries = [entry for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".py")]
    return f"{__version__} {sys.version} {sorted((entry.name, entry.stat().st_mtime_ns) for entry in entries)}"
