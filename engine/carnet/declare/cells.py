# SPDX-License-Identifier: Apache-2.0
"""Reads one cell of a table against its fact, by the functions that read a profile.

A cell of text means what the same text means in a profile: blanks around it do not count, an empty one declares
nothing, numbers may carry a unit, and days are year-month-day. Besides that a cell may spell truth as spreadsheets and
databases do (`TRUE`, `yes`, `1`), a list without brackets (`a|b`), a whole number with a point (`4.0`) and a day as its
midnight. Free text, such as names, is taken as it stands.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from carnet.declare.values import Names, Report, read_value
from carnet.declare.vocabulary import Fact, Value
from carnet.source import plain_number

TRUTH = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False, "1.0": True, "0.0": False}
NOTHING = frozenset({"", "null", "~"})
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?(Z|\+00:?00)?\Z")
_BETWEEN = re.compile(r"[|;,]")


def is_free_text(fact: Fact) -> bool:
    """Whether any text will do, so that blanks around it belong to it."""
    return fact.type == "text" and fact.items in ("", "text")


def read_cell(fact: Fact, raw: Any, names: Names, report: Report) -> Value | None:
    """The value that a cell declares; None where it declares nothing, or after reporting why it cannot be used."""
    value = spelled(fact, raw)
    return None if value is None else read_value(fact, value, names, report)


def spelled(fact: Fact, raw: Any) -> Any:
    """The value that a cell spells, as a profile would hold it; None where it declares nothing."""
    if isinstance(raw, str):
        return _spelled_text(fact, raw)
    if fact.type == "bool" and isinstance(raw, (int, float)) and raw in (0, 1):
        return bool(raw)
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if fact.type == "set" and isinstance(raw, (list, tuple)):
        return [item if not isinstance(item, str) or fact.items == "text" else item.strip() for item in raw]
    if fact.type == "date" and isinstance(raw, dt.datetime):
        return _spelled_text(fact, raw.isoformat(" "))
    return raw


def _spelled_text(fact: Fact, text: str) -> Any:
    if is_free_text(fact):
        return text or None
    text = text.strip()
    if text in NOTHING:
        return None
    if fact.type == "bool":
        return TRUTH.get(text.lower(), text)
    if fact.type in ("int", "number"):
        number = plain_number(text)
        return spelled(fact, number) if number is not None else text
    if fact.type == "date" and (midnight := _MIDNIGHT.match(text)):
        return midnight[1]
    return listed(text) if fact.type == "set" else text


def listed(text: str) -> list[Any]:
    """The items of `["a", "b"]`, `[a, b]`, `a|b`, `a; b` or `a, b`."""
    if not text.startswith("["):
        return [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        items = [item.strip().strip("'\"") for item in text.removeprefix("[").removesuffix("]").split(",")]
    return [item.strip() if isinstance(item, str) else item for item in items if item != ""]
