# SPDX-License-Identifier: Apache-2.0
"""`carnet schema`: JSON Schemas for editors, which then complete and check while profiles and packs are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from carnet.api import Law
from carnet.cli import options, output
from carnet.report.inert import to_json


@click.command("schema")
@click.argument("kind", metavar="profile|pack|report", type=click.Choice(["profile", "pack", "report"]))
@click.option("-o", "--output", "file", default="", metavar="FILE", help="Write to a file, whole or not at all.")
@options.law_option
def schema_command(kind: str, file: str, folders: Sequence[str]) -> None:
    """Print the JSON Schema of a profile, of a pack of law, or of the JSON report."""
    output.check_writable(file, (), folders)
    output.emit(to_json(_schema(kind, folders), indent=1), file)


def _schema(kind: str, folders: Sequence[str]) -> dict[str, Any]:
    if kind == "report":
        from carnet.report.json import schema

        return schema()
    law = options.open_law(folders)
    if kind == "pack":
        from carnet.law.pack_schema import pack_schema

        return pack_schema(law)
    return _profile(law)


def _profile(law: Law) -> dict[str, Any]:
    from carnet.declare.schema import profile_schema

    approvals = {approval.id: approval.title for approval in law.approvals.values()}
    jurisdictions = {code: law.head(code).name for code in law.codes}
    return dict(profile_schema(law.vocabulary, approvals, jurisdictions))
