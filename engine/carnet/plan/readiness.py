# SPDX-License-Identifier: Apache-2.0
"""How far away each market is: what opening it takes and how long, which come next, what one step would do for many.

Markets are compared by what they cost, not by the colour of their outcome, and a market whose law is thinly known
never stands above one that is known well and has the same verdict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from carnet.assess.apart import Apart
from carnet.assess.lacks import Lack, Work
from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome
from carnet.declare.vocabulary import FactType
from carnet.law.known import Known, Level
from carnet.law.model import Note
from carnet.plan.actions import Action, action_id, actions
from carnet.plan.first import Step, first_step, in_the_way
from carnet.plan.questions import deciding

if TYPE_CHECKING:
    from carnet.law.law import Law

Weeks = tuple[int, int]
OPEN = (Outcome.OPEN, Outcome.CONDITIONAL)
NEXT = 3
ONE_OF = ("choice", "bool")
"""Types of facts that have one value at a time, so that two markets can ask for what excludes each other."""


class Readiness(NamedTuple):
    """One profile's distance to one market.

    blocking: the lacks that stand in the way, the export duties of home among them. lesser: how many lacks block
    nothing. weeks: from now until the market opens, early and late, when all is begun at once and prerequisites first;
    None where no action opens it or where too little is declared to say. questions: answers that can still change
    its outcome, at most. decisive: what the law says of money and origin that can decide by itself. locked: of a
    market that is not open, the features without which the vehicle may go there.
    """

    market: str
    name: str
    outcome: Outcome
    known: Known
    blocking: tuple[Lack, ...]
    lesser: int
    weeks: Weeks | None
    questions: int
    decisive: tuple[Note, ...]
    locked: tuple[Apart, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.outcome in OPEN

    @property
    def is_barred(self) -> bool:
        """Whether something stands in the way that no action lifts."""
        return any(lack.work is Work.BAR for lack in self.blocking)

    @property
    def is_least(self) -> bool:
        """Whether more may be lacking than is said, because facts are missing that decide what can close it."""
        return bool(self.blocking and self.questions) and not self.is_barred

    @property
    def steps(self) -> frozenset[str]:
        """What is to be done, by the ids of actions."""
        return frozenset(map(action_id, self.blocking))

    def of(self, work: Work) -> int:
        """How many lacks of one kind of work stand in the way."""
        return sum(lack.work is work for lack in self.blocking)


class Conflict(NamedTuple):
    """A fact of which markets ask for values that exclude each other."""

    path: str
    asked: Mapping[object, tuple[str, ...]]


class Outlook(NamedTuple):
    """Markets by distance, and what can be said over all of them.

    next: the nearest that are not open yet. twins: markets that lack the same. step: what does most. role: who closes
    most lacks that stand in the way, and how many.
    """

    rows: tuple[Readiness, ...]
    next: tuple[Readiness, ...]
    twins: tuple[tuple[str, ...], ...]
    step: Step | None
    role: tuple[str, int]
    conflicts: tuple[Conflict, ...]


def outlook(markets: Sequence[MarketAssessment], law: Law | None = None) -> Outlook:
    """Markets by distance, nearest first, with what to draw from it; prerequisites and kinds of facts need the law."""
    rows = ranked(readiness(market, law) for market in markets)
    doing = actions(markets)
    return Outlook(
        rows=rows,
        next=_next(rows, {market.market: frozenset(market.chain) for market in markets}),
        twins=_twins(rows),
        step=first_step(markets, doing),
        role=_role(rows),
        conflicts=_conflicts(doing, law) if law else (),
    )


def _next(rows: Sequence[Readiness], chains: Mapping[str, frozenset[str]]) -> tuple[Readiness, ...]:
    """The nearest that are not open, but none that lies within another of them."""
    found: list[Readiness] = []
    for row in rows:
        related = any(row.market in chains[one.market] or one.market in chains[row.market] for one in found)
        if not row.is_open and row.weeks is not None and not related:
            found.append(row)
    return tuple(found[:NEXT])


def readiness(market: MarketAssessment, law: Law | None = None) -> Readiness:
    """The distance to one market; what is waived is not lacking."""
    own = [lack for lack in (*market.lacks, *market.home_lacks) if not lack.waived]
    blocking = in_the_way(market)
    return Readiness(
        market=market.market,
        name=market.name,
        outcome=market.outcome,
        known=market.known,
        blocking=blocking,
        lesser=len(own) - len(blocking),
        weeks=_weeks(market, blocking, law),
        questions=deciding(market),
        decisive=tuple(note for note in market.notes if note.decisive),
        locked=() if market.outcome in OPEN else tuple(one for one in market.apart if one.locked in OPEN),
    )


def _weeks(market: MarketAssessment, blocking: Sequence[Lack], law: Law | None) -> Weeks | None:
    """The longest chain of lacks, each after its prerequisites among the others; the either-or taken that is shortest.

    The registration of each vehicle is the last step before the road and no part of opening a market.
    """
    if any(lack.work is Work.BAR for lack in blocking) or market.outcome is Outcome.PROHIBITED:
        return None
    if market.outcome in OPEN:
        return 0, 0
    if market.outcome in (Outcome.UNDETERMINED, Outcome.TEST_ONLY) or not blocking:
        return None
    lacking = {lack.approval: lack for lack in blocking if lack.approval}
    testing = market.judged_as == "testing"
    done: dict[str, Weeks] = {}

    def until(name: str) -> Weeks:
        if law and name not in done:
            done[name] = (0, 0)  # a circle of prerequisites adds nothing
            planning = law.planning(name, testing)
            if planning.per_vehicle:
                return done[name]
            groups = [[until(one) for one in group if one in lacking] for group in planning.after]
            before = [min(group, key=lambda weeks: weeks[::-1]) for group in groups if group]
            early, late = max((w[0] for w in before), default=0), max((w[1] for w in before), default=0)
            done[name] = (early + planning.weeks[0], late + planning.weeks[1])
        return done[name]

    found = [until(lack.approval) if law and lack.approval else lack.weeks or (0, 0) for lack in blocking]
    return max((weeks[0] for weeks in found), default=0), max((weeks[1] for weeks in found), default=0)


def ranked(rows: Iterable[Readiness]) -> tuple[Readiness, ...]:
    """Nearest first: by weeks, then by what is lacking; then what waits for answers, last what nothing opens."""
    found = list(rows)
    longest: dict[Outcome, Weeks] = defaultdict(lambda: (0, 0))
    for row in found:
        if row.weeks and row.known.level is not Level.THINLY:
            longest[row.outcome] = max(longest[row.outcome], row.weeks[::-1])

    def distance(row: Readiness) -> tuple[object, ...]:
        thin = row.known.level is Level.THINLY
        weeks = row.weeks[::-1] if row.weeks else (0, 0)
        if thin:
            weeks = max(weeks, longest[row.outcome])
        worst_first = BEST_FIRST.index(row.outcome) if row.weeks is None else 0
        counts = tuple(row.of(work) for work in Work)
        return (row.weeks is None, worst_first, weeks, thin, *counts, row.questions, -row.known.share, row.market)

    return tuple(sorted(found, key=distance))


def _twins(rows: Sequence[Readiness]) -> tuple[tuple[str, ...], ...]:
    """Markets in the way of which the same stands, the largest groups first."""
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for row in rows:
        if row.steps and row.weeks is not None:
            groups[row.steps].append(row.market)
    found = [tuple(codes) for codes in groups.values() if len(codes) > 1]
    return tuple(sorted(found, key=lambda codes: (-len(codes), codes)))


def _role(rows: Sequence[Readiness]) -> tuple[str, int]:
    """Which partner's work closes most of what stands in the way."""
    theirs = Counter(
        lack.who for row in rows for lack in row.blocking if lack.who and lack.ours is not True and row.weeks
    )
    return max(theirs.items(), key=lambda item: (item[1], item[0]), default=("", 0))


def _conflicts(doing: Sequence[Action], law: Law) -> tuple[Conflict, ...]:
    """Facts of the product of which one market asks what excludes the wish of another."""
    found: dict[str, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
    for action in doing:
        for market, lack in action.lacks:
            for change in lack.changes:
                if _has_one_value(change.path, law) and change.value is not None:
                    found[change.path][change.value].add(market)
    return tuple(
        Conflict(path, {value: tuple(sorted(codes)) for value, codes in asked.items()})
        for path, asked in sorted(found.items())
        if len(asked) > 1
    )


def _has_one_value(path: str, law: Law) -> bool:
    """Whether a fact is of the product as a whole and has one value at a time, so that overlays cannot help."""
    if path.startswith("approvals."):
        return False
    fact = law.vocabulary.fact(path)
    kind: FactType = fact.type
    return kind in ONE_OF and fact.work.startswith("product")
