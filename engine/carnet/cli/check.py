# SPDX-License-Identifier: Apache-2.0
"""`carnet check`: the gap report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from carnet.api import Law
from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Outcome, Report, Status
from carnet.cli import complete, options, output
from carnet.cli.main import FOUND, OK
from carnet.cli.progress import Progress, waiting
from carnet.cli.targets import chosen_format, targets
from carnet.law.model import Severity
from carnet.plan.part import report_for
from carnet.plan.partner import role_of
from carnet.plan.questions import allowed, ask
from carnet.report.formats import FORMATS, Format, render_with

FOR_PEOPLE = ("terminal", "markdown", "html", "xlsx")
FAIL_ON = ("blocking", "major", "any", "undetermined", "never")


@click.command("check")
@click.argument("profiles", metavar="PROFILE...", nargs=-1, required=True, shell_complete=complete.files)
@options.market_options
@options.as_of_option
@click.option(
    "-f", "--format", "format_name", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]"
)
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.expected_option
@click.option("--for", "role", metavar="ROLE", callback=options.given, help="Only the duties of a role or partner.")
@options.language_option
@options.evaluator_option
@options.law_option
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="blocking",
    show_default=True,
    help="Exit with 1 when a finding is at least this grave.",
)
@options.include_option
@click.option("-v", "--verbose", is_flag=True, help="Unfold everything.")
@click.pass_context
def check_command(
    ctx: click.Context,
    profiles: Sequence[str],
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    format_name: str | None,
    file: str,
    expected: bool,
    role: str | None,
    language: str | None,
    evaluator: str | None,
    folders: Sequence[str],
    fail_on: str,
    include: Sequence[str],
    verbose: bool,
) -> None:
    """Check PROFILE against the law of some markets and report every gap, with its provision and remedy.

    PROFILE is a YAML or JSON file, or - for standard input. The reports of several follow each other in the terminal;
    as files they go into a folder, `-f sarif -o FOLDER`, each under its profile's name.
    """
    chosen = chosen_format(profiles, format_name, file)
    files = targets(profiles, file, chosen, folders)
    language = options.speak(language, machine=chosen.name not in FOR_PEOPLE)
    renderer = chosen.load()
    law = options.open_law(folders)
    declared = [options.open_profile(law, profile, expected) for profile in profiles]
    roles = [role_of(law, one, role) if role else "" for one in declared]
    markets = options.markets_of(law, codes, every)
    with Progress(len(markets) * len(declared)) as progress:
        reports = [check(law, one, markets, as_of, evaluator, progress) for one in declared]
    parts = [report_for(law, *each) if each[1] else each[0] for each in zip(reports, roles, declared, strict=True)]
    wishes = {"verbose": verbose, "language": language, "include": options.included(include, chosen.name)}
    with waiting("Writing the report ..."):
        texts = [
            rendered(chosen, renderer, report, law, target, wishes) for report, target in zip(parts, files, strict=True)
        ]
    if len(files) > 1 and file:
        Path(file).mkdir(exist_ok=True)
    for number, (text, target) in enumerate(zip(texts, files, strict=True)):
        if number and not target:
            output.emit("\n", "", for_people=True)
        output.emit(text, target, for_people=chosen.name == "terminal")
    ctx.exit(FOUND if any(fails(report, fail_on) for report in parts) else OK)


def rendered(
    chosen: Format, renderer: Any, report: Report, law: Law, file: str, wishes: Mapping[str, Any]
) -> str | bytes:
    """The report in a format; a renderer takes those of the choices that it knows."""
    to_terminal = chosen.name == "terminal" and file in ("", "-")
    choices = {
        **wishes,
        "ask": partial(ask, law),
        "answers": partial(allowed, law),
        "width": output.page_width() if to_terminal else 80,
        "colour": to_terminal and output.wants_colour(),
    }
    return render_with(renderer, report, **choices)


def fails(report: Report, fail_on: str) -> bool:
    """Whether a report holds a finding at or above the threshold; waived gaps do not count."""
    return any(_market_fails(market, fail_on) for market in report.markets)


def _market_fails(market: MarketAssessment, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    findings = [f for f in (*market.findings, *market.home_findings) if f.counts]
    if any(_finding_fails(finding, fail_on) for finding in findings):
        return True
    return fail_on == "undetermined" and market.outcome is Outcome.UNDETERMINED


def _finding_fails(finding: Finding, fail_on: str) -> bool:
    if finding.status is Status.UNDETERMINED:
        return fail_on == "undetermined"
    levels = {"blocking": ("blocking",), "major": ("blocking", "major")}
    return finding.is_open_gap and finding.severity.value in levels.get(fail_on, tuple(Severity))
