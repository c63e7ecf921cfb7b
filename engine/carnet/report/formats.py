# SPDX-License-Identifier: Apache-2.0
"""The report formats by name; a renderer is imported only when it is asked for.

A renderer is the module `carnet.report.<name>` with `render(report, ...) -> str | bytes`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from carnet.errors import InputError, MissingExtra, Place


class Format(NamedTuple):
    """A format, how its files end, and the import and extra that it cannot do without."""

    name: str
    suffixes: tuple[str, ...] = ()
    needs: str = ""
    extra: str = ""

    @property
    def suffix(self) -> str:
        """How a file of this format is called in a folder of reports."""
        return self.suffixes[0] if self.suffixes else f".{self.name}.json"

    def load(self) -> Any:
        """The renderer's module.

        Raises:
            MissingExtra: when the extra it needs is not installed.
        """
        if self.needs and find_spec(self.needs) is None:
            raise MissingExtra(f"check -f {self.name}", self.extra)
        return import_module(module_of(self.name))


def module_of(name: str) -> str:
    return f"carnet.report.{name.replace('-', '_')}"


_ALL = (
    Format("terminal", (".txt",)),
    Format("json", (".json",)),
    Format("markdown", (".md",)),
    Format("html", (".html", ".htm"), "jinja2", "reports"),
    Format("xlsx", (".xlsx",), "openpyxl", "reports"),
    Format("csv", (".csv",)),
    Format("sarif", (".sarif",)),
    Format("junit", (".xml",)),
    Format("oscal"),
    Format("oscal-poam"),
)
FORMATS = {each.name: each for each in _ALL}


def render_with(renderer: Any, subject: Any, **wishes: Any) -> str | bytes:
    """What a renderer makes of a report or the like; it takes those of the wishes that it knows."""
    known = inspect.signature(renderer.render).parameters
    text: str | bytes = renderer.render(subject, **{name: value for name, value in wishes.items() if name in known})
    return text


def format_for(name: str | None, file: str) -> Format:
    """The format asked for by name, else by the ending of the file to write, else the terminal's."""
    if name:
        return FORMATS[name]
    ending = next((f for f in FORMATS.values() if f.suffixes and file.lower().endswith(f.suffixes)), None)
    if ending is None and file and file != "-":
        raise unknown_ending(file, (suffix for each in FORMATS.values() for suffix in each.suffixes))
    return ending or FORMATS["terminal"]


def unknown_ending(file: str, known: Iterable[str]) -> InputError:
    """What to say of a file whose ending belongs to no format."""
    hint = f"name one with `--format`, or end it with {', '.join(known)}"
    return InputError("its ending names no format", Place(file), hint)
