# SPDX-License-Identifier: Apache-2.0
"""Which approvals that are held rest on what changed, and what their law asks of it.

The catalogue comes first: the facts that a provision on changes names. Beside it an approval rests on the facts that
its rules read, as far as they apply: those that ask for it, those that it proves, those drawn from its instruments; and
on the limits of its grant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.gaps import derived_again
from carnet.declare.grants import APPROVALS
from carnet.logic.condition import facts_read
from carnet.logic.explain import truth_of
from carnet.plan.impact import Asked, Unit
from carnet.plan.register import named_in

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law
    from carnet.law.model import Approval
    from carnet.law.planning import Change
    from carnet.law.rulebook import BoundRule


class Standing(NamedTuple):
    """How a profile stands in a market: the approvals that it holds, the rules that apply as far as is known."""

    held: set[str]
    applying: set[str]


class Rests:
    """What rests on what in one market on a day."""

    def __init__(self, law: Law, market: str, day: dt.date) -> None:
        self._law, self._day = law, day
        self._chain = law.chain(market)
        self._book = law.rulebook(market, day)

    def asked(self, old: Profile, units: Iterable[Unit]) -> tuple[Asked, ...]:
        """What the approvals that the old profile holds ask of the changes."""
        here = [unit for unit in units if not unit.jurisdiction or unit.jurisdiction in self._chain]
        changed = {unit.path for unit in here if not unit.path.startswith(APPROVALS)}
        if not changed:
            return ()
        standing = self._standing(old)
        held = (name for name in sorted(standing.held) if name in self._named)
        return tuple(asked for name in held for asked in self._of(self._law.approvals[name], changed, standing))

    @cached_property
    def _named(self) -> frozenset[str]:
        return named_in(self._book)

    def _standing(self, profile: Profile) -> Standing:
        """What counts as held for any feature, what is held through another left to that one; and what applies."""
        book, begins = self._book, self._law.not_yet(self._day)
        held: set[str] = set()
        applying: set[str] = set()
        for feature in profile.features or ("",):
            facts = profile.facts(
                self._chain, feature or None, as_of=self._day, recognises=book.recognises, begins=begins
            )
            paths = (path for path, value in facts.values.items() if value is True and path.endswith(".held"))
            held |= {path.split(".")[1] for path in paths if not facts.why(path)}
            values = derived_again({**book.context, **facts.values}, book.derived)
            applying |= {bound.rule.id for bound in book.rules() if truth_of(bound.applies, values) is not False}
        return Standing(held & set(self._law.approvals), applying)

    def _of(self, approval: Approval, changed: set[str], standing: Standing) -> Iterator[Asked]:
        stated: dict[int, set[str]] = {}
        changes = self._law.planning(approval.id).changes
        for path in changed:
            for number in _speaking(changes, path):
                stated.setdefault(number, set()).add(path)
        for number, paths in sorted(stated.items()):
            yield Asked(approval.id, approval.title, changes[number], tuple(sorted(paths)))
        told = set().union(*stated.values()) if stated else set()
        through = {path: rules for path in changed - told if (rules := self._through(approval, path, standing))}
        if through:
            behind = tuple(dict.fromkeys(rule for path in sorted(through) for rule in through[path]))
            yield Asked(approval.id, approval.title, None, tuple(sorted(through)), behind)

    def _through(self, approval: Approval, path: str, standing: Standing) -> list[str]:
        """The rules by which an approval rests on a fact."""
        applying = (bound for bound in self._readers.get(path, ()) if bound.rule.id in standing.applying)
        found = [bound.rule.id for bound in applying if self._behind(approval, bound)]
        limited = [field for field in approval.limits if path in self._limits.get(field, ())]
        return found + [f"approvals.{approval.id}.{field}" for field in limited]

    def _behind(self, approval: Approval, bound: BoundRule) -> bool:
        if any(bound.rule.id in proof.rules for proof in approval.proves):
            return True
        texts = {cite.instrument for cite in approval.cites}
        asks = any(each.startswith(f"{APPROVALS}{approval.id}.") for each in facts_read(bound.requires))
        return asks or any(cite.instrument in texts for cite in bound.rule.cites)

    @cached_property
    def _readers(self) -> Mapping[str, list[BoundRule]]:
        """The rules by the declared facts that they ask about, also through derived ones."""
        sources = {item.path: item.reads() for item in self._book.derived}
        found: dict[str, list[BoundRule]] = {}
        for bound in self._book.rules():
            if bound.rule.advice:
                continue
            wanted, seen = list(facts_read(bound.requires)), set()
            while wanted:
                path = wanted.pop()
                if path not in seen:
                    seen.add(path)
                    wanted += sources.get(path, ())
                    found.setdefault(path, []).append(bound)
        return found

    @cached_property
    def _limits(self) -> Mapping[str, frozenset[str]]:
        """By field of a grant, the facts that it limits."""
        fields = self._law.vocabulary.approval_fields
        known = self._law.vocabulary.facts
        return {name: frozenset(_named_in(field.limit) & set(known)) for name, field in fields.items() if field.limit}


def _speaking(changes: Iterable[Change], path: str) -> list[int]:
    """Which of the provisions speak of a fact: those that name it most exactly, and beside them those on the RXSWIN."""
    found = [(number, change) for number, change in enumerate(changes) if change.about(path)]
    plain = [(number, change) for number, change in found if change.asks != "rxswin"]
    exact = max((_reach(change, path) for _, change in plain), default=0)
    kept = [number for number, change in plain if _reach(change, path) == exact]
    return kept + [number for number, change in found if change.asks == "rxswin"]


def _reach(change: Change, path: str) -> int:
    """How exactly a provision names a fact."""
    return max((len(fact) for fact in change.facts if path == fact or path.startswith(fact)), default=0)


def _named_in(condition: object) -> set[str]:
    """Every word of a condition as it is written, of which some are facts."""
    if isinstance(condition, Mapping):
        found = {str(key) for key in condition}
        return found.union(*(_named_in(value) for value in condition.values()))
    if isinstance(condition, (list, tuple)):
        return set().union(*(_named_in(value) for value in condition))
    return {str(condition)}
