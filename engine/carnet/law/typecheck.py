# SPDX-License-Identifier: Apache-2.0
"""Whether a condition makes sense over the vocabulary: facts exist, operators fit their types, values are allowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from carnet.declare.vocabulary import CONTEXT, Fact, Vocabulary
from carnet.errors import CarnetError, suggest
from carnet.logic.condition import (
    ORDERINGS,
    SIZE_OPS,
    WITHIN,
    Applied,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    GroupRef,
    NoLimit,
    ParamRef,
    leaves,
)
from carnet.logic.formula import Expr

_OPS = {
    "bool": ("eq", "ne"),
    "int": ("eq", "ne", *ORDERINGS, "in", "not_in"),
    "number": ("eq", "ne", *ORDERINGS, "in", "not_in"),
    "date": ("eq", "ne", *ORDERINGS),
    "choice": ("eq", "ne", "in", "not_in"),
    "text": ("eq", "ne", "in", "not_in"),
    "set": ("eq", "ne", "contains_any", "contains_all", "subset_of", "disjoint", "ranks", WITHIN, *SIZE_OPS),
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
_TAKES = {"days": ("date", "date"), "years": ("date", "date"), "month": ("date",)} | dict.fromkeys(
    ("step", "interpolate"), ("table", "number")
)
Problem = tuple[str, str, str]  # the leaf's path, the message, the hint


class TypeChecker:
    """Checks conditions against the vocabulary, the approvals catalogue and the groups."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        approvals: Collection[str],
        groups: Collection[str],
        parameters: Mapping[str, Collection[Any]] = MappingProxyType({}),
    ) -> None:
        """parameters: every value that one of this name has anywhere in the law."""
        kinds = {name: {_kind_of(value) for value in values} - {None} for name, values in parameters.items()}
        self._parameters = {name: only.pop() for name, only in kinds.items() if len(only) == 1}
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
            yield from self._formula(leaf)

    def _formula(self, leaf: Compare) -> Iterator[Problem]:
        """What a formula computes wrongly, and what it gives where another kind is compared."""
        assert isinstance(leaf.operand, Computed)
        faults: list[str] = []
        kind = self._kind(leaf.operand.expr, faults)
        for fault in faults:
            yield leaf.path, f"has a formula that {fault}", "use `days`, `years` or `month` to compute with dates"
        fact = self._vocabulary.facts.get(leaf.path) or self._vocabulary.derived.get(leaf.path)
        wanted = "date" if fact and fact.type == "date" else "number"
        if not faults and fact and kind not in (None, wanted):
            yield leaf.path, f"compares {_KINDS[fact.type]} with a formula that gives a {kind}", ""

    def _kind(self, expr: Expr, faults: list[str]) -> str | None:
        """What an expression gives: a number, a date or a table; None where that is a parameter's affair."""
        if expr.op == "fact":
            fact = self._vocabulary.facts.get(expr.value) or CONTEXT.get(expr.value)
            return None if fact is None else "date" if fact.type == "date" else "number"
        if expr.op in ("number", "value"):
            value = expr.value
            return "date" if isinstance(value, dt.date) else "table" if isinstance(value, tuple) else "number"
        if expr.op == "param":
            return self._parameters.get(expr.value)
        kinds = [self._kind(arg, faults) for arg in expr.args]
        wanted = _TAKES.get(expr.op, ("number",) * len(kinds))
        if expr.op in ("min", "max"):
            return next((kind for kind in kinds if kind), None)
        for kind, want in zip(kinds, wanted, strict=True):
            if kind not in (None, want):
                faults.append(f"takes a {kind} for a {want} in `{expr.op}`")
        return "number"

    def _comparison(self, leaf: Compare, fact: Fact) -> Iterator[Problem]:
        if leaf.op == "declared":
            return
        if leaf.op not in _OPS.get(fact.type, ()):
            known = (op for op in _OPS.get(fact.type, ()) if op != WITHIN)  # which only limits of grants may say
            hint = f"use one of {', '.join(known)}"
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
        if isinstance(operand, ParamRef) and leaf.op in ORDERINGS:
            kind, wanted = self._parameters.get(operand.name), "date" if fact.type == "date" else "number"
            if kind not in (None, wanted):
                yield leaf.path, f"compares {_KINDS[fact.type]} with the parameter `{operand.name}`, a {kind}", ""

    def _constant(self, leaf: Compare, fact: Fact, value: Any) -> Iterator[Problem]:
        for item in _items(value):
            if leaf.op.startswith("size_") or fact.type in ("int", "number"):
                if isinstance(item, bool) or not isinstance(item, (int, float)):
                    yield leaf.path, f"compares with `{item}`, which is not a number", ""
            elif not isinstance(item, _PLAIN[fact.type]):
                yield leaf.path, f"compares {_KINDS[fact.type]} with `{item}`", f"write {_KINDS[fact.type]}"
            elif fact.values and item not in fact.values:
                hint = suggest(str(item), fact.values) or f"use one of {', '.join(list(fact.values)[:12])}"
                yield leaf.path, f"compares with `{item}`, which is not a value of `{fact.path}`", hint


def _kind_of(value: Any) -> str | None:
    """What a parameter's value is to a formula or a comparison; None where the law sets no limit."""
    if isinstance(value, NoLimit):
        return None
    if isinstance(value, tuple):
        return "table" if value and isinstance(value[0], tuple) else "list"
    if isinstance(value, (dt.date, str, bool)):
        return {dt.date: "date", str: "word", bool: "truth"}[type(value)]
    return "number"


def _items(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _comparable(left: Fact, right: Fact, op: str) -> bool:
    numeric = ("int", "number")
    words: Callable[[Fact], bool] = lambda fact: fact.type in ("choice", "text")  # noqa: E731
    if op in ("in", "not_in"):
        return right.type == "set"
    if left.type == "set":
        return right.type == "set" or (right.type in numeric and op.startswith("size_"))
    return left.type == right.type or (left.type in numeric and right.type in numeric) or (words(left) and words(right))
