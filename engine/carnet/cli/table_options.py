# SPDX-License-Identifier: Apache-2.0
"""Options of commands that read somebody's table: the column map, and how the table writes its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from carnet.intake.forms import DATE_FORMS, LOCALES, Form

F = TypeVar("F", bound=Callable[..., Any])
NAMES = ("locale", "delimiter", "decimal", "thousands", "dates", "yes", "no", "encoding", "sheet", "header_row")


def form_options(command: F) -> F:
    """`--map` and one option for each part of a `Form`."""
    options = (
        click.option("--map", "mapped", metavar="FILE", help="Column map: a file, or rdw, vpic."),
        click.option("--locale", metavar="|".join(LOCALES), help="How spreadsheets of a country write."),
        click.option("--delimiter", metavar="SIGN", help="Between cells. [default: ,]"),
        click.option(
            "--decimal", metavar="SIGN", help="Decimal sign. [default: a point, where nothing else can be meant]"
        ),
        click.option("--thousands", metavar="SIGN", help="Between groups of three digits."),
        click.option("--dates", metavar="FORM", help=f"One of {', '.join(DATE_FORMS)}."),
        click.option("--yes", metavar="WORD", multiple=True, help="A word for yes, such as WAHR."),
        click.option("--no", metavar="WORD", multiple=True, help="A word for no."),
        click.option("--encoding", metavar="NAME", help="Of a text file. [default: utf-8]"),
        click.option("--sheet", metavar="NAME", help="Sheet of a workbook."),
        click.option(
            "--header-row", type=click.IntRange(1, 1000), metavar="N", help="Row of the column names. [default: 1]"
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def form_of(given: dict[str, Any]) -> tuple[Form, dict[str, Any]]:
    """The form that the options name, and what they named; takes them out of `given`."""
    named = {name: given.pop(name, None) for name in NAMES}
    named = {name: value for name, value in named.items() if value not in (None, ())}
    if named.get("delimiter") == "\\t":
        named["delimiter"] = "\t"
    return Form().with_named(named), named
