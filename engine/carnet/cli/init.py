# SPDX-License-Identifier: Apache-2.0
"""`carnet init`: start a profile, by questions or from a template."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from carnet.api import Law
from carnet.cli import options, output
from carnet.cli.facts import type_text
from carnet.declare.interview import profile_text, read_answer
from carnet.declare.values import Names
from carnet.declare.vocabulary import Value
from carnet.errors import InputError, Place, UnknownName, shown, suggest
from carnet.law.locate import bundled_law

INTRODUCTION = (
    "Answer what you know. Enter skips a question (the fact stays unknown), ? explains it, q ends and writes the file."
)
APPROVALS = (
    "Which approvals, permits and certificates are held? (codes such as UN-R155, with commas;\n"
    "none: nothing yet, so that reports list what to obtain)"
)
END = object()
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
        _say(f"wrote {file}; next: `carnet compare {file}` for all markets, `carnet check {file} -m DE` for one")


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
    """Ask for the first facts of the vocabulary and for the approvals held, and return the profile.

    Raises:
        InputError: when nothing was answered.
    """
    _say(INTRODUCTION)
    _say("\nWhat is the profile called?")
    name = _read()
    names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
    values: dict[str, Value] = {}
    went_on = name not in (None, "q") and _ask_facts(names, values)
    held = _ask_approvals(law) if went_on else None
    if not values and held is None:
        raise InputError("nothing was answered, so nothing is written", hint="`carnet init --list` shows templates")
    return profile_text(name or "My vehicle", values, law.vocabulary, held)


def _ask_facts(names: Names, values: dict[str, Value]) -> bool:
    """Ask what earlier answers leave open, note the answers, and say whether the user went through to the end."""
    first, asked = names.vocabulary.first, 0
    for place, question in enumerate(first):
        if not question.is_open(values):
            continue
        fact = names.vocabulary.fact(question.path)
        asked, left = asked + 1, sum(other.is_open(values) for other in first[place + 1 :])
        expected = EXPECTED.get(fact.type) or (f"(in {fact.unit})" if fact.unit else "")
        _say(f"\n{asked}/{asked + left}  {fact.question} {expected}".rstrip())
        for index, (word, meaning) in enumerate(fact.values.items(), 1):
            _say(f"  {index:>2}  {word}: {meaning}")
        explanation = f"{question.path}: {type_text(fact)}. {fact.help}"
        answer = _answer(partial(read_answer, fact, names=names), explanation)
        if answer is END:
            return False
        if answer is not None:
            values[question.path] = answer
    return True


def _ask_approvals(law: Law) -> tuple[str, ...] | None:
    """The approvals held today, all of them; None when the question was skipped."""
    _say(f"\n{APPROVALS}")
    explanation = "`carnet market CODE` names those of a market. What is not named here counts as not held"

    def read(text: str) -> tuple[str, ...]:
        known = {code.upper(): code for code in law.approvals}
        codes = (
            [] if text.lower() in ("n", "no", "none") else [code.strip() for code in text.split(",") if code.strip()]
        )
        for code in codes:
            if code.upper() not in known:
                raise UnknownName(f"unknown approval {shown(code)}", hint=suggest(code.upper()[:40], known))
        return tuple(known[code.upper()] for code in codes)

    answer = _answer(read, explanation)
    return None if answer is END else answer


def _answer(read: Callable[[str], Any], explanation: str) -> Any:
    """What `read` makes of the text typed, asked again until it fits; None when skipped, END when the user ends."""
    while text := _read():
        if text == "q":
            return END
        if text == "?":
            _say(f"  {explanation.strip().rstrip('.')}.")
            continue
        try:
            return read(text)
        except InputError as error:
            _say(f"  {error}")
    return END if text is None else None


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
