# SPDX-License-Identifier: Apache-2.0
"""A confirmed solution as a plan: early and late days, slack, critical chains, and what each step is for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from carnet.assess.check import check, receipt
from carnet.assess.duties import is_ours
from carnet.assess.model import MarketAssessment, Outcome
from carnet.declare.profile import Profile
from carnet.law.law import Law
from carnet.plan.apply import written
from carnet.plan.crew import taking_turns
from carnet.plan.launch import Launch
from carnet.plan.model import Days, LaunchChoice, Opening, Plan, Setting, Shut, Step
from carnet.plan.options import Option, OptionFinder, Picks
from carnet.plan.order import Edge, Span, backward, days, forward, release
from carnet.plan.prove import keeps, opened, promised
from carnet.plan.renewals import renewals
from carnet.plan.schedule import Solution
from carnet.plan.sought import Changes
from carnet.plan.tasks import Task

if TYPE_CHECKING:
    from carnet.plan.roadmap import Ask

Others = Mapping[str, tuple[tuple[Launch, dt.date], ...]]


class PlanWriter:
    """Writes the plan of one solution."""

    def __init__(self, law: Law, profile: Profile, finder: OptionFinder, ask: Ask, edges: Sequence[Edge]) -> None:
        self._law, self._profile, self._finder, self._ask = law, profile, finder, ask
        self._start, self._edges = ask.start, edges

    def now(self, market: str) -> Outcome:
        """What a market is today."""
        return check(self._law, self._profile, [market], self._start, "native").markets[0].outcome

    def plan(self, solution: Solution, others: Others, shut: Sequence[Shut]) -> Plan:
        tasks = {name: self._finder.tasks[name] for name in solution.spans}
        self._needs = {market: self._closure(option.tasks(picks), tasks) for market, (option, picks) in _in(solution)}
        self._tasks = {name: task for name, task in tasks.items() if any(name in own for own in self._needs.values())}
        edges = [(one, other) for one, other in self._edges if one in self._tasks and other in self._tasks]
        turns = taking_turns(self._tasks, solution.spans, self._ask.parallel)
        self._all_edges = [*edges, *turns]
        self._late, self._early = (self._spans(late) for late in (True, False))
        opens = {market: self._opening_days(market, solution) for market in solution.picked}
        ends = self._limits({market: (day.late - self._start).days for market, day in opens.items()})
        lengths = self._lengths(late=True)
        self._latest_ends = backward(lengths, self._all_edges, ends)
        openings = [self._opening(market, solution, opens[market], others.get(market, ())) for market in opens]
        steps = [self._step(task, solution, edges) for task in self._tasks.values() if task.kind != "declare"]
        steps += list(renewals(self._law, steps, openings))
        stamp = receipt(self._law, self._profile, "native", [self._start])
        return Plan(
            receipt=stamp,
            profile=self._profile.name,
            start=self._start,
            by=self._ask.by,
            parallel=self._ask.parallel,
            objective=self._ask.objective,
            optimal=solution.optimal,
            gap=solution.gap,
            steps=tuple(sorted(steps, key=lambda step: (step.start.late, step.end.late, step.id))),
            openings=tuple(sorted(openings, key=lambda one: (one.day.late, one.day.early, one.market))),
            shut=tuple(shut),
            identity=self._profile.identity,
        )

    def _closure(self, names: Iterable[str], tasks: Mapping[str, Task]) -> frozenset[str]:
        """The tasks of a market with those that come before them in this solution."""
        found, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [one for group in tasks[name].needs for one in group if one in tasks]
        return frozenset(found)

    def _lengths(self, late: bool) -> dict[str, int]:
        return {name: days(task, self._start, late) for name, task in self._tasks.items()}

    def _spans(self, late: bool) -> dict[str, Span]:
        releases = {name: release(task, self._start) for name, task in self._tasks.items()}
        return forward(self._lengths(late), self._all_edges, releases)

    def _opening_days(self, market: str, solution: Solution) -> Days:
        """The late day that was confirmed, and the earliest one that a check confirms as well."""
        option, picks = solution.picked[market]
        begins = max((option.begins - self._start).days, 0)
        late = self._day(max((begins, *(self._late[name].end for name in self._needs[market]))))
        early = self._day(max((self._early[name].end for name in self._needs[market]), default=0))
        law_days = [day for day in self._finder.turns(market) if early < day < late]
        for day in dict.fromkeys((early, *law_days)):
            if keeps(option, opened(self._law, option, picks, day)):
                return Days(day, late)
        return Days(late, late)

    def _day(self, number: int) -> dt.date:
        return self._start + dt.timedelta(days=number)

    def _limits(self, opens: Mapping[str, int]) -> dict[str, int]:
        """By task, the day after the start by which some market needs it."""
        found: dict[str, int] = {}
        for market, day in opens.items():
            for name in self._needs[market]:
                found[name] = min(found.get(name, day), day)
        return found

    def _opening(self, market: str, solution: Solution, day: Days, others: Sequence[tuple[Launch, dt.date]]) -> Opening:
        option, picks = solution.picked[market]
        after = opened(self._law, option, picks, day.late)
        needs = self._needs[market]
        steps = [name for name in self._by_start(needs) if self._tasks[name].kind != "declare"]
        declared = {
            key: v for slot, pick in zip(option.way.slots, picks, strict=True) for key, v in slot.ways[pick].items()
        }
        unsaid = {key: value for key, value in declared.items() if self._is_unsaid(option, key)}
        whole = promised(self._law, option, picks, day.late)
        unsaid |= {key: value for key, value in whole.items() if key not in declared}
        launch = self._launch(option.launch, option, declared) if option.launch else None
        told = tuple(
            LaunchChoice(one.kind, one.name, self._settings(market, one.settings), Days(when, when))
            for one, when in others
        )
        return Opening(
            market=market,
            name=after.name,
            day=day,
            now=not steps and not unsaid and day.late <= self._start and option.launch is None,
            outcome=after.outcome,
            home_outcome=after.home_outcome,
            known=after.known.level.value,
            routes=_routes(after),
            steps=tuple(steps),
            critical=(chain := self._chain(needs, (day.late - self._start).days)),
            assumptions=self._settings(market, unsaid),
            launch=launch,
            others=told,
            in_time=None if self._ask.by is None else day.late <= self._ask.by,
            waits=not chain and day.late > self._start,
        )

    def _launch(self, launch: Launch, option: Option, declared: Changes) -> LaunchChoice:
        from carnet.plan.bounds import OFFERED

        less = {key: value for key, value in declared.items() if key[1] in OFFERED} if launch.kind == "less" else {}
        return LaunchChoice(launch.kind, launch.name, self._settings(option.market, {**launch.settings, **less}))

    def _is_unsaid(self, option: Option, key: tuple[str, str]) -> bool:
        chain = self._law.chain(option.market)
        return not key[1].startswith("approvals.") and self._profile.declared(key[1], chain, key[0] or None) is None

    def _settings(self, market: str, changes: Changes) -> tuple[Setting, ...]:
        chain = self._law.chain(market)
        return tuple(
            Setting(market, name, path, written(value), written(self._profile.declared(path, chain, name or None)))
            for (name, path), value in sorted(changes.items())
        )

    def _by_start(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: (self._late[name], name))

    def _chain(self, names: frozenset[str], day: int) -> tuple[str, ...]:
        """The tasks, one after the other, that decide on which day a market opens."""
        found: list[str] = []
        end = day
        while True:
            last = [n for n in names if self._late[n].end == end and self._late[n].start < end and n not in found]
            if found:
                before = {one for one, other in self._all_edges if other == found[-1]}
                last = [name for name in last if name in before]
            if not last:
                return tuple(reversed(found))
            found.append(min(last))
            end = self._late[found[-1]].start

    def _step(self, task: Task, solution: Solution, edges: Sequence[Edge]) -> Step:
        name, early, late = task.id, self._early[task.id], self._late[task.id]
        markets = tuple(market for market in solution.picked if name in self._needs[market])
        latest_end = self._latest_ends.get(name, late.end)
        slack = max(latest_end - late.end, 0)
        settings, closes = self._serves(name, markets, solution)
        return Step(
            id=name,
            kind=task.kind,
            work=task.work,
            part=task.part,
            title=task.title,
            action=task.action,
            approval=task.approval,
            who=task.who,
            partner=self._profile.partners.get(task.who, ""),
            ours=self._ours(task.who, markets),
            with_=task.with_,
            weeks=task.weeks,
            estimate=task.estimate,
            after=self._after(task, edges),
            markets=markets,
            closes=closes,
            lacks=tuple(dict.fromkeys(_lack(task, setting) for setting in settings)) or (name,),
            settings=settings,
            start=Days(self._day(early.start), self._day(late.start)),
            end=Days(self._day(early.end), self._day(late.end)),
            slack=slack,
            critical=slack == 0,
            latest=self._latest_start(name, markets),
            per_vehicle=task.per_vehicle,
            unsaid=task.unsaid,
            fixed=task.fixed is not None,
            cost=task.cost,
        )

    def _after(self, task: Task, edges: Sequence[Edge]) -> tuple[str, ...]:
        """What comes first; for the last step of all only what the catalogue names."""
        named = {one for group in task.needs for one in group}
        before = (one for one, other in edges if other == task.id and (one in named or not task.per_vehicle))
        return tuple(sorted(one for one in before if self._tasks[one].kind != "declare"))

    def _latest_start(self, name: str, markets: Iterable[str]) -> dt.date | None:
        """The last day to begin so that every market that can open by the plan's day still does."""
        if self._ask.by is None:
            return None
        if not hasattr(self, "_by_ends"):
            by, lengths = (self._ask.by - self._start).days, self._lengths(late=True)
            in_time = {
                market: by for market, needs in self._needs.items() if all(self._late[n].end <= by for n in needs)
            }
            self._by_ends = backward(lengths, self._all_edges, self._limits(in_time)), lengths
        ends, lengths = self._by_ends
        return self._day(ends[name] - lengths[name]) if name in ends else None

    def _serves(
        self, name: str, markets: Iterable[str], solution: Solution
    ) -> tuple[tuple[Setting, ...], tuple[str, ...]]:
        """What a step lets each market declare, and the rules that it settles."""
        closes: dict[str, None] = {}
        settings: dict[str, dict[tuple[str, str], object]] = defaultdict(dict)
        for market in markets:
            option, picks = solution.picked[market]
            for slot, way, pick, tasks in zip(
                option.way.slots, option.slots, picks, _chosen(option, picks), strict=True
            ):
                del way
                if name in tasks:
                    closes.update(dict.fromkeys(slot.closes))
                    for key, value in slot.ways[pick].items():
                        if self._task_of(option, key, tasks, name):
                            settings[market][key] = value
        told = [one for market, found in settings.items() for one in self._settings(market, found)]  # type: ignore[arg-type]
        return tuple(told), tuple(closes)

    def _task_of(self, option: Option, key: tuple[str, str], tasks: Sequence[str], name: str) -> bool:
        """Whether a declaration is what a task is done for, of the tasks of one alternative."""
        path = key[1]
        if path.startswith("approvals."):
            return name == f"approval:{path.removeprefix('approvals.').rpartition('.')[0]}"
        return name.partition("@")[0] == f"fact:{path}"

    def _ours(self, who: str, markets: Sequence[str]) -> bool | None:
        chain = self._law.chain(markets[0]) if markets else ()
        values = {path: self._profile.declared(path, chain) for path in ("organisation.roles", "commercial.entry_mode")}
        known = {path: value for path, value in values.items() if value is not None}
        return is_ours(who, known, self._law.bearers) if who in self._law.bearers.roles else None


def _in(solution: Solution) -> Iterable[tuple[str, tuple[Option, Picks]]]:
    return solution.picked.items()


def _chosen(option: Option, picks: Picks) -> list[tuple[str, ...]]:
    return [slot[pick] for slot, pick in zip(option.slots, picks, strict=True)]


def _routes(market: MarketAssessment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layer.route for layer in market.layers if layer.route))


def _lack(task: Task, setting: Setting) -> str:
    """The id under which a check names the lack that a step closes in a market."""
    return f"approval:{task.approval}" if task.approval else f"fact:{setting.path}@{setting.market}"
