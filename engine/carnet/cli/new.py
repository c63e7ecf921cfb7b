# SPDX-License-Identifier: Apache-2.0
"""`carnet new`: the first files of a market, the first lines of a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import click

from carnet.cli.output import write_whole
from carnet.errors import InputError, Place, shown, suggest
from carnet.law.scaffold import FILES, NewMarket, market_files, with_rule
from carnet.law.words import JurisdictionKind

CODE = re.compile(r"[A-Z]{2,6}(-[A-Z0-9]{1,5})?\Z")
RULE_ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+\Z")
in_option = click.option(
    "--in",
    "folder",
    default=".",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of law that has, or gets, `jurisdictions/`; the current one by default.",
)


@click.group("new")
def new_command() -> None:
    """Start a market or a rule."""


@new_command.command("market")
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, help="Its English name.")
@click.option("--drives-on", required=True, type=click.Choice(("left", "right")), help="The side of its traffic.")
@click.option("--parent", default="", metavar="CODE", help="The jurisdiction above it, such as EU.")
@click.option("--kind", default="state", type=click.Choice(get_args(JurisdictionKind)), show_default=True)
@click.option("--currency", default="", metavar="EUR", help="ISO 4217.")
@click.option("--language", "languages", multiple=True, metavar="fr", help="ISO 639-1; repeat for several.")
@in_option
def market_command(
    code: str,
    name: str,
    drives_on: str,
    parent: str,
    kind: str,
    currency: str,
    languages: tuple[str, ...],
    folder: Path,
) -> None:
    """Make the folder of a market: who makes its rules, its ways in, its approvals, and how well it is known.

    CODE is its ISO 3166 code, such as XK or US-WA. What is made lints; the market is undetermined until its ways in are
    written down.
    """
    if not CODE.match(code):
        raise InputError(f"{shown(code)} is not a jurisdiction's code", hint="write an ISO 3166 code such as `XK`")
    target = folder / "jurisdictions" / code
    texts = market_files(NewMarket(code, name, drives_on, parent, currency, languages, kind))
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        raise InputError("exists already", Place(str(target)), "choose another code or folder") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "no name of a folder").lower()
        raise InputError(f"cannot be made ({why})", Place(str(target)), "choose another folder") from None
    for file, text in texts.items():
        write_whole(target / file, text.encode("utf-8"))
        click.echo(str(target / file))
    lint = "carnet lint" if folder == Path() else f"carnet lint {folder}"
    click.echo(f"Next: `{lint}`, `carnet new rule {code.lower()}.traffic.side`, docs/authoring.md.", err=True)


@new_command.command("rule")
@click.argument("rule_id", metavar="ID")
@click.option("--topic", default="traffic_law", show_default=True, help=f"One of {', '.join(FILES)}.")
@click.option("--instrument", default="", metavar="ID", help="What it is drawn from; by default the road act.")
@in_option
def rule_command(rule_id: str, topic: str, instrument: str, folder: Path) -> None:
    """Add a rule to its market: all keys, with words that say what belongs there.

    ID names the market, the subject and what is asked, such as xk.traffic.side.
    """
    if not RULE_ID.match(rule_id):
        raise InputError(f"{shown(rule_id)} is not an id of a rule", hint="write one like `xk.traffic.side`")
    if topic not in FILES:
        raise InputError(f"unknown topic {shown(topic)}", hint=suggest(topic, FILES) or f"one of {', '.join(FILES)}")
    prefix = rule_id.partition(".")[0]
    target = folder / "jurisdictions" / prefix.upper()
    path, text = with_rule(target, rule_id, topic, instrument or f"{prefix}.road-act")
    write_whole(path, text.encode("utf-8"))
    click.echo(str(path))
