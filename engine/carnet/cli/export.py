# SPDX-License-Identifier: Apache-2.0
"""`carnet export`: a profile in the formats of other tools."""

from __future__ import annotations

from collections.abc import Sequence

import click

from carnet.cli import options, output
from carnet.cli.asking import say
from carnet.errors import InputError


@click.command("export")
@click.argument("kind", type=click.Choice(["odd"]), metavar="odd")
@options.profile_argument
@click.option("-o", "--output", "file", default="", metavar="FILE", help="File to write. [default: standard output]")
@options.law_option
def export_command(kind: str, profile: str, file: str, folders: Sequence[str]) -> None:
    """Write the design domain that PROFILE declares as ASAM OpenODD (`odd`)."""
    from carnet.report import odd

    output.check_writable(file)
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    values = declared.content.layers["", ""].values
    if not any(path.startswith("odd.") and value is not None for path, value in values.items()):
        raise InputError("the profile declares nothing of a design domain", hint="`carnet facts odd` lists what can be")
    output.emit(odd.render(declared.name, values), file)
    if file not in ("", "-"):
        say(f"wrote {file}")
