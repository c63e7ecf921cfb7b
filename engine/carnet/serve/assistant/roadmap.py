# SPDX-License-Identifier: Apache-2.0
"""The tool `plan`: the road map in short, openings in order of entry and the steps that they wait for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from carnet.api import Law, Profile
from carnet.errors import InputError, MissingExtra
from carnet.plan.model import Plan
from carnet.report.plan import words
from carnet.serve.assistant import answers

MOST_MARKETS = 12
LIMIT = 6.0
"""The solver's deterministic seconds: an assistant waits for the answer."""


def road_map(
    law: Law,
    profile: Profile,
    markets: Sequence[str],
    start: dt.date | None,
    by: dt.date | None,
    objective: str,
    keep: Sequence[str],
    progress: Callable[[str], None] | None,
) -> Plan:
    """The plan that `law.plan` makes.

    Raises:
        MissingExtra: where the solver is not installed.
        InputError: for more markets than an answer can wait for.
    """
    if find_spec("ortools") is None:
        raise MissingExtra("plan", "plan")
    from carnet.plan.roadmap import Ask, plan

    if len(markets) > MOST_MARKETS:
        hint = "name the nearest ones; `compare` sorts markets by what they take, `reach` looks at each alone"
        raise InputError(f"{len(markets)} markets are named, and {MOST_MARKETS} are planned at once here", hint=hint)
    ask = Ask(start or dt.date.today(), by, objective=objective, limit=LIMIT)
    return plan(law, profile, markets, ask, keep, progress=progress)


def told(made: Plan, law: Law, limit: int, offset: int) -> answers.Planned:
    """The plan in short."""
    shown = made.steps[offset : offset + limit]
    left = len(made.steps) - offset - len(shown)
    return answers.Planned(
        receipt=answers.Receipt(**made.receipt._asdict()),
        known=answers.known(law, [*(one.market for one in made.openings), *(one.market for one in made.shut)]),
        summary=f"{words.summary(made)} {words.amount(made)}",
        quality=words.quality(made),
        start=str(made.start),
        openings=[
            answers.Opens(
                market=one.market,
                name=one.name,
                outcome=one.outcome.value,
                earliest=str(one.day.early),
                latest=str(one.day.late),
                waits_for=list(one.steps),
                decided_by=list(one.critical),
                with_less=words.launch_words(one.launch) if one.launch else None,
                assumed=[words.assumption_words(setting) for setting in one.assumptions],
            )
            for one in made.openings
        ],
        steps=[
            answers.Task(
                id=step.id,
                what=words.title(step),
                who=words.doer(step),
                begin=str(step.start.late),
                done_earliest=str(step.end.early),
                done_latest=str(step.end.late),
                slack_days=step.slack,
                after=list(step.after),
                markets=list(step.markets),
                closes=len(step.closes),
                estimate=step.estimate,
            )
            for step in shown
        ],
        not_opened=[
            answers.NotOpened(market=one.market, name=one.name, outcome=one.outcome.value, why=words.shut_words(one))
            for one in made.shut
        ],
        more=answers.More(left_out=left, ask=f"the same with `offset`: {offset + len(shown)}") if left > 0 else None,
    )
