# SPDX-License-Identifier: Apache-2.0
"""Carnet's columnar evaluator, from the Arrow table to the gaps, conversion included."""

from __future__ import annotations

from carnet.logic.columnar import ColumnarEvaluator
from carnet.logic.columnar.arrow import columns_of
from carnet.logic.columnar.bitmaps import count
from carnet.logic.program import Program

ROWS = 1 << 16


def by_table(rules, table, ready=False):
    conditions = tuple(dict.fromkeys(c for rule in rules for c in (rule.applies, rule.requires)))
    index = {condition: at for at, condition in enumerate(conditions)}
    pairs = [(index[rule.applies], index[rule.requires]) for rule in rules]
    prepared = ColumnarEvaluator().prepare(Program((), conditions))
    parts = table.combine_chunks().to_batches(ROWS)
    converted = [_converted(part) for part in parts] if ready else None

    def run():
        gaps = [0] * len(rules)
        for number, part in enumerate(parts):
            columns = columns_of(part) if converted is None else _fresh(converted[number])
            batch = prepared.over(columns, part.num_rows)
            for at, (applies, requires) in enumerate(pairs):
                gaps[at] += count(batch.condition(applies).true & batch.condition(requires).false)
        return gaps

    return run


def _converted(part):
    columns = columns_of(part)
    for column in columns.values():
        getattr(column, "words", None)
    return columns


def _fresh(columns):
    """Without what an earlier run found out."""
    for column in columns.values():
        getattr(column, "_found", {}).clear()
    return columns
