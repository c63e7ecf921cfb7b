# SPDX-License-Identifier: Apache-2.0
"""Arguments and options that several commands share, and what they are turned into."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from carnet.api import Law, load_law
from carnet.cli import complete
from carnet.cli.progress import waiting
from carnet.errors import InputError, Place, SourceError, shown

if TYPE_CHECKING:
    from carnet.declare.profile import Profile

F = TypeVar("F", bound=Callable[..., Any])


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise InputError(f"{shown(value)} is not a date that exists", hint="write it as 2027-01-31") from None


def _codes(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip() for entry in value for code in entry.split(",") if code.strip()))


profile_argument = click.argument("profile", metavar="PROFILE", shell_complete=complete.files)
law_option = click.option(
    "--law", "folders", metavar="DIR", multiple=True, help="Add a folder of packs of your own; repeat for more."
)
language_option = click.option(
    "--language", default="en", show_default=True, metavar="en|de|zh|ar", help="Language of HTML pages."
)
evaluator_option = click.option(
    "--evaluator", metavar="native|rete", help="How conditions are run; the answers are the same."
)


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
        callback=_codes,
        help="Market; repeat or use commas.",
        shell_complete=complete.markets,
    )
    every = click.option("--all", "every", is_flag=True, help="Every market.")
    return markets(every(command))


def open_law(folders: Sequence[str]) -> Law:
    """The bundled law with the user's packs over it."""
    with waiting("Reading the law, the first time after a change ..."):
        return load_law(*folders)


def open_profile(law: Law, file: str) -> Profile:
    """A profile from a file, or from standard input for `-`."""
    from carnet.declare.profile import Profile

    known = {"approvals": law.approvals.keys(), "jurisdictions": law.codes}
    if file != "-":
        return Profile.from_file(Path(file), law.vocabulary, **known)
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError("is not UTF-8 text", Place("<stdin>")) from None
    return Profile.from_text(text, law.vocabulary, name="<stdin>", **known)


def markets_of(law: Law, codes: Sequence[str], every: bool) -> tuple[str, ...]:
    """The markets asked for, in any case of letters.

    Raises:
        UnknownName: for a code that does not exist.
        InputError: when none is named.
    """
    if every:
        return law.markets()
    if not codes:
        raise InputError("no market is named", hint="name one with `-m DE` or use `--all`; see `carnet markets`")
    known = {code.upper(): code for code in law.codes}
    return tuple(dict.fromkeys(law.head(known.get(code.upper(), code)).id for code in codes))
