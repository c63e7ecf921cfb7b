# SPDX-License-Identifier: Apache-2.0
"""`carnet reach`: the best outcome within reach, and the least that brings it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.cli import complete, options, pages
from carnet.cli.progress import Progress
from carnet.plan.reach import reach
from carnet.report.reach import FORMATS


@click.command("reach")
@options.profile_argument
@options.market_options
@options.as_of_option
@click.option(
    "--keep",
    metavar="PATH",
    multiple=True,
    callback=options.several,
    shell_complete=complete.facts,
    help="Leave a fact or a section as it is; repeat or use commas.",
)
@click.option(
    "--never",
    metavar="APPROVAL",
    multiple=True,
    callback=options.several,
    help="Do not count on an approval; repeat or use commas.",
)
@click.option(
    "--change",
    metavar="PATH",
    multiple=True,
    callback=options.several,
    shell_complete=complete.facts,
    help="Let a fact change that makes the product what it is, such as operation.driver_on_board.",
)
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show everything.")
def reach_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    keep: Sequence[str],
    never: Sequence[str],
    change: Sequence[str],
    form: str | None,
    file: str,
    language: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show the best outcome that each market can come to, and the least to declare and obtain for it.

    What makes the product and its maker what they are (category, size, level, features, service, phase, driver on
    board, origin, control, places) stays as it is unless --change names it, and is asked for where it is not declared;
    everything else may be declared otherwise unless --keep names it.
    """
    renderer = pages.renderer("reach", FORMATS, form, file, [profile], folders)
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    markets = options.markets_of(law, codes, every)
    with Progress(len(markets)) as progress:
        found = reach(law, declared, markets, keep, never, change, as_of, progress)
    titles = lambda approval: law.approvals[approval].title  # noqa: E731
    pages.write(renderer, found, file, language=language, verbose=verbose, titles=titles)
