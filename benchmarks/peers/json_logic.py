# SPDX-License-Identifier: Apache-2.0
"""JSON Logic (json-logic-qubit): a tree of dicts per rule."""

from __future__ import annotations

import importlib

from rules import Every, Test

logic = importlib.import_module("json_logic").jsonLogic
SIGNS = {"eq": "===", "ne": "!==", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
NEGATED = {"not_in": "in", "disjoint": "contains_any", "lacks": "contains_all", "exceeds": "subset_of"}


def write(expression):
    if isinstance(expression, Test):
        fact = {"var": expression.fact}
        if expression.op == "undeclared":
            return {"===": [fact, None]}
        known = {"!==": [fact, None]}
        return known if expression.op == "declared" else {"and": [known, _word(fact, expression.op, expression.value)]}
    if not expression.parts:
        return isinstance(expression, Every)
    return {"and" if isinstance(expression, Every) else "or": [write(part) for part in expression.parts]}


def _word(fact, op, value):
    if op in NEGATED:
        return {"!": [_word(fact, NEGATED[op], value)]}
    if op == "in":
        return {"in": [fact, value]}
    if op in ("contains_any", "contains_all"):
        return {"or" if op == "contains_any" else "and": [{"in": [item, fact]} for item in value]}
    if op == "subset_of":
        return {"none": [fact, {"!": [{"in": [{"var": ""}, value]}]}]}
    if op.startswith("size_"):
        fact, op = {"reduce": [fact, {"+": [1, {"var": "accumulator"}]}, 0]}, op.removeprefix("size_")
    return {SIGNS[op]: [fact, value]}


def by_row(rules):
    trees = [write(rule.gap) for rule in rules]

    def run(profile):
        return [at for at, tree in enumerate(trees) if logic(tree, profile)]

    return run
