# SPDX-License-Identifier: Apache-2.0
"""How a market can open: the ways there are, each a list of choices among tasks, from a day on which they hold.

The law of the day on which a market opens decides. A way is looked for under today's law first, then under the law of
the day on which its tasks are done; a market that is shut waits for the days on which its law becomes easier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from carnet.days import add_months
from carnet.declare.grants import APPROVALS
from carnet.declare.profile import Profile
from carnet.law.changing import ONE_DAY, easier_days, law_days
from carnet.law.law import Law
from carnet.plan.bounds import Bounds
from carnet.plan.choices import LAWFUL, Chooser, Slot, Way
from carnet.plan.launch import Launch, enlarged
from carnet.plan.order import days, forward, orders, release
from carnet.plan.tasks import Task, TaskMaker, with_prerequisites
from carnet.plan.trial import Trial

YEARS = 8
TRIES = 5
EASIER = 6
Picks = tuple[int, ...]
"""For each slot of a way, the alternative that is taken."""


class Option(NamedTuple):
    """One way for a market to open, from a day on, before another if its law changes then.

    slots: for each thing to be settled, its alternatives, each as tasks. profile: as it would be launched.
    """

    market: str
    begins: dt.date
    ends: dt.date | None
    way: Way
    slots: tuple[tuple[tuple[str, ...], ...], ...]
    profile: Profile
    testing: bool
    launch: Launch | None

    def tasks(self, picks: Picks | None = None) -> tuple[str, ...]:
        """The tasks of some alternatives, of the first where none is named."""
        chosen = (slot[picks[at] if picks else 0] for at, slot in enumerate(self.slots))
        return tuple(dict.fromkeys(name for tasks in chosen for name in tasks))

    def every_task(self) -> frozenset[str]:
        return frozenset(name for slot in self.slots for tasks in slot for name in tasks)


class OptionFinder:
    """Finds the options of markets, and gathers the tasks that they are made of.

    start: the day on which work begins.
    """

    def __init__(self, law: Law, profile: Profile, start: dt.date) -> None:
        self.law, self.profile, self.start = law, profile, start
        self.until = add_months(start, 12 * YEARS)
        self.tasks: dict[str, Task] = {}
        self.failed: dict[str, dt.date] = {}
        """The day whose law, and that of the days to come, leaves a market no way."""
        self.after = {action.id: action.after for action in law.actions.values()}
        self._maker = TaskMaker(law, profile, start)
        self.turns = cache(lambda market: sorted({*law_days(law, market, start, self.until), *self._lapses()}))
        """The days on which a market's law changes or an approval that is held lapses."""

    def find(
        self, market: str, bounds: Bounds, profile: Profile, *, testing: bool = False, launch: Launch | None = None
    ) -> list[Option]:
        """The options of a market under the first law that lets it open, none where no law to come does."""
        day = self.start
        for _ in range(TRIES):
            found = self.on(market, day, bounds, profile, testing, launch) or self._later(
                market, day, bounds, profile, testing, launch
            )
            if not found:
                self.failed.setdefault(market, day)
                return []
            first = min(self.done(option) for option in found)
            passed = [change for change in self.turns(market) if found[0].begins < change <= first]
            if not passed or self._stand(found, market, first):
                return found
            day = passed[-1]
        return found

    def on(
        self, market: str, day: dt.date, bounds: Bounds, profile: Profile, testing: bool, launch: Launch | None
    ) -> list[Option]:
        """The options under the law of one day."""
        trial = Trial(self.law, profile, market, day, testing)
        chooser = Chooser(trial, bounds)
        if chooser.outcome not in LAWFUL:
            return []
        found = []
        for way in chooser.ways:
            if launch is not None and launch.kind == "less":
                way = enlarged(trial, way)
            way = _ordinary(trial, bounds, way)
            slots = tuple(self._slot(trial, slot) for slot in way.slots)
            found.append(Option(market, day, None, way, slots, profile, testing, launch))
        return found

    def _later(
        self, market: str, day: dt.date, bounds: Bounds, profile: Profile, testing: bool, launch: Launch | None
    ) -> list[Option]:
        for easier in sorted(easier_days(self.law, market, day, self.until))[:EASIER]:
            if found := self.on(market, easier, bounds, profile, testing, launch):
                return found
        return []

    def _slot(self, trial: Trial, slot: Slot) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple(dict.fromkeys(self._task(trial, key, value, slot.closes).id for key, value in way.items()))
            for way in slot.ways
        )

    def _task(self, trial: Trial, key: tuple[str, str], value: object, closes: Sequence[str]) -> Task:
        task = self._maker.of(trial, key, value, closes)  # type: ignore[arg-type]
        for name, one in with_prerequisites(self._maker, trial, [task]).items():
            self.tasks[name] = self.tasks[name].merged(one) if name in self.tasks else one
        return task

    def _lapses(self) -> set[dt.date]:
        """The first days without an approval that is held now."""
        ends = {
            value + ONE_DAY
            for layer in self.profile.content.layers.values()
            for path, value in layer.values.items()
            if isinstance(value, dt.date) and path.startswith(APPROVALS) and path.endswith(".valid_until")
        }
        return {day for day in ends if self.start < day <= self.until}

    def with_needs(self, names: Sequence[str] | frozenset[str]) -> frozenset[str]:
        """Tasks with everything that may have to come before them."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [one for group in self.tasks[name].needs for one in group]
        return frozenset(found)

    def done(self, option: Option) -> dt.date:
        """The day on which the first alternatives are done, with as many people as it takes."""
        names = self._needed(option.tasks())
        tasks = {name: self.tasks[name] for name in names}
        lengths = {name: days(task, self.start, late=True) for name, task in tasks.items()}
        releases = {name: release(task, self.start) for name, task in tasks.items()}
        spans = forward(lengths, orders(tasks, [names], self.after), releases)
        last = max((span.end for span in spans.values()), default=0)
        return max(self.start + dt.timedelta(days=last), option.begins)

    def _needed(self, names: Sequence[str]) -> frozenset[str]:
        """Tasks with one of each group that must come before them: one that is there anyway, else the shortest."""
        found = dict.fromkeys(names)
        for name in _growing(found):
            for group in self.tasks[name].needs:
                if not any(one in found for one in group):
                    found[min(group, key=lambda one: (days(self.tasks[one], self.start, True), one))] = None
        return frozenset(found)

    def _stand(self, options: Sequence[Option], market: str, day: dt.date) -> bool:
        """Whether these ways still open the market on a later day."""
        first = options[0]
        trial = Trial(self.law, first.profile, market, day, first.testing)
        return all(trial.judge(option.way.changes()).rank <= option.way.standing.rank for option in options)


def _ordinary(trial: Trial, bounds: Bounds, way: Way) -> Way:
    """The way without the alternatives that count on an exemption where something ordinary does as well."""

    def kept(slot: Slot) -> Slot:
        ways = tuple(
            one
            for one in slot.ways
            if not any(value is True and bounds.exceptional(trial, path) for (_, path), value in one.items())
        )
        return Slot(ways or slot.ways, slot.closes)

    return way._replace(slots=tuple(map(kept, way.slots)))


def _growing(found: dict[str, None]) -> Iterator[str]:
    """The names of a collection that grows while it is gone through."""
    done: set[str] = set()
    while waiting := [name for name in found if name not in done]:
        yield waiting[0]
        done.add(waiting[0])
