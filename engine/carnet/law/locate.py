# SPDX-License-Identifier: Apache-2.0
"""Where the bundled law stands: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

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
    files = [path for top in ("rules", "jurisdictions") for path in (folder / top).rglob("*.y*ml")]
    if not files:
        raise LawError("holds no law", Place(str(folder)), "put packs under `jurisdictions/<CODE>/`")
    return sorted(path for path in files if path.relative_to(folder).parts[:2] not in SKIPPED)


SKIPPED = (("rules", "templates"),)
