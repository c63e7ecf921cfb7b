# SPDX-License-Identifier: Apache-2.0
"""What it takes to obtain an approval: how long, who applies, with what, for how long it is good, what changes ask.

Each part says where it comes from: with provisions it is what that text says, without any it is Carnet's estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from carnet.days import add_months
from carnet.law.grounds import Cite

if TYPE_CHECKING:
    from carnet.law.model import Approval

Weeks = tuple[int, int]
Needs = tuple[tuple[str, ...], ...]
DAYS = {"days": 1.0, "working_days": 7 / 5, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


class Work(StrEnum):
    """What kind of work an approval is: to be obtained, to be set up, or to be written and handed in."""

    APPROVAL = "approval"
    SET_UP = "set_up"
    DOCUMENT = "document"


class Period(NamedTuple):
    """A length of time in one unit; `unlimited` has the number 0."""

    number: int
    unit: str
    cites: tuple[Cite, ...] = ()
    note: str = ""

    @property
    def estimate(self) -> bool:
        return not self.cites

    @property
    def unlimited(self) -> bool:
        return self.unit == "unlimited"

    @property
    def weeks(self) -> int:
        """The same in whole weeks, rounded up."""
        return ceil(self.number * DAYS.get(self.unit, 0.0) / 7)

    def after(self, day: dt.date) -> dt.date | None:
        """The day on which it is over when it begins on a day; None where it never is."""
        if self.unlimited:
            return None
        if self.unit in ("months", "years"):
            return add_months(day, self.number * (12 if self.unit == "years" else 1))
        return day + dt.timedelta(days=ceil(self.number * DAYS[self.unit]))

    def before(self, day: dt.date) -> dt.date:
        """The day that lies so long before another."""
        if self.unit in ("months", "years"):
            return add_months(day, -self.number * (12 if self.unit == "years" else 1))
        return day - dt.timedelta(days=ceil(self.number * DAYS.get(self.unit, 0.0)))

    def __str__(self) -> str:
        if self.unlimited:
            return "no end of its own"
        unit = self.unit.replace("_", " ")
        return f"{self.number} {unit.removesuffix('s') if self.number == 1 else unit}"


class Document(NamedTuple):
    """A paper that the application is made with; `english` is what the law calls it, where `what` is a translation."""

    what: str
    cites: tuple[Cite, ...] = ()
    note: str = ""
    english: str = ""

    @property
    def estimate(self) -> bool:
        return not self.cites


class Local(NamedTuple):
    """What must be in the market: `applicant`, `entity`, `representative`, `importer`; the languages to write in."""

    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    note: str = ""

    @property
    def estimate(self) -> bool:
        return not self.cites


class Cost(NamedTuple):
    """A class of cost, fees and own work together; `thousands_eur` is what the class comes to, our estimate."""

    level: str
    thousands_eur: tuple[int, int] = (0, 0)
    cites: tuple[Cite, ...] = ()
    note: str = ""

    @property
    def estimate(self) -> bool:
        return not self.cites


class Change(NamedTuple):
    """What is asked where facts change that a grant rests on: `nothing`, `notice`, `extension`, `new` or `rxswin`.

    facts: paths or beginnings of paths; empty for whatever the grant rests on.
    within: the days that there are for a notice, `before` the change or else after it; None where none is named.
    then: what the authority may ask once it has the notice.
    """

    facts: tuple[str, ...]
    asks: str
    to: str = ""
    within: int | None = None
    before: bool = False
    then: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    note: str = ""

    @property
    def estimate(self) -> bool:
        return not self.cites

    def about(self, path: str) -> bool:
        """Whether it speaks of a fact."""
        return not self.facts or any(path == fact or (fact[-1] == "." and path.startswith(fact)) for fact in self.facts)


S = TypeVar("S", Period, Period | None, Local | None, Cost | None, Document, Change)


class Exceptions(NamedTuple):
    """What a catalogue says of one approval; what is None or empty is as for its kind."""

    lead: Weeks | None = None
    lead_cites: tuple[Cite, ...] = ()
    lead_note: str = ""
    prepare: Weeks | None = None
    decide: Weeks | None = None
    decision: Period | None = None
    applicant: str = ""
    local: Local | None = None
    documents: tuple[Document, ...] = ()
    validity: Period | None = None
    renewal: Period | None = None
    cost: Cost | None = None
    changes: tuple[Change, ...] = ()

    def with_cites(self, filled: Callable[[tuple[Cite, ...]], tuple[Cite, ...]]) -> Exceptions:
        """The same with every citation put through a function."""

        def one(item: S) -> S:
            return item._replace(cites=filled(item.cites)) if item and item.cites else item

        return self._replace(
            lead_cites=filled(self.lead_cites),
            decision=one(self.decision),
            local=one(self.local),
            documents=tuple(map(one, self.documents)),
            validity=one(self.validity),
            renewal=one(self.renewal),
            cost=one(self.cost),
            changes=tuple(map(one, self.changes)),
        )

    def cites(self) -> tuple[Cite, ...]:
        """Every citation in it."""
        parts = (self.decision, self.local, *self.documents, self.validity, self.renewal, self.cost, *self.changes)
        return (*self.lead_cites, *(cite for part in parts if part for cite in part.cites))


class Planning(NamedTuple):
    """What planning needs to know of one approval.

    weeks: from the decision to apply until the grant, fewest and most; prepare (ours) and decide (the authority's) are
    its two parts. `estimate` unless a text says so; decision: the period that the law gives the authority.
    after: approvals that come first, outer and, inner either-or. renewal: how long before the end to apply again.
    """

    approval: str
    kind: str
    work: Work
    applicant: str
    weeks: Weeks
    prepare: Weeks
    decide: Weeks
    decision: Period | None
    after: Needs
    local: Local
    documents: tuple[Document, ...]
    validity: Period | None
    renewal: Period | None
    cost: Cost
    changes: tuple[Change, ...]
    cites: tuple[Cite, ...] = ()
    note: str = ""

    @property
    def estimate(self) -> bool:
        """Whether the weeks are our estimate, in whole or in part."""
        return not self.cites

    @property
    def per_vehicle(self) -> bool:
        """Whether each vehicle needs its own, as the last step before the road."""
        return self.kind == "vehicle_registration"


class CostClass(NamedTuple):
    """What a class of cost is called and comes to, in thousands of euros: our estimate."""

    title: str
    thousands_eur: tuple[int, int]


def planned(
    approval: Approval,
    applicant: str,
    work: Work,
    usual: Exceptions,
    languages: tuple[str, ...],
    costs: Mapping[str, CostClass],
) -> Planning:
    """The record of one approval: its kind's, with what the catalogue says of it in place of that.

    applicant: as `Bearers.applicant` says. work, usual: of its kind. languages: those of the jurisdiction, in which
    authorities there are written to unless a text says otherwise.
    """
    own = approval.exceptions
    prepare = own.prepare or usual.prepare or (2, 8)
    decide = own.decide or _decided(own.decision, usual.decide or (4, 26))
    local = own.local or usual.local or Local()
    cost = own.cost or usual.cost or Cost("medium")
    return Planning(
        approval=approval.id,
        kind=approval.kind,
        work=work,
        applicant=applicant,
        weeks=own.lead or (prepare[0] + decide[0], prepare[1] + decide[1]),
        prepare=prepare,
        decide=decide,
        decision=own.decision,
        after=approval.after,
        local=local if local.languages else local._replace(languages=languages),
        documents=own.documents or usual.documents,
        validity=own.validity or usual.validity,
        renewal=own.renewal or usual.renewal,
        cost=cost._replace(thousands_eur=costs[cost.level].thousands_eur if cost.level in costs else (0, 0)),
        changes=(*own.changes, *usual.changes),
        cites=own.lead_cites,
        note=own.lead_note,
    )


def _decided(decision: Period | None, usual: Weeks) -> Weeks:
    """The law's period is the most that it takes; what is usual, or half of it, the least."""
    return (min(usual[0], ceil(decision.weeks / 2)), decision.weeks) if decision else usual
