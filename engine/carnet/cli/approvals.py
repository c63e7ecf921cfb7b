# SPDX-License-Identifier: Apache-2.0
"""`carnet approvals`: the register of what is held, asked for, running out and missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.cli import options, pages
from carnet.cli.progress import waiting
from carnet.plan.part import register_for
from carnet.plan.partner import role_of
from carnet.plan.register import WEEKS, register
from carnet.report.approvals import FORMATS


@click.command("approvals")
@options.profile_argument
@options.market_options
@options.as_of("Day from which it is seen. [default: today]")
@click.option(
    "--within",
    "weeks",
    type=click.IntRange(0, 520),
    default=WEEKS,
    show_default=True,
    metavar="WEEKS",
    help="Ends within so many weeks are near.",
)
@click.option(
    "--by", type=click.Choice(["state", "market", "owner"]), default="state", show_default=True, help="Grouped by."
)
@click.option(
    "--for", "role", metavar="ROLE", callback=options.given, help="Only those that a role or partner applies for."
)
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.evaluator_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every approval.")
def approvals_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    weeks: int,
    by: str,
    role: str | None,
    form: str | None,
    file: str,
    language: str | None,
    evaluator: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """List the approvals of PROFILE: held, running out, applied for, expected, and what some markets need besides.

    Without -m or --all only what the profile declares is listed. `-f ical` writes a calendar with reminders.
    """
    renderer = pages.renderer("approvals", FORMATS, form, file, [profile], folders)
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    markets = options.markets_of(law, codes, every) if codes or every else ()
    with waiting("Looking for what is missing ..."):
        found = register(law, declared, markets, as_of, weeks, evaluator)
    if role:
        found = register_for(law, found, role_of(law, declared, role), declared)
    pages.write(renderer, found, file, language=language, verbose=verbose, by=by)
