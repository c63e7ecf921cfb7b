# SPDX-License-Identifier: Apache-2.0
"""Where the bundled law stands: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from carnet.errors import LawError, Place, os_reason, shown

NO_LAW = ("templates", "locale")
"""The folders below `rules/` that decide nothing."""


def bundled_law() -> Path:
    """The folder that holds `rules/` and `jurisdictions/`."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "bundled", package.parents[1]):
        if (folder / "rules").is_dir() and (folder / "jurisdictions").is_dir():
            return folder
    raise LawError("the bundled law is missing", Place(str(package)), "install carnet again")


def is_cases(path: Path) -> bool:
    """Whether a file of law holds only cases, which decide nothing."""
    return path.name.endswith(".cases.yaml")


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
    """The name and state of every file of law below a folder, sorted by name; templates and translations are not law.

    Raises:
        LawError: for a folder that cannot be listed or that links to one above it, and for what only looks like a file.
    """
    found: list[tuple[str, os.stat_result]] = []
    for top in ("jurisdictions", "rules"):
        _walk(os.path.join(folder, top), tuple(os.path.join(folder, "rules", name) for name in NO_LAW), (), found)
    return sorted(found, key=lambda item: item[0].replace(os.sep, "/"))  # the same order, and so hash, everywhere


def _walk(here: str, skipped: tuple[str, ...], above: tuple[str, ...], found: list[tuple[str, os.stat_result]]) -> None:
    try:
        with os.scandir(here) as entries:
            for entry in entries:
                if entry.path in skipped:
                    continue
                if entry.is_dir():
                    inside = (*above, os.path.realpath(here))
                    if entry.is_symlink() and os.path.realpath(entry.path) in inside:
                        raise LawError("is a link to a folder above it", Place(entry.path), "remove the link")
                    _walk(entry.path, skipped, inside, found)
                elif entry.name.lower().endswith((".yaml", ".yml")):
                    found.append((entry.path, _state(entry)))
    except (FileNotFoundError, NotADirectoryError):
        return  # a folder of law may lack either, and a pack may be removed while it is read
    except OSError as error:
        reason = os_reason(error)
        raise LawError(f"cannot be read ({reason})", Place(here), "check its permissions") from None
    except ValueError:
        raise LawError("is not a name that a folder can have", Place(shown(here))) from None


def _state(entry: os.DirEntry[str]) -> os.stat_result:
    try:
        state = entry.stat()
    except FileNotFoundError:
        raise LawError("is a link to nothing", Place(entry.path), "remove it") from None
    if not stat.S_ISREG(state.st_mode):
        raise LawError("is not a regular file", Place(entry.path), "packs are read from files, not pipes or devices")
    return state
