# SPDX-License-Identifier: Apache-2.0
"""Plain NumPy: each rule evaluated on arrays, a flag per row and item for sets; nothing shared between rules."""

from __future__ import annotations

import importlib

import pyarrow as pa
import pyarrow.compute as pc
from rules import OPERATORS, Every, Test, facts, name_of

np = importlib.import_module("numpy")


def columns_of(rules, table):
    """Each fact's values and where it is known; a set as a dict of flags by item."""
    kinds, columns = facts(rules), {}
    for path in table.column_names:
        name = name_of(path)
        if name not in kinds:
            continue
        array = table[path].combine_chunks()
        known = array.is_valid().to_numpy(zero_copy_only=False)
        columns[name] = (_values(array, kinds[name]), known)
    return columns


def _values(array, kind):
    if pa.types.is_list(array.type):
        items, rows = array.flatten(), pc.list_parent_indices(array).to_numpy()
        items = items if pa.types.is_dictionary(items.type) else items.dictionary_encode()
        codes, flags = items.indices.to_numpy(), {}
        for code, name in enumerate(items.dictionary.to_pylist()):
            flags[name] = np.zeros(len(array), bool)
            flags[name][rows[codes == code]] = True
        sizes = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
        return flags, sizes
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_date(array.type):
        return pc.fill_null(array.cast(pa.int32()), 0).to_numpy() + 719163
    filler = "" if kind == "text" else False if kind == "bool" else 0
    values = pc.fill_null(array, filler).to_numpy(zero_copy_only=False)
    return values.astype("U") if kind == "text" else values


def by_table(rules, table):
    def gaps(columns):
        return [int(evaluate(rule.gap, columns, table.num_rows).sum()) for rule in rules]

    return lambda: columns_of(rules, table), gaps


def evaluate(expression, columns, rows):
    if isinstance(expression, Test):
        return _test(expression, columns, rows)
    every = isinstance(expression, Every)
    result = np.full(rows, every)
    for part in expression.parts:
        flags = evaluate(part, columns, rows)
        result = result & flags if every else result | flags
    return result


def _test(test, columns, rows):
    values, known = columns.get(test.fact, (None, np.zeros(rows, bool)))
    op, value = test.op, test.value
    if op in ("declared", "undeclared"):
        return known if op == "declared" else ~known
    if values is None:
        return known
    return known & _hit(values, op, value, rows)


def _hit(values, op, value, rows):
    if op in OPERATORS:
        return OPERATORS[op](values, value)
    if op == "in":
        return np.isin(values, value)
    if op == "not_in":
        return ~np.isin(values, value)
    flags, sizes = values
    if op.startswith("size_"):
        return OPERATORS[op.removeprefix("size_")](sizes, value)
    none = np.zeros(rows, bool)
    wanted = [flags.get(item, none) for item in value]
    other = [flags[item] for item in flags if item not in value]
    if op in ("contains_any", "disjoint"):
        found = np.logical_or.reduce(wanted)
        return found if op == "contains_any" else ~found
    if op in ("contains_all", "lacks"):
        found = np.logical_and.reduce(wanted)
        return found if op == "contains_all" else ~found
    found = np.logical_or.reduce(other) if other else none
    return found if op == "exceeds" else ~found
