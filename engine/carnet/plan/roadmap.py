# SPDX-License-Identifier: Apache-2.0
"""From gaps to a plan: ways for each market, one schedule for all, and a check of every opening before it is shown.

A combination that the check does not confirm is forbidden and the rest solved again; a market whose law changes before
it can open gets the ways of the new law as well. What is never confirmed is never part of a plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from carnet.assess.check import check_waivers
from carnet.declare.profile import Profile
from carnet.errors import CarnetError, InputError
from carnet.law.law import Law
from carnet.plan.bounds import Bounds
from carnet.plan.launch import Launch, launches
from carnet.plan.model import OBJECTIVES, Plan, Shut
from carnet.plan.options import Option, OptionFinder, Picks
from carnet.plan.order import Edge, orders
from carnet.plan.prove import keeps, opened
from carnet.plan.reach import of_market
from carnet.plan.schedule import Schedule, Solution, Wanted
from carnet.plan.write import PlanWriter

LIMIT = 20.0
ROUNDS = 40
LAUNCHES = 2
SHARE = 0.15
"""Of the limit, for each solution that may turn out not to hold."""
Progress = Callable[[str], None]


class Ask(NamedTuple):
    """What is asked of a plan; see `plan`."""

    start: dt.date
    by: dt.date | None = None
    parallel: int | None = None
    objective: str = "last-market"
    best: int | None = None
    limit: float = LIMIT


class Candidate(NamedTuple):
    """A market with its options, those with less where it does not open for all that was declared."""

    market: str
    options: list[Option]
    others: tuple[tuple[Launch, dt.date], ...]


def plan(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    ask: Ask,
    keep: Iterable[str] = (),
    never: Iterable[str] = (),
    change: Iterable[str] = (),
    progress: Progress | None = None,
) -> Plan:
    """A road map that opens these markets.

    ask: `start` is the day on which work begins, `by` a day to open by, `parallel` how many steps are done at once,
    `best` how many of the markets to open, `limit` the solver's deterministic seconds. keep, never, change: as in
    `reach`. progress: called with each market once its ways are known, and with nothing between other steps; may raise.

    Raises:
        InputError: for wishes that make no sense together.
        UnknownName: for a market, fact or approval that does not exist.
    """
    _checked(ask)
    for market in markets:
        law.head(market)  # refused before anything is searched
    check_waivers(law, profile)
    bounds = Bounds(law, profile, keep, never, change, offer=False)
    tick = progress or (lambda step: None)
    planner = _Planner(law, profile, ask, bounds, Bounds(law, profile, keep, never, change), tick)
    for market in dict.fromkeys(markets):
        planner.add(market)
        tick(market)
    return planner.plan()


def _checked(ask: Ask) -> None:
    if ask.objective not in OBJECTIVES:
        raise InputError(f"unknown objective `{ask.objective}`", hint=f"one of {', '.join(OBJECTIVES)}")
    if ask.objective == "most-markets" and ask.by is None:
        raise InputError("most markets by when is not said", hint="add `--by DATE`")
    if ask.by is not None and ask.by <= ask.start:
        raise InputError(f"the day `{ask.by}` is not after the start, `{ask.start}`", hint="give a later `--by`")
    for name, number in (("--parallel", ask.parallel), ("--best", ask.best)):
        if number is not None and number < 1:
            raise InputError(f"`{name}` is {number}", hint="give 1 or more")


class _Planner:
    """Gathers the options of every market, then solves and checks until all that is promised is confirmed."""

    def __init__(self, law: Law, profile: Profile, ask: Ask, bounds: Bounds, wider: Bounds, tick: Progress) -> None:
        self._law, self._profile, self._ask, self._tick = law, profile, ask, tick
        self._bounds, self._wider = bounds, wider
        self._finder = OptionFinder(law, profile, ask.start)
        self._candidates: dict[str, Candidate] = {}
        self._shut: list[Shut] = []
        self._forbidden: list[tuple[str, Option, Picks]] = []

    def add(self, market: str) -> None:
        """Find the ways of a market, with less than was declared where there is none with all of it."""
        options = self._finder.find(market, self._bounds, self._profile)
        if options:
            self._candidates[market] = Candidate(market, options, self._faster(market, options))
            return
        found: list[tuple[Launch, list[Option]]] = []
        for launch, profile in launches(self._law, self._profile, market):
            bounds = self._wider if launch.kind == "less" else self._bounds
            testing = launch.kind == "testing"
            own = self._finder.find(market, bounds, profile, testing=testing, launch=launch)
            self._tick("")
            own = [one for one in own if self._holds(one, self._finder.done(one))]
            if own:
                found.append((launch, own))
            if len(found) >= LAUNCHES:
                break
        if not found:
            self._close(market)
            return
        others = tuple((launch, min(map(self._finder.done, own))) for launch, own in found[1:])
        self._candidates[market] = Candidate(market, found[0][1], others)

    def _faster(self, market: str, options: Sequence[Option]) -> tuple[tuple[Launch, dt.date], ...]:
        """The company's own choices with which a market opens sooner than with all that was declared."""
        found = []
        by = min(map(self._finder.done, options))
        for launch, profile in launches(self._law, self._profile, market):
            if launch.kind == "choice":
                own = self._finder.find(market, self._bounds, profile, launch=launch)
                self._tick("")
                days = [day for one in own if (day := self._finder.done(one)) < by and self._holds(one, day)]
                found += [(launch, min(days))] if days else []
        return tuple(sorted(found, key=lambda one: one[1]))[:LAUNCHES]

    def _holds(self, option: Option, day: dt.date) -> bool:
        """Whether a check confirms an option on a day."""
        return keeps(option, opened(self._law, option, _first(option), day))

    def _close(self, market: str) -> None:
        day = self._finder.failed.get(market, self._ask.start)
        best = of_market(self._law, self._profile, market, day, self._bounds)
        self._shut.append(Shut(market, best.name, day, best.outcome, best.obstacles))

    def plan(self) -> Plan:
        solution, edges = self._solved()
        writer = PlanWriter(self._law, self._profile, self._finder, self._ask, edges)
        others = {market: one.others for market, one in self._candidates.items()}
        left_out = [market for market in self._candidates if market not in solution.picked]
        for market in left_out:
            self._shut.append(
                Shut(market, self._law.head(market).name, self._ask.start, writer.now(market), (), left_out=True)
            )
        return writer.plan(solution, others, sorted(self._shut, key=lambda one: one.market))

    def _solved(self) -> tuple[Solution, Sequence[Edge]]:
        """A solution of which every opening is confirmed: quickly at first, then with what is left of the limit."""
        limit = self._ask.limit
        left, best = limit, None
        for _ in range(ROUNDS):
            self._tick("")
            schedule, edges = self._schedule()
            solution = schedule.solve(limit * SHARE if best is None else left)
            if solution is None:
                if best:
                    return best
                raise CarnetError("no plan was found within the limit", hint="ask for fewer markets, or a higher limit")
            left = max(left - solution.spent, limit * SHARE)
            wrong = [market for market in solution.picked if not self._confirmed(market, solution)]
            if not wrong:
                if solution.optimal or best is not None:
                    return solution, edges
                best = solution, edges
            elif best is not None:
                return best
        raise CarnetError("no plan could be confirmed by a check", hint="this is a fault of the planner; report it")

    def _schedule(self) -> tuple[Schedule, Sequence[Edge]]:
        ask, finder = self._ask, self._finder
        used = {
            market: finder.with_needs(frozenset().union(*(option.every_task() for option in one.options)))
            for market, one in self._candidates.items()
        }
        names = frozenset[str]().union(*used.values())
        tasks = {name: finder.tasks[name] for name in sorted(names)}
        edges = orders(tasks, used.values(), finder.after)
        by = (ask.by - ask.start).days if ask.by else None
        wanted = Wanted(ask.objective, by, ask.parallel, ask.best)
        options = {market: one.options for market, one in self._candidates.items()}
        schedule = Schedule(options, tasks, edges, ask.start, wanted)
        for market, option, picks in self._forbidden:
            if option in options.get(market, ()):
                schedule.forbid(market, option, picks)
        return schedule, edges

    def _confirmed(self, market: str, solution: Solution) -> bool:
        """Whether a check confirms an opening; if not, why it does not is part of the next question."""
        self._tick("")
        option, picks = solution.picked[market]
        day = self._ask.start + dt.timedelta(days=solution.opens[market])
        if keeps(option, opened(self._law, option, picks, day)):
            return True
        changes = [change for change in self._finder.turns(market) if option.begins < change <= day]
        broken = next((c for c in changes if not keeps(option, opened(self._law, option, picks, c))), None)
        if broken is None:
            self._forbidden.append((market, option, picks))
            self._without_forbidden(market)
            return False
        own = self._candidates[market].options
        ended = option._replace(ends=broken - dt.timedelta(days=1))
        own[own.index(option)] = ended
        bounds = self._wider if option.launch and option.launch.kind == "less" else self._bounds
        if not any(one.begins == broken for one in own):
            own += self._finder.on(market, broken, bounds, option.profile, option.testing, option.launch)
        own[:] = [one for one in own if one.ends is None or self._finder.done(one) <= one.ends]
        if not own:
            self._drop(market)
        return False

    def _drop(self, market: str) -> None:
        del self._candidates[market]
        self._close(market)

    def _without_forbidden(self, market: str) -> None:
        """A market none of whose combinations is left does not open."""
        one = self._candidates[market]
        single = [o for m, o, _ in self._forbidden if m == market and all(len(slot) == 1 for slot in o.slots)]
        one.options[:] = [option for option in one.options if option not in single]
        if not one.options:
            self._drop(market)


def _first(option: Option) -> Picks:
    return tuple(0 for _ in option.slots)
