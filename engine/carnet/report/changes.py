# SPDX-License-Identifier: Apache-2.0
"""Changes of a declaration in words: what is added to a list, dropped from it, or set."""

from __future__ import annotations

from typing import Any

from carnet.logic.wording import value_text
from carnet.spoken import _


def shown(value: Any) -> str:
    """A value as a profile would write it."""
    return value_text(tuple(value) if isinstance(value, list) else value)


def change_words(before: Any, value: Any) -> str:
    """`add police`, `drop snow`, `130 -> 120`, or the plain value where nothing was declared."""
    if value is None:
        return f"{shown(before)} -> {_('not declared')}"
    if before is None:
        return shown(value)
    if isinstance(before, list) and isinstance(value, list):
        added = [item for item in value if item not in before]
        dropped = [item for item in before if item not in value]
        words = [_("add {items}").format(items=", ".join(added))] if added else []
        words += [_("drop {items}").format(items=", ".join(dropped))] if dropped else []
        return "; ".join(words) or _("in the order {items}").format(items=", ".join(value))
    return f"{shown(before)} -> {shown(value)}"


def moved_words(before: Any, value: Any) -> str:
    """The same where it matters that nothing was declared before: `not declared -> 5`."""
    before, value = (list(each) if isinstance(each, tuple) else each for each in (before, value))
    if before is None and value is not None:
        return f"{_('not declared')} -> {shown(value)}"
    return change_words(before, value)


def setting_words(path: str, value: Any) -> str:
    """A declaration in one piece: `approvals.X.held` as its approval."""
    if path.startswith("approvals.") and path.endswith(".held") and value is True:
        return path.removeprefix("approvals.").removesuffix(".held")
    return f"{path}: {shown(value)}"
