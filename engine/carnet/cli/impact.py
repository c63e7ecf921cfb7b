# SPDX-License-Identifier: Apache-2.0
"""`carnet impact`: what a change sets off, as a report and as a gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from carnet.cli import complete, options, pages
from carnet.cli.main import FOUND, OK
from carnet.cli.progress import waiting
from carnet.errors import InputError
from carnet.plan.impact import Impact, Release
from carnet.plan.impact_release import impact
from carnet.plan.whatif import parse_settings
from carnet.report.impact import FORMATS

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.declare.profile import Profile

LEVELS = [each.value for each in Release if each is not Release.NOT_OPEN]


@click.command("impact")
@click.argument("old", metavar="OLD", shell_complete=complete.files)
@click.argument("new", metavar="[NEW]", required=False, shell_complete=complete.files)
@options.market_options
@options.as_of("Day on which it goes out. [default: today]")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="What changes, without NEW.")
@click.option("--feature", metavar="NAME", help="Set it for this feature only.")
@click.option("--allow", type=click.Choice(LEVELS), default="now", show_default=True, help="Exit with 1 beyond this.")
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.evaluator_option
@options.law_option
@options.include_option
@click.option("-v", "--verbose", is_flag=True, help="Show everything.")
@click.pass_context
def impact_command(
    ctx: click.Context,
    old: str,
    new: str | None,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    settings: Sequence[str],
    feature: str | None,
    allow: str,
    form: str | None,
    file: str,
    language: str | None,
    evaluator: str | None,
    folders: Sequence[str],
    include: Sequence[str],
    verbose: bool,
) -> None:
    """Show what the step from the profile OLD to NEW sets off: notices, extensions, markets that wait.

    Exit code 1 when some market asks for more than --allow; a market that was closed before holds nothing up. NEW may
    be a table of releases (.csv): a column `release`, and one for each fact that differs from OLD.
    """
    if (new is None) is not bool(settings):
        hint = "give the new profile, or what changes with `--set odd.max_speed_kmh=95`"
        raise InputError(
            "it is not clear what changes" if new is None else "both a file and `--set` are given", hint=hint
        )
    inputs = [old, new] if new else [old]
    renderer = pages.renderer("impact", FORMATS, form, file, inputs, folders)
    options.included(include, renderer.__name__.rpartition(".")[2])
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    before = options.open_profile(law, old)
    if new and new.lower().endswith(".csv"):
        found = _releases(law, before, new, options.markets_of(law, codes, every), as_of, evaluator, renderer)
        pages.write(_All(renderer), found, file)
        ctx.exit(FOUND if any(each.release.rank > Release(allow).rank for each in found) else OK)
    after = options.open_profile(law, new) if new else before.with_set(parse_settings(settings), feature=feature)
    markets = options.markets_of(law, codes, every)
    with waiting("Looking at what rests on the change ..."):
        one = impact(law, before, after, markets, as_of, evaluator)
    pages.write(renderer, one, file, language=language, verbose=verbose, allow=allow, include=include)
    ctx.exit(FOUND if one.release.rank > Release(allow).rank else OK)


class _All:
    """A renderer of one release, as one of several."""

    def __init__(self, module: Any) -> None:
        self.__name__, self.render = module.__name__, module.render_all


def _releases(
    law: Law,
    before: Profile,
    table: str,
    markets: Sequence[str],
    as_of: dt.date | None,
    evaluator: str | None,
    renderer: Any,
) -> tuple[Impact, ...]:
    from carnet.plan.impact_table import impacts

    if not hasattr(renderer, "render_all"):
        form = renderer.__name__.rpartition(".")[2]
        raise InputError(f"a table of releases is not written as {form}", hint="use terminal, csv or json")
    with waiting("Looking at what rests on each release ..."):
        return impacts(law, before, Path(table), markets, as_of, evaluator)
