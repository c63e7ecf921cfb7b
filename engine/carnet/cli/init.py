# SPDX-License-Identifier: Apache-2.0
"""`carnet init`: start a profile, by questions or from a template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.cli.asking import Back, Stop, ask_markets, prompt, say
from carnet.cli.dialogue import Dialogue
from carnet.cli.import_ import tell
from carnet.errors import InputError, Place
from carnet.intake.edit import contains
from carnet.intake.files import harvest_of
from carnet.intake.harvest import Harvest, put_taken, shown_value
from carnet.intake.templates import first_line, template_text, templates
from carnet.intake.writing import new_profile
from carnet.spoken import N_, _

NEXT = N_("wrote {file}; next: `carnet check {file} {chosen}` reports, `carnet fill {file} {chosen}` goes on asking")


@click.command("init")
@click.option("--template", metavar="NAME", help="Start from a template instead of questions.")
@click.option("--list", "listing", is_flag=True, help="List the templates.")
@click.option(
    "-m",
    "--market",
    "codes",
    metavar="MARKET",
    multiple=True,
    help="Market to ask for, by code or name; repeat or use commas.",
    shell_complete=complete.markets,
)
@click.option(
    "--from",
    "sources",
    metavar="FILE",
    multiple=True,
    help="Take what a file says first, as `carnet import` does; repeat for more.",
    shell_complete=complete.files,
)
@click.option(
    "-o", "--output", "file", default="profile.yaml", show_default=True, metavar="FILE", help="File to write."
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@options.language_option
@options.law_option
def init_command(
    template: str | None,
    listing: bool,
    codes: Sequence[str],
    sources: Sequence[str],
    file: str,
    force: bool,
    language: str | None,
    folders: Sequence[str],
) -> None:
    """Start a profile: name the markets and answer what they wait for, or take a template and change it."""
    options.speak(language)
    if listing:
        for name, path in templates(folders).items():
            click.echo(f"{name:<16}{first_line(path)}")
        return
    output.check_writable(file, sources, folders)
    if file != "-" and Path(file).exists() and not force:
        raise InputError("already exists", Place(file), f"go on with it by `carnet fill {file}`, or use `--force`")
    if template:
        output.emit(template_text(template, folders), file)
        next_steps(file, codes)
        return
    law = options.open_law(folders)
    interview(law, codes, file, [harvest_of(law, Path(source)) for source in sources])


def interview(law: Law, codes: Sequence[str], file: str, harvests: Sequence[Harvest] = ()) -> None:
    """Ask for markets and a name, then for what the markets wait for; the file is written from the name on.

    harvests: what files say, taken first.

    Raises:
        InputError: when nothing was answered.
    """

    def save(text: str) -> None:
        if file != "-":
            output.emit(text, file)

    markets, name = _ask_both(law, codes)
    empty = new_profile(name or next((item.name for item in harvests if item.name), "") or "My vehicle")
    text = start = taken_together(empty, harvests)
    if name or start != empty:
        save(start)
    if markets:
        text = Dialogue(law, start, file, markets, save, comments=True).run()
    if text == empty and not name:
        raise InputError("nothing was answered, so nothing is written", hint="`carnet init --list` shows templates")
    if file == "-":
        output.emit(text, file)
    next_steps(file, markets)


def taken_together(text: str, harvests: Sequence[Harvest]) -> str:
    """A profile's text with what files say; the first that says something of a fact is taken, the others are told."""
    for harvest in harvests:
        tell(harvest, False)
        for item in harvest.taken:
            if contains(text, item.path.split(".")):
                say(f"  left: {item.path} is {shown_value(item.value)} at {item.origin}; another file said it first")
            else:
                text = put_taken(text, [item])
    return text


def next_steps(file: str, markets: Sequence[str]) -> None:
    """What to call now that the file is written."""
    if file == "-":
        return
    chosen = f"-m {','.join(markets)}" if markets else "-m DE"
    say(_(NEXT).format(file=file, chosen=chosen))


def _ask_both(law: Law, codes: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The markets, and the profile's name; `back` returns from the name to the markets.

    Neither where the user stops before the markets, no name where before that.
    """
    markets: tuple[str, ...] = ()
    try:
        markets = ask_markets(law, codes)
        while True:
            say(_("What is the profile called?"))
            try:
                return markets, prompt(str, _("A name for reports, such as the model and the service")) or ""
            except Back:
                markets = ask_markets(law, ())
    except Stop:
        return (), ""
