# SPDX-License-Identifier: Apache-2.0
"""A whole table through the kernel: blocks in threads, results in order, files whole or not at all."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from carnet.errors import CarnetError, InputError, shown
from carnet.fleet.block import FINDINGS, RESULTS, Kernel, Outcome, Tally
from carnet.fleet.rows import Reject
from carnet.fleet.sinks import Sink
from carnet.fleet.table import Extent, Table

REJECTS = pa.schema(
    [
        ("row", pa.int64()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("profile", pa.string()),
        ("column", pa.string()),
        ("reason", pa.string()),
    ]
)
SHOWN_REJECTS = 3


class BadRow(InputError):
    """A row that cannot be used, where none may be."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block of a table with its place: the how-manieth block, and the number of its first row."""

    index: int
    first: int
    batch: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write: files, or folders without a suffix; findings and summary only where wanted.

    about: which law and engine made them.
    """

    results: Path
    findings: Path | None
    summary: Path | None
    rejects: Path
    about: Mapping[str, str]


@dataclass(slots=True)
class Done:
    """What a run amounted to.

    rejects: where the rows stand that were left out; left_out: the first of them. resumed: how many blocks of a folder
    were there already; repaired: how many were there, but damaged. altered: by file of text, how many cells a
    spreadsheet would have run. extent: of a text, what was read. columns: those that mean nothing and were left out.
    """

    rejects: str
    rows: int = 0
    rejected: int = 0
    resumed: int = 0
    repaired: int = 0
    left_out: list[Reject] = field(default_factory=list)
    altered: dict[str, int] = field(default_factory=dict)
    extent: Extent | None = None
    columns: Sequence[str] = ()
    tally: Tally = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)


class Store(Protocol):
    """Where the outcomes of blocks go."""

    def work(self, block: Numbered) -> Outcome:
        """Assess a block, in any thread and order."""

    def keep(self, outcome: Outcome) -> None:
        """Take an outcome, in the order of the table."""

    def finish(self, done: Done) -> None:
        """Say what there is to say once every outcome is taken."""


class FileStore:
    """Results in one file, findings in another."""

    def __init__(self, kernel: Kernel, outputs: Outputs, stack: ExitStack) -> None:
        self._kernel = kernel
        self._outputs = outputs
        self._results = stack.enter_context(Sink(outputs.results, RESULTS, outputs.about))
        wanted = outputs.findings
        self._findings = stack.enter_context(Sink(wanted, FINDINGS, outputs.about)) if wanted else None

    def work(self, block: Numbered) -> Outcome:
        return self._kernel.run(block.batch, block.first)

    def keep(self, outcome: Outcome) -> None:
        for batch in outcome.results:
            self._results.write(batch)
        if self._findings:
            for batch in outcome.findings:
                self._findings.write(batch)

    def finish(self, done: Done) -> None:
        for path, sink in ((self._outputs.results, self._results), (self._outputs.findings, self._findings)):
            if sink and sink.altered:
                done.altered[str(path)] = sink.altered


def numbered(blocks: Iterable[pa.RecordBatch]) -> Iterator[Numbered]:
    first = 1
    for index, batch in enumerate(blocks):
        yield Numbered(index, first, batch)
        first += batch.num_rows


def run(
    store: Store,
    blocks: Iterable[pa.RecordBatch],
    outputs: Outputs,
    threads: int,
    strict: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Done:
    """Put every block through the store, and write rejects.

    Raises:
        BadRow: for the first row that cannot be used, in a strict run.
    """
    done = Done(str(outputs.rejects))
    with ExitStack() as stack:
        rejects: Sink | None = None
        for outcome in in_order(store.work, numbered(blocks), threads):
            if outcome.rejects and strict:
                raise bad_row(outcome.rejects[0])
            if outcome.rejects:
                rejects = rejects or stack.enter_context(Sink(outputs.rejects, REJECTS))
                rejects.write(_rejected(outcome.rejects))
                done.left_out += outcome.rejects[: SHOWN_REJECTS - len(done.left_out)]
            store.keep(outcome)
            done.rows += outcome.rows
            done.rejected += len(outcome.rejects)
            done.tally.update(outcome.tally)
            done.outcomes.update(outcome.outcomes)
            progress(outcome.rows)
        store.finish(done)
        if rejects is None:
            with suppress(OSError):  # there is none, or none can be
                outputs.rejects.unlink()
        elif rejects.altered:
            done.altered[str(outputs.rejects)] = rejects.altered
    return done


def check_counts(done: Done, table: Table, per_profile: int) -> None:
    """Every row of the table is judged or listed.

    per_profile: how many results a profile has.

    Raises:
        CarnetError: when the numbers do not agree.
    """
    read = table.extent.rows if table.extent else done.rows if table.rows is None else table.rows
    judged = sum(done.outcomes.values())
    if read != done.rows or judged != (done.rows - done.rejected) * per_profile:
        numbers = f"{read} rows read, {done.rows} assessed, {done.rejected} left out, {judged} results"
        raise CarnetError(f"the table was not assessed as a whole: {numbers}", hint="report this")


def in_order(work: Callable[[Numbered], Outcome], blocks: Iterator[Numbered], threads: int) -> Iterator[Outcome]:
    """Outcomes in the order of their blocks, with no more blocks under way than threads and one waiting."""
    pool = ThreadPoolExecutor(threads)
    try:
        waiting: deque[Future[Outcome]] = deque(pool.submit(work, block) for block in islice(blocks, threads + 1))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(work, block) for block in islice(blocks, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def bad_row(reject: Reject) -> BadRow:
    return BadRow(f"{row_of(reject)}: {reject.reason}")


def row_of(reject: Reject) -> str:
    """Where a row stands and what it is called, as a message says it."""
    place = f"row {reject.row}"
    if reject.line is not None:
        place = f"{shown(reject.file)}, " * bool(reject.file) + f"line {reject.line}, {place}"
    named = f" ({shown(reject.profile)})" if reject.profile != str(reject.row) else ""
    return f"{place}{named}, column {shown(reject.column)}" if reject.column else f"{place}{named}"


def _rejected(rejects: Iterable[Reject]) -> pa.RecordBatch:
    rows = [{name: getattr(reject, name) for name in REJECTS.names} for reject in rejects]
    return pa.RecordBatch.from_pylist(rows, REJECTS)
