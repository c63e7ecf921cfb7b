# SPDX-License-Identifier: Apache-2.0
"""The words of a road map, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.plan.model import Days, LaunchChoice, Opening, Plan, Setting, Shut, Step
from carnet.report.changes import change_words, shown
from carnet.report.digest import LETS_IN, count, outcome_name
from carnet.report.reach.terminal import obstacle_words
from carnet.report.text import duty_holder_words, weeks_words

OBJECTIVES = {
    "last-market": "the last market opens as early as possible",
    "most-markets": "as many markets as possible open in time",
    "least-effort": "the work is as little as possible",
}


def title(step: Step) -> str:
    """What is done, in one line."""
    if step.approval:
        return f"{step.approval}: {step.title}"
    changes = dict.fromkeys(change_words(one.before, one.value) for one in step.settings)
    words = changes_words(list(changes)) if changes else ""
    path = step.id.removeprefix("fact:").partition("@")[0]
    return f"{step.title} ({path}{f': {words}' if words else ''})"


def changes_words(changes: list[str], few: int = 2) -> str:
    """The changes of several markets, the first of them."""
    more = len(changes) - few
    return "; ".join(changes[:few]) + (f"; and {more} more by market" if more > 0 else "")


def doer(step: Step) -> str:
    """Who does it: the partner by name, else the role, with whether it is ours."""
    role = duty_holder_words(step.who)
    name = f"{step.partner} ({role})" if step.partner else role
    return f"{name}, ours" if step.ours else name


def duration(step: Step) -> str:
    """How long it takes, and whose estimate that is."""
    if step.fixed:
        return f"expected on {step.end.late}"
    return f"{weeks_words(step.weeks)}{', our estimate' if step.estimate else ', by the law'}"


def details(step: Step, plan: Plan) -> list[str]:
    """What else is to be known of a step: with whom, how long, after what, for which markets."""
    known = {one.id for one in plan.steps}
    after = [name.partition(":")[2] for name in step.after if name in known]
    parts = [
        doer(step),
        f"{'from' if step.approval else 'with'} {', '.join(step.with_)}" if step.with_ else "",
        duration(step),
        f"after {', '.join(after)}" if after else "",
        "for each vehicle, last of all" if step.per_vehicle else "",
        "not declared: if you hold it, declare it" if step.unsaid and step.approval else "",
        f"for {', '.join(step.markets)}",
    ]
    return [part for part in parts if part]


def days_words(days: Days) -> str:
    """`2027-03-02 to 2027-10-19`, or the one day where both are the same."""
    return str(days.late) if days.early == days.late else f"{days.early} to {days.late}"


def launch_words(launch: LaunchChoice) -> str:
    """With what less a market opens."""
    settings = settings_words(launch.settings)
    name = f" `{launch.name}`" if launch.name else ""
    return {
        "choice": f"with your choice{name}{f' ({settings})' if settings else ''}",
        "less": f"with less: {settings}" if settings else "with less than declared",
        "feature_locked": f"with the feature `{launch.name}` locked",
        "driver": "with a driver on board first",
        "testing": "as a test first",
    }[launch.kind]


def settings_words(settings: Iterable[Setting]) -> str:
    return "; ".join(f"{one.path} {change_words(one.before, one.value)}" for one in settings)


def assumption_words(one: Setting) -> str:
    """What is taken to be so."""
    return f"{one.path}: {shown(one.value)}"


def shut_words(shut: Shut) -> str:
    """Why a market does not open."""
    if shut.left_out:
        return "could open; the plan takes others"
    if not shut.obstacles:
        return "no way was found within what may be declared"
    return obstacle_words(shut.obstacles[0]).rstrip(".")


def summary(plan: Plan) -> str:
    """The plan in one sentence."""
    if not plan.openings:
        return "No market opens."
    last = plan.last
    assert last is not None
    now = sum(one.now for one in plan.openings)
    opened = count(len(plan.openings), "market")
    already = f", {now} of them already" if now else ""
    return f"{opened} open{'s' if len(plan.openings) == 1 else ''}{already}, the last on {days_words(last)}."


def quality(plan: Plan) -> str:
    """How good it is, of all that the planner could choose."""
    if plan.optimal:
        return f"Nothing among the choices considered is better, where {OBJECTIVES[plan.objective]}."
    return f"May be bettered: {plan.gap}."


def withheld(plan: Plan) -> str:
    """That steps are left out, of a plan made for a partner."""
    return f"Not shown, as confidential: {count(plan.withheld, 'step')}." if plan.withheld else ""


def amount(plan: Plan) -> str:
    """How much work it is, and what the approvals cost."""
    approvals = sum(bool(step.approval) for step in plan.steps)
    low, high = plan.cost
    cost = f", approvals some {low:,} to {high:,} thousand euros (our estimate)" if high else ""
    changes = count(len(plan.steps) - approvals, "change")
    return f"{count(len(plan.steps), 'step')}: {count(approvals, 'approval')}, {changes}{cost}."


def outcome(one: Opening) -> str:
    """What a market then is; where its law is thinly known, as far as that goes."""
    word = outcome_name(one.outcome)
    return f"{word} as far as known" if one.known == "thinly" and one.outcome in LETS_IN else word


def opening_steps(one: Opening) -> str:
    """What decides the day of an opening."""
    return " -> ".join(name.partition(":")[2] for name in one.critical)
