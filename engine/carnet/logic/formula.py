# SPDX-License-Identifier: Apache-2.0
"""Short arithmetic expressions over facts and parameters, parsed from a closed grammar and never run as Python.

    sum      = product (("+" | "-") product)*
    product  = unary (("*" | "/") unary)*
    unary    = "-" unary | atom
    atom     = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

A name with dots is a fact, one without a parameter; a fact that is a set stands for the number of its items. A value is
a number, a date, a table or `None` for unknown; what is computed from an unknown, divided by zero, looked up outside a
table or grows beyond all numbers is unknown too.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from carnet.logic.condition import Computed, Constant, FactRef, ParamRef

Number: TypeAlias = int | float
Result: TypeAlias = Any  # a number, a date, a table of rows, or None


class FormulaError(ValueError):
    """The text is not a formula; `offset` is the 0-based place in it."""

    def __init__(self, message: str, offset: int) -> None:
        self.offset = offset
        super().__init__(message)


class Expr(NamedTuple):
    """One node; `op` is `number`, `fact`, `param`, `value` (a parameter put in), `neg`, + - * / or a function."""

    op: str
    value: Any = None
    args: tuple[Expr, ...] = ()

    def facts(self) -> frozenset[str]:
        """The fact paths the expression reads."""
        own = frozenset((self.value,)) if self.op == "fact" else frozenset[str]()
        return own.union(*(arg.facts() for arg in self.args))

    def params(self) -> frozenset[str]:
        """The parameters that are still names."""
        own = frozenset((self.value,)) if self.op == "param" else frozenset[str]()
        return own.union(*(arg.params() for arg in self.args))

    def bind(self, params: Mapping[str, Any], facts: Mapping[str, Any], rename: Mapping[str, str]) -> Expr:
        """The same expression with known parameters and facts put in, and derived facts renamed."""
        if self.op == "param" and self.value in params:
            return _put_in(params[self.value]).bind({}, facts, rename)
        if self.op == "fact":
            if self.value in facts:
                return Expr("value", facts[self.value])
            return Expr("fact", rename[self.value]) if self.value in rename else self
        return (
            Expr(self.op, self.value, tuple(arg.bind(params, facts, rename) for arg in self.args))
            if self.args
            else self
        )

    def __str__(self) -> str:
        return formula_text(self)


def _put_in(given: Any) -> Expr:
    """What stands for a parameter as an expression: its value, or the formula, fact or parameter an instance gives."""
    if isinstance(given, Computed):
        return given.expr
    if isinstance(given, FactRef):
        return Expr("fact", given.path)
    if isinstance(given, ParamRef):
        return Expr("param", given.name)
    return Expr("value", given.value if isinstance(given, Constant) else given)


def _lookup(rows: Any, x: Any, between: bool) -> Result:
    keys = [row[0] for row in rows]
    at = bisect_right(keys, x) - 1
    if at < 0 or (between and x > keys[-1]):
        return None
    low = rows[at]
    if not between or at + 1 == len(rows):
        return low[1]
    high = rows[at + 1]
    return low[1] + (high[1] - low[1]) * (x - low[0]) / (high[0] - low[0])


def whole_years(start: dt.date, end: dt.date) -> int:
    """Completed years from `start` to `end`, as ages are counted."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Result]]] = {
    "min": (1, 9, lambda *xs: min(xs)),
    "max": (1, 9, lambda *xs: max(xs)),
    "sqrt": (1, 1, lambda x: math.sqrt(x) if x >= 0 else None),
    "ceil": (1, 1, math.ceil),
    "floor": (1, 1, math.floor),
    "abs": (1, 1, abs),
    "days": (2, 2, lambda a, b: (b - a).days),
    "years": (2, 2, whole_years),
    "month": (1, 1, lambda d: d.month),
    "step": (2, 2, lambda rows, x: _lookup(rows, x, between=False)),
    "interpolate": (2, 2, lambda rows, x: _lookup(rows, x, between=True)),
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Result]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
}
_ACTS: Mapping[str, Callable[..., Result]] = {
    **_ARITHMETIC,
    **{name: act for name, (_, _, act) in FUNCTIONS.items()},
    "neg": operator.neg,
}


