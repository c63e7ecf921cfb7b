# SPDX-License-Identifier: Apache-2.0
"""Rules and instruments by what people call them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from carnet.api import Law
from carnet.errors import UnknownName, shown, suggest
from carnet.law.model import NEEDS, Instrument, Need, Rule

NEAREST = 8
Named = TypeVar("Named", Instrument, Rule)


def all_rules(law: Law) -> list[Rule]:
    return [rule for code in law.codes for rule in law.jurisdiction(code).rules]


def find_clause(law: Law, name: str) -> Rule | Need:
    """A rule or a need of a route by the id that a report prints, or a rule by a part of its id or title that no other
    has; see `_find` for errors."""
    if name in law.ids("rules") or NEEDS in name:
        return law.clause(name)
    return _find(law, "rule", name, [(rule, (rule.id, rule.title)) for rule in all_rules(law)])


def find_instrument(law: Law, name: str) -> Instrument:
    """An instrument by its id or short title, or by a part of its titles that no other has; see `_find` for errors."""
    if name in law.ids("instruments"):
        return law.instrument(name)
    instruments = [each for code in law.codes for each in law.jurisdiction(code).instruments]
    known = [(each, (each.id, *filter(None, (each.short,)), each.title)) for each in instruments]
    return _find(law, "instrument", name, known)


def _find(law: Law, kind: str, name: str, known: Sequence[tuple[Named, tuple[str, ...]]]) -> Named:
    """The one of this name, in any case of letters; `known` gives the id, the short title if any, and title of each.

    Raises:
        UnknownName: when there is none, or more than one, with the nearest of them.
    """
    wanted = " ".join(name.split()).casefold()
    same = [each for each, (*names, _) in known if wanted in map(str.casefold, names)]
    found = same or [each for each, texts in known if wanted and wanted in "\n".join(texts).casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"`{each.id}` ({law.head(each.jurisdiction).name})" for each in found[:NEAREST])
        more = f" and {len(found) - NEAREST} more" if len(found) > NEAREST else ""
        raise UnknownName(f"{shown(name)} names {len(found)} {kind}s", hint=f"give the id of one: {listed}{more}")
    near = suggest(name[:60], [text for _, (*names, _) in known for text in names]) if wanted else ""
    raise UnknownName(f"unknown {kind} {shown(name)}", hint=near or "give its id or a part of its title")
