# SPDX-License-Identifier: Apache-2.0
"""The choice and the schedule as one problem for CP-SAT: options, alternatives, tasks, order, how much is done at once.

Solved in stages, each within a share of a limit counted in the solver's deterministic time, with one worker and a
fixed seed: the same question gets the same answer on every machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from carnet.plan.options import Option, Picks
from carnet.plan.order import Edge, Span, days, release
from carnet.plan.tasks import DAYS, Task

LONGEST = 365 * 20
SEED = 7


class Wanted(NamedTuple):
    """What a plan is to achieve. by: days after the start; best: how many markets."""

    objective: str
    by: int | None
    parallel: int | None
    best: int | None


class Solution(NamedTuple):
    """picked: by market, the option taken and its alternatives. spans: days after the start of each task taken.

    optimal: whether every stage was; else `gap` says what is left between what was found and what is possible.
    """

    picked: Mapping[str, tuple[Option, Picks]]
    spans: Mapping[str, Span]
    opens: Mapping[str, int]
    optimal: bool
    gap: str
    spent: float


class Schedule:
    """The problem of a plan, solved again whenever a combination turns out not to hold."""

    def __init__(
        self,
        options: Mapping[str, Sequence[Option]],
        tasks: Mapping[str, Task],
        edges: Sequence[Edge],
        start: dt.date,
        wanted: Wanted,
    ) -> None:
        self._options, self._tasks, self._start, self._wanted = options, tasks, start, wanted
        self._model = model = cp_model.CpModel()
        self._lengths = {name: days(task, start, late=True) for name, task in tasks.items()}
        self._present = {name: model.new_bool_var(name) for name in tasks}
        self._starts = {
            name: model.new_int_var(release(task, start), LONGEST, f"start {name}") for name, task in tasks.items()
        }
        self._ends = {name: self._starts[name] + self._lengths[name] for name in tasks}
        self._open = {market: model.new_bool_var(f"open {market}") for market in options}
        self._day = {market: model.new_int_var(0, LONGEST, f"day {market}") for market in options}
        self._taken: dict[tuple[str, int], Any] = {}
        self._ways: dict[tuple[str, int, int, int], Any] = {}
        for market, own in options.items():
            self._market(market, own)
        self._order(edges)
        self._crew()

    def _market(self, market: str, options: Sequence[Option]) -> None:
        """A market that opens takes one option, and of each of its slots one alternative."""
        model = self._model
        for number, option in enumerate(options):
            taken = self._taken[market, number] = model.new_bool_var(f"{market} {number}")
            begins = (option.begins - self._start).days
            model.add(self._day[market] >= begins).only_enforce_if(taken)
            if option.ends:
                model.add(self._day[market] <= (option.ends - self._start).days).only_enforce_if(taken)
            for at, slot in enumerate(option.slots):
                choices = []
                for way, names in enumerate(slot):
                    chosen = taken if len(slot) == 1 else model.new_bool_var(f"{market} {number} {at} {way}")
                    self._ways[market, number, at, way] = chosen
                    choices.append(chosen)
                    for name in names:
                        model.add_implication(chosen, self._present[name])
                        model.add(self._day[market] >= self._ends[name]).only_enforce_if(chosen)
                if len(slot) > 1:
                    model.add(sum(choices) == taken)
        model.add(sum(self._taken[market, number] for number in range(len(options))) == self._open[market])

    def _order(self, edges: Sequence[Edge]) -> None:
        model, needed = self._model, set()
        for name, task in self._tasks.items():
            for group in task.needs:
                choices = []
                for one in group:
                    first = self._present[one] if len(group) == 1 else model.new_bool_var(f"{one} before {name}")
                    model.add_implication(first, self._present[one])
                    if not self._tasks[one].renews:
                        model.add(self._ends[one] <= self._starts[name]).only_enforce_if(first, self._present[name])
                    choices.append(first)
                    needed.add((one, name))
                model.add_bool_or(choices).only_enforce_if(self._present[name])
        for one, other in edges:
            if (one, other) not in needed:
                both = (self._present[one], self._present[other])
                model.add(self._ends[one] <= self._starts[other]).only_enforce_if(*both)

    def _crew(self) -> None:
        """No more tasks at once than a team does; what takes no time takes nobody."""
        if self._wanted.parallel is None:
            return
        intervals = [
            self._model.new_optional_fixed_size_interval_var(start, self._lengths[name], self._present[name], name)
            for name, start in self._starts.items()
            if self._lengths[name] and self._tasks[name].fixed is None
        ]
        self._model.add_cumulative(intervals, [1] * len(intervals), self._wanted.parallel)

    def forbid(self, market: str, option: Option, picks: Picks) -> None:
        """Never this combination again."""
        number = list(self._options[market]).index(option)
        chosen = [self._ways[market, number, at, way] for at, way in enumerate(picks)]
        literals = {literal.index: literal for literal in (self._taken[market, number], *chosen)}
        self._model.add_bool_or([literal.negated() for literal in literals.values()])

    def solve(self, limit: float) -> Solution | None:
        """The best plan within deterministic seconds, or None where none is found."""
        stages, found, gaps, spent = self._stages(), None, [], 0.0
        for at, (what, expression, maximise) in enumerate(stages):
            solver = self._solver(limit * (0.5 if at == 0 else 0.5 / max(len(stages) - 1, 1)))
            (self._model.maximize if maximise else self._model.minimize)(expression)
            status = solver.solve(self._model)
            spent += solver.response_proto.deterministic_time
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return found and found._replace(optimal=False, gap=found.gap or f"{what} was not looked at in time")
            value = round(solver.objective_value)
            if status != cp_model.OPTIMAL:
                gaps.append(f"{what} {value}, not better than {round(solver.best_objective_bound)}")
            found = self._read(solver, gaps, spent)
            self._model.add(expression >= value if maximise else expression <= value)
            self._hint(solver)
        return found

    def _stages(self) -> list[tuple[str, Any, bool]]:
        """What to make best, one after the other."""
        model, wanted = self._model, self._wanted
        last = model.new_int_var(0, LONGEST, "last")
        days_: list[Any] = []
        for market, day in self._day.items():
            model.add(last >= day).only_enforce_if(self._open[market])
            model.add(day == 0).only_enforce_if(self._open[market].negated())
            days_.append(day)
        together = sum(days_) if days_ else 0
        if wanted.parallel is not None:  # work divided among the hands: a bound that the solver does not find itself
            busy = (name for name, task in self._tasks.items() if task.fixed is None)
            model.add(sum(self._present[name] * self._lengths[name] for name in busy) <= wanted.parallel * last)
        effort = sum(
            self._present[name] * (self._lengths[name] // DAYS * 10 + 1) for name in self._tasks if self._lengths[name]
        )
        count = sum(self._open.values())
        if wanted.best is not None:
            model.add(count == min(wanted.best, len(self._open)))
        elif wanted.objective != "most-markets":
            model.add(count == len(self._open))
        ends = ("last market after days", last, False)
        sums = ("days of all markets together", together, False)
        work = ("effort", effort, False)
        if wanted.objective == "most-markets":
            for market, day in self._day.items():
                model.add(day <= (wanted.by or 0)).only_enforce_if(self._open[market])
            return [("markets open", count, True), sums, work]
        return [work, ends, sums] if wanted.objective == "least-effort" else [ends, sums, work]

    def _solver(self, limit: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_deterministic_time = limit
        return solver

    def _hint(self, solver: cp_model.CpSolver) -> None:
        """Let the next stage begin with what was found."""
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for variable in (*self._present.values(), *self._starts.values(), *self._open.values(), *self._day.values()):
            self._model.add_hint(variable, solver.value(variable))
        for variable in {var.index: var for var in (*self._taken.values(), *self._ways.values())}.values():
            self._model.add_hint(variable, solver.value(variable))

    def _read(self, solver: cp_model.CpSolver, gaps: Sequence[str], spent: float) -> Solution:
        picked: dict[str, tuple[Option, Picks]] = {}
        for (market, number), taken in self._taken.items():
            if solver.value(taken):
                option = self._options[market][number]
                picks = tuple(
                    next(way for way in range(len(slot)) if solver.value(self._ways[market, number, at, way]))
                    for at, slot in enumerate(option.slots)
                )
                picked[market] = option, picks
        spans = {
            name: Span(solver.value(self._starts[name]), solver.value(self._starts[name]) + self._lengths[name])
            for name, present in self._present.items()
            if solver.value(present)
        }
        opens = {market: solver.value(self._day[market]) for market in picked}
        return Solution(picked, spans, opens, not gaps, "; ".join(gaps), spent)
