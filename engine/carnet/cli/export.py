# SPDX-License-Identifier: Apache-2.0
"""`carnet export`: a profile in the formats of other tools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.cli import options, output
from carnet.cli.asking import say
from carnet.declare.profile import Profile
from carnet.errors import InputError
from carnet.report.digest import count


@click.command("export")
@click.argument("kind", type=click.Choice(["odd", "reqif"]), metavar="odd|reqif")
@options.profile_argument
@options.market_options
@options.as_of_option
@click.option("--after", metavar="FILE", default="", help="reqif: an earlier export, to change only what changed.")
@click.option("-o", "--output", "file", default="", metavar="FILE", help="File to write. [default: standard output]")
@options.law_option
def export_command(
    kind: str,
    profile: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    after: str,
    file: str,
    folders: Sequence[str],
) -> None:
    """Write the design domain that PROFILE declares as ASAM OpenODD (`odd`), or the requirements of some markets with
    their status as ReqIF (`reqif`), packed if FILE ends in .reqifz.
    """
    output.check_writable(file, [profile, *([after] if after else [])], folders)
    law = options.open_law(folders)
    declared = options.open_profile(law, profile)
    if kind == "odd":
        _odd(declared, file)
    else:
        _reqif(law, declared, options.markets_of(law, codes, every), as_of, after, file)
    if file not in ("", "-"):
        say(f"wrote {file}")


def _odd(profile: Profile, file: str) -> None:
    from carnet.report import odd

    values = profile.content.layers["", ""].values
    if not any(path.startswith("odd.") and value is not None for path, value in values.items()):
        raise InputError("the profile declares nothing of a design domain", hint="`carnet facts odd` lists what can be")
    text, without = odd.render(profile.name, values)
    output.emit(text, file)
    if without:
        where = "without a term of ISO 34503, or not wholly, in comments that no import reads"
        say(f"{count(len(without), 'fact')} {where}: {', '.join(without)}")


def _reqif(law: Law, profile: Profile, markets: Sequence[str], day: dt.date | None, after: str, file: str) -> None:
    from carnet.intake.reqif import read_requirements
    from carnet.report import reqif

    old = read_requirements(Path(after)) if after else None
    report = law.check(profile, markets, day)
    made = reqif.render(law, report, file.lower().endswith(".reqifz"), old)
    output.emit(made if file.lower().endswith(".reqifz") else made.decode(), file)
    if file not in ("", "-") and old is not None:
        new = read_requirements(Path(file))
        changed = sum(item.changed != old[name].changed for name, item in new.items() if name in old)
        added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
        say(f"{count(changed, 'requirement')} changed, {added} new, {gone} no longer asked")
