# SPDX-License-Identifier: Apache-2.0
"""`carnet init`: start a profile, by questions or from a template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.cli import complete, options, output
from carnet.cli.asking import Back, Dialogue, Stop, ask_markets, prompt, say
from carnet.errors import InputError, Place, UnknownName, shown, suggest
from carnet.intake.writing import new_profile
from carnet.law.locate import bundled_law


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
    "-o", "--output", "file", default="profile.yaml", show_default=True, metavar="FILE", help="File to write."
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@options.law_option
def init_command(
    template: str | None, listing: bool, codes: Sequence[str], file: str, force: bool, folders: Sequence[str]
) -> None:
    """Start a profile: name the markets and answer what they wait for, or take a template and change it."""
    if listing:
        for name, path in templates(folders).items():
            click.echo(f"{name:<16}{_first_line(path)}")
        return
    output.check_writable(file)
    if file != "-" and Path(file).exists() and not force:
        raise InputError("already exists", Place(file), f"go on with it by `carnet fill {file}`, or use `--force`")
    if template:
        output.emit(template_text(template, folders), file)
        next_steps(file, codes)
        return
    interview(options.open_law(folders), codes, file)


def interview(law: Law, codes: Sequence[str], file: str) -> None:
    """Ask for markets and a name, then for what the markets wait for; the file is written after each answer.

    Raises:
        InputError: when nothing was answered.
    """
    try:
        markets = ask_markets(law, codes)
        name = _ask_name()
    except Stop:
        markets, name = (), ""
    start = new_profile(name or "My vehicle")
    text = start
    if markets:
        save = (lambda text: None) if file == "-" else (lambda text: output.emit(text, file))
        text = Dialogue(law, start, file, markets, save, comments=True).run()
    if text == start:
        raise InputError("nothing was answered, so nothing is written", hint="`carnet init --list` shows templates")
    if file == "-":
        output.emit(text, file)
    next_steps(file, markets)


def next_steps(file: str, markets: Sequence[str]) -> None:
    """What to call now that the file is written."""
    if file == "-":
        return
    chosen = f"-m {','.join(markets)}" if markets else "-m DE"
    say(f"wrote {file}; next: `carnet check {file} {chosen}` reports, `carnet fill {file} {chosen}` goes on asking")


def _ask_name() -> str:
    say("What is the profile called?")
    while True:
        try:
            return prompt(str, "A name for reports, such as the model and the service") or ""
        except Back:
            say("  the markets are named again by starting anew")


def templates(folders: Sequence[str]) -> dict[str, Path]:
    """The template files by name; a folder of the user's own adds to the bundled ones or replaces them."""
    roots = [bundled_law(), *map(Path, folders)]
    return {path.stem: path for root in roots for path in sorted((root / "rules" / "templates").glob("*.yaml"))}


def template_text(name: str, folders: Sequence[str]) -> str:
    found = templates(folders)
    if name not in found:
        hint = suggest(name[:40], found) or f"templates: {', '.join(found)}"
        raise UnknownName(f"unknown template {shown(name)}", hint=hint)
    return found[name].read_text(encoding="utf-8")


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as stream:
        return stream.readline().strip("# \n")
