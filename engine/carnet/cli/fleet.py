# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet`: a table of profiles in, a table of results out."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from carnet.cli import options
from carnet.cli.asking import say
from carnet.cli.table_options import form_of, form_options
from carnet.intake.answers import answers_of
from carnet.intake.forms import Form


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    table: str
    codes: Sequence[str]
    every: bool
    as_of: tuple[dt.date, ...]
    out: str
    findings: str | None
    summary: str | None
    rejects: str | None
    base: str | None
    complete: tuple[str, ...]
    strict: bool
    skip_unknown: bool
    engine: str | None
    threads: int
    block: int | None
    expected: bool
    folders: Sequence[str]


def _days(ctx: click.Context, param: click.Parameter, value: Sequence[str]) -> tuple[dt.date, ...]:
    found = (options.day(ctx, param, day.strip()) for entry in value for day in entry.split(",") if day.strip())
    return tuple(dict.fromkeys(day for day in found if day))


@click.command("fleet")
@click.argument("table", metavar="TABLE")
@options.market_options
@click.option(
    "--as-of",
    metavar="DATE",
    multiple=True,
    callback=_days,
    help="Day to assess; repeat or use commas for several. [default: the column `as_of`, else operation.start_date in "
    "that market, else today]",
)
@click.option("-o", "--output", "out", required=True, metavar="OUT", help="File, or folder without a suffix.")
@click.option("--findings", metavar="FILE", help="Every gap and undetermined rule, a row each; a folder if OUT is one.")
@click.option("--summary", metavar="FILE", help="How many profiles by market, rule and status.")
@click.option("--rejects", metavar="FILE", help="Rows that cannot be used. [default: OUT.rejects.csv]")
@click.option("--base", metavar="PROFILE", help="Profile that says what a row leaves open.")
@click.option("--complete", metavar="SECTION", multiple=True, help="Section declared complete in every row.")
@click.option(
    "--impact",
    is_flag=True,
    help="What each release (column `release`) sets off against the one before it of the same profile, as `carnet "
    "impact` tells it; TABLE and OUT are CSV.",
)
@click.option("--strict", is_flag=True, help="Stop at the first row that cannot be used.")
@click.option("--skip-unknown", is_flag=True, help="Leave out columns that are no facts.")
@click.option("--engine", metavar="MASTER", help="Run on a Spark cluster, such as spark://host:7077.")
@click.option("--threads", type=click.IntRange(1, 256), default=os.cpu_count() or 1, help="[default: all processors]")
@click.option("--block", type=click.IntRange(64, 1 << 20), metavar="ROWS", help="Rows judged at a time.")
@options.expected_option
@form_options
@options.law_option
def fleet_command(**given: Any) -> None:
    """Check every profile of TABLE for some markets and write one row per profile and market.

    TABLE is a Parquet, CSV, XLSX, JSON lines or Arrow file, a folder or pattern of them, or a table of a database:
    sqlite:fleet.db#vehicles. The column `profile` names a row, the others are facts (`odd.max_speed_kmh`),
    `in.DE.<fact>` where one differs in a jurisdiction, `features.pilot.<fact>` where one differs in a feature. Without
    -m or --all the column `market` says where each row goes; `as_of` may be a column too.

    OUT ends in .parquet, .csv, .jsonl or .arrow. Without a suffix it is a folder of Parquet files, and a run that was
    stopped goes on there where it ended.
    """
    impact = given.pop("impact")
    run = _impacts if impact else _run
    mapped, (form, named) = given.pop("mapped"), form_of(given)
    if not mapped and not named and Path(given["table"]).suffix.lower() != ".xlsx":
        run(Request(**given))
        return
    with tempfile.TemporaryDirectory(prefix="carnet-") as folder:
        table = _in_our_names(given, mapped, form, named, Path(folder))
        run(Request(**{**given, "table": str(table)}))


def _run(asked: Request) -> None:
    from carnet.cli.fleet_run import run_fleet

    run_fleet(asked)


def _impacts(asked: Request) -> None:
    from carnet.cli.fleet_impact import run_impacts

    run_impacts(asked)


def _in_our_names(given: dict[str, Any], mapped: str | None, form: Form, named: dict[str, Any], folder: Path) -> Path:
    """The table written anew with facts as columns, by a map or by how its country's spreadsheets write."""
    from carnet.intake.canonical import write_canonical
    from carnet.intake.columns import read_map

    source = Path(given["table"])
    answers = answers_of(options.open_law(given["folders"]))
    found = read_map(mapped, answers, form) if mapped else None
    if found:
        form = found.form.with_named(named)
    say(f"{source}: {form.told()}")
    target = folder / f"{source.stem}.csv"
    write_canonical(source, target, form, found, answers)
    return target
