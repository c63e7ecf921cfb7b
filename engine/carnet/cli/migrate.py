# SPDX-License-Identifier: Apache-2.0
"""`carnet migrate`: the names of now in a profile that was written with those of before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.characters import decoded
from carnet.cli import options, output
from carnet.declare.profile import Profile
from carnet.errors import InputError, Place, visible
from carnet.intake.migrate import migrated
from carnet.source import read_file
from carnet.spoken import _


@click.command("migrate")
@options.profile_argument
@click.option(
    "-o", "--output", "file", default="", metavar="FILE", help="Write to another file. [default: PROFILE itself]"
)
@options.language_option
@options.law_option
def migrate_command(profile: str, file: str, language: str | None, folders: Sequence[str]) -> None:
    """Write the names that facts and values have now into PROFILE, where it has names of before.

    Comments and order of the file stay as they are; what is declared stays the same. The file is written whole or not
    at all.
    """
    options.speak(language)
    law = options.open_law(folders)
    if profile == "-":
        raise InputError("names are rewritten in a file", Place("<stdin>"), "name the profile's file")
    output.check_writable(file, folders=folders)
    text = decoded(read_file(Path(profile)), profile)
    known = {"approvals": law.approvals, "jurisdictions": law.codes}
    declared = Profile.from_text(text, law.vocabulary, name=profile, **known)
    after = migrated(text, declared)
    to_file = file != "-"
    if file or after != text:
        output.emit(after, file or profile)
    for renamed in declared.renamed:
        click.echo(visible(str(renamed)), err=not to_file)
    if declared.renamed:
        told = _("{n} names rewritten in {file}").format(n=len(declared.renamed), file=file or profile)
    else:
        told = _("{file} has no names of before; nothing is changed").format(file=profile)
    click.echo(visible(told), err=not to_file)
