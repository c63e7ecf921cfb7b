# SPDX-License-Identifier: Apache-2.0
"""What the commands with renderers of their own share: choosing one by name or file, and writing what it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any

from carnet.cli import output
from carnet.cli.asking import say
from carnet.errors import MissingExtra
from carnet.report.formats import render_with, unknown_ending

NEEDS = {"html": "jinja2", "xlsx": "openpyxl", "docx": "docx"}


def renderer(
    package: str,
    formats: Mapping[str, tuple[str, ...]],
    form: str | None,
    file: str,
    inputs: Sequence[str],
    folders: Sequence[str],
) -> Any:
    """The module of `carnet.report.<package>` for a format, by name, else by the file's ending, else the terminal's.

    inputs, folders: what the command reads, see `output.check_writable`.

    Raises:
        InputError: when the file's ending belongs to no format, or it cannot be written.
        MissingExtra: when the extra it needs is not installed.
    """
    output.check_writable(file, inputs, folders)
    by_ending = (name for name, endings in formats.items() if file.lower().endswith(endings))
    name = form or next(by_ending, None) or ("terminal" if file in ("", "-") else None)
    if name is None:
        raise unknown_ending(file, chain.from_iterable(formats.values()))
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        raise MissingExtra(f"{package} -f {name}", "reports")
    return import_module(f"carnet.report.{package}.{name}")


def for_programs(module: Any) -> bool:
    """Whether what a renderer writes is read by programs."""
    return str(module.__name__).endswith((".json", ".csv"))


def write(module: Any, subject: Any, file: str, **wishes: Any) -> None:
    """Render and write; a renderer takes those of the wishes that it knows."""
    to_terminal = file in ("", "-")
    wishes |= {
        "width": output.page_width() if to_terminal else 80,
        "colour": to_terminal and output.wants_colour(),
    }
    text = render_with(module, subject, **wishes)
    output.emit(text, file, for_people=module.__name__.endswith(".terminal"))
    if not to_terminal:
        say(f"wrote {file}")
