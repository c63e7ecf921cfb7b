# SPDX-License-Identifier: Apache-2.0
"""`carnet schema`: JSON Schemas for editors, which then complete and check while profiles and packs are written."""

from __future__ import annotations

from collections.abc import Sequence

import click

from carnet.cli import options, output
from carnet.report.inert import to_json
from carnet.schemas import KINDS, schema_of


@click.command("schema")
@click.argument("kind", metavar="|".join(KINDS), type=click.Choice(KINDS))
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.law_option
def schema_command(kind: str, file: str, folders: Sequence[str]) -> None:
    """Print the JSON Schema of a profile, of a pack of law, or of what a command writes as JSON."""
    output.check_writable(file, (), folders)
    output.emit(to_json(schema_of(kind, lambda: options.open_law(folders)), indent=1), file)
