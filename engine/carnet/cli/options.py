# SPDX-License-Identifier: Apache-2.0
"""Arguments and options that several commands share, and what they are turned into."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from carnet import spoken
from carnet.api import Law, load_law
from carnet.characters import decoded
from carnet.cli import complete
from carnet.cli.progress import waiting
from carnet.days import read_day
from carnet.errors import InputError, Place, SourceError, os_reason, visible
from carnet.intake.markets import markets_of as markets_of
from carnet.source import MAX_BYTES, read_stream
from carnet.spoken import _

if TYPE_CHECKING:
    from carnet.declare.former import Renamed
    from carnet.declare.profile import Profile

STDIN = "<stdin>"
MOST_WARNINGS = 10
F = TypeVar("F", bound=Callable[..., Any])


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.date | None:
    return None if value is None else read_day(value)


def several(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """The values of an option that repeats or takes commas, each once."""
    return tuple(dict.fromkeys(code.strip() for entry in value for code in entry.split(",") if code.strip()))


profile_argument = click.argument("profile", metavar="PROFILE", shell_complete=complete.files)
law_option = click.option(
    "--law", "folders", metavar="DIR", multiple=True, help="Add a folder of packs of your own; repeat for more."
)
language_option = click.option(
    "--language",
    metavar="|".join(spoken.LANGUAGES),
    shell_complete=complete.languages,
    help="Language to write in. [default: CARNET_LANGUAGE or LANG for people, English for programs]",
)
evaluator_option = click.option(
    "--evaluator", metavar="native|rete", help="How conditions are run; the answers are the same."
)


expected_option = click.option(
    "--expected", is_flag=True, help="Count approvals as held from the day on which they are expected (expected_on)."
)


include_option = click.option(
    "--include",
    type=click.Choice(["open"]),
    multiple=True,
    help="In SARIF, also what is no failure: what is not known, or asks nothing.",
)


def included(include: Sequence[str], form: str) -> Sequence[str]:
    """What is included, of a format that can.

    Raises:
        InputError: for another one.
    """
    if include and form != "sarif":
        raise InputError(f"`--include` says nothing to {form}", hint="it is for `-f sarif`")
    return include


def as_of(text: str) -> Callable[[F], F]:
    """`--as-of DATE` for a command whose day has a default of its own."""
    return click.option("--as-of", callback=day, metavar="DATE", help=text)


as_of_option = as_of("Day to assess. [default: the profile's operation.start_date in that market, else today]")


def market_options(command: F) -> F:
    """`-m CODE`, repeated or with commas, and `--all`."""
    markets = click.option(
        "-m",
        "--market",
        "codes",
        metavar="CODE",
        multiple=True,
        callback=several,
        help="Market; repeat or use commas.",
        shell_complete=complete.markets,
    )
    every = click.option("--all", "every", is_flag=True, help="Every market.")
    return markets(every(command))


def speak(language: str | None, machine: bool = False) -> str:
    """The language to write in, spoken from now on: as asked, else that of the user's surroundings.

    machine: for programs, which read English unless another language was asked for.

    Raises:
        UnknownName: for a language that Carnet does not speak.
    """
    chosen = language or (spoken.ENGLISH if machine else spoken.preferred())
    spoken.use(chosen)
    return chosen


def open_law(folders: Sequence[str]) -> Law:
    """The bundled law with the user's packs over it, in the language spoken."""
    with waiting("Reading the law, the first time after a change ..."):
        return load_law(*folders).in_language(spoken.language())


def open_profile(law: Law, file: str, expected: bool = False) -> Profile:
    """A profile from a file, or from standard input for `-`.

    expected: whether its approvals count from the day on which they are expected.
    """
    from carnet.declare.profile import Profile

    known = {"approvals": law.approvals.keys(), "jurisdictions": law.codes}
    if file != "-":
        read = Profile.from_file(Path(file), law.vocabulary, **known)
    else:
        read = Profile.from_text(decoded(standard_input(), STDIN), law.vocabulary, name=STDIN, **known)
    warn_of_renamed(read)
    return read.with_expected() if expected else read


def warn_of_renamed(profile: Profile) -> None:
    """Say, beside what the command says, which names of before the profile has, and what writes those of now."""
    say_renamed(profile.renamed)
    if profile.renamed:
        click.echo(visible(_("`carnet migrate {file}` writes the new names").format(file=profile.file)), err=True)


def say_renamed(found: Sequence[Renamed]) -> None:
    """Names of before that a file of any kind has, the first of them where there are very many."""
    for renamed in found[:MOST_WARNINGS]:
        click.echo(visible(_("warning: {what}").format(what=renamed)), err=True)
    if (left := len(found) - MOST_WARNINGS) > 0:
        click.echo(_("warning: {n} more names of before").format(n=left), err=True)


def standard_input(limit: int = MAX_BYTES) -> bytes:
    """What is piped in, up to the limit.

    Raises:
        SourceError: when there is more, or nothing to read from.
    """
    try:
        return read_stream(sys.stdin.buffer, STDIN, limit)
    except AttributeError:
        raise SourceError("is closed", Place(STDIN), "name a file") from None
    except OSError as error:
        reason = os_reason(error)
        raise SourceError(f"cannot be read ({reason})", Place(STDIN), "name a file") from None


def given(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An option that is left out or says something."""
    if value is not None and not value.strip():
        raise InputError(f"`{param.opts[0]}` is empty", hint="give it a value or leave it out")
    return value
