# SPDX-License-Identifier: Apache-2.0
"""Where the bundled law stands: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from carnet.errors import LawError, Place


def bundled_law() -> Path:
    """The folder that holds `rules/` and `jurisdictions/`."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "bundled", package.parents[1]):
        if (folder / "rules").is_dir() and (folder / "jurisdictions").is_dir():
            return folder
    raise LawError("the bundled law is missing", Place(str(package)), "install carnet again")


def law_files(folder: Path) -> list[Path]:
    """Every file of law below a folder, in a stable order.

    Raises:
        LawError: when the folder is missing or holds neither `rules/` nor `jurisdictions/`.
    """
    if not folder.is_dir():
        raise LawError("is not a folder of law", Place(str(folder)), "name a folder with `jurisdictions/` in it")
    files = [Path(name) for name, _ in walk_law(folder)]
    if not files:
        raise LawError("holds no law", Place(str(folder)), "put packs under `jurisdictions/<CODE>/`")
    return files


def walk_law(folder: Path) -> list[tuple[str, os.stat_result]]:
    """The name and state of every file of law below a folder, sorted by name; templates are not law."""
    found = []
    skipped = os.path.join(folder, "rules", "templates")
    open_ = [os.path.join(folder, top) for top in ("jurisdictions", "rules")]
    while open_:
        here = open_.pop()
        with contextlib.suppress(FileNotFoundError), os.scandir(here) as entries:
            for entry in entries:
                if entry.is_dir():
                    open_.extend([entry.path] if entry.path != skipped else [])
                elif entry.name.endswith((".yaml", ".yml")):
                    found.append((entry.path, entry.stat()))
    return sorted(found, key=lambda item: item[0])
