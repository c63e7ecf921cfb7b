# SPDX-License-Identifier: Apache-2.0
"""What explains a finding: what decided it, what would settle it, what closes it; in words when it is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Because(NamedTuple):
    """One comparison that decided: what was declared, what is required, and the profile's line (0 when derived).

    name: what people call the fact, where its path is a code. choice: its group of alternatives and the alternative
    there, then the same of a group within; one alternative of a group is enough. Empty: needed in any case.
    lacks: what a set lacks of what it must contain; the note says so as well.
    """

    fact: str
    declared: Any
    required: str
    line: int = 0
    note: str = ""
    name: str = ""
    choice: tuple[int, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def is_missing_approval(self) -> bool:
        """An approval that is not held, and about which the profile says nothing more."""
        return self.fact.startswith("approvals.") and self.fact.endswith(".held") and not (self.declared or self.line)


class RemedyPlan(NamedTuple):
    """What closes a gap: an action, and the least change to the declaration that would make the rule hold."""

    action: str
    title: str
    text: str
    set: Mapping[str, Any]
    who: str
    with_: tuple[str, ...]
    weeks: tuple[int, int] | None
    alternatives: tuple[Mapping[str, Any], ...] = ()


class Waived(NamedTuple):
    reason: str
    by: str
    until: dt.date | None
    expired: bool


class Told(NamedTuple):
    """What explains a finding: what decided it, the facts that would settle it, and what closes a gap.

    asks: of the facts that would settle it, those to ask for first: whether it applies before what it requires, whether
    an approval is held before its details, never an exemption. None: all of them.
    """

    because: tuple[Because, ...] = ()
    unknown: tuple[str, ...] = ()
    remedy: RemedyPlan | None = None
    asks: tuple[str, ...] | None = None


class Explanation:
    """What explains a finding, put into words when it is first looked at. Two are equal when their words are."""

    __slots__ = ("_tell", "_told")

    def __init__(self, tell: Callable[[], Told] | None, told: Told = Told()) -> None:  # noqa: B008
        self._tell = tell
        self._told = told

    @property
    def told(self) -> Told:
        tell = self._tell
        if tell is not None:
            self._told = tell()
            self._tell = None
        return self._told

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Explanation) and self.told == other.told

    def __hash__(self) -> int:
        return hash((self.told.because, self.told.unknown))

    def __repr__(self) -> str:
        return repr(self.told)

    def __reduce__(self) -> tuple[type[Explanation], tuple[None, Told]]:
        return Explanation, (None, self.told)
