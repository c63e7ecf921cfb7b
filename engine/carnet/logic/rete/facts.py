# SPDX-License-Identifier: Apache-2.0
"""The properties of the engine's facts, and how a profile's values become them.

A value enters as its place among the constants it is compared with: 2i + 1 when it equals the i-th, an even number
between two of them. The engine's comparisons of places are those of the values, exactly, whatever the size of a number
or the content of a text, and a change that crosses no limit changes nothing. What durable-rules cannot express (sets,
formulas, fact against fact) is decided first and enters as true or false.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from carnet.logic.condition import ORDERINGS, Compare, Constant, facts_read
from carnet.logic.native import compile_condition
from carnet.logic.numbers import same
from carnet.logic.rete.patterns import Pair, literal_pair

_OPS = {"eq": "$eq", "ne": "$neq", "lt": "$lt", "lte": "$lte", "gt": "$gt", "gte": "$gte"}
_KINDS: Mapping[str, tuple[type, ...]] = {"number": (bool, int, float), "text": (str,), "date": (dt.date,)}


class Property:
    """One property: what it is computed from, and the constants of one kind it is compared with."""

    __slots__ = ("_constants", "_kept", "_kind", "_value", "reads")

    def __init__(self, kind: str, what: str | Compare, constants: Iterable[Any] = ()) -> None:
        self._kept = (kind, what)
        self.reads, self._value, type_name = _source(kind, what)
        self._kind = _KINDS[type_name]
        self._constants: list[Any] = list(constants)

    def __reduce__(self) -> tuple[Any, ...]:
        return Property, (*self._kept, tuple(self._constants))

    def add(self, constant: Any) -> None:
        """Note one more constant; places are final once there are no more."""
        if constant not in self._constants:
            insort(self._constants, constant)

    def place(self, value: Any) -> int:
        """The value's place; one of another kind equals no constant."""
        constants = self._constants
        if not isinstance(value, self._kind):
            return 0
        at = bisect_left(constants, value)
        near = next((one for one in (at, at - 1) if 0 <= one < len(constants) and same(constants[one], value)), None)
        return 2 * at if near is None else 2 * near + 1

    def encode(self, facts: Mapping[str, Any]) -> int | None:
        """What the engine reads for these facts, None while it is unknown."""
        value = self._value(facts)
        return None if value is None else self.place(value)


class Properties:
    """The properties that a program's leaves compare, each once."""

    def __init__(self) -> None:
        self.all: list[Property] = []
        self._index: dict[tuple[str, str | Compare], int] = {}

    def leaf(self, leaf: Compare) -> Pair:
        """The patterns of a comparison, and of its complement."""
        value = leaf.operand.value if isinstance(leaf.operand, Constant) else None
        if leaf.op.startswith("size_") and isinstance(value, int):
            return self._compared("size", leaf.path, leaf.op[len("size_") :], value)
        if leaf.op in ("eq", "ne", *ORDERINGS):
            for kind, types in _KINDS.items():
                if isinstance(value, types) and value == value:
                    return self._compared(kind, leaf.path, leaf.op, value)
        return self._compared("test", leaf, "eq", True)

    def truth(self, path: str) -> Pair:
        """The patterns of a fact that is itself a truth value."""
        return self._compared("number", path, "eq", True)

    def _compared(self, kind: str, what: str | Compare, op: str, constant: Any) -> Pair:
        key = (kind, what)
        if key not in self._index:
            self._index[key] = len(self.all)
            self.all.append(Property(kind, what))
        index = self._index[key]
        self.all[index].add(constant)
        return literal_pair(index, _OPS[op], constant)


def _source(kind: str, what: str | Compare) -> tuple[frozenset[str], Callable[[Mapping[str, Any]], Any], str]:
    """The facts a property reads, how it is computed from them, and the kind of its values."""
    if isinstance(what, Compare):
        return facts_read(what), compile_condition(what), "number"
    if kind == "size":
        return frozenset((what,)), lambda facts: _length(facts.get(what)), "number"
    return frozenset((what,)), lambda facts: facts.get(what), kind


def _length(value: Any) -> int | None:
    return None if value is None else len(value)
