# SPDX-License-Identifier: Apache-2.0
"""Reading folders of law into validated files; nothing is linked yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from carnet.errors import CarnetError, LawError, Place, Problems
from carnet.law.cache import LawText
from carnet.law.check_schema import validate
from carnet.law.locate import is_cases, law_files
from carnet.law.schema import PackSpec
from carnet.law.shared_schema import SharedSpec
from carnet.source import Source


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of one jurisdiction; `folder` counts the folders of law, the bundled one first."""

    code: str
    folder: int
    source: Source
    spec: PackSpec


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of `rules/`."""

    folder: int
    source: Source
    spec: SharedSpec


@dataclass(frozen=True, slots=True)
class LawFiles:
    """Everything read, in the order of the folders: what comes later adds to or replaces what came before."""

    packs: tuple[PackFile, ...]
    shared: tuple[SharedFile, ...]


def is_vocabulary(path: Path, folder: Path) -> bool:
    return path.relative_to(folder).parts[:2] == ("rules", "vocabulary")


def read_law(text: LawText, cases: bool = True) -> LawFiles:
    """Read and validate every file but the vocabulary, and those of cases unless they are asked for.

    Raises:
        Problems: everything that is wrong in any file.
    """
    packs: list[PackFile] = []
    shared: list[SharedFile] = []
    errors: list[CarnetError] = []
    for index, folder in enumerate(text.folders):
        for path in law_files(folder):
            if is_vocabulary(path, folder) or (is_cases(path) and not cases):
                continue
            try:
                source = text.read(path)
                if path.relative_to(folder).parts[0] == "rules":
                    shared.append(SharedFile(index, source, validate(SharedSpec, source)))
                else:
                    packs.append(PackFile(_code(path, folder), index, source, validate(PackSpec, source)))
            except Problems as problems:
                errors += problems.errors
            except CarnetError as error:
                errors.append(error)
    if errors:
        raise Problems(errors)
    return LawFiles(tuple(packs), tuple(shared))


def _code(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).parts
    if len(parts) < 3:
        hint = f"move {path.name} to `jurisdictions/<CODE>/`"
        raise LawError("stands outside a jurisdiction's folder", Place(str(path)), hint)
    return parts[1]


def by_code(files: LawFiles) -> dict[str, list[PackFile]]:
    """The files of each jurisdiction."""
    found: dict[str, list[PackFile]] = {}
    for pack in files.packs:
        found.setdefault(pack.code, []).append(pack)
    return found


def each_shared(files: LawFiles, key: str) -> Iterator[tuple[SharedFile, int, object]]:
    """Every item of one list of the shared files, with its file and index."""
    for file in files.shared:
        for index, item in enumerate(getattr(file.spec, key)):
            yield file, index, item
