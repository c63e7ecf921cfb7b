# SPDX-License-Identifier: Apache-2.0
"""`carnet plan`: what to do first, by when, with whom, and which market next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.cli import complete, options, pages
from carnet.cli.progress import Progress
from carnet.plan.model import OBJECTIVES
from carnet.plan.partner import plan_for, role_of
from carnet.plan.roadmap import LIMIT, Ask, plan
from carnet.report.plan import FORMATS


@click.command("plan")
@options.profile_argument
@options.market_options
@click.option("--start", callback=options.day, metavar="DATE", help="First day of work. [default: today]")
@click.option("--by", callback=options.day, metavar="DATE", help="Day to open by; steps say when to begin for it.")
@click.option("--best", type=click.IntRange(1), metavar="N", help="Open only N of the markets, the best ones.")
@click.option("--parallel", type=click.IntRange(1), metavar="K", help="Do at most K steps at once.")
@click.option(
    "--objective", type=click.Choice(OBJECTIVES), default=OBJECTIVES[0], show_default=True, help="What is to be best."
)
@click.option("--for", "role", metavar="ROLE", callback=options.given, help="Only the part of a role or partner.")
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 3600),
    default=LIMIT,
    show_default=True,
    metavar="SECONDS",
    help="Most time to search for a better plan, counted in work done.",
)
@click.option(
    "--keep",
    metavar="PATH",
    multiple=True,
    callback=options.several,
    shell_complete=complete.facts,
    help="Leave a fact or a section as it is; repeat or use commas.",
)
@click.option(
    "--never", metavar="APPROVAL", multiple=True, callback=options.several, help="Do not count on an approval."
)
@click.option(
    "--change",
    metavar="PATH",
    multiple=True,
    callback=options.several,
    shell_complete=complete.facts,
    help="Let a fact change that makes the product what it is.",
)
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show every step.")
def plan_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    start: dt.date | None,
    by: dt.date | None,
    best: int | None,
    parallel: int | None,
    objective: str,
    role: str | None,
    limit: float,
    keep: Sequence[str],
    never: Sequence[str],
    change: Sequence[str],
    form: str | None,
    file: str,
    language: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Plan how PROFILE opens some markets: steps with early and late days, who does them, and the order of entry.

    What makes the product what it is, and what is offered (domain, speed, fleet), stays as declared; where a market
    does not open for that, the plan says what less is enough.
    """
    renderer = pages.renderer("plan", FORMATS, form, file, [profile], folders)
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    markets = options.markets_of(law, codes, every)
    wanted = role_of(law, declared, role) if role else ""
    ask = Ask(start or dt.date.today(), by, parallel, objective, best, limit)
    with Progress(len(markets)) as progress:
        found = plan(law, declared, markets, ask, keep, never, change, progress)
    if wanted:
        found = plan_for(law, found, wanted, declared)
    pages.write(renderer, found, file, language=language, verbose=verbose)
