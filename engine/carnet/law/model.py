# SPDX-License-Identifier: Apache-2.0
"""The law as linked data: jurisdictions and what they enact. Immutable, picklable, free of files and of profiles.

Named tuples rather than dataclasses: a command starts faster by the tenth of a second that creating the classes and
loading their instances from the cache would cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from carnet.law.grounds import (
    UNREVIEWED as UNREVIEWED,
    Basis as Basis,
    Cite as Cite,
    Confidence as Confidence,
    Ground as Ground,
    InForce as InForce,
    LegalStatus as LegalStatus,
    Place as Place,
    Reading as Reading,
    Span as Span,
)
from carnet.law.parameters import Parameter
from carnet.law.planning import Exceptions
from carnet.logic.condition import Condition


class Severity(StrEnum):
    BLOCKING = "blocking"
    MAJOR = "major"
    ADVISORY = "advisory"


class Kind(StrEnum):
    DEPLOYMENT = "deployment"
    TESTING = "testing"


TOPICS: Mapping[str, str] = {
    "market_access": "Market access",
    "ads_approval": "Approval of automated driving",
    "traffic_law": "Traffic law",
    "operations": "Operation",
    "driver_hmi": "Driver and interface",
    "environment": "Environment",
    "cyber_data": "Cyber security and data",
    "liability_insurance": "Liability and insurance",
    "commercial": "Commercial",
}


class Case(NamedTuple):
    """A rule's own test: facts given, the status expected, on a day and market.

    says: what the law says of it, and where, for a case that was written from the text.
    """

    given: Mapping[str, object]
    expect: str
    as_of: dt.date | None
    market: str
    unknown: tuple[str, ...] | None
    place: Place
    says: str = ""


class Remedy(NamedTuple):
    action: str = ""
    text: str = ""


class Rule(NamedTuple):
    """One checkable duty; `text` says in words what the law asks.

    Conditions are bound to the duty's values, not yet to a market's parameters.
    """

    id: str
    jurisdiction: str
    title: str
    text: str
    topic: str
    cites: tuple[Cite, ...]
    in_force: InForce
    legal_status: LegalStatus
    confidence: Confidence
    duty_holder: str
    severity: Severity
    applies_when: Condition
    requires: Condition
    remedy: Remedy
    evidence: str
    routes: tuple[str, ...]
    layer: str
    curable: bool
    supersedes: tuple[str, ...]
    conflicts_with: tuple[str, ...]
    states_need: tuple[str, ...]
    note: str
    duty: str
    tests: tuple[Case, ...]
    place: Place
    basis: Basis = Basis.UNREVIEWED
    read: Reading | None = None

    @property
    def advice(self) -> bool:
        """Whether it rests on what no text says, so that it counts for nothing."""
        return self.basis in (Basis.PRACTICE, Basis.INFERENCE)


class Proof(NamedTuple):
    """What a held approval proves, by the provision that says so."""

    approvals: tuple[str, ...]
    rules: tuple[str, ...]
    cites: tuple[Cite, ...]
    note: str = ""


class Approval(NamedTuple):
    """Anything an authority grants or receives; `after` is obtained first (outer and, inner either-or).

    limits: the fields of a grant that it always carries. proves: what holding it proves; nothing else is proven.
    exceptions: in what obtaining it differs from others of its kind (`Law.planning` puts the two together).
    """

    id: str
    jurisdiction: str
    title: str
    granted_by: str
    kind: str
    span: Span
    after: tuple[tuple[str, ...], ...]
    legal_status: LegalStatus
    cites: tuple[Cite, ...]
    note: str
    place: Place
    limits: tuple[str, ...] = ()
    proves: tuple[Proof, ...] = ()
    ground: Ground = UNREVIEWED
    exceptions: Exceptions = Exceptions()


class Route(NamedTuple):
    """One lawful way in. `needs` is "and" of "either-or" over approvals."""

    id: str
    jurisdiction: str
    title: str
    kind: Kind
    track: str
    layer: str
    authority: str
    available_when: Condition
    needs: tuple[tuple[str, ...], ...]
    span: Span
    silent: bool
    legal_status: LegalStatus
    cites: tuple[Cite, ...]
    note: str
    place: Place
    ground: Ground = UNREVIEWED


class Instrument(NamedTuple):
    id: str
    jurisdiction: str
    title: str
    short: str
    kind: str
    url: str
    optional: bool
    place: Place


class Note(NamedTuple):
    """Law that informs without asking anything, on the days on which it holds.

    decisive: whether it can decide on a market by itself: a punitive duty, a quota, a ban on an origin.
    """

    id: str
    jurisdiction: str
    title: str
    text: str
    topic: str
    cites: tuple[Cite, ...]
    start: dt.date | None
    place: Place = Place("", 0)
    until: dt.date | None = None
    decisive: bool = False
    confidence: Confidence | None = None
    legal_status: LegalStatus = LegalStatus.IN_FORCE

    def holds(self, day: dt.date) -> bool:
        """Whether it tells of law that holds on a day."""
        return Span(self.start, self.until).holds(day)


class NotCovered(NamedTuple):
    """Law that is known and cannot be checked from a declaration, with the honest reason."""

    record: str
    jurisdiction: str
    title: str
    reason: str
    cites: tuple[Cite, ...]
    place: Place = Place("", 0)


class Adoption(NamedTuple):
    """A market applies an optional instrument from a day on, in a series where one is named."""

    instrument: str
    span: Span
    series: int | None
    cites: tuple[Cite, ...]
    note: str = ""
    ground: Ground = UNREVIEWED


class Explanation(NamedTuple):
    """Why a market is closed, or undecided at its own level, for some profiles; it never decides."""

    when: Condition
    why: str
    members: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    rules: tuple[str, ...] = ()
    ground: Ground = UNREVIEWED


class Coverage(NamedTuple):
    """How well one area of a market's law is known: `encoded`, `searched` in vain (when, where), `not_researched`."""

    state: str
    on: dt.date | None = None
    where: str = ""


class Authority(NamedTuple):
    name: str
    role: str
    url: str


EMPTY: Mapping[str, Parameter] = {}
NO_COVERAGE: Mapping[str, Coverage] = {}
NO_TREATIES: Mapping[str, bool] = {}


class Jurisdiction(NamedTuple):
    """A body that makes rules, and everything it enacts.

    treaties: whether it is bound by those that decide what it recognises, by the name of the treaty; none where it is
    not known.
    """

    id: str
    name: str
    parent: str
    kind: str
    drives_on: str
    currency: str
    languages: tuple[str, ...]
    authorities: tuple[Authority, ...]
    summary: str
    applies: Mapping[str, Adoption]
    recognises: Mapping[str, tuple[str, ...]]
    decided_below: tuple[Explanation, ...]
    closed_for: tuple[Explanation, ...]
    parameters: Mapping[str, Parameter] = EMPTY
    instruments: tuple[Instrument, ...] = ()
    approvals: tuple[Approval, ...] = ()
    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()
    notes: tuple[Note, ...] = ()
    not_covered: tuple[NotCovered, ...] = ()
    coverage: Mapping[str, Coverage] = NO_COVERAGE
    treaties: Mapping[str, bool] = NO_TREATIES
    note: str = ""
