# SPDX-License-Identifier: Apache-2.0
"""`carnet import`: a profile out of a file that exists, with what was taken, what was left and from which place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from carnet.api import Law, Profile
from carnet.cli import complete, options, output
from carnet.cli.asking import answers_of
from carnet.cli.main import FOUND, OK
from carnet.cli.table_options import form_of, form_options
from carnet.errors import InputError, Place
from carnet.intake.harvest import Harvest, profile_of, put_taken, shown_value, sift
from carnet.report.digest import count
from carnet.report.layout import Page

LEFT_SHOWN = 25
TABLES = (".csv", ".tsv", ".txt", ".xlsx")


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
@click.option("--row", metavar="N|COLUMN=TEXT", default="", help="Row of a table, by its number or by a cell.")
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
    output.check_writable(file or into)
    if file not in ("", "-") and Path(file).exists() and not force:
        raise InputError("already exists", Place(file), "add to it by `--into`, or use `--force`")
    law = options.open_law(folders)
    harvest = harvest_of(law, Path(source), row, mapped, form)
    tell(harvest, verbose)
    if into:
        ctx.exit(_add(law, harvest, into, replace))
    text = profile_of(harvest, Path(source).name)
    check(law, text, file or source)
    output.emit(text, file)


def harvest_of(
    law: Law, file: Path, row: str = "", mapped: str | None = None, form: dict[str, Any] | None = None
) -> Harvest:
    """What a file in any of the formats says, without what the vocabulary refuses."""
    is_table = file.suffix.lower() in TABLES
    found = read_row(law, file, row, mapped, form or {}) if is_table else read_file(law, file)
    return sift(found, partial(_from_facts, law))


def read_row(law: Law, file: Path, row: str, mapped: str | None, given: dict[str, Any]) -> Harvest:
    """One row of a table.

    Raises:
        InputError: when the table cannot be read, or which row is meant is not said.
    """
    from carnet.intake import columns, tables

    answers = answers_of(law)
    form, named = form_of(given)
    found = columns.read_map(mapped, answers, form) if mapped else None
    if found:
        form = found.form.with_named(named)
        found = found._replace(form=form)
    table = tables.open_rows(file, form)
    found = found or columns.map_of_header(table.header, answers, form)
    tables.check_columns(file, table.header, found)
    return tables.harvest_row(file, table.header, tables.chosen(file, table, row), found, answers)


def read_file(law: Law, file: Path) -> Harvest:
    """What a file says, by whatever format it is in.

    Raises:
        InputError: when the file cannot be read, or is in none of the formats.
    """
    from carnet.intake import autoware, odd
    from carnet.source import read_source

    if file.suffix.lower() == ".xml" or _begins_as_xml(file):
        from carnet.intake.ivi import read_ivi

        return read_ivi(law, file)
    data = read_source(file).data
    if odd.is_odd(data):
        return odd.read_odd(file)
    if autoware.is_autoware(data):
        return autoware.read_autoware(file)
    raise InputError("is in no format that can be imported", Place(str(file)), "`carnet import --help` names them")


def _begins_as_xml(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be read ({reason})", Place(str(file)), "check the path") from None


def _from_facts(law: Law, facts: Mapping[str, Any]) -> Profile:
    return Profile.from_dict(facts, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)


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
