# SPDX-License-Identifier: Apache-2.0
"""`carnet compare`: profiles against markets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.assess.check import check
from carnet.cli import complete, options, pages
from carnet.cli.progress import Progress
from carnet.report.compare import FORMATS, SORTS, matrix


@click.command("compare")
@click.argument("profiles", metavar="PROFILE...", nargs=-1, required=True, shell_complete=complete.files)
@options.market_options
@options.as_of_option
@click.option("--sort", type=click.Choice(SORTS), default="distance", show_default=True, help="Order of the markets.")
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.evaluator_option
@options.law_option
def compare_command(
    profiles: Sequence[str],
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    sort: str,
    form: str | None,
    file: str,
    language: str | None,
    evaluator: str | None,
    folders: Sequence[str],
) -> None:
    """Compare the outcomes of one or several PROFILEs over markets, without -m over all of them."""
    renderer = pages.renderer("compare", FORMATS, form, file, profiles, folders)
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    declared = [options.open_profile(law, profile) for profile in profiles]
    markets = options.markets_of(law, codes, every or not codes)
    with Progress(len(markets) * len(declared)) as progress:
        reports = [check(law, profile, markets, as_of, evaluator, progress) for profile in declared]
    pages.write(renderer, matrix(reports, sort, law), file, language=language)
