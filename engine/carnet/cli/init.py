# SPDX-License-Identifier: Apache-2.0
"""`carnet init`: start a profile, by questions or from a template."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from carnet.api import Law
from carnet.cli import options, output
from carnet.cli.facts import type_text
from carnet.declare.interview import profile_text, read_answer
from carnet.declare.values import Names
from carnet.declare.vocabulary import Value
from carnet.errors import InputError, Place, ProfileError, UnknownName, shown, suggest
from carnet.law.locate import bundled_law

INTRODUCTION = (
    "Answer what you know. Enter skips a question (the fact stays unknown), ? explains it, q ends and writes the file."
)
EXPECTED = {"bool": "(y/n)", "date": "(such as 2027-01-31)", "set": "(one or more, with commas)"}


@click.command("init")
@click.option("--template", metavar="NAME", help="Start from a template instead of questions.")
@click.option("--list", "listing", is_flag=True, help="List the templates.")
@click.option(
    "-o", "--output", "file", default="profile.yaml", show_default=True, metavar="FILE", help="File to write."
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@options.law_option
def init_command(template: str | None, listing: bool, file: str, force: bool, folders: Sequence[str]) -> None:
    """Start a profile: answer the questions that decide most, or take a template and change it."""
    if listing:
        for name, path in templates(folders).items():
            click.echo(f"{name:<16}{_first_line(path)}")
        return
    output.check_writable(file)
    if file != "-" and Path(file).exists() and not force:
        raise InputError("already exists", Place(file), "replace it with `--force` or name another with `-o`")
    text = template_text(template, folders) if template else interview(options.open_law(folders))
    output.emit(text, file)
    if file != "-":
        _say(f"wrote {file}; next: `carnet questions {file} -m DE` or `carnet check {file} -m DE`")


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


def interview(law: Law) -> str:
    """Ask for the first facts of the vocabulary and return the profile.

    Raises:
        InputError: when nothing was answered.
    """
    _say(INTRODUCTION)
    _say("\nWhat is the profile called?")
    name = _read()
    names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
    values = dict(_answers(names)) if name not in (None, "q") else {}
    if not values:
        raise InputError("nothing was answered, so nothing is written", hint="`carnet init --list` shows templates")
    return profile_text(name or "My vehicle", values, law.vocabulary)


def _answers(names: Names) -> Iterator[tuple[str, Value]]:
    """Path and value of each question answered, until the end of the input or `q`."""
    paths = names.vocabulary.first
    for number, path in enumerate(paths, 1):
        fact = names.vocabulary.fact(path)
        _say(f"\n{number}/{len(paths)}  {fact.question} {EXPECTED.get(fact.type, '')}".rstrip())
        for index, (word, meaning) in enumerate(fact.values.items(), 1):
            _say(f"  {index:>2}  {word}: {meaning}")
        while text := _read():
            if text == "q":
                return
            if text == "?":
                _say(f"  {path}: {type_text(fact)}. {fact.help}".rstrip())
                continue
            try:
                value = read_answer(fact, text, names)
            except ProfileError as error:
                _say(f"  {error}")
                continue
            yield path, value
            break
        if text is None:
            return


def _read() -> str | None:
    """A line typed, stripped; None at the end of the input."""
    click.echo("> ", nl=False, err=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _say(text: str) -> None:
    """To standard error, so that `-o -` leaves standard output to the profile."""
    click.echo(text, err=True)


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as stream:
        return stream.readline().strip("# \n")
