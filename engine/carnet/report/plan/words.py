# SPDX-License-Identifier: Apache-2.0
"""The words of a road map, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.plan.model import Days, LaunchChoice, Opening, Plan, Setting, Shut, Step
from carnet.report.changes import change_words, shown
from carnet.report.digest import LETS_IN, counted, outcome_name
from carnet.report.reach.terminal import obstacle_words
from carnet.report.text import duty_holder_words, weeks_words
from carnet.spoken import N_, _

OBJECTIVES = {
    "last-market": N_("the last market opens as early as possible"),
    "most-markets": N_("as many markets as possible open in time"),
    "least-effort": N_("the work is as little as possible"),
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
    return "; ".join(changes[:few]) + (_("; and {n} more by market").format(n=more) if more > 0 else "")


def doer(step: Step) -> str:
    """Who does it: the partner by name, else the role, with whether it is ours."""
    role = duty_holder_words(step.who)
    name = f"{step.partner} ({role})" if step.partner else role
    return _("{name}, ours").format(name=name) if step.ours else name


def duration(step: Step) -> str:
    """How long it takes, and whose estimate that is."""
    if step.fixed:
        return _("expected on {day}").format(day=step.end.late)
    return weeks_words(step.weeks) + (_(", our estimate") if step.estimate else _(", by the law"))


def details(step: Step, plan: Plan) -> list[str]:
    """What else is to be known of a step: with whom, how long, after what, for which markets."""
    known = {one.id for one in plan.steps}
    after = [name.partition(":")[2] for name in step.after if name in known]
    parts = [
        doer(step),
        (_("from {names}") if step.approval else _("with {names}")).format(names=", ".join(step.with_))
        if step.with_
        else "",
        duration(step),
        _("after {names}").format(names=", ".join(after)) if after else "",
        _("for each vehicle, last of all") if step.per_vehicle else "",
        _("not declared: if you hold it, declare it") if step.unsaid and step.approval else "",
        _("for {names}").format(names=", ".join(step.markets)),
    ]
    return [part for part in parts if part]


def days_words(days: Days) -> str:
    """`2027-03-02 to 2027-10-19`, or the one day where both are the same."""
    if days.early == days.late:
        return str(days.late)
    return _("{first} to {last}").format(first=days.early, last=days.late)


def launch_words(launch: LaunchChoice) -> str:
    """With what less a market opens."""
    settings = settings_words(launch.settings)
    return {
        "choice": (_("with your choice `{name}`").format(name=launch.name) if launch.name else _("with your choice"))
        + (f" ({settings})" if settings else ""),
        "less": _("with less: {settings}").format(settings=settings) if settings else _("with less than declared"),
        "feature_locked": _("with the feature `{name}` locked").format(name=launch.name),
        "driver": _("with a driver on board first"),
        "testing": _("as a test first"),
    }[launch.kind]


def settings_words(settings: Iterable[Setting]) -> str:
    return "; ".join(f"{one.path} {change_words(one.before, one.value)}" for one in settings)


def assumption_words(one: Setting) -> str:
    """What is taken to be so."""
    return f"{one.path}: {shown(one.value)}"


def shut_words(shut: Shut) -> str:
    """Why a market does not open."""
    if shut.left_out:
        return _("could open; the plan takes others")
    if not shut.obstacles:
        return _("no way was found within what may be declared")
    return obstacle_words(shut.obstacles[0]).rstrip(".")


def summary(plan: Plan) -> str:
    """The plan in one sentence."""
    if not plan.openings:
        return _("No market opens.")
    last = plan.last
    assert last is not None
    now = sum(one.now for one in plan.openings)
    opened = counted(len(plan.openings), N_("1 market opens"), N_("{n} markets open"))
    already = _(", {n} of them already").format(n=now) if now else ""
    return _("{opened}{already}, the last on {days}.").format(opened=opened, already=already, days=days_words(last))


def quality(plan: Plan) -> str:
    """How good it is, of all that the planner could choose."""
    if plan.optimal:
        aim = _(OBJECTIVES[plan.objective])
        return _("Nothing among the choices considered is better, where {aim}.").format(aim=aim)
    return _("May be bettered: {gap}.").format(gap=plan.gap)


def withheld(plan: Plan) -> str:
    """That steps are left out, of a plan made for a partner."""
    steps = counted(plan.withheld, N_("1 step"), N_("{n} steps"))
    return _("Not shown, as confidential: {steps}.").format(steps=steps) if plan.withheld else ""


def amount(plan: Plan) -> str:
    """How much work it is, and what the approvals cost."""
    approvals = sum(bool(step.approval) for step in plan.steps)
    low, high = plan.cost
    told = _(", approvals some {low} to {high} thousand euros (our estimate)")
    cost = told.format(low=f"{low:,}", high=f"{high:,}") if high else ""
    steps = counted(len(plan.steps), N_("1 step"), N_("{n} steps"))
    of_them = counted(approvals, N_("1 approval"), N_("{n} approvals"))
    changes = counted(len(plan.steps) - approvals, N_("1 change"), N_("{n} changes"))
    return f"{steps}: {of_them}, {changes}{cost}."


def outcome(one: Opening) -> str:
    """What a market then is; where its law is thinly known, as far as that goes."""
    word = outcome_name(one.outcome)
    thin = one.known == "thinly" and one.outcome in LETS_IN
    return _("{outcome} as far as known").format(outcome=word) if thin else word


def opening_steps(one: Opening) -> str:
    """What decides the day of an opening."""
    return " -> ".join(name.partition(":")[2] for name in one.critical)
