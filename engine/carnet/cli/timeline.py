# SPDX-License-Identifier: Apache-2.0
"""`carnet timeline`: what changes when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.cli import options, pages
from carnet.cli.progress import waiting
from carnet.report.timeline import FORMATS, span_of, timeline


@click.command("timeline")
@options.profile_argument
@options.market_options
@options.as_of("First day. [default: today]")
@click.option("--until", callback=options.day, metavar="DATE", help="Last day.  [default: three years on]")
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.expected_option
@options.language_option
@options.evaluator_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every reason.")
def timeline_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    until: dt.date | None,
    form: str | None,
    file: str,
    expected: bool,
    language: str | None,
    evaluator: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show how the outcome of PROFILE changes with the law, its approvals and its waivers, by default from today."""
    renderer = pages.renderer("timeline", FORMATS, form, file, [profile], folders)
    language = options.speak(language, pages.for_programs(renderer))
    start, last = span_of(as_of, until)
    law = options.open_law(folders)
    declared = options.open_profile(law, profile, expected)
    markets = options.markets_of(law, codes, every)
    with waiting("Assessing every day on which something may change ..."):
        line = timeline(law, declared, markets, start, last, evaluator)
    pages.write(renderer, line, file, language=language, verbose=verbose)
