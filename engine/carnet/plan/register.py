# SPDX-License-Identifier: Apache-2.0
"""The register of a company's approvals: what is held, asked for, expected, running out, and needed but missing.

Days that nobody declared follow from the law where it names a period (how long a grant is good at most, by when an
authority decides), never from an estimate; by when to apply again may rest on one, and then says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.assess.check import check
from carnet.assess.duties import is_ours
from carnet.assess.scopes import home_book
from carnet.declare.facts import layer_order
from carnet.declare.grants import APPROVALS
from carnet.law.grounds import Cite
from carnet.logic.condition import facts_read

if TYPE_CHECKING:
    from carnet.assess.lacks import Lack
    from carnet.assess.model import MarketAssessment, Receipt
    from carnet.declare.profile import Profile
    from carnet.law.law import Law
    from carnet.law.planning import Planning
    from carnet.law.rulebook import Rulebook

WEEKS = 26
BASE = ("", "")


class State(StrEnum):
    """How an approval stands, what needs attention first."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    EXPIRING = "expiring"
    MISSING = "missing"
    PLANNED = "planned"
    APPLIED = "applied"
    HELD = "held"


class End(NamedTuple):
    """A last day: declared, or the latest that the law allows for a grant of that day."""

    day: dt.date
    cites: tuple[Cite, ...] = ()


class Entry(NamedTuple):
    """One approval as it stands for some markets.

    owner: who in the company looks after it; partner: the name of the partner who applies, where one is declared.
    scope: the feature or jurisdiction for which it was declared; empty for the whole profile.
    decision_by: the day by which the law has the authority decide. renew_by: when to have applied again by, with
    `renew_estimate` where the time that takes is ours. weeks: to obtain one, as `Law.planning` tells.
    asked_by: rules and needs whose gaps it would close; blocking: whether one of them stands in the way.
    """

    approval: str
    title: str
    state: State
    markets: tuple[str, ...]
    owner: str = ""
    partner: str = ""
    applicant: str = ""
    ours: bool | None = None
    granted_by: str = ""
    scope: str = ""
    certificate: str = ""
    applied_on: dt.date | None = None
    decision_by: End | None = None
    expected_on: dt.date | None = None
    granted_on: dt.date | None = None
    valid_until: End | None = None
    renew_by: dt.date | None = None
    renew_estimate: bool = True
    weeks: tuple[int, int] = (0, 0)
    estimate: bool = True
    asked_by: tuple[str, ...] = ()
    blocking: bool = False

    @property
    def who(self) -> str:
        """Whom to ask about it: its owner, else the partner who applies."""
        return self.owner or self.partner

    def renew_now(self, day: dt.date) -> bool:
        """Whether the time to apply again has come, or gone."""
        return self.renew_by is not None and self.renew_by <= day and self.state in (State.HELD, State.EXPIRING)


class Register(NamedTuple):
    """weeks: how far ahead an end counts as near. markets: codes and names; none when no market was named. identity: as
    `Profile.identity`. role: for whom it was made, empty for the whole company; withheld: how many entries of that role
    were left out as confidential."""

    profile: str
    day: dt.date
    weeks: int
    markets: Mapping[str, str]
    entries: tuple[Entry, ...]
    receipt: Receipt
    identity: str = ""
    role: str = ""
    withheld: int = 0

    def in_state(self, *states: State) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.state in states)

    def counts(self) -> dict[State, int]:
        """How many approvals there are in each state, those without any left out."""
        return {state: number for state in State if (number := len(self.in_state(state)))}

    def by_market(self) -> dict[str, tuple[Entry, ...]]:
        return {code: tuple(e for e in self.entries if code in e.markets) for code in self.markets}

    def by_owner(self) -> dict[str, tuple[Entry, ...]]:
        """By whom to ask, those whom nobody looks after last, under an empty name."""
        names = sorted({entry.who for entry in self.entries}, key=lambda name: (not name, name.casefold()))
        return {name: tuple(entry for entry in self.entries if entry.who == name) for name in names}


