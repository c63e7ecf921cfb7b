# SPDX-License-Identifier: Apache-2.0
"""What an assessment says: plain immutable results that every renderer reads and none computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from carnet.assess.apart import Apart
from carnet.assess.lacks import Lack, each_covered
from carnet.assess.later import Later
from carnet.assess.told import (
    Because as Because,
    Explanation as Explanation,
    RemedyPlan as RemedyPlan,
    Told as Told,
    Waived as Waived,
)
from carnet.errors import UnknownName, shown, suggest
from carnet.law.grounds import Support as Support
from carnet.law.known import Known, Level
from carnet.law.model import (
    Basis,
    Cite,
    Confidence,
    Explanation as LawExplanation,
    InForce,
    LegalStatus,
    NotCovered,
    Note,
    Severity,
)
from carnet.verdict.outcome import BEST_FIRST as BEST_FIRST, Outcome as Outcome
from carnet.verdict.status import Status as Status


class _Finding(NamedTuple):
    rule: str
    title: str
    text: str
    jurisdiction: str
    topic: str
    status: Status
    severity: Severity
    duty_holder: str
    ours: bool | None
    legal_status: LegalStatus
    confidence: Confidence
    cites: tuple[Cite, ...]
    in_force: InForce
    evidence: str
    note: str
    kind: str = "rule"
    feature: str = ""
    layer: str = "national"
    routes: tuple[str, ...] = ()
    on_route: bool = True
    curable: bool = True
    waived: Waived | None = None
    superseded_by: str = ""
    conflicts_with: tuple[str, ...] = ()
    basis: Basis = Basis.UNREVIEWED
    cause: str = ""
    explanation: Explanation = Explanation(None)


class Finding(_Finding):
    """A rule's result (or a route need's, `kind="need"`) for one profile, feature, market and day.

    on_route: whether it counts for the route the market is judged by (routeless rules always do).
    ours: whether the duty falls on one of the roles the profile declares; None when roles are undeclared.
    basis: what the law rests on; what rests on practice or inference is advice and counts for nothing.
    cause: why it is so, where its status does not say it: `unread` (a gap known from memory alone), `ban` (nothing can
    mend it), or of an approval that is not held `planned`, `applied`, `refused`, `suspended`, `withdrawn`, `expired`.
    because, unknown, remedy: what explains it, worked out when one of them is read.
    """

    __slots__ = ()

    def __new__(cls, *args: Any, **fields: Any) -> Self:
        told = {name: fields.pop(name) for name in Told._fields if name in fields}
        if told:
            fields["explanation"] = Explanation(None, Told(**told))
        return super().__new__(cls, *args, **fields)

    def _replace(self, **changes: Any) -> Self:
        told = {name: changes.pop(name) for name in Told._fields if name in changes}
        if told:
            changes["explanation"] = Explanation(None, self.explanation.told._replace(**told))
        return super()._replace(**changes)

    @property
    def because(self) -> tuple[Because, ...]:
        return self.explanation.told.because

    @property
    def unknown(self) -> tuple[str, ...]:
        return self.explanation.told.unknown

    @property
    def asks(self) -> tuple[str, ...]:
        """The facts to ask for first, of those that would settle it."""
        asks = self.explanation.told.asks
        return self.unknown if asks is None else asks

    @property
    def remedy(self) -> RemedyPlan | None:
        return self.explanation.told.remedy

    @property
    def counts(self) -> bool:
        """Whether it is of the route that the market is judged by, binds, and no other rule has taken its place."""
        return self.on_route and not self.superseded_by and self.basis not in (Basis.PRACTICE, Basis.INFERENCE)

    @property
    def is_open_gap(self) -> bool:
        """A gap that no valid waiver covers."""
        return self.status is Status.GAP and (self.waived is None or self.waived.expired)


class RouteResult(NamedTuple):
    """One way in for one feature. `on_offer` is None while `available_when` is unknown.

    missing: how many of its needs are not met, of those `needs` lists. asks: what to ask first of what is unknown.
    """

    id: str
    title: str
    layer: str
    kind: str
    track: str
    outcome: Outcome
    on_offer: bool | None
    gaps: int
    undetermined: int
    silent: bool
    feature: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    missing: int = 0
    unknown: tuple[str, ...] = ()
    asks: tuple[str, ...] | None = None
    authority: str = ""
    cites: tuple[Cite, ...] = ()
    note: str = ""


class Pending(NamedTuple):
    """What a layer waits for besides its findings: a rule, jurisdiction or market, with what would settle it."""

    rule: str
    explanation: Explanation

    @property
    def unknown(self) -> tuple[str, ...]:
        return self.explanation.told.unknown


class LayerResult(NamedTuple):
    """A jurisdiction's own say in the market, for one feature; `why` explains a closed or undecided one, in the
    words of `told` where its law says why.

    pending: what else could change it: of routes that are as near as the one taken, of what is left to members, and of
    a test where no service is lawful.
    """

    jurisdiction: str
    name: str
    outcome: Outcome
    route: str
    feature: str = ""
    why: str = ""
    members: tuple[str, ...] = ()
    pending: tuple[Pending, ...] = ()
    told: tuple[LawExplanation, ...] = ()


class Upcoming(NamedTuple):
    """Law that changes within the horizon: `starts`, `ends`, or adopted without a first day (`date` None)."""

    rule: str
    title: str
    jurisdiction: str
    date: dt.date | None
    change: str
    status: Status
    severity: Severity
    cites: tuple[Cite, ...]
    legal_status: LegalStatus
    topic: str = ""
    feature: str = ""


UNTOLD = Known(Level.THINLY, {})


class MarketAssessment(NamedTuple):
    """Everything Carnet says of one market.

    judged_as: `testing` where only a test is lawful, so that all of it is said of one; else `declared`.
    """

    market: str
    name: str
    as_of: dt.date
    outcome: Outcome
    route: str
    layers: tuple[LayerResult, ...]
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    severities: Mapping[str, int]
    upcoming: tuple[Upcoming, ...]
    notes: tuple[Note, ...]
    not_covered: tuple[NotCovered, ...]
    home: str
    home_outcome: Outcome | None
    home_findings: tuple[Finding, ...]
    guidance: tuple[Finding, ...]
    confidence_share: Mapping[str, int]
    chain: tuple[str, ...]
    judged_as: str = "declared"
    lacking: Later[tuple[tuple[Lack, ...], tuple[Lack, ...]]] = Later(((), ()))
    locking: Later[tuple[Apart, ...]] = Later(())
    known: Known = UNTOLD
    resting: Later[Support | None] = Later(None)

    @property
    def weakest(self) -> Support | None:
        """The least certain of the texts that decide the outcome, which is no surer than it."""
        return self.resting.value

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """The least set of changes that closes every gap of the route taken, blocking ones first."""
        return each_covered(self.lacking.value[0], self.gaps, self.market)

    @property
    def apart(self) -> tuple[Apart, ...]:
        """For each automated feature that the profile declares, the outcome with it and with it locked."""
        return self.locking.value

    @property
    def home_lacks(self) -> tuple[Lack, ...]:
        """The same of the duties of the exporter's home."""
        gaps = (f for f in self.home_findings if f.status is Status.GAP and f.counts)
        return each_covered(self.lacking.value[1], gaps, self.home)

    @property
    def gaps(self) -> tuple[Finding, ...]:
        """Gaps on the route the market is judged by, blocking first."""
        return self.with_status(Status.GAP)

    @property
    def undetermined(self) -> tuple[Finding, ...]:
        return self.with_status(Status.UNDETERMINED)

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.status is status and f.counts)


class Receipt(NamedTuple):
    """What makes a report reproducible."""

    carnet: str
    law_version: str
    law_sha256: str
    profile_sha256: str
    evaluator: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Report:
    receipt: Receipt
    profile: Mapping[str, Any]
    markets: tuple[MarketAssessment, ...]

    def market(self, code: str) -> MarketAssessment:
        """The assessment of one market.

        Raises:
            UnknownName: when it was not checked.
        """
        for assessment in self.markets:
            if assessment.market == code:
                return assessment
        checked = [assessment.market for assessment in self.markets]
        raise UnknownName(f"the market {shown(code)} was not checked", hint=suggest(str(code), checked))

    def __iter__(self) -> Iterator[MarketAssessment]:
        return iter(self.markets)
