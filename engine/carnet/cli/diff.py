# SPDX-License-Identifier: Apache-2.0
"""`carnet diff`: what changed between two reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.characters import decoded
from carnet.cli import complete, options, pages
from carnet.cli.main import FOUND, OK
from carnet.cli.progress import Progress, waiting
from carnet.report.diff import FORMATS, Data, diff, read
from carnet.report.diff.profiles import diff_profiles
from carnet.source import read_file

LARGEST = 256 * 1024 * 1024
"""Bytes of a report: all markets of a large profile take a tenth of it."""


@click.command("diff")
@click.argument("old", metavar="OLD", shell_complete=complete.files)
@click.argument("new", metavar="NEW", shell_complete=complete.files)
@options.market_options
@options.as_of_option
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@click.option(
    "--fail-on", type=click.Choice(["worse", "never"]), default="never", help="Exit with 1 when it got worse."
)
@options.evaluator_option
@options.language_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every change.")
@click.pass_context
def diff_command(
    ctx: click.Context,
    old: str,
    new: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    form: str | None,
    file: str,
    fail_on: str,
    evaluator: str | None,
    language: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show what changed from OLD to NEW and why: the profile, the law or the day.

    Each is a report that `carnet check -f json` wrote, or a profile, which is checked now, by default in the markets of
    the report beside it, or everywhere.
    """
    renderer = pages.renderer("diff", FORMATS, form, file, [old, new], folders)
    language = options.speak(language, machine=pages.for_programs(renderer))
    texts = {name: _text(name) for name in (old, new)}
    reports = {name: read(text, name) for name, text in texts.items() if '"receipt"' in text}
    named = codes or tuple(market["market"] for report in reports.values() for market in report["markets"])
    if reports:
        law = options.open_law(folders) if len(reports) < len(texts) else None
        for name in texts:
            if law is not None and name not in reports:
                reports[name] = _check(law, name, options.markets_of(law, named, every), as_of, evaluator)
        difference = diff(reports[old], reports[new])
    else:
        law = options.open_law(folders)
        markets = options.markets_of(law, named, every or not named)
        both = [options.open_profile(law, name) for name in (old, new)]
        with Progress(2 * len(markets)) as progress:
            difference = diff_profiles(law, both[0], both[1], markets, as_of, evaluator, progress)
    pages.write(renderer, difference, file, language=language, verbose=verbose)
    ctx.exit(FOUND if fail_on == "worse" and any(market.worse for market in difference.markets) else OK)


def _text(file: str) -> str:
    raw = options.standard_input(LARGEST) if file == "-" else read_file(Path(file), LARGEST)
    return decoded(raw, options.STDIN if file == "-" else file)


def _check(law: Law, file: str, markets: Sequence[str], as_of: dt.date | None, evaluator: str | None) -> Data:
    """A profile checked beside a report."""
    from carnet.assess.check import check
    from carnet.report.json import to_data

    profile = options.open_profile(law, file)
    with Progress(len(markets)) as progress:
        report = check(law, profile, markets, as_of, evaluator, progress)
    with waiting("Comparing ..."):
        return to_data(report)