def register(
    law: Law,
    profile: Profile,
    markets: Sequence[str] = (),
    day: dt.date | None = None,
    weeks: int = WEEKS,
    evaluator: str | None = None,
) -> Register:
    """Every approval that is declared, and with markets those that they ask for besides.

    day: from which it is seen, by default today. weeks: how far ahead an end counts as near.

    Raises:
        UnknownName: for a market or evaluator that does not exist.
    """
    today = day or dt.date.today()
    report = check(law, profile, markets, today, evaluator)
    maker = _Maker(law, profile, today, weeks)
    assessed = {market.market: market for market in report.markets}
    entries = maker.entries(assessed)
    names = {code: market.name for code, market in assessed.items()}
    receipt = report.receipt if markets else report.receipt._replace(as_of=str(today))
    return Register(profile.name, today, weeks, names, entries, receipt, profile.identity)


class _Maker:
    def __init__(self, law: Law, profile: Profile, day: dt.date, weeks: int) -> None:
        self._law, self._profile, self._day, self._weeks = law, profile, day, weeks

    def entries(self, assessed: Mapping[str, MarketAssessment]) -> tuple[Entry, ...]:
        """Those of the same standing in several markets once."""
        found: dict[Entry, dict[str, None]] = {}
        for code, market in assessed.items():
            lacks = {lack.approval: lack for lack in (*market.lacks, *market.home_lacks) if lack.approval}
            for entry in self._of_market(code, lacks):
                found.setdefault(entry, {})[code] = None
        for entry in [] if assessed else self._declared((), {}):
            found.setdefault(entry, {})
        merged = _united(entry._replace(markets=tuple(codes)) for entry, codes in found.items())
        return tuple(sorted(merged, key=_attention))

    def _of_market(self, code: str, lacks: Mapping[str, Lack]) -> Iterator[Entry]:
        home = home_book(self._law, self._profile, code, self._day)
        books = (self._law.rulebook(code, self._day), *([home] if home else []))
        named = frozenset[str]().union(lacks, *map(named_in, books))
        declared = [each for each in self._declared(self._law.chain(code), lacks) if each.approval in named]
        yield from declared
        known = {entry.approval for entry in declared}
        for name, lack in lacks.items():
            if name in self._law.approvals and name not in known:
                yield self._entry(name, State.MISSING, {}, "", lack)

    def _declared(self, chain: Sequence[str], lacks: Mapping[str, Lack]) -> Iterator[Entry]:
        """What is declared of approvals in the layers that count under a chain; without one, layer by layer."""
        layers = self._profile.content.layers
        names = self._profile.features or ("",)
        orders = [[key for key in layer_order(chain, name) if key in layers] for name in names]
        for order in orders if chain else [list(dict.fromkeys([BASE, key])) for key in layers]:
            merged: dict[str, dict[str, Any]] = {}
            scopes: dict[str, str] = {}
            for key in order:
                for path, value in layers[key].values.items():
                    if path.startswith(APPROVALS):
                        name, _, field = path.removeprefix(APPROVALS).rpartition(".")
                        merged.setdefault(name, {})[field] = value
                        scopes[name] = " in ".join(filter(None, key))
            own = {path.split(".")[1] for path in layers[order[-1]].values if path.startswith(APPROVALS)}
            for name, fields in merged.items():
                state = self._state(name, fields)
                if state is not None and name in self._law.approvals and (chain or name in own):
                    yield self._entry(name, state, fields, scopes[name], lacks.get(name))

    def _state(self, name: str, fields: Mapping[str, Any]) -> State | None:
        """How it stands on the day; None where it is only said not to be held."""
        declared = str(fields.get("state") or ("held" if fields.get("held") else ""))
        if declared not in list(State):
            return None
        state = State(declared)
        if state is not State.HELD:
            return state
        granted = fields.get("granted_on")
        if isinstance(granted, dt.date) and granted > self._day:
            return State.APPLIED
        end = _end(fields, self._law.planning(name))
        if end and end.day < self._day:
            return State.EXPIRED
        near = self._day + dt.timedelta(weeks=self._weeks)
        return State.EXPIRING if end and end.day <= near else State.HELD

    def _entry(self, name: str, state: State, fields: Mapping[str, Any], scope: str, lack: Lack | None) -> Entry:
        planning, approval = self._law.planning(name), self._law.approvals[name]
        end = _end(fields, planning)
        facts = self._profile.content.layers["", ""].values
        holder = lack.who if lack and lack.who in self._law.bearers.titles else planning.applicant
        return Entry(
            approval=name,
            title=approval.title,
            state=state,
            markets=(),
            owner=str(fields.get("owner") or ""),
            partner=self._profile.partners.get(holder, ""),
            applicant=holder,
            ours=is_ours(holder, facts, self._law.bearers),
            granted_by=str(fields.get("granted_by") or approval.granted_by),
            scope=scope,
            certificate=str(fields.get("certificate") or ""),
            applied_on=fields.get("applied_on"),
            decision_by=_decision(fields, planning) if state is State.APPLIED else None,
            expected_on=fields.get("expected_on"),
            granted_on=fields.get("granted_on"),
            valid_until=end,
            renew_by=_renewal(end, planning),
            renew_estimate=planning.renewal is None or planning.renewal.estimate,
            weeks=planning.weeks,
            estimate=planning.estimate,
            asked_by=lack.closes if lack else (),
            blocking=bool(lack and lack.blocking),
        )


