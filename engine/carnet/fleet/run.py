# SPDX-License-Identifier: Apache-2.0
"""A whole table through the kernel: blocks in threads, results in order, files whole or not at all."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from carnet.errors import InputError
from carnet.fleet.block import FINDINGS, RESULTS, Kernel, Outcome, Tally
from carnet.fleet.layout import Reject
from carnet.fleet.sinks import Sink

REJECTS = pa.schema([("row", pa.int64()), ("profile", pa.string()), ("column", pa.string()), ("reason", pa.string())])


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
    """What a run amounted to; `rejects` is where the rows stand that were left out."""

    rejects: str
    rows: int = 0
    rejected: int = 0
    resumed: int = 0
    tally: Tally = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)


class Store(Protocol):
    """Where the outcomes of blocks go."""

    def work(self, block: Numbered) -> Outcome:
        """Assess a block, in any thread and order."""

    def keep(self, outcome: Outcome) -> None:
        """Take an outcome, in the order of the table."""


class FileStore:
    """Results in one file, findings in another."""

    def __init__(self, kernel: Kernel, outputs: Outputs, stack: ExitStack) -> None:
        self._kernel = kernel
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
            store.keep(outcome)
            done.rows += outcome.rows
            done.rejected += len(outcome.rejects)
            done.tally.update(outcome.tally)
            done.outcomes.update(outcome.outcomes)
            progress(outcome.rows)
        if rejects is None:
            outputs.rejects.unlink(missing_ok=True)
    return done


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
    return BadRow(f"row {reject.row} (`{reject.profile}`), column `{reject.column}`: {reject.reason}")


def _rejected(rejects: Iterable[Reject]) -> pa.RecordBatch:
    rows = [{name: getattr(reject, name) for name in REJECTS.names} for reject in rejects]
    return pa.RecordBatch.from_pylist(rows, REJECTS)
