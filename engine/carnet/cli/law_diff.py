# SPDX-License-Identifier: Apache-2.0
"""`carnet law-diff`: what changes in the law between two days or two releases."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.cli import options, pages
from carnet.cli.progress import waiting
from carnet.days import ISO_DAY, read_day
from carnet.errors import InputError, shown
from carnet.report.lawdiff import FORMATS, Side, law_diff


@click.command("law-diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("-p", "--profile", "profiles", metavar="PROFILE", multiple=True, help="Show what it means for a profile.")
@options.market_options
@options.as_of("Day on which a folder's law is taken. [default: today]")
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.evaluator_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every change.")
def law_diff_command(
    old: str,
    new: str,
    profiles: Sequence[str],
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    form: str | None,
    file: str,
    evaluator: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show which rules, routes and values change from OLD to NEW, without -m everywhere.

    Each is a day of the law taken, as 2027-01-31, or a release taken on the day of --as-of, by default today: a file of
    `carnet law build`, a folder with a whole law, or one with packs of your own over the law taken.
    """
    releases = [text for text in (old, new) if not ISO_DAY.match(text)]
    renderer = pages.renderer("lawdiff", FORMATS, form, file, profiles, [*folders, *releases])
    law = options.open_law(folders)
    sides = [_side(law, text, as_of or dt.date.today()) for text in (old, new)]
    if sides[0].law is sides[1].law and sides[1].day < sides[0].day:
        raise InputError(f"`{new}` is before `{old}`", hint="name the earlier day first")
    markets = () if every or not codes else options.markets_of(law, codes, every)
    declared = [options.open_profile(law, profile) for profile in profiles]
    with waiting("Comparing the law ..."):
        difference = law_diff(sides[0], sides[1], markets, declared, evaluator)
    pages.write(renderer, difference, file, verbose=verbose)


def _side(law: Law, text: str, today: dt.date) -> Side:
    folder = Path(text)
    if ISO_DAY.match(text):
        return Side(law, read_day(text))
    if folder.suffix == ".zip" and folder.is_file():
        return Side(options.open_law([text]), today)
    if not os.path.isdir(folder / "jurisdictions"):
        hint = "write a day as 2027-01-31, a release such as carnet-law.zip, or a folder that holds `jurisdictions`"
        raise InputError(f"{shown(text)} is neither a day nor a release of the law", hint=hint)
    whole = (folder / "rules" / "law.yaml").is_file()
    return Side(Law.open([folder]) if whole else options.open_law([str(folder)]), today)