def evaluate(expr: Expr, facts: Mapping[str, Any]) -> Result:
    """The value of an expression, or None where it is unknown.

    Raises:
        TypeError: for a parameter that was never bound.
    """
    if expr.op in ("number", "value"):
        return expr.value
    if expr.op == "fact":
        value = facts.get(expr.value)
        return len(value) if isinstance(value, tuple) else None if isinstance(value, str) else value
    if expr.op == "param":
        raise TypeError(f"formula is not bound: {expr}")
    args = [evaluate(arg, facts) for arg in expr.args]
    if any(arg is None for arg in args):
        return None
    try:
        result = _ACTS[expr.op](*args)
        usable = isinstance(result, dt.date) or (isinstance(result, (int, float)) and math.isfinite(result))
    except (TypeError, ValueError, OverflowError, AttributeError):
        return None
    return result if usable else None


_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<approval>approvals\.[A-Z0-9][A-Z0-9-]*\.[a-z_]+)"
    r"|(?P<name>[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*)|(?P<sign>[-+*/(),]))"
)
MAX_LENGTH = 500
MAX_DEPTH = 30


def parse_formula(text: str) -> Expr:
    """Parse a formula.

    Raises:
        FormulaError: with the offset of what is not understood.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"is longer than {MAX_LENGTH} characters", MAX_LENGTH)
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        self._depth = 0
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if not match or not match.lastgroup:
                start = at + len(text[at:]) - len(text[at:].lstrip())
                raise FormulaError(f"cannot read `{text[start]}`", start)
            self._tokens.append((match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            at = match.end()
        self._tokens.append(("end", "", len(text)))
        self._next = 0

    def parse(self) -> Expr:
        expr = self._chain(("+", "-"))
        self._expect("")
        return expr

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._next]

    def _take(self) -> tuple[str, str, int]:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _expect(self, sign: str) -> None:
        _, text, offset = self._take()
        if text != sign:
            raise FormulaError(f"expected `{sign or 'the end'}` before `{text or 'the end'}`", offset)

    def _chain(self, signs: tuple[str, ...]) -> Expr:
        below = self._unary if signs == ("*", "/") else lambda: self._chain(("*", "/"))
        expr = below()
        while self._peek()[1] in signs:
            sign = self._take()[1]
            expr = Expr(sign, None, (expr, below()))
        return expr

    def _unary(self) -> Expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormulaError(f"is nested deeper than {MAX_DEPTH} levels", self._peek()[2])
        negative = self._peek()[1] == "-"
        if negative:
            self._take()
        expr = Expr("neg", None, (self._unary(),)) if negative else self._atom()
        self._depth -= 1
        return expr

    def _atom(self) -> Expr:
        kind, text, offset = self._take()
        if kind == "number":
            return Expr("number", float(text) if "." in text else int(text))
        if text == "(":
            expr = self._chain(("+", "-"))
            self._expect(")")
            return expr
        if kind == "name" and self._peek()[1] == "(":
            return self._call(text, offset)
        if kind in ("name", "approval"):
            return Expr("fact" if "." in text else "param", text)
        raise FormulaError(f"expected a number, a name or `(` before `{text or 'the end'}`", offset)

    def _call(self, name: str, offset: int) -> Expr:
        if name not in FUNCTIONS:
            raise FormulaError(f"knows no function `{name}`, only {', '.join(FUNCTIONS)}", offset)
        self._take()
        args = [self._chain(("+", "-"))]
        while self._peek()[1] == ",":
            self._take()
            args.append(self._chain(("+", "-")))
        self._expect(")")
        low, high, _ = FUNCTIONS[name]
        if not low <= len(args) <= high:
            raise FormulaError(f"gives `{name}` {len(args)} values", offset)
        return Expr(name, None, tuple(args))


def formula_text(expr: Expr, name: Callable[[str], str] = str, inside: bool = False) -> str:
    """An expression as it is written; `name` says what to call a fact."""
    if expr.op == "fact":
        return name(expr.value)
    if expr.op in ("number", "param", "value"):
        return "table" if isinstance(expr.value, tuple) else str(expr.value)
    parts = [formula_text(arg, name, inside=expr.op in _ARITHMETIC or expr.op == "neg") for arg in expr.args]
    if expr.op == "neg":
        return f"-{parts[0]}"
    if expr.op in _ARITHMETIC:
        text = f"{parts[0]} {expr.op} {parts[1]}"
        return f"({text})" if inside else text
    return f"{expr.op}({', '.join(parts)})"
