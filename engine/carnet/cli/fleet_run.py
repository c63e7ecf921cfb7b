# SPDX-License-Identifier: Apache-2.0
"""Carries out `carnet fleet`; apart from its options, so that its help needs no extra."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from carnet.cli import options
from carnet.cli.fleet import Request
from carnet.cli.progress import Progress, waiting
from carnet.errors import InputError, MissingExtra
from carnet.fleet.block import Kernel
from carnet.fleet.folder import FolderStore
from carnet.fleet.job import Job
from carnet.fleet.run import Done, FileStore, Outputs, run
from carnet.fleet.summary import write_summary
from carnet.fleet.table import Table
from carnet.fleet.tables import open_table
from carnet.verdict.outcome import BEST_FIRST

CELLS = 1 << 21
LARGEST, SMALLEST = 1 << 16, 1 << 12
"""Rows of a block: as many as keep a block's results (a row per market and day) in some hundred megabytes.

A power of two, as blocks then end where row groups of Parquet files do.
"""


def run_fleet(asked: Request) -> None:
    law = options.open_law(asked.folders)
    by_row = not asked.codes and not asked.every
    markets = law.markets() if by_row else options.markets_of(law, asked.codes, asked.every)
    findings, summary = asked.findings is not None, asked.summary is not None
    also = (asked.complete, asked.skip_unknown, findings, summary)
    base = options.open_profile(law, asked.base) if asked.base else None
    job = Job(law, markets, by_row, asked.as_of, dt.date.today(), *also, base)
    done = _on_a_cluster(asked, job) if asked.engine else _here(asked, job)
    _say(done, asked, job)


def _here(asked: Request, job: Job) -> Done:
    size = asked.block or max(SMALLEST, min(LARGEST, 1 << max(1, CELLS // job.cells).bit_length() - 1))
    pa.set_memory_pool(pa.system_memory_pool())  # the default one returns a block's memory, to be given it anew
    with ExitStack() as stack, _stoppable():
        table = stack.enter_context(closing(open_table(asked.table, size)))
        kernel = job.kernel(table.schema)
        outputs = _outputs(asked, table, job.about(table.fingerprint, size))
        if outputs.results.suffix:
            done = _run(FileStore(kernel, outputs, stack), table, outputs, asked, size)
        else:
            done = _in_a_folder(kernel, table, outputs, asked, size)
        if outputs.summary:
            write_summary(outputs.summary, done.tally, job, outputs.about)
    return done


def _in_a_folder(kernel: Kernel, table: Table, outputs: Outputs, asked: Request, size: int) -> Done:
    store = FolderStore(kernel, outputs.results, outputs.about, outputs.findings)
    done = _run(store, table, outputs, asked, size)
    done.resumed = store.resumed
    return done


def _run(store: FileStore | FolderStore, table: Table, outputs: Outputs, asked: Request, size: int) -> Done:
    blocks = table.blocks(size)
    if table.rows is None:
        with waiting("Assessing ..."):
            return run(store, blocks, outputs, asked.threads, asked.strict)
    with Progress(-(-table.rows // size)) as progress:
        step = f"blocks of {size} profiles"
        return run(store, blocks, outputs, asked.threads, asked.strict, lambda rows: progress(step))


def _on_a_cluster(asked: Request, job: Job) -> Done:
    """Whatever is a file there is found by each worker, not by this process; only the summary is written here."""
    try:
        from carnet.fleet.spark import run_on_spark
    except ModuleNotFoundError:
        raise MissingExtra("fleet --engine", "spark") from None
    assert asked.engine
    done = run_on_spark(asked.engine, asked.table, asked.out, job, asked.block or SMALLEST, asked.strict)
    if asked.summary:
        write_summary(Path(asked.summary), done.tally, job, job.about(asked.table, asked.block or SMALLEST))
    return done


def _outputs(asked: Request, table: Table, about: dict[str, str]) -> Outputs:
    """Where to write; refused where one file would take the place of another, or of the table.

    Raises:
        InputError: when it would, and when a folder of results goes with a file of findings.
    """
    results = Path(asked.out)
    default = results.with_name(f"{results.stem}.rejects.csv") if results.suffix else results / "rejects.csv"
    findings, summary = (Path(name) if name else None for name in (asked.findings, asked.summary))
    rejects = Path(asked.rejects) if asked.rejects else default
    if findings and bool(findings.suffix) is not bool(results.suffix):
        is_folder, is_file = ("-o", "--findings") if findings.suffix else ("--findings", "-o")
        hint = "name two files or two folders"
        raise InputError(f"`{is_folder}` names a folder and `{is_file}` a file", hint=hint)
    files = [path.resolve() for path in (results, summary, rejects, findings) if path]
    if results.suffix or findings != results:
        _all_different([*(path.resolve() for path in table.files), *files])
    return Outputs(results=results, findings=findings, summary=summary, rejects=rejects, about=about)


def _all_different(files: list[Path]) -> None:
    for number, path in enumerate(files):
        if path in files[:number]:
            raise InputError(f"`{path}` would be written over by this run", hint="give each file a name of its own")


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


def _say(done: Done, asked: Request, job: Job) -> None:
    profiles = done.rows - done.rejected
    where = "each in its market" if job.by_row else _number(len(job.markets), "market")
    days = f", {len(job.as_of)} days" if len(job.as_of) > 1 else ""
    resumed = f" ({_number(done.resumed, 'block')} of it from an earlier run)" if done.resumed else ""
    click.echo(f"{_number(profiles, 'profile')}, {where}{days}: {asked.out}{resumed}", err=True)
    found = [f"{done.outcomes[outcome]} {outcome}" for outcome in map(str, BEST_FIRST) if done.outcomes[outcome]]
    if found:
        click.echo(", ".join(found), err=True)
    if done.rejected:
        click.echo(f"{_number(done.rejected, 'row')} left out: {done.rejects}", err=True)


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
