# SPDX-License-Identifier: Apache-2.0
"""Records as plain data for `--format json`: conditions in words, days in ISO form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from carnet.logic.condition import NoLimit
from carnet.logic.wording import describe

_CONDITIONS = ("applies_when", "requires", "available_when", "when")
_LEFT_OUT = ("place", "tests")


def plain(value: Any) -> Any:
    """Dicts, lists, texts, numbers, booleans and None."""
    if isinstance(value, NoLimit):
        return "none"
    names = getattr(value, "_fields", ()) or (field.name for field in fields(value)) if _is_record(value) else ()
    if names:
        return {name.rstrip("_"): _field(name, getattr(value, name)) for name in names if name not in _LEFT_OUT}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _is_record(value: Any) -> bool:
    return not isinstance(value, type) and (is_dataclass(value) or hasattr(value, "_fields"))


def _field(name: str, value: Any) -> Any:
    return describe(value) if name in _CONDITIONS else plain(value)