def named_in(book: Rulebook) -> frozenset[str]:
    """The approvals that the law of a market speaks of: rules, ways in, and what it takes for another."""
    conditions = [condition for bound in book.rules() for condition in (bound.applies, bound.requires)]
    read = {path for condition in conditions for path in facts_read(condition) if path.startswith(APPROVALS)}
    needed = {name for layer in book.layers for way in layer.routes for group in way.route.needs for name in group}
    others = {name for known in book.recognises.values() for name in known}
    return frozenset({path.split(".")[1] for path in read} | needed | others)


def _end(fields: Mapping[str, Any], planning: Planning) -> End | None:
    """The declared last day, else the latest that the law allows."""
    declared, granted, validity = fields.get("valid_until"), fields.get("granted_on"), planning.validity
    if isinstance(declared, dt.date):
        return End(declared)
    if isinstance(granted, dt.date) and validity and validity.cites:
        last = validity.after(granted)
        return End(last, validity.cites) if last else None
    return None


def _decision(fields: Mapping[str, Any], planning: Planning) -> End | None:
    applied, period = fields.get("applied_on"), planning.decision
    day = period.after(applied) if isinstance(applied, dt.date) and period else None
    return End(day, period.cites) if day and period else None


def _renewal(end: End | None, planning: Planning) -> dt.date | None:
    """By when to apply again: as the law says, else as long before the end as a new one takes at most."""
    if end is None:
        return None
    if planning.renewal:
        return planning.renewal.before(end.day)
    return end.day - dt.timedelta(weeks=planning.weeks[1])


def _united(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries that differ only in which rules ask for them in which market, as one."""
    groups: dict[Entry, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry._replace(markets=(), asked_by=(), blocking=False), []).append(entry)
    for alike, group in groups.items():
        yield alike._replace(
            markets=tuple(dict.fromkeys(code for entry in group for code in entry.markets)),
            asked_by=tuple(dict.fromkeys(rule for entry in group for rule in entry.asked_by)),
            blocking=any(entry.blocking for entry in group),
        )


def _attention(entry: Entry) -> tuple[object, ...]:
    last = entry.valid_until.day if entry.valid_until else dt.date.max
    return list(State).index(entry.state), not entry.blocking, last, entry.approval, entry.scope
