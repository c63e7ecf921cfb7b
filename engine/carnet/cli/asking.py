# SPDX-License-Identifier: Apache-2.0
"""Asking a person in a terminal: lines typed, with words to go back, skip and stop; nothing wider than the screen."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from carnet.api import Law
from carnet.declare.vocabulary import Fact, unit_name
from carnet.errors import InputError
from carnet.intake.answers import EVERYTHING, answers_of
from carnet.report.layout import Page, clean
from carnet.spoken import N_, _

T = TypeVar("T")
WIDEST = 80
EXPECTED = {
    "bool": N_("(yes or no)"),
    "date": N_("(such as 2027-01-31)"),
    "set": N_("(one or more: 1,3 or 1-3 or by name; `none`)"),
}


class Stop(Exception):
    """The user ends, or the input does."""


class Back(Exception):
    """The user returns to the question before."""


def ask_markets(law: Law, codes: Sequence[str]) -> tuple[str, ...]:
    """The markets named on the command line, else those that the user names when asked.

    Raises:
        Stop: when the user names none.
    """
    places = answers_of(law).places

    def read(text: str) -> tuple[str, ...]:
        if text.lower() in EVERYTHING:
            return law.markets()
        found = [
            places.jurisdiction(name) for name in text.replace("，", ",").replace("、", ",").split(",") if name.strip()
        ]
        return tuple(dict.fromkeys(law.head(code).id for code in found))

    if codes:
        return read(",".join(codes))
    say(_("Which markets do you want to enter? (names or codes, with commas, or `all`; `?` lists them)"))
    names = ", ".join(f"{code} {law.head(code).name}" for code in law.markets())
    while True:
        try:
            found = prompt(read, names)
        except Back:
            continue
        if found:
            return found
        say(_("  name at least one, or `q` to stop"))


def prompt(read: Callable[[str], T], explanation: str) -> T | None:
    """What `read` makes of the line typed, asked again until it fits; None when skipped.

    Raises:
        Stop, Back: when the user wants that.
    """
    while text := _line():
        word = text.lower()
        if word in ("q", "quit", "stop", "exit"):
            raise Stop
        if word in ("back", "b", "<"):
            raise Back
        if word in ("skip", "s"):
            return None
        if word in ("?", "help", "？"):
            for sentence in explanation.split("\n"):
                say("  " + _("{sentence}.").format(sentence=clean(sentence).rstrip(".。")))
            continue
        try:
            return read(text)
        except InputError as error:
            say(f"  {error}")
    if text is None:
        raise Stop
    return None


def agrees(question: str) -> bool:
    """Whether the user says yes; the end of the input and everything else is no."""
    say(_("  {question} (y/n)").format(question=question))
    return (_line() or "").lower() in ("y", "yes", "ja", "j", "是", "نعم")


def expected(fact: Fact) -> str:
    """What may be answered, in brackets, where the list of values does not show it."""
    if fact.type == "int" and fact.range and not fact.unit:
        span = _("{low} to {high}").format(low=f"{fact.range[0]:,.10g}", high=f"{fact.range[1]:,.10g}")
        return f"({span})"
    if fact.type in EXPECTED:
        return _(EXPECTED[fact.type])
    return _("(in {unit})").format(unit=unit_name(fact.unit)) if fact.unit else ""


def show_values(fact: Fact) -> None:
    """The allowed values with their numbers, none longer than the screen."""
    show_list((str(number), f"{word}: {meaning}") for number, (word, meaning) in enumerate(fact.values.items(), 1))


def show_list(rows: Iterable[tuple[str, str]]) -> None:
    page = Page(width())
    for number, text in rows:
        page.text(text, 2, f"{number:>2}", hang=2)
    if str(page).strip():
        click.echo(str(page), nl=False, err=True)


def width() -> int:
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def say(text: str, **style: Any) -> None:
    """To standard error, so that `-o -` leaves standard output to the profile; words are never broken."""
    page = Page(width(), sys.stderr.isatty() and not os.environ.get("NO_COLOR"))
    for line in text.split("\n"):
        stripped = line.lstrip(" ")
        page.text(stripped, len(line) - len(stripped), **style) if stripped else page.raw("")
    click.echo(str(page) if text.strip() else "\n", nl=False, err=True)


def _line() -> str | None:
    """A line typed, stripped; None at the end of the input or when interrupted."""
    click.echo("> ", nl=False, err=True)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        return None
    return line.strip() if line else None
