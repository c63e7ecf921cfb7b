# SPDX-License-Identifier: Apache-2.0
"""From the YAML of a condition to its tree, with the place of whatever cannot be understood.

Spellings that mean the same become the same tree: `between` is two comparisons, `contains: x` is `contains_all: [x]`,
and whatever speaks of `context.market` speaks of the market's whole chain, because a set of jurisdictions contains a
market when it names it or an ancestor of it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from carnet.errors import LawError, suggest
from carnet.logic.condition import (
    OPS,
    ORDERINGS,
    SET_OPS,
    WITHIN,
    AllOf,
    AnyOf,
    Applied,
    AtLeast,
    Compare,
    Computed,
    Condition,
    Constant,
    FactRef,
    GroupRef,
    Not,
    Operand,
    ParamRef,
    held,
)
from carnet.logic.formula import FormulaError, parse_formula
from carnet.source import Path_, Source

MARKET = "context.market"
CHAIN = "context.chain"
WRITTEN_OPS = ("eq", "ne", *ORDERINGS, "between", "in", "not_in", "contains", *SET_OPS, "size", "declared")
_COMBINATORS = ("all", "any", "not", "at_least", "approvals")
_OPERANDS = ("fact", "param", "formula", "group")
_SCALARS = (bool, int, float, str, dt.date)


class ConditionParser:
    """Parses conditions of one file; every error names the file, line and key.

    limits: they are limits of grants, which compare places with areas.
    """

    def __init__(self, source: Source, limits: bool = False) -> None:
        self._source, self._limits = source, limits

    def parse(self, data: Any, path: Path_) -> Condition:
        """The condition that stands at `path`.

        Raises:
            LawError: for an unknown operator or combinator, or a value of the wrong shape.
        """
        if not isinstance(data, dict):
            raise self._error("is not a condition", path, "write `fact.path: value` or `all: [...]`")
        items = [self._entry(key, value, (*path, key)) for key, value in data.items()]
        return items[0] if len(items) == 1 else AllOf(tuple(items))

    def _error(self, message: str, path: Path_, hint: str = "") -> LawError:
        return LawError(f"`{path[-1]}` {message}", self._source.place(path), hint)

    def _entry(self, key: str, value: Any, path: Path_) -> Condition:
        if key in ("all", "any"):
            items = tuple(self.parse(item, (*path, i)) for i, item in enumerate(self._list(value, path)))
            return AllOf(items) if key == "all" else AnyOf(items)
        if key == "not":
            return Not(self.parse(value, path))
        if key == "at_least":
            return self._at_least(value, path)
        if key == "approvals":
            return self._approvals(value, path)
        if "." not in key:
            hint = suggest(key, (*_COMBINATORS, *WRITTEN_OPS)) or "a fact has a dot in its path"
            raise self._error("is neither a combinator nor a fact", path, hint)
        return self._comparisons(key, value, path)

    def _list(self, value: Any, path: Path_) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise self._error("needs a list with at least one item", path)
        return value

    def _at_least(self, value: Any, path: Path_) -> Condition:
        if not isinstance(value, dict) or set(value) != {"n", "of"} or type(value["n"]) is not int:
            raise self._error("needs `{n: <whole number>, of: [...]}`", path)
        of = self._list(value["of"], (*path, "of"))
        if not 1 <= value["n"] <= len(of):
            raise self._error(f"asks for {value['n']} of {len(of)}", path, "ask for at least one and at most all")
        return AtLeast(value["n"], tuple(self.parse(item, (*path, "of", i)) for i, item in enumerate(of)))

    def _approvals(self, value: Any, path: Path_) -> Condition:
        if not isinstance(value, dict) or len(value) != 1:
            raise self._error("needs one of `any_of`, `all_of`, `applied_of`", path)
        (how, ids), *_ = value.items()
        if isinstance(ids, dict) and set(ids) == {"param"}:
            operand = ParamRef(str(ids["param"]))
            if how in ("any_of", "all_of"):
                return Compare("approvals", how, operand)
        elif how in ("any_of", "all_of", "applied_of"):
            names = self._list(ids, (*path, how))
            if not all(isinstance(name, str) for name in names):
                raise self._error("needs approval ids", (*path, how))
            if how == "applied_of":
                return Applied(tuple(names))
            wanted = tuple(held(name) for name in names)
            return wanted[0] if len(wanted) == 1 else AnyOf(wanted) if how == "any_of" else AllOf(wanted)
        hint = suggest(how, ("any_of", "all_of", "applied_of"))
        raise self._error(f"has no way `{how}` to ask for approvals", path, hint)

    def _comparisons(self, fact: str, value: Any, path: Path_) -> Condition:
        if not isinstance(value, dict):
            return self._compare(fact, "eq", value, path)
        if set(value) & set(_OPERANDS) and len(value) == 1:
            return self._compare(fact, "eq", value, path)
        if not value:
            raise self._error("compares with nothing", path, f"use one of {', '.join(WRITTEN_OPS)}")
        items = [self._operator(fact, op, rhs, (*path, op)) for op, rhs in value.items()]
        return items[0] if len(items) == 1 else AllOf(tuple(items))

    def _operator(self, fact: str, op: str, rhs: Any, path: Path_) -> Condition:
        if op == "between":
            bounds = self._list(rhs, path)
            if len(bounds) != 2:
                raise self._error("needs a lower and an upper bound", path)
            return AllOf((self._compare(fact, "gte", bounds[0], path), self._compare(fact, "lte", bounds[1], path)))
        if op == "size":
            sizes = rhs if isinstance(rhs, dict) and not set(rhs) & set(_OPERANDS) else {"eq": rhs}
            if not set(sizes) <= {"eq", "ne", *ORDERINGS}:
                raise self._error("compares a number of items", path, "use eq, ne, lt, lte, gt or gte")
            parts = [self._compare(fact, f"size_{size}", bound, path) for size, bound in sizes.items()]
            return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
        if op == "contains":
            rhs, op = ([rhs] if isinstance(rhs, _SCALARS) else rhs), "contains_all"
        if op == WITHIN and self._limits and isinstance(rhs, dict) and set(rhs) == {"fact"}:
            return self._compare(fact, op, rhs, path)
        if op not in OPS:
            raise self._error("is not an operator", path, suggest(op, WRITTEN_OPS) or "see docs/conditions.md")
        return self._compare(fact, op, rhs, path)

    def _compare(self, fact: str, op: str, rhs: Any, path: Path_) -> Condition:
        operand = self._operand(rhs, op, path)
        if fact == MARKET:
            if isinstance(operand, FactRef) and op in ("eq", "ne"):
                return Compare(operand.path, "in" if op == "eq" else "not_in", FactRef(CHAIN))
            wanted = {"eq": "contains_any", "in": "contains_any", "ne": "disjoint", "not_in": "disjoint"}.get(op)
            if wanted is None:
                raise self._error(f"cannot be compared with `{op}`", path, "use eq, ne, in or not_in")
            if isinstance(operand, Constant) and isinstance(operand.value, str):
                operand = Constant((operand.value,))
            return Compare(CHAIN, wanted, operand)
        if operand == FactRef(MARKET):
            rewritten = {"contains_all": "contains_any", "eq": "in", "ne": "not_in"}.get(op, op)
            return Compare(fact, rewritten, FactRef(CHAIN))
        return Compare(fact, op, operand)

    def _operand(self, rhs: Any, op: str, path: Path_) -> Operand:
        if isinstance(rhs, dict):
            return self.reference(rhs, path)
        if op == "declared":
            if not isinstance(rhs, bool):
                raise self._error("takes true or false", path)
            return Constant(rhs)
        if op.startswith("size_") and type(rhs) is not int:
            raise self._error("counts items with a whole number", path)
        if op in SET_OPS or op in ("in", "not_in"):
            values = self._list(rhs, path)
            if not all(isinstance(item, _SCALARS) for item in values):
                raise self._error("takes a list of plain values", path)
            return Constant(tuple(values))
        if isinstance(rhs, list) and all(isinstance(item, str) for item in rhs):
            return Constant(tuple(rhs))
        if not isinstance(rhs, _SCALARS):
            raise self._error("needs a value", path, "write a value, or {fact: path}, {param: name}, {formula: text}")
        return Constant(rhs)

    def reference(self, rhs: dict[str, Any], path: Path_) -> Operand:
        """The operand that `{fact: ...}`, `{param: ...}`, `{formula: ...}` or `{group: ...}` names."""
        (kind, name), *more = rhs.items() if rhs else (("", None),)
        if more or kind not in _OPERANDS or not isinstance(name, str):
            raise self._error("has an operand that is not understood", path, f"use one of {', '.join(_OPERANDS)}")
        if kind == "formula":
            try:
                return Computed(parse_formula(name))
            except FormulaError as error:
                raise self._error(f"{error} (character {error.offset + 1} of `{name}`)", (*path, kind)) from None
        return FactRef(name) if kind == "fact" else ParamRef(name) if kind == "param" else GroupRef(name)
