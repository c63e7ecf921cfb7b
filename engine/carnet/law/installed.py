# SPDX-License-Identifier: Apache-2.0
"""Releases of the law that were installed beside the engine, and which law a command takes.

Each is unpacked once into a folder of the user's own, named by its version and content; old ones stay, so that a
receipt can be run again after the law moved on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from carnet.errors import LawError, MissingExtra, Place, os_reason, shown, suggest
from carnet.law.locate import bundled_law

if TYPE_CHECKING:
    from carnet.law.release import Release

CURRENT = "current"
BUNDLED = "bundled"


NO_ROOM = "free space, or set CARNET_DATA to a folder that you may write"


def data_folder() -> Path:
    """Where releases are kept: `CARNET_DATA`, else the user's data folder.

    Raises:
        LawError: for a user without a home, as in a container that runs under a number.
    """
    root = os.environ.get("CARNET_DATA") or os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(root) if root else Path.home() / ".local" / "share") / "carnet" / "law"
    except RuntimeError:
        raise LawError("this user has no home to keep releases of the law in", hint="set CARNET_DATA") from None


def installed() -> list[str]:
    """The names of the releases that are installed, `<version>-<hash>`, in order.

    What a killed installation left half done begins with a dot and is none; nor is what this user may not see.
    """
    try:
        return sorted(path.name for path in data_folder().iterdir() if path.is_dir() and path.name[0] != ".")
    except (OSError, LawError):
        return []


def current() -> str:
    """The release that commands take: its name, or `bundled`."""
    try:
        name = (data_folder() / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, LawError):
        return BUNDLED
    return name if name in installed() else BUNDLED


def use(name: str) -> str:
    """Take a release, by its name or version, or the bundled law, from now on.

    Raises:
        LawError: when it is not installed, or the choice cannot be kept.
    """
    chosen = BUNDLED if name == BUNDLED else _named(name)
    if chosen is None:
        hint = suggest(name[:40], [*installed(), BUNDLED]) or f"installed: {', '.join([BUNDLED, *installed()])}"
        raise LawError(f"the law {shown(name)} is not installed", hint=hint)
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(folder / CURRENT, f"{chosen}\n".encode())
    except OSError as error:
        raise LawError(f"cannot be kept ({os_reason(error)})", Place(str(folder / CURRENT)), NO_ROOM) from None
    return chosen


def install(file: Path) -> str:
    """Verify a release, unpack it and take it from now on; its name."""
    return use(_verified(file).name)


def _verified(file: Path) -> Path:
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise MissingExtra("law", "releases") from error
    from carnet.law.release import read_release, trusted_keys

    return unpack(read_release(file, trusted_keys()))


def unpack(release: Release) -> Path:
    """The folder of a release, made where it is not there yet: whole or not at all."""
    import shutil
    import tempfile

    root = data_folder()
    target = root / release.manifest.name
    if target.is_dir():
        return target
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=root))
    except OSError as error:
        raise LawError(f"cannot be unpacked ({os_reason(error)})", Place(str(root)), NO_ROOM) from None
    try:
        for name, text in release.texts.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        draft.rename(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if target.is_dir():  # another command was quicker
            return target
        raise LawError(f"cannot be unpacked ({os_reason(error)})", Place(str(root)), NO_ROOM) from None
    return target


def law_folders(given: Sequence[str | Path]) -> list[Path]:
    """The folders that a command reads: a release (a file, or the version of one installed) in place of the law that is
    taken without one, then the folders of packs.

    Raises:
        LawError: for more than one release, and for one that cannot be verified.
    """
    base, packs = [], []
    for item in map(Path, given):
        named = None if os.path.exists(item) else _named(str(item))
        if named is not None:
            base.append(data_folder() / named)
        elif item.suffix == ".zip" and os.path.isfile(item):
            base.append(_verified(item))
        else:
            packs.append(item)
    if len(base) > 1:
        raise LawError("two releases of the law at once", hint="name one with `--law`; compare them with `law-diff`")
    return [*(base or [current_law()]), *packs]


def current_law() -> Path:
    """The folder of the law that commands take where none is named."""
    name = current()
    return bundled_law() if name == BUNDLED else data_folder() / name


def _named(name: str) -> str | None:
    """The installed release of a name or version; of several with one version the last by name."""
    names = installed()
    return next((each for each in reversed(names) if name in (each, each.rpartition("-")[0])), None)


def _replace(path: Path, raw: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(raw)
    os.replace(draft, path)
