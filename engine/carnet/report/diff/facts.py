# SPDX-License-Identifier: Apache-2.0
"""What two profiles declare otherwise, and which findings each of it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from carnet.assess.check import confirmed_by
from carnet.declare.grants import APPROVALS
from carnet.declare.profile import Profile
from carnet.errors import UnknownName
from carnet.law.derive import facts_behind
from carnet.law.ids import GrantLimit, Need
from carnet.law.law import Law
from carnet.logic.condition import Condition
from carnet.report.approvals.words import STATES
from carnet.report.changes import moved_words
from carnet.spoken import _, lowered

HELD = "held"


class Declared(NamedTuple):
    """One fact, or the state of one approval (`approvals.ID`), that is declared otherwise.

    markets: where it is, of those compared. moved: market and rule of each finding that it changed.
    """

    fact: str
    before: Any
    after: Any
    markets: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """`operation.fleet_size: 5 -> 8`; of an approval that it is held now, or how it stands."""
        if self.fact.startswith(APPROVALS) and self.fact.count(".") == 1:
            name = self.fact.removeprefix(APPROVALS)
            if self.after == HELD:
                return _("{approval} is held now").format(approval=name)
            if self.before == HELD:
                return _("{approval} is no longer held").format(approval=name)
            return _("{approval}: {change}").format(approval=name, change=_state(self.before, self.after))
        return f"{self.fact}: {moved_words(self.before, self.after)}"


def _state(before: Any, after: Any) -> str:
    one, other = (lowered(_(STATES[state])) if state in STATES else _("not held") for state in (before, after))
    return f"{one} -> {other}"


class Facts:
    """Two profiles, compared for each market and feature."""

    def __init__(self, law: Law, old: Profile, new: Profile) -> None:
        self._law, self._old, self._new = law, old, new
        self._found: dict[tuple[str, str], dict[str, Declared]] = {}

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        """Whatever one of the two declares somewhere, if it is not the same everywhere."""
        both = [profile.content.layers for profile in (self._old, self._new)]
        told = sorted({path for layers in both for layer in layers.values() for path in layer.values})
        return tuple(path for path in told if _layered(both[0], path) != _layered(both[1], path))

    @cached_property
    def _completed(self) -> frozenset[str]:
        """Sections that are complete in one of the two alone."""
        return frozenset(self._old.complete) ^ frozenset(self._new.complete)

    @cached_property
    def _confirmed(self) -> frozenset[str]:
        return confirmed_by(self._old) ^ confirmed_by(self._new)

    def in_market(self, market: str, feature: str = "") -> Mapping[str, Declared]:
        """What is declared otherwise there, by fact; an approval's fields by the field."""
        key = market, feature
        if key not in self._found:
            self._found[key] = dict(self._compared(market, feature))
        return self._found[key]

    def _compared(self, market: str, feature: str) -> Iterator[tuple[str, Declared]]:
        chain = self._law.chain(market)
        for path in self._paths:
            one, other = (_said(profile, path, chain, feature) for profile in (self._old, self._new))
            if one != other:
                yield path, _declared(path, one, other)

    def behind(self, market: str, feature: str, rule: str, named: Iterable[str]) -> tuple[Declared, ...]:
        """What has changed a finding: of what its rule reads, what was declared otherwise; of that, what is `named`."""
        here = self.in_market(market, feature)
        if not here:
            return ()
        read = self._read(rule)
        hits = {path: here[path] for path in here if path in read or self._proves(path, rule, read)}
        told = {path: one for path, one in hits.items() if path in set(named)}
        return tuple(dict.fromkeys((told or hits).values()))

    def besides(self, rule: str) -> str:
        """What else of the profile changed a finding: a section declared complete, a text that was read."""
        if rule in self._confirmed:
            return _("its text was read and confirmed, in one of the two")
        sections = sorted({path.partition(".")[0] for path in self._read(rule)} & self._completed)
        return (
            _("declared complete in one of the two: {sections}").format(sections=", ".join(sections))
            if sections
            else ""
        )

    def _proves(self, path: str, rule: str, read: frozenset[str]) -> bool:
        """Whether a change of an approval tells what a rule asks, through what holding it proves."""
        if not path.startswith(APPROVALS):
            return False
        approval = self._law.approvals.get(path.split(".")[1])
        proofs = approval.proves if approval else ()
        return any(
            rule in proof.rules or any(f"{APPROVALS}{a}.held" in read for a in proof.approvals) for proof in proofs
        )

    def _read(self, rule: str) -> frozenset[str]:
        """The facts that a rule, a need or the limit of a grant is decided by, those behind derived ones included."""
        try:
            clause = self._law.clause(rule)
        except UnknownName:  # a closure
            return frozenset()
        if isinstance(clause, Need):
            return _held(clause.group)
        if isinstance(clause, GrantLimit):
            field = f"{APPROVALS}{clause.approval.id}.{clause.field}"
            return self._behind(self._law.limits.fields[clause.field]) | {field} | _held((clause.approval.id,))
        return self._behind(clause.applies_when, clause.requires)

    def _behind(self, *conditions: Condition) -> frozenset[str]:
        read = facts_behind(self._law.derivations, *conditions)
        return read | {path.removesuffix(".held") + ".state" for path in read if path.endswith(".held")}


def gathered(found: Iterable[tuple[str, Declared, tuple[tuple[str, str], ...]]]) -> tuple[Declared, ...]:
    """Each change once, with the markets in which it is declared and the findings that it moved.

    found: a market, what is declared otherwise there, and market and rule of the findings that it changed there.
    """
    markets: dict[str, dict[str, None]] = {}
    moved: dict[str, dict[tuple[str, str], None]] = {}
    first: dict[str, Declared] = {}
    for market, one, rules in found:
        key = repr(one)
        first.setdefault(key, one)
        markets.setdefault(key, {})[market] = None
        moved.setdefault(key, {}).update(dict.fromkeys(rules))
    made = (one._replace(markets=tuple(markets[key]), moved=tuple(moved[key])) for key, one in first.items())
    return tuple(sorted(made, key=lambda one: (-len(one.moved), one.fact)))


def _declared(path: str, before: Any, after: Any) -> Declared:
    """Of an approval, whether it is held as one change with its state."""
    if path.startswith(APPROVALS) and path.endswith((".held", ".state")):
        return Declared(path.rpartition(".")[0], _as_state(before), _as_state(after))
    return Declared(path, before, after)


def _as_state(value: Any) -> Any:
    if isinstance(value, bool):
        return HELD if value else None
    return None if value == "none" else value


def _said(profile: Profile, path: str, chain: tuple[str, ...], feature: str) -> Any:
    return profile.declared(path, chain, feature if feature in profile.features else None)


def _layered(layers: Mapping[tuple[str, str], Any], path: str) -> dict[tuple[str, str], Any]:
    return {key: layer.values[path] for key, layer in layers.items() if path in layer.values}


def _held(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"{APPROVALS}{name}.{field}" for name in names for field in ("held", "state"))
