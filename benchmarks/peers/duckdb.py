# SPDX-License-Identifier: Apache-2.0
"""SQL in DuckDB: one query that counts, for every rule, the rows of a table of its own in which its condition holds."""

from __future__ import annotations

import importlib
import re

import pyarrow as pa
import pyarrow.compute as pc
from rules import Every, Test, name_of

engine = importlib.import_module("duckdb")
SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def _literal(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return ("true" if value else "false") if isinstance(value, bool) else repr(value)


def write(expression):
    if isinstance(expression, Test):
        return _test(expression)
    if not expression.parts:
        return "true" if isinstance(expression, Every) else "false"
    return "(" + (" and " if isinstance(expression, Every) else " or ").join(map(write, expression.parts)) + ")"


def _test(test):
    name, op, value = test.fact, test.op, _literal(test.value)
    if op in SIGNS:
        return f"coalesce({name} {SIGNS[op]} {value}, false)"
    if op.startswith("size_"):
        return f"coalesce(len({name}) {SIGNS[op.removeprefix('size_')]} {value}, false)"
    items = re.sub(r"^\[|\]$", "", value)
    word = {
        "declared": f"{name} is not null",
        "undeclared": f"{name} is null",
        "in": f"{name} in ({items})",
        "not_in": f"{name} not in ({items})",
        "contains_any": f"list_has_any({name}, {value})",
        "disjoint": f"not list_has_any({name}, {value})",
        "contains_all": f"list_has_all({name}, {value})",
        "lacks": f"not list_has_all({name}, {value})",
        "subset_of": f"list_has_all({value}, {name})",
        "exceeds": f"not list_has_all({value}, {name})",
    }[op]
    return f"coalesce({word}, false)"


def by_table(rules, table):
    connection = engine.connect(config={"threads": 2})
    fleet = prepared(table.slice(0, 0))  # noqa: F841, DuckDB finds it by its name
    connection.execute("create table profiles as select * from fleet")
    counted = ", ".join(f"count(*) filter (where {write(rule.gap)})" for rule in rules)
    connection.execute(f"prepare gaps as select {counted} from profiles")

    def load():
        fleet = prepared(table)  # noqa: F841
        connection.execute("delete from profiles; insert into profiles select * from fleet")

    return load, lambda _: list(connection.execute("execute gaps").fetchall()[0])


def prepared(table):
    """Days as numbers, names without dots, text without dictionary."""
    columns = {}
    for path in table.column_names:
        array = table[path].combine_chunks()
        if pa.types.is_date(array.type):
            array = pc.add(array.cast(pa.int32()), 719163)
        elif pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        columns[name_of(path)] = array
    return pa.table(columns)
