# SPDX-License-Identifier: Apache-2.0
"""`carnet questionnaire`: a workbook of questions for departments and partners, to be read back by `carnet fill`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from carnet.cli import options, output
from carnet.cli.asking import say
from carnet.errors import InputError
from carnet.intake import questionnaire as questions
from carnet.plan.partner import role_of
from carnet.plan.withheld import Withheld
from carnet.spoken import _


@click.command("questionnaire")
@options.profile_argument
@options.market_options
@options.as_of_option
@click.option(
    "--for", "holders", metavar="ROLE", multiple=True, help="Only what duties of a role wait for: operator ..."
)
@click.option(
    "--section", "sections", metavar="NAME", multiple=True, help="Only facts of a section: data, operation ..."
)
@click.option("--open", "only_open", is_flag=True, help="Only what is not declared yet.")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Workbook to write (.xlsx).")
@options.language_option
@options.law_option
def questionnaire_command(
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    holders: Sequence[str],
    sections: Sequence[str],
    only_open: bool,
    file: str,
    language: str | None,
    folders: Sequence[str],
) -> None:
    """Write what PROFILE leaves open in some markets as a workbook: a sheet for each department or partner."""
    from carnet.report.questionnaire import render

    output.check_writable(file, [profile], folders)
    options.speak(language)
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    markets = options.markets_of(law, codes, every)
    report = law.check(declared, markets, as_of)
    roles = [role_of(law, declared, holder) for holder in holders]
    found = questions.select(law, questions.rows(law, declared, report, not only_open), roles, sections)
    if roles:
        hidden = Withheld(law, declared)
        found = [row for row in found if not hidden.part(row.path)]
    if not found:
        raise InputError("no question is left for this choice", hint="leave out `--for`, `--section` or `--open`")
    partners = {f"{name} ({role})" for role, name in declared.partners.items()}
    sheets = {
        name: questions.hide(declared, rows) if name in partners else rows
        for name, rows in questions.sheets(found, declared.partners).items()
    }
    names = [law.head(market).name for market in markets]
    output.emit(render(declared.name, sheets, names, law.version), file)
    if file not in ("", "-"):
        waiting = sum(row.today is None for row in found)
        told = {"file": file, "n": waiting, "answered": len(found) - waiting, "sheets": len(sheets)}
        say(_("wrote {file}: open questions {n}, answered today {answered}, sheets {sheets}").format(**told))
        words = _("read it back with `carnet fill {profile} {file}`; `--dry-run` shows first what that changes")
        say(words.format(profile=profile, file=file))
