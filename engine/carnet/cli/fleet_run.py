# SPDX-License-Identifier: Apache-2.0
"""Carries out `carnet fleet`; apart from its options, so that its help needs no extra."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from carnet.cli import options
from carnet.cli.fleet import Request
from carnet.cli.main import FOUND
from carnet.cli.output import ANOTHER, LAW
from carnet.cli.progress import Progress, waiting
from carnet.errors import InputError, MissingExtra, shown
from carnet.fleet.addresses import masked
from carnet.fleet.block import Kernel
from carnet.fleet.folder import FolderStore
from carnet.fleet.job import Job
from carnet.fleet.run import Done, FileStore, Outputs, check_counts, row_of, run
from carnet.fleet.sinks import FORMATS, check_format, printable
from carnet.fleet.summary import write_summary
from carnet.fleet.table import Table
from carnet.fleet.tables import open_table
from carnet.law.locate import bundled_law
from carnet.spoken import _
from carnet.verdict.outcome import BEST_FIRST

CELLS = 1 << 21
NAMED_COLUMNS = 8
LARGEST, SMALLEST = 1 << 16, 1 << 12
"""Rows of a block: as many as keep a block's results (a row per market and day) in some hundred megabytes.

A power of two, as blocks then end where row groups of Parquet files do.
"""


def run_fleet(asked: Request) -> None:
    _check_names(asked)
    law = options.open_law(asked.folders)
    by_row = not asked.codes and not asked.every
    markets = law.markets() if by_row else options.markets_of(law, asked.codes, asked.every)
    findings, summary = asked.findings is not None, asked.summary is not None
    also = (asked.complete, asked.skip_unknown, findings, summary)
    base = options.open_profile(law, asked.base) if asked.base else None
    job = Job(law, markets, by_row, asked.as_of, dt.date.today(), *also, base, asked.expected)
    done = _on_a_cluster(asked, job) if asked.engine else _here(asked, job)
    _say(done, asked, job)
    if done.rows and done.rejected == done.rows:
        click.get_current_context().exit(FOUND)


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
        for renamed in kernel.renamed(masked(asked.table)):
            click.echo(printable(_("warning: {what}").format(what=renamed)), err=True)
        check_counts(done, table, job.cells)
        done.extent, done.columns = table.extent, kernel.left_out
        if outputs.summary:
            write_summary(outputs.summary, done.tally, job, outputs.about)
    return done


def _in_a_folder(kernel: Kernel, table: Table, outputs: Outputs, asked: Request, size: int) -> Done:
    return _run(FolderStore(kernel, outputs.results, outputs.about, outputs.findings), table, outputs, asked, size)


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
        write_summary(Path(asked.summary), done.tally, job, job.about(masked(asked.table), asked.block or SMALLEST))
    return done


def _check_names(asked: Request) -> None:
    """Refuse what names no file.

    Raises:
        InputError: for `-` and for nothing.
    """
    named = {"-o": asked.out, "--findings": asked.findings, "--summary": asked.summary, "--rejects": asked.rejects}
    for option, name in named.items():
        if name is not None and (not name.strip() or name == "-"):
            hint = "name a file such as `out.csv`, or a folder" if option in ("-o", "--findings") else "name a file"
            raise InputError(f"`{option} {name}` names no file, and a fleet writes to nothing else", hint=hint)


def _outputs(asked: Request, table: Table, about: dict[str, str]) -> Outputs:
    """Where to write; refused where one file would take the place of another, or of what is read.

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
    for path in filter(None, (summary, rejects)):  # that of the others shows before anything is read
        check_format(path)
    if not results.suffix and results.exists() and not results.is_dir():
        hint = f"end it in {', '.join(FORMATS)}, or name a new folder"
        raise InputError(f"{shown(results, 200)} is no folder, as a name without an ending is", hint=hint)
    read = [*table.files, *([Path(asked.base)] if asked.base and asked.base != "-" else [])]
    written = [path for path in (summary, rejects, results, findings) if path]
    if not results.suffix and findings == results:
        written.pop()
    _all_different(read, written)
    _not_among_packs(written, asked.folders)
    return Outputs(results=results, findings=findings, summary=summary, rejects=rejects, about=about)


def _all_different(read: Iterable[Path], written: Iterable[Path]) -> None:
    known = [path.resolve() for path in read]
    for path in written:
        resolved = path.resolve()
        if any(resolved == other or _same_file(resolved, other) for other in known):
            hint = "give each file a name of its own"
            raise InputError(f"{shown(resolved, 200)} would be written over by this run", hint=hint)
        known.append(resolved)


def _not_among_packs(written: Iterable[Path], folders: Iterable[str]) -> None:
    packs = [Path(str(folder), top).resolve() for folder in (bundled_law(), *folders) for top in LAW]
    for path in written:
        if any(path.resolve().is_relative_to(folder) for folder in packs):
            raise InputError(f"{shown(path, 200)} lies among packs of law and is not written", hint=ANOTHER)


def _same_file(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, also where letters of any case do."""
    try:
        return one.samefile(other)
    except OSError:
        return False


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
    click.echo(f"{_number(profiles, 'profile')}, {where}{days}: {printable(asked.out)}{_resumed(done)}", err=True)
    found = [f"{done.outcomes[outcome]} {outcome}" for outcome in map(str, BEST_FIRST) if done.outcomes[outcome]]
    if found:
        click.echo(", ".join(found), err=True)
    click.echo(_counts(done), err=True)
    if done.columns:
        click.echo(f"{_number(len(done.columns), 'column')} that {_meaning(done.columns)}", err=True)
    if done.rejected:
        click.echo(f"{_number(done.rejected, 'row')} left out: {printable(done.rejects)}", err=True)
    for reject in done.left_out:
        click.echo(printable(f"  {row_of(reject)}: {reject.reason}"), err=True)
    if done.rejected > len(done.left_out) > 0:
        click.echo("  ...", err=True)
    for file, cells in done.altered.items():
        what = "with an apostrophe before what a spreadsheet would run, and blanks for control characters"
        click.echo(f"{_number(cells, 'cell')} of {printable(file)} changed: {what}", err=True)


def _meaning(columns: Sequence[str]) -> str:
    """Which columns were left out; a list of thousands is cut short."""
    more = len(columns) - NAMED_COLUMNS
    named = ", ".join(map(shown, columns[:NAMED_COLUMNS])) + (f" and {more} more" if more > 0 else "")
    return f"{'is no fact' if len(columns) == 1 else 'are no facts'} left out: {named}"


def _counts(done: Done) -> str:
    """Every row of the table, and what became of it."""
    lines = ""
    if done.extent:
        blank = f", {done.extent.blank} blank" if done.extent.blank else ""
        lines = f" in {_number(done.extent.lines, 'line')}{blank}"
    judged = done.rows - done.rejected
    return f"{_number(done.rows, 'row')} read{lines}: {judged} judged, {done.rejected} left out"


def _resumed(done: Done) -> str:
    found = []
    if done.resumed:
        found.append(f"{_number(done.resumed, 'block')} of it from an earlier run")
    if done.repaired:
        found.append(f"{_number(done.repaired, 'block')} damaged there and made again")
    return f" ({', '.join(found)})" if found else ""


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
