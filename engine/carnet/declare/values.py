# SPDX-License-Identifier: Apache-2.0
"""Checks one declared value against its fact, and says what to write instead.

The checks are pydantic's own validators, built from the vocabulary on first use and shared by all facts of one shape.
They are taken from `pydantic_core`, since the model classes of `pydantic` would double the start-up time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from pydantic_core import ErrorDetails, SchemaValidator, ValidationError, core_schema

from carnet.days import ISO_DAY, possible, read_day
from carnet.declare.closed import Closed, close
from carnet.declare.codes import item_fault
from carnet.declare.former import now_called
from carnet.declare.quantities import parse_quantity
from carnet.declare.vocabulary import Fact, Value, Vocabulary, number_name
from carnet.errors import InputError, shown, suggest

Report = Callable[..., None]
"""Called with a message, a hint and, for an item of a list, its index."""

MAX_ITEMS = 1000
_YES_NO = {"yes": "true", "on": "true", "y": "true", "true": "true", "no": "false", "off": "false", "n": "false"}
_KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "number": "a number",
    "choice": "one word",
    "set": "a list",
    "date": "a date",
    "text": "text",
}


@dataclass(frozen=True)
class Names:
    """What a profile may name: facts, approvals and jurisdictions; None leaves a kind unchecked."""

    vocabulary: Vocabulary
    approvals: frozenset[str] | None = None
    jurisdictions: frozenset[str] | None = None

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The sections and parts of sections in which facts stand."""
        paths = self.vocabulary.facts
        return frozenset(path[:end] for path in paths for end in range(len(path)) if path[end] == ".")

    @cached_property
    def former_prefixes(self) -> frozenset[str]:
        """The sections and parts of sections in which facts stood before."""
        paths = self.vocabulary.former
        return frozenset(path[:end] for path in paths for end in range(len(path)) if path[end] == ".")

    def closed(self, complete: tuple[str, ...]) -> Closed:
        """What these sections answer where nothing is declared, once they are declared complete."""
        if complete not in self._closed:
            self._closed[complete] = close(complete, self.vocabulary.facts, self.approvals or ())
        return self._closed[complete]

    @cached_property
    def _closed(self) -> dict[tuple[str, ...], Closed]:
        return {}


def read_value(fact: Fact, raw: Any, names: Names, report: Report) -> Value | None:
    """The value that `raw` declares for `fact`, or None after reporting why it cannot be used."""
    value = _prepare(fact, now_called(fact, raw), report)
    if value is None:
        return None
    try:
        value = _validator(fact.type, tuple(fact.values), fact.range).validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            report(*_explain(fact, detail), *detail["loc"])
        return None
    if fact.type == "date":
        return _day(fact, possible, value, report)
    if fact.type == "number":
        return int(value) if value.is_integer() else value
    if fact.type == "set":
        return _read_items(fact, value, names, report)
    fault = item_fault(fact.items, value, names.jurisdictions, names.approvals) if fact.items else None
    if fault:
        report(f"`{fact.path}`: {fault[0]}", fault[1])
        return None
    return value  # type: ignore[no-any-return]


def _prepare(fact: Fact, raw: Any, report: Report) -> Any:
    """Accept quantities, quoted ISO dates (JSON has no others) and tuples."""
    if fact.type == "set" and isinstance(raw, (list, tuple)):
        if len(raw) > MAX_ITEMS:
            report(f"`{fact.path}` has more than {MAX_ITEMS} items", "shorten the list")
            return None
        return list(raw)
    if not isinstance(raw, str):
        return raw
    if fact.unit:
        try:
            return parse_quantity(raw, fact.unit)
        except InputError as error:
            report(f"`{fact.path}`: {error.message}", error.hint)
            return None
    if fact.type == "date" and ISO_DAY.match(raw):
        return _day(fact, read_day, raw, report)
    return raw


def _day(fact: Fact, read: Callable[[Any], dt.date], raw: Any, report: Report) -> dt.date | None:
    try:
        return read(raw)
    except InputError as error:
        report(f"`{fact.path}`: {error.message}", error.hint)
        return None


@cache
def _validator(kind: str, values: tuple[str, ...], bounds: tuple[float, float] | None) -> SchemaValidator:
    low, high = bounds or (None, None)
    word: core_schema.CoreSchema = core_schema.str_schema(strict=True, min_length=1)
    if values:
        word = core_schema.literal_schema(list(values))
    if kind == "bool":
        return SchemaValidator(core_schema.bool_schema(strict=True))
    if kind == "int":
        least, most = (None if bound is None else int(bound) for bound in (low, high))
        return SchemaValidator(core_schema.int_schema(strict=True, ge=least, le=most))
    if kind == "number":
        return SchemaValidator(core_schema.float_schema(strict=True, ge=low, le=high, allow_inf_nan=False))
    if kind == "date":
        return SchemaValidator(core_schema.date_schema(strict=True))
    return SchemaValidator(core_schema.list_schema(word, strict=True) if kind == "set" else word)


def _read_items(fact: Fact, items: list[str], names: Names, report: Report) -> Value | None:
    bad = False
    seen: set[str] = set()
    for index, item in enumerate(items):
        fault = item_fault(fact.items, item, names.jurisdictions, names.approvals) if fact.items else None
        if fault:
            report(f"`{fact.path}`: {fault[0]}", fault[1], index)
            bad = True
        if item in seen:
            report(f"`{fact.path}` names {shown(item)} twice", "keep one of them", index)
            bad = True
        seen.add(item)
    return None if bad else tuple(items)


def _explain(fact: Fact, detail: ErrorDetails) -> tuple[str, str]:
    """One sentence and a hint for what pydantic refused."""
    raw, path = detail["input"], f"`{fact.path}`"
    if detail["type"] in ("greater_than_equal", "less_than_equal") and fact.range:
        unit = f" {fact.unit}" if fact.unit else ""
        low, high = fact.range
        return (
            f"{path} is {shown(raw)}, outside {number_name(low)} to {number_name(high)}{unit}",
            "check the value and its unit",
        )
    if detail["type"] == "literal_error" and isinstance(raw, str):
        return f"{path} cannot be {shown(raw)}", suggest(raw[:60], fact.values) or _allowed(fact)
    if detail["type"] == "string_too_short":
        return f"{path} is empty", "remove it if it is not known"
    if detail["loc"]:
        return f"{path} lists {_written(raw)}, which is not text", _allowed(fact) or "write it in quotes"
    return f"{path} is {_KINDS[fact.type]}, not {_written(raw)}", _instead(fact, raw)


def _instead(fact: Fact, raw: Any) -> str:
    """What to write where the value has the wrong type."""
    if fact.type == "bool":
        meant = _YES_NO.get(str(raw).lower())
        return f"write `{meant}`" if meant else "write `true` or `false`"
    if fact.type == "set":
        return "write one in brackets, such as `[a, b]`"
    if fact.type == "date":
        return "write it as year-month-day, such as `2027-01-31`"
    if fact.type == "text":
        return "write it in quotes"
    return _allowed(fact) or "write digits only"


def _allowed(fact: Fact) -> str:
    return f"allowed: {', '.join(fact.values)}" if fact.values else ""


def _written(raw: Any) -> str:
    """The refused value as a message names it."""
    if isinstance(raw, (dict, list)):
        return "a mapping" if isinstance(raw, dict) else "a list"
    return shown(str(raw).lower() if isinstance(raw, bool) else raw)
