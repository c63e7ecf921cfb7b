# SPDX-License-Identifier: Apache-2.0
"""Carries out `carnet fleet --impact`: variants and their releases in a table, what each sets off in another."""

from __future__ import annotations

from pathlib import Path

from carnet.api import Law
from carnet.cli import options, output
from carnet.cli.asking import say
from carnet.cli.fleet import Request
from carnet.cli.progress import waiting
from carnet.declare.profile import Profile
from carnet.errors import InputError, Place
from carnet.plan.impact_table import variants
from carnet.report.digest import count
from carnet.report.impact.csv import render_variants

OTHERS = ("findings", "summary", "rejects", "engine", "block")
"""Options of a fleet's check that say nothing here."""


def run_impacts(asked: Request) -> None:
    """Write a row for each release and market.

    Raises:
        InputError: for what is no CSV, for no market, and for options that say nothing here.
    """
    for name, file in (("TABLE", asked.table), ("OUT", asked.out)):
        if not file.lower().endswith(".csv"):
            raise InputError("is no CSV file", Place(file), f"with `--impact`, {name} ends in .csv")
    idle = [f"--{name}" for name in OTHERS if getattr(asked, name) is not None]
    idle += [f"--{name}" for name in ("strict", "expected") if getattr(asked, name)]
    if idle:
        raise InputError(f"`--impact` does not go with `{idle[0]}`", hint="leave one of them out")
    if len(asked.as_of) > 1:
        raise InputError("a release goes out on one day", hint="give one `--as-of`")
    output.check_writable(asked.out, [asked.table], asked.folders)
    law = options.open_law(asked.folders)
    markets = options.markets_of(law, asked.codes, asked.every)
    base = options.open_profile(law, asked.base) if asked.base else _nothing(law, asked.complete)
    day = asked.as_of[0] if asked.as_of else None
    with waiting("Looking at what rests on each release ..."):
        found = list(variants(law, base, Path(asked.table), markets, day))
    output.emit(render_variants(found), asked.out)
    told = (
        count(len(found), "release"),
        count(len({name for name, _ in found}), "profile"),
        count(len(markets), "market"),
    )
    say("wrote {}: {} of {} in {}".format(asked.out, *told))


def _nothing(law: Law, complete: tuple[str, ...]) -> Profile:
    """A profile that says nothing, for rows that say all."""
    said = {"complete": list(complete)} if complete else {}
    return Profile.from_dict(said, law.vocabulary, approvals=law.approvals, jurisdictions=law.codes)
