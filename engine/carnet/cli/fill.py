# SPDX-License-Identifier: Apache-2.0
"""`carnet fill`: go on with a profile, by questions or with the answers of questionnaires that came back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.cli.asking import Stop, ask_markets, say
from carnet.cli.dialogue import Dialogue
from carnet.cli.init import next_steps
from carnet.cli.main import FOUND, OK
from carnet.declare.profile import Profile
from carnet.errors import InputError, Place
from carnet.intake.answers import answers_of
from carnet.source import read_source
from carnet.spoken import _

if TYPE_CHECKING:
    from carnet.declare.former import Renamed
    from carnet.intake.reqif import Note, Said
    from carnet.intake.returned import Answer


@click.command("fill")
@options.profile_argument
@click.argument("books", metavar="[WORKBOOK]...", nargs=-1, shell_complete=complete.files)
@click.option(
    "-m",
    "--market",
    "codes",
    metavar="MARKET",
    multiple=True,
    help="Market to ask for, by code or name; repeat or use commas.",
    shell_complete=complete.markets,
)
@click.option("--dry-run", is_flag=True, help="Show what the workbooks would change, and change nothing.")
@click.option("--replace", is_flag=True, help="Where a workbook contradicts the profile, take the workbook's answer.")
@options.language_option
@options.law_option
@click.pass_context
def fill_command(
    ctx: click.Context,
    profile: str,
    books: Sequence[str],
    codes: Sequence[str],
    dry_run: bool,
    replace: bool,
    language: str | None,
    folders: Sequence[str],
) -> None:
    """Ask for what PROFILE leaves open and write the answers into it; with workbooks, take the answers from them.

    Comments and order of the file stay as they are. An answer that contradicts the profile or another one is shown and
    not taken; the exit code is then 1.
    """
    options.speak(language)
    law = options.open_law(folders)
    if profile == "-":
        raise InputError("answers are written into a file", Place("<stdin>"), "name the profile's file")
    declared = options.open_profile(law, profile)
    read_source(Path(profile))
    before = Path(profile).read_bytes().decode("utf-8-sig")
    if books:
        ctx.exit(_from_books(law, declared, before, [Path(book) for book in books], dry_run, replace))
    try:
        markets = ask_markets(law, codes)
    except Stop:
        return
    after = Dialogue(law, before, profile, markets, lambda text: output.emit(text, profile)).run()
    if after == before:
        say(_("nothing was answered, so nothing is changed"))
    else:
        next_steps(profile, markets)


def _from_books(law: Law, profile: Profile, text: str, books: Sequence[Path], dry_run: bool, replace: bool) -> int:
    from carnet.intake import returned
    from carnet.intake.workbook import read_answers

    known = {path: value for path, value in profile.content.layers["", ""].values.items() if value is not None}
    reader = answers_of(law)
    found: list[returned.Answer] = []
    notes: list[Note] = []
    renamed: list[Renamed] = []
    for book in books:
        if book.suffix.lower() in (".reqif", ".reqifz"):
            said, more = _from_reqif(book)
            found += returned.answers_said(law, reader, said, known, renamed)
            notes += more
        else:
            found += returned.answers_in(law, reader, book, read_answers(book), known, renamed, profile.features)
    options.say_renamed(renamed)
    weighed = returned.weigh(profile, found, replace)
    after = returned.put_notes(returned.put_answers(text, weighed.taken), notes)
    Profile.from_text(after, law.vocabulary, name=profile.file, approvals=law.approvals, jurisdictions=law.codes)
    for answer in weighed.taken:
        click.echo(f"  {_where(answer)}: {returned.told(answer.value)}   ({answer.place})")
    for conflict in weighed.conflicts:
        _tell_conflict(conflict)
    if after != text and not dry_run:
        output.emit(after, profile.file)
    for note in notes:
        told = ": ".join(filter(None, (note.status, note.comment)))
        click.echo(_("  note to {rule}: {text}").format(rule=note.rule, text=told))
    taken = _("would take {n} of {all} answers") if dry_run else _("took {n} of {all} answers")
    sums = [taken.format(n=len(weighed.taken), all=len(found))]
    if weighed.same:
        sums.append(_("{n} stand in the profile already").format(n=len(weighed.same)))
    if weighed.conflicts:
        sums.append(_("{n} contradict and are not taken").format(n=len(weighed.conflicts)))
    click.echo("; ".join(sums))
    return FOUND if weighed.conflicts else OK


def _from_reqif(file: Path) -> tuple[list[Said], list[Note]]:
    from carnet.intake.reqif import answers_and_notes, read_requirements

    return answers_and_notes(file, read_requirements(file))


def _tell_conflict(conflict: object) -> None:
    from carnet.intake.returned import Conflict, told

    assert isinstance(conflict, Conflict)
    answer = conflict.answer
    hint = _("`--replace` takes the answer") if conflict.with_profile else _("agree on one of them")
    words = _("{place}: conflict: {what} is {one} here, {other} at {elsewhere}; {hint}")
    said = {"one": told(answer.value), "other": told(conflict.says), "elsewhere": conflict.other, "hint": hint}
    click.echo(words.format(place=answer.place, what=_where(answer), **said))


def _where(answer: Answer) -> str:
    path = f"features.{answer.feature}.{answer.path}" if answer.feature else answer.path
    return _("{fact} in {market}").format(fact=path, market=answer.market) if answer.market else path
