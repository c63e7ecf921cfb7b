# SPDX-License-Identifier: Apache-2.0
"""Random tables of profiles that meet the law where it decides.

Each fact takes the values that the law itself compares it with, and their neighbours, so that rules come out both ways.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from carnet.api import Law, load_law
from carnet.declare.vocabulary import Fact
from carnet.law.rulebook import Rulebook
from carnet.logic.condition import Compare, Condition, Constant, facts_read, leaves

OPEN_ITEMS = {"country": ("DE", "US", "JP", "CN"), "language": ("en", "de"), "place": ("DE-BY",)}
UNKNOWN_SHARE = 0.1
BLOCK = 1 << 16


def fact_values(law: Law, books: Iterable[Rulebook]) -> dict[str, set[object]]:
    """Every fact that the rulebooks read, with the values it is compared with."""
    found: dict[str, set[object]] = {}
    for book in books:
        for condition in conditions(book):
            for leaf in leaves(condition):
                for path in facts_read(leaf):
                    found.setdefault(path, set())
                if isinstance(leaf, Compare) and leaf.path in law.vocabulary:
                    found[leaf.path].update(_near(leaf))
        for derived in book.derived:
            for path in derived.reads():
                found.setdefault(path, set())
    own = ("derived.", "context.")
    return {path: found[path] for path in sorted(found) if path in law.vocabulary and not path.startswith(own)}


def conditions(book: Rulebook) -> Iterator[Condition]:
    for bound in book.rules():
        yield from (bound.applies, bound.requires)
    for layer in book.layers:
        for route in layer.routes:
            yield route.available
            for group in route.route.needs:
                yield from (Compare(f"approvals.{name}.held", "eq", Constant(True)) for name in group)
    yield from (derived.condition for derived in book.derived if derived.condition is not None)


def _near(leaf: Compare) -> Iterator[object]:
    value = leaf.operand.value if isinstance(leaf.operand, Constant) else ()
    if leaf.op.startswith("size_") or leaf.op == "declared":
        return
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, dt.date):
            yield from (item + dt.timedelta(days) for days in (-1, 0, 1))
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            yield from (item - 1, item, item + 1)
        else:
            yield item


def rows_of(table: pa.Table | pa.RecordBatch) -> list[dict[str, Any]]:
    """A table's rows as profiles read them: a whole number is an integer, whatever the column holds."""
    return [
        {name: int(v) if isinstance(v, float) and v.is_integer() else v for name, v in row.items()}
        for row in table.to_pylist()
    ]


def random_table(law: Law, books: Iterable[Rulebook], rows: int, seed: int, first: int = 0) -> pa.Table:
    """A table of profiles with a column for every fact that the rulebooks read."""
    rng = np.random.default_rng((seed, first))
    columns = {"profile": pa.array([f"v{number:07}" for number in range(first, first + rows)])}
    for path, values in fact_values(law, books).items():
        fact = law.vocabulary.fact(path)
        columns[path] = _column(fact, sorted(allowed_values(law, fact, values), key=str), rows, rng)
    return pa.table(columns)


def allowed_values(law: Law, fact: Fact, values: set[object]) -> set[object]:
    """The values that a profile may declare."""
    if fact.items == "country":
        return {value for value in values if len(str(value)) == 2 and value != "EU"}
    if fact.items == "approval":
        return {value for value in values if value in law.approvals}
    if fact.range and fact.type in ("int", "number"):
        low, high = fact.range
        return {value for value in values if low <= value <= high}  # type: ignore[operator]
    return values


def _column(fact: Fact, values: list[object], rows: int, rng: np.random.Generator) -> pa.Array:
    unknown = rng.random(rows) < UNKNOWN_SHARE
    if fact.type == "bool":
        return pa.array(rng.random(rows) < 0.85, mask=unknown)
    if fact.type in ("int", "number"):
        low, high = fact.range or (0, 100)
        choices = np.array(values or [low, min(high, 5)], float)
        numbers = choices[rng.integers(0, len(choices), rows)]
        return pa.array(numbers if fact.type == "number" else np.floor(numbers).astype("i8"), mask=unknown)
    if fact.type == "date":
        days = np.array(values or [dt.date(2024, 1, 1), dt.date(2027, 1, 1)], "datetime64[D]")
        return pa.array(days[rng.integers(0, len(days), rows)], mask=unknown)
    names = list(fact.values) or [str(value) for value in values] or list(OPEN_ITEMS.get(fact.items, ("x",)))
    if fact.type == "set":
        return _sets(names, rows, rng, unknown)
    codes = rng.integers(0, len(names), rows).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=unknown), pa.array(names))


def _sets(names: list[str], rows: int, rng: np.random.Generator, unknown: np.ndarray) -> pa.Array:
    """About half of the rows have nearly every name, so that what asks for many can be met."""
    share = np.array([0.4, 0.97])[rng.integers(0, 2, rows)]
    chosen = (rng.random((rows, len(names))) < share[:, None]) & ~unknown[:, None]
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(chosen.sum(axis=1), out=offsets[1:])
    items = pa.DictionaryArray.from_arrays(np.nonzero(chosen)[1].astype(np.int32), pa.array(names))
    return pa.ListArray.from_arrays(pa.array(offsets), items, mask=pa.array(unknown))


def main(path: str, rows: int) -> None:
    """Write a Parquet file of profiles for every market of the bundled law."""
    law = load_law()
    books = [law.rulebook(code, law.as_of) for code in law.markets()]
    writer = None
    for first in range(0, rows, BLOCK):
        table = random_table(law, books, min(BLOCK, rows - first), seed=5, first=first)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
