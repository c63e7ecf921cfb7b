# SPDX-License-Identifier: Apache-2.0
"""`carnet fleet` step by step in one thread: `fleet_steps.py TABLE BLOCK [MARKETS]`, seconds as a line of JSON.

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
from typing import Any

import pyarrow as pa

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


def main(path: str, size: int, wanted: int | None = None) -> None:
    pa.set_memory_pool(pa.system_memory_pool())  # as `carnet fleet` does
    law = load_law()
    markets, day = law.markets()[:wanted], law.as_of
    table = open_table(path, size)
    layout = Layout(table.schema, law, markets)
    kernel = Kernel(law, layout, markets, (day,), day)
    assessor = kernel._assessor(day, markets, "", next(_declared(table, layout, size)).granted())
    blocks, rows, written = table.blocks(size), 0, 0
    with tempfile.TemporaryDirectory() as folder, Sink(Path(folder) / "out.parquet", RESULTS) as sink:
        while True:
            with step("read"):
                batch = next(blocks, None)
            if batch is None:
                break
            with step("check"):
                block = layout.read(batch, 1)
            part = Part(day, markets, (), "", block)
            markets_judged = assessor.assess(block.declared)
            while True:
                with step("judge"):
                    judged = next(markets_judged, None)
                if judged is None:
                    break
                with step("shape"):
                    result = Rows(judged, part, {}).results()
                with step("write"):
                    sink.write(result)
                written += result.num_rows
            rows += block.declared.rows
    verdicts = sum(len(list(law.rulebook(code, day).rules())) for code in markets)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sizes = {"rows": rows, "written": written, "markets": len(markets), "verdicts_per_row": verdicts, "peak_mb": peak}
    print(json.dumps(STEPS | sizes))


def _declared(table: Any, layout: Layout, size: int) -> Iterator[Any]:
    for batch in table.blocks(size):
        yield layout.read(batch, 1).declared


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
