# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet`: a table of profiles in, a table of results out."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from carnet import __version__
from carnet.api import Law
from carnet.cli import options
from carnet.cli.progress import Progress, waiting
from carnet.declare.values import Names
from carnet.errors import InputError, MissingExtra
from carnet.fleet.block import Kernel
from carnet.fleet.folder import FolderStore
from carnet.fleet.layout import MARKET, Layout
from carnet.fleet.run import Done, FileStore, Outputs, Store, run
from carnet.fleet.tables import Table, open_table

CELLS = 1 << 21
LARGEST, SMALLEST = 1 << 16, 1 << 12
"""Rows of a block: as many as keep a block's results (a row per market) in some hundred megabytes."""


@click.command("fleet")
@click.argument("table", metavar="TABLE")
@options.market_options
@options.as_of_option
@click.option("-o", "--output", "out", required=True, metavar="OUT", help="File, or folder without a suffix.")
@click.option("--findings", metavar="FILE", help="Every gap and undetermined rule, a row each (a flag for a folder).")
@click.option("--summary", metavar="FILE", help="How many profiles by market, rule and status.")
@click.option("--rejects", metavar="FILE", help="Rows that cannot be used. [default: OUT.rejects.csv]")
@click.option("--complete", metavar="SECTION", multiple=True, help="Section declared complete in every row.")
@click.option("--strict", is_flag=True, help="Stop at the first row that cannot be used.")
@click.option("--skip-unknown", is_flag=True, help="Leave out columns that are no facts.")
@click.option("--engine", metavar="MASTER", help="Run on a Spark cluster, such as spark://host:7077.")
@click.option("--threads", type=click.IntRange(1, 256), default=os.cpu_count() or 1, help="[default: all processors]")
@click.option("--block", type=click.IntRange(64, 1 << 20), metavar="ROWS", help="Rows judged at a time.")
@options.law_option
def fleet_command(
    table: str,
    codes: Sequence[str],
    every: bool,
    as_of: dt.date | None,
    out: str,
    findings: str | None,
    summary: str | None,
    rejects: str | None,
    complete: Sequence[str],
    strict: bool,
    skip_unknown: bool,
    engine: str | None,
    threads: int,
    block: int | None,
    folders: Sequence[str],
) -> None:
    """Check every profile of TABLE for some markets and write one row per profile and market.

    TABLE is a Parquet, CSV, JSON lines or Arrow file, or a table of a database: sqlite:fleet.db#vehicles. The column
    `profile` names a row, the others are facts (`odd.max_speed_kmh`), `in.DE.<fact>` where one differs in a
    jurisdiction. Without -m or --all the column `market` says where each row goes; `as_of` may be a column too.

    OUT ends in .parquet, .csv, .jsonl or .arrow. Without a suffix it is a folder of Parquet files, and a run that was
    stopped goes on there where it ended.
    """
    law = options.open_law(folders)
    by_row = not codes and not every
    markets = law.markets() if by_row else options.markets_of(law, codes, every)
    if engine:
        _spark(engine, table, out, law, markets, as_of, complete, skip_unknown, findings is not None, block or SMALLEST)
        return
    size = block or max(SMALLEST, min(LARGEST, CELLS // len(markets)))
    opened = open_table(table, size)
    names = Names(law.vocabulary, frozenset(law.approvals), frozenset(law.codes))
    layout = Layout(opened.schema, names, markets, as_of, dt.date.today(), complete, skip_unknown)
    _check_markets(layout, by_row)
    kernel = Kernel(law, layout, markets, findings is not None, summary is not None)
    made_from = _made_from(law, opened, markets, as_of, complete, size)
    outputs = _outputs(out, findings, summary, rejects, made_from)
    with ExitStack() as stack, _stoppable():
        store: Store
        if outputs.results.suffix:
            store = FileStore(kernel, outputs, stack)
        else:
            store = FolderStore(kernel, outputs.results, made_from, findings is not None)
        done = _run(store, opened, outputs, threads, strict, size)
    _say(done, outputs, len(markets), by_row)


def _spark(
    master: str,
    table: str,
    out: str,
    law: Law,
    markets: tuple[str, ...],
    as_of: dt.date | None,
    complete: Sequence[str],
    skip_unknown: bool,
    findings: bool,
    rows_per_batch: int,
) -> None:
    """Run on a cluster; whatever is a file there is found by each worker, not by this process."""
    try:
        from carnet.fleet.spark import Job, run_on_spark
    except ModuleNotFoundError:
        raise MissingExtra("fleet --engine", "spark") from None
    name = f"{law.sha256} {markets} {as_of} {complete} {skip_unknown} {findings}"
    job = Job(name, law, markets, as_of, dt.date.today(), tuple(complete), skip_unknown, findings)
    run_on_spark(master, table, out, job, rows_per_batch)
    click.echo(f"{len(markets)} markets: {out}", err=True)


def _check_markets(layout: Layout, by_row: bool) -> None:
    if by_row and not layout.has_markets:
        raise InputError("no market is named", hint="name one with `-m DE`, use `--all`, or add a column `market`")
    if layout.has_markets and not by_row:
        raise InputError(f"both the command and the column `{MARKET}` name markets", hint="leave out one of them")


def _made_from(
    law: Law, table: Table, markets: Sequence[str], as_of: dt.date | None, complete: Sequence[str], size: int
) -> dict[str, str]:
    """What a result depends on; it stands in the files."""
    return {
        "version": __version__,
        "law_version": law.version,
        "law_sha256": law.sha256,
        "evaluator": "columnar",
        "table": table.fingerprint,
        "markets": ",".join(markets),
        "as_of": str(as_of or f"by row, else {dt.date.today()}"),
        "complete": ",".join(complete),
        "block": str(size),
    }


def _outputs(
    out: str, findings: str | None, summary: str | None, rejects: str | None, about: dict[str, str]
) -> Outputs:
    results = Path(out)
    default = results.with_name(f"{results.stem}.rejects.csv") if results.suffix else results / "rejects.csv"
    return Outputs(
        results=results,
        findings=Path(findings) if findings else None,
        summary=Path(summary) if summary else None,
        rejects=Path(rejects) if rejects else default,
        about=about,
    )


def _run(store: Store, table: Table, outputs: Outputs, threads: int, strict: bool, size: int) -> Done:
    blocks = table.blocks(size)
    if table.rows is None:
        with waiting("Assessing ..."):
            return run(store, blocks, outputs, threads, strict)
    with Progress(-(-table.rows // size)) as progress:
        return run(store, blocks, outputs, threads, strict, lambda rows: progress(f"blocks of {size} profiles"))


@contextmanager
def _stoppable() -> Iterator[None]:
    """A polite kill ends the run as Ctrl-C does, so that nothing half-written stays."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(done: Done, outputs: Outputs, markets: int, by_row: bool) -> None:
    where = "each in its market" if by_row else f"{markets} market{'s' * (markets > 1)}"
    click.echo(f"{done.rows - done.rejected} profiles, {where}: {outputs.results}", err=True)
    if done.rejected:
        click.echo(f"{done.rejected} rows left out: {outputs.rejects}", err=True)
