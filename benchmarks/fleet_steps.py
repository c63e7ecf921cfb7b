# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet` step by step on one table: `fleet_steps.py TABLE BLOCK`, seconds per step as a line of JSON.

The floor that the whole is compared with is reading the columns and writing the output, with nothing in between.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carnet.api import load_law
from carnet.fleet.block import RESULTS, Kernel, Rows
from carnet.fleet.layout import Layout
from carnet.fleet.parts import Part
from carnet.fleet.sinks import Sink
from carnet.fleet.tables import open_table

STEPS: Counter[str] = Counter()


@contextmanager
def step(name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    STEPS[name] += time.perf_counter() - start  # type: ignore[assignment]


def main(path: str, size: int) -> None:
    law = load_law()
    markets, day = law.markets(), law.as_of
    table = open_table(path, size)
    layout = Layout(table.schema, law, markets)
    assessor = Kernel(law, layout, markets, (day,), day)._assessor(day, markets, "")
    blocks, rows, written = table.blocks(size), 0, 0
    with tempfile.TemporaryDirectory() as folder, Sink(Path(folder) / "out.parquet", RESULTS) as sink:
        while True:
            with step("read"):
                batch = next(blocks, None)
            if batch is None:
                break
            with step("check"):
                block = layout.read(batch, 1)
            with step("judge"):
                judged = list(assessor.assess(block.declared))
            with step("shape"):
                part = Part(day, markets, (), "", block)
                results = [Rows(market, part, {}).results() for market in judged]
            with step("write"):
                for result in results:
                    sink.write(result)
            rows += block.declared.rows
            written += sum(result.num_rows for result in results)
    verdicts = sum(len(list(law.rulebook(code, day).rules())) for code in markets)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**STEPS, "rows": rows, "written": written, "verdicts_per_row": verdicts, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
