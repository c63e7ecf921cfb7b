# SPDX-License-Identifier: Apache-2.0
"""What it would take: the best outcome that a market can come to, with the least that brings it there.

Whatever is not kept may be declared otherwise. What is found is declared in the market's overlay and checked by the
evaluator; only what that check says is reported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from carnet.assess.check import check, receipt
from carnet.assess.model import BEST_FIRST, MarketAssessment, Outcome, Receipt
from carnet.declare.facts import PHASE, TESTING
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.errors import UnknownName, shown, suggest
from carnet.law.law import Law
from carnet.plan.apply import applied, written
from carnet.plan.bounds import Bounds
from carnet.plan.choices import Chooser, Way
from carnet.plan.obstacles import Obstacle, asked, obstacles
from carnet.plan.search import Found, Search
from carnet.plan.sought import Changes, Key
from carnet.plan.trial import Trial

DEPLOYED = (Outcome.OPEN, Outcome.CONDITIONAL)
LETS_IN = (*DEPLOYED, Outcome.TEST_ONLY)


NO_CHANGES: Changes = {}


class Change(NamedTuple):
    """One thing to declare otherwise.

    kind: `approval` to obtain, `change` of what was declared, `declare` what was not. value, before: as a profile
    writes them; None says nothing. closes: rules and needs that are not met without it. alternatives: what would do as
    well, each by path.
    """

    kind: str
    path: str
    value: Any
    before: Any
    feature: str
    closes: tuple[str, ...]
    alternatives: tuple[Mapping[str, Any], ...]

    @property
    def approval(self) -> str:
        """The approval that it is about, if it is about one."""
        return self.path.removeprefix("approvals.").rpartition(".")[0] if self.kind == "approval" else ""


class MarketReach(NamedTuple):
    """How far one market can come.

    before, outcome: as declared, and at best. home_outcome: of the exporter's own duties at best. least: whether fewer
    declarations were shown not to do, among all enumerated alternatives; else there may be fewer. grants: what the
    approvals to obtain are taken to be granted for. obstacles: what keeps it from being open; where only a test is
    lawful, what keeps it from being more.
    """

    market: str
    name: str
    as_of: dt.date
    before: Outcome
    outcome: Outcome
    home_outcome: Outcome | None
    routes: tuple[str, ...]
    changes: tuple[Change, ...]
    least: bool
    obstacles: tuple[Obstacle, ...]
    grants: Changes = NO_CHANGES

    @property
    def approvals(self) -> tuple[str, ...]:
        """The approvals to obtain, each once."""
        return tuple(dict.fromkeys(change.approval for change in self.changes if change.kind == "approval"))

    @property
    def settings(self) -> Mapping[tuple[str, str], Any]:
        """What to declare, by feature (empty: all) and path."""
        changes = {(change.feature, change.path): change.value for change in self.changes}
        return {**changes, **{key: written(value) for key, value in self.grants.items() if key not in changes}}


class Reach(NamedTuple):
    """What it would take, market by market."""

    receipt: Receipt
    profile: str
    markets: tuple[MarketReach, ...]

    def market(self, code: str) -> MarketReach:
        """That of one market.

        Raises:
            UnknownName: when it was not asked about.
        """
        for one in self.markets:
            if one.market == code:
                return one
        names = [one.market for one in self.markets]
        raise UnknownName(f"the market {shown(code)} was not asked about", hint=suggest(str(code), names))


def reach(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    keep: Iterable[str] = (),
    never: Iterable[str] = (),
    change: Iterable[str] = (),
    as_of: dt.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Reach:
    """The best outcome of each market when everything that is not kept may be declared otherwise.

    keep: facts or sections. never: approvals not to count on. change: facts that make the product what it is and may
    change all the same.

    Raises:
        UnknownName: for a market, fact, section or approval that does not exist.
    """
    bounds = Bounds(law, profile, keep, never, change)
    found = []
    for market in dict.fromkeys(markets):
        day = as_of or profile.default_as_of(law.chain(market))
        found.append(of_market(law, profile, market, day, bounds))
        if progress:
            progress(market)
    stamp = receipt(law, profile, "native", [one.as_of for one in found])
    return Reach(stamp, profile.name, tuple(found))


def of_market(law: Law, profile: Profile, market: str, day: dt.date, bounds: Bounds) -> MarketReach:
    """How far one market comes: as declared, else as a test."""
    before = check(law, profile, [market], day, "native").markets[0]
    best = _proven(Trial(law, profile, market, day), bounds, before)
    if best.outcome not in DEPLOYED and not tests(profile, law, market):
        tested = _proven(Trial(law, profile, market, day, testing=True), bounds, before)
        best = min(best, tested._replace(obstacles=best.obstacles), key=_order)
    opens = best.outcome is not before.outcome or before.outcome in LETS_IN
    if best.changes and (not opens or _order(best)[:2] >= _rank(before)):
        # nothing helps, or only home lets go what no market takes: say what stands in the way, change nothing
        best = best._replace(outcome=before.outcome, home_outcome=before.home_outcome, changes=(), least=True)
    return best


def tests(profile: Profile, law: Law, market: str) -> bool:
    """Whether what is declared is a test already."""
    return profile.declared(PHASE, law.chain(market)) == TESTING


def _proven(trial: Trial, bounds: Bounds, before: MarketAssessment) -> MarketReach:
    """The best that a search finds, as an ordinary check sees it."""
    chooser = Chooser(trial, bounds)
    way = chooser.ways[0]
    changes, least = chooser.least(way)
    after = _checked(trial, changes)
    found = _result(trial, bounds, before, after, way, changes, least)
    if after.outcome in DEPLOYED:
        return found
    fewer = Search(trial, bounds).without_needless(Found(changes, trial.judge(changes)), outcome_alone=True).changes
    again = _result(trial, bounds, before, _checked(trial, fewer), way, fewer, least)
    return again._replace(obstacles=found.obstacles)


def _checked(trial: Trial, changes: Changes) -> MarketAssessment:
    profile = applied(trial.profile, trial.code, trial.granted(changes))
    return check(trial.law, profile, [trial.code], trial.day, "native").markets[0]


def _result(
    trial: Trial,
    bounds: Bounds,
    before: MarketAssessment,
    after: MarketAssessment,
    way: Way | None,
    changes: Changes,
    least: bool,
) -> MarketReach:
    routes = tuple(dict.fromkeys(layer.route for layer in after.layers if layer.route))
    told = tuple(_change(trial, way, key, value) for key, value in changes.items())
    grants = {key: value for key, value in trial.granted(changes).items() if key not in changes}
    questions = asked(trial.law, after, bounds.fixed)
    return MarketReach(
        market=after.market,
        name=after.name,
        as_of=after.as_of,
        before=before.outcome,
        outcome=after.outcome,
        home_outcome=after.home_outcome,
        routes=routes,
        changes=tuple(sorted(told, key=lambda one: (KINDS.index(one.kind), one.path))),
        least=least,
        obstacles=() if after.outcome in (Outcome.OPEN, Outcome.TEST_ONLY) else (*questions, *obstacles(after)),
        grants=grants,
    )


KINDS = ("approval", "change", "declare")


def _change(trial: Trial, way: Way | None, key: Key, value: Value | None) -> Change:
    feature, path = key
    before = trial.profile.declared(path, trial.law.chain(trial.code), feature or None)
    slots = [slot for slot in (way.slots if way else ()) if any(key in option for option in slot.ways)]
    obtained = path.startswith("approvals.") and value not in (None, False)
    return Change(
        kind="approval" if obtained else "declare" if before is None else "change",
        path=path,
        value=written(value),
        before=written(before),
        feature=feature,
        closes=tuple(dict.fromkeys(rule for slot in slots for rule in slot.closes)),
        alternatives=tuple(
            {path: written(item) for (_, path), item in option.items()}
            for slot in slots
            for option in slot.ways
            if key not in option
        ),
    )


def _rank(market: MarketAssessment) -> tuple[int, int]:
    return BEST_FIRST.index(market.outcome), BEST_FIRST.index(market.home_outcome or Outcome.OPEN)


def _order(one: MarketReach) -> tuple[int, int, int]:
    home = BEST_FIRST.index(one.home_outcome or Outcome.OPEN)
    return BEST_FIRST.index(one.outcome), home, len(one.changes)
