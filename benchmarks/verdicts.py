# SPDX-License-Identifier: Apache-2.0
"""Every condition of every market, columnar beside native row by row: `verdicts.py PROFILES ROWS`.

Native over PROFILES profiles: the whole assessment as `carnet check` makes it, and only the truths of all conditions.
Columnar over ROWS: the same truths from an Arrow table, with one thread and with one for each processor.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
from native_results import read_rows
from random_profiles import random_table, rows_of

from carnet.api import Law, load_law
from carnet.assess.check import check
from carnet.declare.profile import Profile
from carnet.law.rulebook import Rulebook
from carnet.logic.columnar import ColumnarEvaluator, ColumnarProgram
from carnet.logic.columnar.arrow import columns_of
from carnet.logic.columnar.bitmaps import count
from carnet.logic.native_program import NativeEvaluator
from carnet.verdict.plan import plan_of

BLOCK = 1 << 16
COMPARED = 5


def main(profiles: int, rows: int) -> None:
    law = load_law()
    books = [law.rulebook(code, law.as_of) for code in law.markets()]
    program = plan_of(books).program
    columnar = ColumnarEvaluator().prepare(program)
    table = random_table(law, books, rows, 5)
    parts = table.drop_columns(["profile"]).combine_chunks().to_batches(BLOCK)
    measured = by_row(law, books, table.slice(0, profiles))
    for threads in dict.fromkeys((1, os.cpu_count() or 1)):
        measured[f"columnar_{threads}_s"] = (
            best_of_three(lambda threads=threads: by_block(columnar, parts, threads)) / rows
        )
    measured["same"] = same(columnar, parts[0].slice(0, COMPARED))
    verdicts = sum(len(list(book.rules())) for book in books)
    print(json.dumps(measured | {"verdicts": verdicts, "conditions": len(program.conditions), "rows": rows}))


def by_row(law: Law, books: list[Rulebook], table: pa.Table) -> dict[str, float]:
    """Seconds for a profile."""
    prepared = NativeEvaluator().prepare(plan_of(books).program)
    known = {"approvals": frozenset(law.approvals), "jurisdictions": frozenset(law.codes)}
    whole, truths = [], []
    for data in read_rows(law, table).values():
        profile = Profile.from_dict(data, law.vocabulary, **known)
        start = time.perf_counter()
        check(law, profile, law.markets(), law.as_of, "native")
        middle = time.perf_counter()
        list(prepared.run(profile.facts((), as_of=law.as_of).values)[0])
        truths.append(time.perf_counter() - middle)
        whole.append(middle - start)
    return {"check_s": statistics.median(whole), "truths_s": statistics.median(truths)}


def by_block(program: ColumnarProgram, parts: list[pa.RecordBatch], threads: int) -> int:
    """How many conditions are true in all."""

    def trues(part: pa.RecordBatch) -> int:
        batch = program.over(columns_of(part), part.num_rows)
        return sum(count(batch.condition(index).true) for index in range(len(program.refs)))

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(trues, parts))


def same(program: ColumnarProgram, part: pa.RecordBatch) -> bool:
    """Whether the native evaluator gives the same truths for these rows."""
    native = NativeEvaluator().prepare(program.program)
    batch = program.over(columns_of(part), part.num_rows)
    for number, row in enumerate(rows_of(part)):
        facts = {path: tuple(v) if isinstance(v, list) else v for path, v in row.items() if v is not None}
        for index, truth in enumerate(native.run(facts)[0]):
            true, false = (int(bits[0]) >> number & 1 for bits in batch.condition(index))
            if (true, false) != (truth is True, truth is False):
                return False
    return True


def best_of_three(run: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
