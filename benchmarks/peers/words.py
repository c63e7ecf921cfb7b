# SPDX-License-Identifier: Apache-2.0
"""Expressions as text of a language that has `and`, `or` and words for each comparison."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules import Every, Expression, Test

SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


@dataclass(frozen=True)
class Language:
    """known: what says that a fact is declared. words: each operator, given the fact and the value as texts."""

    known: Callable[[str], str]
    words: Mapping[str, Callable[[str, str], str]]
    both: str = " and "
    either: str = " or "
    true: str = "true"
    false: str = "false"
    undeclared: Callable[[str], str] = lambda fact: f"{fact} == null"
    quote: Callable[[Any], str] = json.dumps

    def write(self, expression: Expression) -> str:
        if isinstance(expression, Test):
            return self._test(expression)
        joined, neutral = (self.both, self.true) if isinstance(expression, Every) else (self.either, self.false)
        return f"({joined.join(map(self.write, expression.parts))})" if expression.parts else neutral

    def _test(self, test: Test) -> str:
        if test.op == "undeclared":
            return f"({self.undeclared(test.fact)})"
        known = self.known(test.fact)
        if test.op == "declared":
            return f"({known})"
        return f"({known}{self.both}{self.words[test.op](test.fact, self.quote(test.value))})"


def signs(fact: Callable[[str], str] = str, size: Callable[[str], str] = str) -> dict[str, Callable[[str, str], str]]:
    """Words for comparisons of numbers and of the sizes of sets."""
    words: dict[str, Callable[[str, str], str]] = {}
    for op, sign in SIGNS.items():
        words[op] = lambda name, value, sign=sign: f"{fact(name)} {sign} {value}"  # type: ignore[misc]
        words[f"size_{op}"] = lambda name, value, sign=sign: f"{size(name)} {sign} {value}"  # type: ignore[misc]
    return words
