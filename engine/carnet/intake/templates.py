# SPDX-License-Identifier: Apache-2.0
"""Profiles to start from: templates, which come with the law, and examples, which stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carnet.errors import UnknownName, shown, suggest
from carnet.law.locate import bundled_law


def templates(folders: Sequence[str | Path] = ()) -> dict[str, Path]:
    """The template files by name; a folder of the user's own adds to the bundled ones or replaces them."""
    roots = [bundled_law(), *map(Path, folders)]
    return {path.stem: path for root in roots for path in sorted((root / "rules" / "templates").glob("*.yaml"))}


def examples() -> dict[str, Path]:
    """The profiles that come with Carnet, by name."""
    return {path.stem: path for path in sorted((bundled_law() / "examples").glob("*.yaml"))}


def template_text(name: str, folders: Sequence[str | Path] = ()) -> str:
    """A template as it is written.

    Raises:
        UnknownName: when there is none of this name.
    """
    found = templates(folders)
    if name not in found:
        hint = suggest(name[:40], found) or f"templates: {', '.join(found)}"
        raise UnknownName(f"unknown template {shown(name)}", hint=hint)
    return found[name].read_text(encoding="utf-8")


def first_line(path: Path) -> str:
    """The comment that says what a profile is of."""
    with path.open(encoding="utf-8") as stream:
        return stream.readline().strip("# \n")
