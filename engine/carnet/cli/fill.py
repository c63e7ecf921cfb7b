# SPDX-License-Identifier: Apache-2.0
"""`carnet fill`: go on with a profile, by questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from carnet.cli import complete, options, output
from carnet.cli.asking import Dialogue, Stop, ask_markets, say
from carnet.cli.init import next_steps
from carnet.source import read_source


@click.command("fill")
@options.profile_argument
@click.option(
    "-m",
    "--market",
    "codes",
    metavar="MARKET",
    multiple=True,
    help="Market to ask for, by code or name; repeat or use commas.",
    shell_complete=complete.markets,
)
@options.law_option
def fill_command(profile: str, codes: Sequence[str], folders: Sequence[str]) -> None:
    """Ask for what PROFILE leaves open and write the answers into it; comments and order stay as they are."""
    law = options.open_law(folders)
    options.open_profile(law, profile)
    read_source(Path(profile))
    before = Path(profile).read_bytes().decode("utf-8-sig")
    try:
        markets = ask_markets(law, codes)
    except Stop:
        return
    after = Dialogue(law, before, profile, markets, lambda text: output.emit(text, profile)).run()
    if after == before:
        say("nothing was answered, so nothing is changed")
    else:
        next_steps(profile, markets)
