# SPDX-License-Identifier: Apache-2.0
"""What a plan says: plain immutable results that every renderer reads and none computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from carnet.assess.model import Outcome, Receipt
from carnet.errors import UnknownName, shown, suggest
from carnet.plan.obstacles import Obstacle

OBJECTIVES = ("last-market", "most-markets", "least-effort")


class Setting(NamedTuple):
    """One thing to declare for a market when a step is done; before: what is declared now."""

    market: str
    feature: str
    path: str
    value: Any
    before: Any


class Days(NamedTuple):
    """Two days: when everything takes as little as it may, and as much."""

    early: dt.date
    late: dt.date


class Step(NamedTuple):
    """One piece of work, shared by every market that it serves.

    kind: `approval` to obtain, `change` to make, or `renewal` of an approval that runs out soon after it has opened a
    market (no part of opening one: its end is the day on which the grant before it ends). who: the role that does it;
    partner: who has that role, where the profile names one; ours: whether it is the company's own (None: not known).
    weeks: at least and at most; estimate: whether they are ours and not a text's. after: steps to be done first.
    closes: rules and needs that are not met without it; lacks: as `check` names them. start, end: days. slack: days
    that it may come late without any market opening later. latest: the last day to begin for the plan's `by`. unsaid:
    the profile does not say whether it is held already. fixed: it ends when the profile expects it. cost: thousands of
    euros, our estimate.
    """

    id: str
    kind: str
    work: str
    part: str
    title: str
    action: str
    approval: str
    who: str
    partner: str
    ours: bool | None
    with_: tuple[str, ...]
    weeks: tuple[int, int]
    estimate: bool
    after: tuple[str, ...]
    markets: tuple[str, ...]
    closes: tuple[str, ...]
    lacks: tuple[str, ...]
    settings: tuple[Setting, ...]
    start: Days
    end: Days
    slack: int
    critical: bool
    latest: dt.date | None
    per_vehicle: bool
    unsaid: bool
    fixed: bool
    cost: tuple[int, int]


class LaunchChoice(NamedTuple):
    """Less than what was declared, with which a market opens.

    kind: `choice` of the company's own, `less` offered, `feature_locked`, `driver` on board first, `testing` first.
    settings: what is then declared instead.
    """

    kind: str
    name: str
    settings: tuple[Setting, ...]
    opens: Days | None = None


class Opening(NamedTuple):
    """A market that opens, with the day and what it then is.

    known: how well its law is known. now: it is open already. launch: with what less; others: what else would do.
    steps: all that it waits for; critical: the chain of those that decide its day. assumptions: what is taken
    to be so though nothing is declared. in_time: whether it opens by the plan's `by` even when everything takes long.
    waits: no step but the law of its day decides when it opens.
    """

    market: str
    name: str
    day: Days
    now: bool
    outcome: Outcome
    home_outcome: Outcome | None
    known: str
    routes: tuple[str, ...]
    steps: tuple[str, ...]
    critical: tuple[str, ...]
    assumptions: tuple[Setting, ...]
    launch: LaunchChoice | None
    others: tuple[LaunchChoice, ...]
    in_time: bool | None
    waits: bool = False


class Shut(NamedTuple):
    """A market that does not open, with the reason under the law of a day. left_out: it could, and the plan takes
    others."""

    market: str
    name: str
    day: dt.date
    outcome: Outcome
    obstacles: tuple[Obstacle, ...]
    left_out: bool = False


class Plan(NamedTuple):
    """A road map over several markets, each opening confirmed by a check under the law of its day.

    start: the day on which work begins. optimal: whether no plan over the same choices is better; else `gap` says what
    may be left to gain. role: of whom alone it tells; withheld: how many of its steps are left out as confidential.
    identity: of the profile, as `Profile.identity`.
    """

    receipt: Receipt
    profile: str
    start: dt.date
    by: dt.date | None
    parallel: int | None
    objective: str
    optimal: bool
    gap: str
    steps: tuple[Step, ...]
    openings: tuple[Opening, ...]
    shut: tuple[Shut, ...]
    role: str = ""
    withheld: int = 0
    identity: str = ""

    def step(self, id_: str) -> Step:
        """A step by its id.

        Raises:
            UnknownName: when there is none.
        """
        return _found(self.steps, "id", id_, "step")  # type: ignore[no-any-return]

    def opening(self, market: str) -> Opening:
        """The opening of a market.

        Raises:
            UnknownName: for a market that the plan does not open.
        """
        shut = next((one for one in self.shut if one.market == market), None)
        if shut is not None:
            raise UnknownName(f"the plan does not open {shown(market)}", hint="`shut` says why")
        return _found(self.openings, "market", market, "market of the plan")  # type: ignore[no-any-return]

    @property
    def last(self) -> Days | None:
        """When the last market opens."""
        if not self.openings:
            return None
        return Days(max(one.day.early for one in self.openings), max(one.day.late for one in self.openings))

    @property
    def cost(self) -> tuple[int, int]:
        """What all approvals come to, in thousands of euros: our estimate."""
        return sum(step.cost[0] for step in self.steps), sum(step.cost[1] for step in self.steps)


def _found(items: tuple[Any, ...], field: str, name: str, word: str) -> Any:
    known: Mapping[str, Any] = {getattr(item, field): item for item in items}
    if name not in known:
        raise UnknownName(f"unknown {word} {shown(name, 80)}", hint=suggest(str(name)[:80], known))
    return known[name]
