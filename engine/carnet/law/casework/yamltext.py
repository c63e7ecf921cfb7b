# SPDX-License-Identifier: Apache-2.0
"""Cases as YAML, in the file beside the pack file whose rules they test."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from carnet.errors import InputError
from carnet.law.model import Case
from carnet.source import parse_source

WIDTH = 120
BREAK = "\0"
CHOSEN = "chosen from its conditions (`carnet test --renew`); cases taken from the law itself stand beside the rule"


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


def _parts(case: Case, home: str) -> dict[str, Any]:
    parts: dict[str, Any] = {"given": case.given, "expect": case.expect}
    if case.as_of:
        parts["as_of"] = case.as_of
    if case.market != home:
        parts["market"] = case.market
    if case.unknown is not None:
        parts["unknown"] = tuple(case.unknown)
    if case.says:
        parts["says"] = case.says
    return parts


def _flow(value: Any) -> str:
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


def cases_text(pack: str, home: str, cases: Mapping[str, Sequence[Case]]) -> str:
    """The file of cases beside a pack file: those of each of its rules, in the order given."""
    lines = [f"# Cases of {pack}, {CHOSEN}", "", "cases:"]
    for rule, items in cases.items():
        lines += [f"  {rule}:", *(line for case in items for line in case_lines(case, home, 4)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"
