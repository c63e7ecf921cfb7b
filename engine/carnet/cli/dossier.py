# SPDX-License-Identifier: Apache-2.0
"""`carnet dossier`: the content of one application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.cli import complete, options, output, pages
from carnet.errors import InputError
from carnet.plan.dossier_lines import dossier
from carnet.plan.part import dossier_for
from carnet.plan.partner import role_of
from carnet.report.dossier import FORMATS


@click.command("dossier")
@options.profile_argument
@click.argument("approval", metavar="APPROVAL", shell_complete=complete.approvals)
@options.market_options
@options.as_of_option
@click.option("--for", "role", metavar="ROLE", callback=options.given, help="Only what a role or partner owes.")
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
@options.law_option
@click.option("-v", "--verbose", is_flag=True, help="Show what is declared and the law of every line.")
def dossier_command(
    profile: str,
    approval: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    role: str | None,
    form: str | None,
    file: str,
    language: str | None,
    folders: Sequence[str],
    verbose: bool,
) -> None:
    """Show what an application for APPROVAL is made of: what is there, what is missing, who owes it.

    -m names the market whose law is meant, where the approval counts in several. Files are attached in the profile,
    below `attachments:`.
    """
    renderer = pages.renderer("dossier", FORMATS, form, file, [profile], folders)
    language = options.speak(language, pages.for_programs(renderer))
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    output.check_writable(file, [str(Path(profile).parent / item.file) for item in declared.attachments])
    markets = options.markets_of(law, codes, every) if codes or every else ("",)
    if len(markets) > 1:
        raise InputError("a dossier is of one market", hint="name one with `-m`")
    names = {name.upper(): name for name in law.approvals}
    found = dossier(law, declared, names.get(approval.upper(), approval), markets[0], as_of)
    if role:
        found = dossier_for(law, found, role_of(law, declared, role), declared)
    pages.write(renderer, found, file, language=language, verbose=verbose)
