# SPDX-License-Identifier: Apache-2.0
"""`carnet import`: a profile out of a file that exists, with what was taken, what was left and from which place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from carnet.api import Law, Profile
from carnet.cli import complete, options, output
from carnet.cli.main import FOUND, OK
from carnet.cli.table_options import form_of, form_options
from carnet.errors import InputError, Place
from carnet.intake.files import harvest_of
from carnet.intake.harvest import Harvest, profile_of, put_taken, shown_value
from carnet.report.digest import count
from carnet.report.layout import Page

LEFT_SHOWN = 25


@click.command("import")
@click.argument("source", metavar="FILE", shell_complete=complete.files)
@click.option(
    "-o", "--output", "file", default="", metavar="FILE", help="Profile to write; without it, to standard output."
)
@click.option(
    "--into", metavar="PROFILE", default="", help="Add to this profile instead; conflicts are shown, not taken."
)
@click.option("--replace", is_flag=True, help="With --into: take what contradicts the profile, too.")
@click.option("--force", is_flag=True, help="Replace the profile if it exists.")
@click.option("-v", "--verbose", is_flag=True, help="List everything that was left.")
@click.option(
    "--row",
    metavar="N|COLUMN=TEXT",
    default="",
    help="Row of a table, by its number in the file (mostly 1 is the header), or by a cell.",
)
@form_options
@options.law_option
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    source: str,
    file: str,
    into: str,
    replace: bool,
    force: bool,
    verbose: bool,
    row: str,
    mapped: str | None,
    folders: Sequence[str],
    **form: Any,
) -> None:
    """Make a profile of FILE: an e-CoC (IVI XML), a design domain (OpenODD YAML), a vehicle description of Autoware,
    or a row of a table (CSV, XLSX) whose columns are facts or are mapped to facts.

    What the file does not say stays unknown.
    """
    if file and into:
        raise InputError("`--output` and `--into` are both named", hint="name one of them")
    output.check_writable(file or into, [source, *([mapped] if mapped else [])], folders)
    if file not in ("", "-") and Path(file).exists() and not force:
        raise InputError("already exists", Place(file), "add to it by `--into`, or use `--force`")
    law = options.open_law(folders)
    harvest = harvest_of(law, Path(source), row, mapped, form_of(form)[1])
    tell(harvest, verbose)
    if into:
        ctx.exit(_add(law, harvest, into, replace))
    text = profile_of(harvest, Path(source).name)
    check(law, text, file or source)
    output.emit(text, file)


def check(law: Law, text: str, name: str) -> Profile:
    """The profile that a text is.

    Raises:
        Problems: what does not follow the vocabulary.
    """
    return Profile.from_text(text, law.vocabulary, name=name, approvals=law.approvals, jurisdictions=law.codes)


def tell(harvest: Harvest, verbose: bool) -> None:
    """What was taken and what was left, on standard error."""
    page = Page(output.page_width())
    page.text(f"{harvest.kind}: took {count(len(harvest.taken), 'declaration')}, left {len(harvest.left)}")
    for item in harvest.taken:
        page.text(f"{item.path}: {shown_value(item.value)}   from {item.origin}", 2, hang=2)
    told = [item for item in harvest.left if verbose or item.why != "no fact asks for it"]
    if told:
        page.gap()
        page.text("Left:")
    for left in told if verbose else told[:LEFT_SHOWN]:
        page.text(f"{left.origin}: {left.value}", 2, hang=2)
        page.text(left.why, 6, dim=True)
    rest = len(harvest.left) - len(told if verbose else told[:LEFT_SHOWN])
    if rest:
        page.text(f"and {rest} more, for which no fact asks or which go on as above; `-v` lists them")
    click.echo(str(page), nl=False, err=True)


def _add(law: Law, harvest: Harvest, into: str, replace: bool) -> int:
    """Put what was taken into a profile that exists."""
    declared = options.open_profile(law, into)
    before = Path(into).read_bytes().decode("utf-8-sig")
    alone = check(law, profile_of(harvest, "import"), "import")
    theirs, ours = (profile.content.layers["", ""].values for profile in (alone, declared))
    clashing = {
        item.path: path
        for item in harvest.taken
        for path in _paths(item.path, theirs)
        if ours.get(path) is not None and ours[path] != theirs[path]
    }
    new = [
        item
        for item in harvest.taken
        if (item.path in clashing and replace)
        or (item.path not in clashing and any(ours.get(path) is None for path in _paths(item.path, theirs)))
    ]
    after = put_taken(before, new)
    check(law, after, into)
    for item in harvest.taken:
        if item.path in clashing and not replace:
            place = declared.content.layers["", ""].places[clashing[item.path]]
            click.echo(f"{place}: conflict: {item.path} is {shown_value(item.value)} in the file; `--replace` takes it")
    if after != before:
        output.emit(after, into)
    refused = bool(clashing) and not replace
    click.echo(
        f"took {len(new)} of {len(harvest.taken)} into {into}" + (f"; {len(clashing)} contradict" if refused else "")
    )
    return FOUND if refused else OK


def _paths(path: str, values: Any) -> list[str]:
    return [name for name in values if (name == path or name.startswith(f"{path}.")) and values[name] is not None]
