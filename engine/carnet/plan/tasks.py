# SPDX-License-Identifier: Apache-2.0
"""What a declaration of a way means as work: an approval to obtain, a change to make, or a thing to say.

A task is shared by every market that it serves: an approval is obtained once, a product changed once. What is set up
or written for a place is done once for the jurisdiction whose rule asks for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from carnet.assess.scopes import HOME
from carnet.declare.grants import APPROVALS
from carnet.declare.profile import Profile
from carnet.declare.vocabulary import Value
from carnet.law.find import rule_of
from carnet.law.law import Law
from carnet.law.model import Rule
from carnet.plan.sought import Key
from carnet.plan.trial import Trial

DAYS = 7
Weeks = tuple[int, int]
UNPLANNED: Weeks = (2, 8)
"""What a change takes whose rule names no action: our estimate."""


class Task(NamedTuple):
    """One piece of work. Two of the same id are the same work, whichever market asks for it.

    kind: `approval`, `change` of what is declared, `declare` what is not. weeks: fewest and most. fixed: the day on
    which it is expected to be done, where the profile says so. renews: the last day of the grant that it renews.
    needs: tasks that come first, outer and, inner either-or. per_vehicle: done for each vehicle, as the last step.
    unsaid: the profile does not say whether it is done already. cost: thousands of euros.
    """

    id: str
    kind: str
    work: str
    part: str
    title: str
    approval: str
    path: str
    action: str
    who: str
    with_: tuple[str, ...]
    weeks: Weeks
    estimate: bool = True
    fixed: dt.date | None = None
    renews: dt.date | None = None
    needs: tuple[tuple[str, ...], ...] = ()
    per_vehicle: bool = False
    unsaid: bool = False
    cost: tuple[int, int] = (0, 0)

    def merged(self, other: Task) -> Task:
        """The same work where another market asks more of it."""
        weeks = (max(self.weeks[0], other.weeks[0]), max(self.weeks[1], other.weeks[1]))
        longer = other if other.weeks > self.weeks else self
        return longer._replace(
            weeks=weeks,
            kind=self.kind if self.kind != "declare" else other.kind,
            with_=tuple(dict.fromkeys((*self.with_, *other.with_))),
        )


class TaskMaker:
    """Makes tasks from declarations, and the tasks that must be done before."""

    def __init__(self, law: Law, profile: Profile, start: dt.date) -> None:
        self._law, self._profile, self._start = law, profile, start
        self._rule = cache(partial(rule_of, law))

    def of(self, trial: Trial, key: Key, value: Value | None, closes: Sequence[str]) -> Task:
        """The task behind one declaration; closes: the rules and needs that it settles."""
        path = key[1]
        if path.startswith(APPROVALS) and value not in (None, False):
            return self.approval(trial, path.removeprefix(APPROVALS).rpartition(".")[0])
        return self._change(trial, key, closes)

    def approval(self, trial: Trial, name: str) -> Task:
        """The task to obtain an approval."""
        law, planning = self._law, self._law.planning(name, trial.testing)
        approval = law.approvals[name]
        fields = ("state", "applied_on", "expected_on", "held", "valid_until")
        said = {field: self._said(trial, name, field) for field in fields}
        ends = said["valid_until"] if said["held"] else None
        weeks, fixed = planning.weeks, said["expected_on"]
        if isinstance(said["applied_on"], dt.date) and said["state"] == "applied":
            gone = max((self._start - said["applied_on"]).days // DAYS, 0)
            weeks = (max(weeks[0] - gone, 0), max(weeks[1] - gone, 0))
        with_ = [approval.granted_by] if approval.granted_by else []
        with_ += [f"local {need}" for need in planning.local.needs]
        return Task(
            id=f"approval:{name}",
            kind="approval",
            work=str(planning.work),
            part="",
            title=approval.title,
            approval=name,
            path=f"{APPROVALS}{name}.held",
            action=law.bearers.obtaining(approval.kind, trial.testing),
            who=planning.applicant,
            with_=tuple(with_),
            weeks=weeks,
            estimate=planning.estimate,
            fixed=fixed if isinstance(fixed, dt.date) else None,
            renews=ends if isinstance(ends, dt.date) and ends >= self._start else None,
            needs=tuple(tuple(f"approval:{one}" for one in group) for group in self._missing(trial, planning.after)),
            per_vehicle=planning.per_vehicle,
            unsaid=all(side.base.get(f"{APPROVALS}{name}.held") is None for side in trial.sides),
            cost=planning.cost.thousands_eur,
        )

    def _said(self, trial: Trial, name: str, field: str) -> Any:
        return self._profile.declared(f"{APPROVALS}{name}.{field}", self._law.chain(trial.code))

    def _missing(self, trial: Trial, needs: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The groups of approvals of which none is held, or proven by one that is."""
        held = trial.held
        proven = {other for name in held for proof in self._law.approvals[name].proves for other in proof.approvals}
        return [group for group in needs if not {*group} & (held | proven)]

    def _change(self, trial: Trial, key: Key, closes: Sequence[str]) -> Task:
        law, (feature, path) = self._law, key
        fact = law.vocabulary.fact(path)
        work, _, part = str(fact.work).partition("_") if str(fact.work).startswith("product") else (fact.work, "", "")
        rules = [rule for rule in map(self._rule, closes) if rule]
        actions = [law.actions[rule.remedy.action] for rule in rules if rule.remedy.action in law.actions]
        action = max(actions, key=lambda one: (one.weeks[1], one.id), default=None)
        unsaid = self._profile.declared(path, law.chain(trial.code), feature or None) is None
        place = "" if work == "product" else f"@{_narrowest(law, trial.code, rules, self._home(trial))}"
        weeks = (0, 0) if unsaid else action.weeks if action else UNPLANNED
        return Task(
            id=f"fact:{path}{place}",
            kind="declare" if unsaid else "change",
            work=work,
            part=part,
            title=action.title if action else path,
            approval="",
            path=path,
            action=action.id if action else "",
            who=action.who if action else rules[0].duty_holder if rules else "company",
            with_=action.with_ if action else (),
            weeks=weeks,
            unsaid=unsaid,
        )

    def _home(self, trial: Trial) -> tuple[str, ...]:
        """The exporter's own country with those above it, where its law is known."""
        home = self._profile.declared(HOME, self._law.chain(trial.code))
        return self._law.chain(str(home)) if home in self._law.codes else ()


def _narrowest(law: Law, market: str, rules: Iterable[Rule], home: tuple[str, ...]) -> str:
    """The jurisdiction for which something local is done: the nearest to the market whose rule asks for it, else the
    exporter's home, whose duties are met once for all markets."""
    chain = law.chain(market)
    asking = {rule.jurisdiction for rule in rules}
    return next((code for code in (*chain, *home) if code in asking), chain[-1] if asking else market)


def with_prerequisites(maker: TaskMaker, trial: Trial, tasks: Iterable[Task]) -> Mapping[str, Task]:
    """The tasks with all that must come before them, by id."""
    found: dict[str, Task] = {}
    waiting = list(tasks)
    while waiting:
        task = waiting.pop()
        if task.id in found:
            found[task.id] = found[task.id].merged(task)
            continue
        found[task.id] = task
        for group in task.needs:
            waiting += [maker.approval(trial, name.removeprefix("approval:")) for name in group if name not in found]
    return found
