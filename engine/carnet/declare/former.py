# SPDX-License-Identifier: Apache-2.0
"""Names of before: how a profile that calls a fact or value as it was called is read, and what is said of it.

A fact says `formerly: [odd.zone]`, a value `renamed: {old: new}`. Every reader of declarations takes the old name for
the new one; whoever reads a file says so, with the place, and `carnet migrate` writes the new name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carnet.declare.vocabulary import Fact
from carnet.errors import Place
from carnet.source import Key
from carnet.spoken import _


@dataclass(frozen=True, slots=True)
class Renamed:
    """A name of before that was read for the one of now.

    keys: where it stands in the file, from the top. fact: of a value, whose it is; empty for the name of a fact.
    """

    old: str
    new: str
    place: Place
    keys: tuple[Key, ...] = ()
    fact: str = ""

    def __str__(self) -> str:
        if self.fact:
            told = _("{place}: `{old}` of `{fact}` is now called `{new}`")
            return told.format(place=self.place, old=self.old, new=self.new, fact=self.fact)
        return _("{place}: `{old}` is now called `{new}`").format(place=self.place, old=self.old, new=self.new)


def now_called(fact: Fact, raw: Any) -> Any:
    """The value with old words put into those of now."""
    if not fact.renamed:
        return raw
    if isinstance(raw, str):
        return fact.renamed.get(raw, raw)
    if isinstance(raw, (list, tuple)):
        return [fact.renamed.get(item, item) if isinstance(item, str) else item for item in raw]
    return raw


def old_words(fact: Fact, raw: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The old words in a value as it is written, each with its index where it is an item of a list."""
    if isinstance(raw, str) and raw in fact.renamed:
        yield raw, ()
    if fact.renamed and isinstance(raw, (list, tuple)):
        yield from ((item, (at,)) for at, item in enumerate(raw) if isinstance(item, str) and item in fact.renamed)


def former_names(
    known: Mapping[str, Fact], reserved: frozenset[str]
) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Names of before to those of now; and those that cannot be told from another: the fact, a message, a hint."""
    former: dict[str, str] = {}
    clashes = []
    for path, fact in known.items():
        for old in fact.formerly:
            if reason := _clash(old, known, former, reserved):
                clashes.append((path, f"`{path}` cannot have been called `{old}`: {reason}", "take another name"))
            former.setdefault(old, path)
    return former, clashes


def _clash(old: str, known: Mapping[str, Fact], former: Mapping[str, str], reserved: frozenset[str]) -> str:
    parts = old.split(".")
    if old in known:
        return "there is such a fact"
    if old in former:
        return f"`{former[old]}` was"
    if (reserved and len(parts) < 2) or (not reserved and len(parts) > 1) or parts[0] in reserved or "" in parts:
        return "no profile could say so"
    for other in (*known, *former):
        if other.startswith(f"{old}.") or old.startswith(f"{other}."):
            return f"one of it and `{other}` would lie below the other"
    return ""
