# SPDX-License-Identifier: Apache-2.0
"""`carnet progress`: how lacks fall over several reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.characters import decoded
from carnet.cli import complete, options, pages
from carnet.cli.diff import LARGEST
from carnet.errors import InputError
from carnet.report.diff import read
from carnet.report.progress import FORMATS, progress
from carnet.source import read_file


@click.command("progress")
@click.argument("reports", metavar="REPORT.json...", nargs=-1, required=True, shell_complete=complete.files)
@click.option("-f", "--format", "form", type=click.Choice(list(FORMATS)), help="[default: by --output, terminal]")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.language_option
def progress_command(reports: Sequence[str], form: str | None, file: str, language: str | None) -> None:
    """Show how the lacks of one profile fall from report to report, and which stand still.

    Reports are those that `carnet check -f json` wrote, in the order in which they were; each goes by its file's name.
    """
    options.speak(language, machine=form == "json")
    renderer = pages.renderer("progress", FORMATS, form, file, list(reports), ())
    read_ = [(Path(name).stem, read(decoded(read_file(Path(name), LARGEST), name), name)) for name in reports]
    if len(reports) < 2:
        raise InputError("one report shows no progress", hint="name the reports of several weeks, the oldest first")
    pages.write(renderer, progress(read_), file)
