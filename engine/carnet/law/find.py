# SPDX-License-Identifier: Apache-2.0
"""Rules, instruments and facts by what people call them, and which rules read a fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from carnet.declare.vocabulary import Fact, Vocabulary
from carnet.errors import UnknownName, shown, suggest
from carnet.law.ids import LIMITS, NEEDS, GrantLimit, Need
from carnet.law.law import Law
from carnet.law.model import Instrument, Rule
from carnet.logic.condition import facts_read

NEAREST = 8
Named = TypeVar("Named", Instrument, Rule)


def all_rules(law: Law) -> list[Rule]:
    return [rule for code in law.codes for rule in law.jurisdiction(code).rules]


def find_clause(law: Law, name: str) -> Rule | Need | GrantLimit:
    """A rule, a need of a route or the limits of a grant by the id that a report prints, or a rule by a part of its id
    or title that no other has; see `_find` for errors."""
    if name in law.ids("rules") or NEEDS in name or LIMITS in name:
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


def rule_of(law: Law, id_: str) -> Rule | None:
    """The rule of a finding; None where it is about something else, such as the need of a route."""
    try:
        return law.rule(id_)
    except UnknownName:
        return None


def rules_reading(law: Law, path: str) -> Iterator[tuple[str, str]]:
    """Ids and titles of the rules whose conditions read a fact, directly or through a derived one."""
    wanted = {path}
    for derivation in law.derivations:
        if derivation.reads() & wanted:
            wanted.add(derivation.path)
    for code in law.codes:
        for rule in law.jurisdiction(code).rules:
            if (facts_read(rule.applies_when) | facts_read(rule.requires)) & wanted:
                yield rule.id, rule.title


def facts_of(vocabulary: Vocabulary, section: str) -> list[Fact]:
    """The facts of a section or a part of one, or the fields of every approval.

    Raises:
        UnknownName: when there is no such section.
    """
    if section == "approvals":
        return list(vocabulary.approval_fields.values())
    found = [fact for path, fact in vocabulary.facts.items() if path.startswith(f"{section}.")]
    if not found:
        names = [*vocabulary.sections, "approvals"]
        hint = suggest(section[:40], names) or f"sections: {', '.join(names)}"
        raise UnknownName(f"unknown section {shown(section)}", hint=hint)
    return found
