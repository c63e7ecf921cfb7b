# SPDX-License-Identifier: Apache-2.0
"""Cases as YAML, and their place in a pack: text is inserted, everything else in the file stays byte for byte."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any as Data

from carnet.errors import InputError, LawError, Place
from carnet.law.model import Case, Rule
from carnet.source import parse_source

WIDTH = 120
BREAK = "\0"
_TESTS = re.compile(r" *tests:\s*(?:#.*)?$")
_NO_TESTS = re.compile(r" *tests: *\[\] *$")


def case_lines(case: Case, home: str, indent: int) -> list[str]:
    """One case as an item of a list, in flow style, wrapped between values where it is too long for a line.

    home: the jurisdiction of the rule, which a case need not name as its market.
    """
    margin = " " * indent
    lines = [f"{margin}-"]
    for piece in _flow(_parts(case, home)).split(BREAK):
        if len(lines[-1]) + 1 + len(piece) > WIDTH and lines[-1].strip() != "-":
            lines.append(f"{margin}   ")
        lines[-1] += f" {piece}"
    return lines


def _parts(case: Case, home: str) -> dict[str, Data]:
    parts: dict[str, Data] = {"given": case.given, "expect": case.expect}
    if case.as_of:
        parts["as_of"] = case.as_of
    if case.market != home:
        parts["market"] = case.market
    if case.unknown is not None:
        parts["unknown"] = tuple(case.unknown)
    return parts


def _flow(value: Data) -> str:
    """A value in flow style, with a mark wherever a line may end."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + f",{BREAK}".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + f",{BREAK}".join(map(_flow, value)) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _word(value) if isinstance(value, str) else str(value)


@cache
def _word(text: str) -> str:
    """Text as a plain scalar where it reads back as the same text, else in quotes."""
    try:
        plain = parse_source(f"[{text}]").data == [text] and not text.startswith(("'", '"'))
    except InputError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


def shown_case(case: Case, home: str) -> str:
    """A case on one line, however long."""
    return _flow(_parts(case, home)).replace(BREAK, " ")


def with_cases(text: str, file: str, added: Iterable[tuple[Rule, Sequence[Case]]]) -> str:
    """The text of a pack with cases added to its rules.

    Raises:
        LawError: when a rule is written in a form that cases cannot be added to; nothing is changed then.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    for rule, cases in sorted(added, key=lambda item: -item[0].place.line):
        _insert(lines, rule, cases)
    result = newline.join(lines) + newline
    _compare(parse_source(text, file).data, parse_source(result, file).data, file)
    return result


def _insert(lines: list[str], rule: Rule, cases: Sequence[Case]) -> None:
    first, indent = rule.place.line - 1, rule.place.column - 1
    place = Place(rule.place.file, rule.place.line, rule.place.column)
    if lines[first][indent] == "{":
        raise LawError(f"rule `{rule.id}` stands in braces", place, "write one key per line, then add its cases")
    end = _end(lines, first + 1, indent)
    at = next((n for n in range(first + 1, end) if _is_key(lines[n], indent, "tests:")), None)
    if at is None or _NO_TESTS.match(lines[at]):
        head = [f"{' ' * indent}tests:"]
        item, start, stop = indent + 2, *((end, end) if at is None else (at, at + 1))
    elif _TESTS.match(lines[at]):
        stop = start = _end(lines, at + 1, indent + 1, items=indent)
        head, item = [], next((_indent(line) for line in lines[at + 1 : stop] if line.lstrip().startswith("-")), indent)
    else:
        raise LawError(f"rule `{rule.id}` writes its cases in brackets", place, "put one case per line")
    lines[start:stop] = [*head, *(line for case in cases for line in case_lines(case, rule.jurisdiction, item))]


def _end(lines: Sequence[str], start: int, indent: int, items: int | None = None) -> int:
    """The line after a block's last: the next that is indented less, or, with `items`, no item at that indent."""
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        is_item = items is not None and _indent(line) == items and line.lstrip().startswith("- ")
        if _indent(line) < indent and not is_item:
            break
        end = number + 1
    return end


def _is_key(line: str, indent: int, key: str) -> bool:
    return _indent(line) == indent and line.lstrip().startswith(key)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _compare(before: Data, after: Data, file: str) -> None:
    """Refuse a result that reads differently in anything but cases."""
    old, new = ({**data, "rules": [_without_tests(rule) for rule in data["rules"]]} for data in (before, after))
    if old != new:
        raise LawError("cannot be added to without changing its meaning", Place(file), "add the cases by hand")


def _without_tests(rule: Mapping[str, Data]) -> dict[str, Data]:
    return {key: value for key, value in rule.items() if key != "tests"}
