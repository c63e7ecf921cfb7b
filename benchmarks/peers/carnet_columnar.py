# SPDX-License-Identifier: Apache-2.0
"""Carnet's columnar evaluator, from the Arrow table to the gaps."""

from __future__ import annotations

from carnet.logic.columnar import ColumnarEvaluator
from carnet.logic.columnar.arrow import columns_of
from carnet.logic.columnar.bitmaps import count
from carnet.logic.columnar.columns import SetColumn
from carnet.logic.condition import facts_read
from carnet.logic.program import Program

ROWS = 1 << 17


def by_table(rules, table):
    conditions = tuple(dict.fromkeys(c for rule in rules for c in (rule.applies, rule.requires)))
    index = {condition: at for at, condition in enumerate(conditions)}
    pairs = [(index[rule.applies], index[rule.requires]) for rule in rules]
    prepared = ColumnarEvaluator().prepare(Program((), conditions))
    read = {path for condition in conditions for path in facts_read(condition)}
    table = table.select([path for path in table.column_names if path in read])
    parts = table.combine_chunks().to_batches(ROWS)

    def convert():
        return [(converted(part), part.num_rows) for part in parts]

    def gaps(blocks):
        found = [0] * len(rules)
        for columns, rows in blocks:
            batch = prepared.over(columns, rows)
            for at, (applies, requires) in enumerate(pairs):
                found[at] += count(batch.condition(applies).true & batch.condition(requires).false)
        return found

    return convert, gaps


def converted(part):
    """Sets too are made ready, which a batch would leave to the first rule that reads them."""
    columns = columns_of(part)
    for column in columns.values():
        if isinstance(column, SetColumn) and column.names:
            column.contains(column.names[0])
    return columns
