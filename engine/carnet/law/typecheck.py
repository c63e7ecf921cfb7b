# SPDX-License-Identifier: Apache-2.0
"""Whether a condition makes sense over the vocabulary: facts exist, operators fit their types, values are allowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any as Data

from carnet.declare.vocabulary import Fact, Vocabulary
from carnet.errors import CarnetError, suggest
from carnet.logic.condition import (
    ORDERINGS,
    SIZE_OPS,
    Applied,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    GroupRef,
    leaves,
)

_OPS = {
    "bool": ("eq", "ne"),
    "int": ("eq", "ne", *ORDERINGS, "in", "not_in"),
    "number": ("eq", "ne", *ORDERINGS, "in", "not_in"),
    "date": ("eq", "ne", *ORDERINGS),
    "choice": ("eq", "ne", "in", "not_in"),
    "text": ("eq", "ne", "in", "not_in"),
    "set": ("eq", "ne", "contains_any", "contains_all", "subset_of", "disjoint", "ranks", *SIZE_OPS),
}
_PLAIN = {"bool": bool, "date": dt.date, "choice": str, "text": str, "set": str}
_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "number": "a number",
    "choice": "a choice",
    "set": "a set",
    "date": "a date",
    "text": "a text",
}
Problem = tuple[str, str, str]  # the leaf's path, the message, the hint


class TypeChecker:
    """Checks conditions against the vocabulary, the approvals catalogue and the groups."""

    def __init__(self, vocabulary: Vocabulary, approvals: Collection[str], groups: Collection[str]) -> None:
        self._vocabulary = vocabulary
        self._approvals = approvals
        self._groups = groups

    def problems(self, condition: Condition) -> Iterator[Problem]:
        """Everything wrong with a condition: (key, message, hint)."""
        for leaf in leaves(condition):
            if isinstance(leaf, Applied):
                for approval in leaf.approvals:
                    yield from self._approval(approval, "approvals")
            elif leaf.path != "approvals":
                yield from self._leaf(leaf)

    def _approval(self, approval: str, key: str) -> Iterator[Problem]:
        if approval not in self._approvals:
            hint = suggest(approval, self._approvals) or "add it to a pack's `approvals:`"
            yield key, f"asks for the approval `{approval}`, which no pack lists", hint

    def _fact(self, path: str, key: str) -> Iterator[Problem | Fact]:
        if path.startswith("approvals."):
            yield from self._approval(path.split(".")[1], key)
        try:
            yield self._vocabulary.fact(path)
        except CarnetError as error:
            yield key, f"reads the fact `{path}`, which the vocabulary does not have", error.hint

    def _leaf(self, leaf: Compare) -> Iterator[Problem]:
        for found in self._fact(leaf.path, leaf.path):
            if isinstance(found, Fact):
                yield from self._comparison(leaf, found)
            else:
                yield found
        if isinstance(leaf.operand, Computed):
            for path in sorted(leaf.operand.expr.facts()):
                for found in self._fact(path, leaf.path):
                    if not isinstance(found, Fact):
                        yield found
                    elif found.type not in ("int", "number", "date", "set"):
                        yield leaf.path, f"computes with `{path}`, which is a {found.type}", "use a number or a date"

    def _comparison(self, leaf: Compare, fact: Fact) -> Iterator[Problem]:
        if leaf.op == "declared":
            return
        if leaf.op not in _OPS.get(fact.type, ()):
            hint = f"use one of {', '.join(_OPS.get(fact.type, ()))}"
            yield leaf.path, f"compares {_KINDS[fact.type]} with `{leaf.op}`", hint
            return
        operand = leaf.operand
        if isinstance(operand, GroupRef) and operand.name not in self._groups:
            yield (
                leaf.path,
                f"names the group `{operand.name}`, which does not exist",
                suggest(operand.name, self._groups),
            )
        if isinstance(operand, FactRef):
            for found in self._fact(operand.path, leaf.path):
                if not isinstance(found, Fact):
                    yield found
                elif not _comparable(fact, found, leaf.op):
                    yield leaf.path, f"compares {_KINDS[fact.type]} with `{operand.path}`, {_KINDS[found.type]}", ""
        if isinstance(operand, Constant):
            yield from self._constant(leaf, fact, operand.value)

    def _constant(self, leaf: Compare, fact: Fact, value: Data) -> Iterator[Problem]:
        for item in _items(value):
            if leaf.op.startswith("size_") or fact.type in ("int", "number"):
                if isinstance(item, bool) or not isinstance(item, (int, float)):
                    yield leaf.path, f"compares with `{item}`, which is not a number", ""
            elif not isinstance(item, _PLAIN[fact.type]):
                yield leaf.path, f"compares {_KINDS[fact.type]} with `{item}`", f"write {_KINDS[fact.type]}"
            elif fact.values and item not in fact.values:
                hint = suggest(str(item), fact.values) or f"use one of {', '.join(list(fact.values)[:12])}"
                yield leaf.path, f"compares with `{item}`, which is not a value of `{fact.path}`", hint


def _items(value: Data) -> tuple[Data, ...]:
    return value if isinstance(value, tuple) else (value,)


def _comparable(left: Fact, right: Fact, op: str) -> bool:
    numeric = ("int", "number")
    words: Callable[[Fact], bool] = lambda fact: fact.type in ("choice", "text")  # noqa: E731
    if op in ("in", "not_in"):
        return right.type == "set"
    if left.type == "set":
        return right.type == "set" or (right.type in numeric and op.startswith("size_"))
    return left.type == right.type or (left.type in numeric and right.type in numeric) or (words(left) and words(right))
