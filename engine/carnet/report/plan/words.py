# SPDX-License-Identifier: Apache-2.0
"""The words of a road map, the same in every format."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.plan.model import Days, LaunchChoice, Opening, Plan, Setting, Shut, Step
from carnet.plan.renewals import RENEWAL
from carnet.report.changes import change_words, shown
from carnet.report.digest import LETS_IN, counted, outcome_name, receipt as stamped
from carnet.report.reach.terminal import obstacle_words
from carnet.report.text import duty_holder_words, weeks_words
from carnet.spoken import N_, _

OBJECTIVES = {
    "last-market": N_("the last market opens as early as possible"),
    "most-markets": N_("as many markets as possible open in time"),
    "least-effort": N_("the work is as little as possible"),
}

LOCAL = {
    "local applicant": N_("local applicant"),
    "local entity": N_("local entity"),
    "local representative": N_("local representative"),
    "local importer": N_("local importer"),
}
"""Whom planning asks for beside an authority, see `carnet.law.planning.Local`."""


def title(step: Step) -> str:
    """What is done, in one line."""
    if step.kind == RENEWAL:
        return _("{approval}: renew before it ends ({title})").format(approval=step.approval, title=step.title)
    if step.approval:
        return f"{step.approval}: {step.title}"
    changes = dict.fromkeys(change_words(one.before, one.value) for one in step.settings)
    words = changes_words(list(changes)) if changes else ""
    path = step.id.removeprefix("fact:").partition("@")[0]
    return f"{step.title} ({path}{f': {words}' if words else ''})"


def changes_words(changes: list[str], few: int = 2) -> str:
    """The changes of several markets, the first of them."""
    more = len(changes) - few
    told = "; ".join(changes[:few])
    return _("{changes}; and {n} more by market").format(changes=told, n=more) if more > 0 else told


def doer(step: Step) -> str:
    """Who does it: the partner by name, else the role, with whether it is ours."""
    role = duty_holder_words(step.who)
    name = f"{step.partner} ({role})" if step.partner else role
    return _("{who}, ours").format(who=name) if step.ours else name


def duration(step: Step) -> str:
    """How long it takes, and whose estimate that is."""
    if step.kind == RENEWAL:
        told = _("the grant ends on {days}, {whose}; no part of opening")
        return told.format(days=days_words(step.end), whose=_source(step))
    if step.fixed:
        return _("expected on {day}").format(day=step.end.late)
    return f"{weeks_words(step.weeks)}, {_source(step)}"


def _source(step: Step) -> str:
    return _("our estimate") if step.estimate else _("by the law")


def details(step: Step, plan: Plan) -> list[str]:
    """What else is to be known of a step: with whom, how long, after what, for which markets."""
    known = {one.id for one in plan.steps}
    after = [name.partition(":")[2] for name in step.after if name in known]
    whom = _("from {names}") if step.approval else _("with {names}")
    names = ", ".join(_(LOCAL[name]) if name in LOCAL else name for name in step.with_)
    parts = [
        doer(step),
        whom.format(names=names) if names else "",
        duration(step),
        _("after {names}").format(names=", ".join(after)) if after else "",
        _("for each vehicle, last of all") if step.per_vehicle else "",
        _("not declared: if you hold it, declare it") if step.unsaid and step.approval else "",
        _("for {names}").format(names=", ".join(step.markets)),
    ]
    return [part for part in parts if part]


def days_words(days: Days) -> str:
    """`2027-03-02 to 2027-10-19`, or the one day where both are the same."""
    return (
        str(days.late) if days.early == days.late else _("{first} to {last}").format(first=days.early, last=days.late)
    )


def launch_words(launch: LaunchChoice) -> str:
    """With what less a market opens."""
    settings = settings_words(launch.settings)
    if launch.kind == "choice":
        told = (
            _("with your choice {name}").format(name=f"`{launch.name}`") if launch.name else _("with a choice of yours")
        )
        return f"{told} ({settings})" if settings else told
    if launch.kind == "less":
        return _("with less: {settings}").format(settings=settings) if settings else _("with less than declared")
    if launch.kind == "feature_locked":
        return _("with the feature {name} locked").format(name=f"`{launch.name}`")
    return _("with a driver on board first") if launch.kind == "driver" else _("as a test first")


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
    asked = [one.title for one in shut.obstacles if one.kind == "ask"]
    if asked:
        return _("not known while this is not declared, say it first: {facts}").format(facts=", ".join(asked))
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
        told = _("Nothing among the choices considered is better, where {objective}.")
        return told.format(objective=_(OBJECTIVES[plan.objective]))
    return _("May be bettered: {gap}.").format(gap=plan.gap)


def withheld(plan: Plan) -> str:
    """That steps are left out, of a plan made for a partner."""
    return _("Not shown, as confidential: {n}.").format(n=steps(plan.withheld)) if plan.withheld else ""


def steps(number: int) -> str:
    return counted(number, N_("1 step"), N_("{n} steps"))


def amount(plan: Plan) -> str:
    """How much work it is, and what the approvals cost."""
    kinds = [step.kind for step in plan.steps]
    approvals, again = kinds.count("approval"), kinds.count(RENEWAL)
    low, high = plan.cost
    parts = [
        counted(approvals, N_("1 approval"), N_("{n} approvals")),
        counted(kinds.count("change"), N_("1 change"), N_("{n} changes")),
    ]
    parts += [counted(again, N_("1 renewal"), N_("{n} renewals"))] if again else []
    if high:
        cost = _("approvals some {low} to {high} thousand euros (our estimate)")
        parts.append(cost.format(low=f"{low:,}", high=f"{high:,}"))
    return f"{steps(len(plan.steps))}: {', '.join(parts)}."


def outcome(one: Opening) -> str:
    """What a market then is; where its law is thinly known, as far as that goes."""
    word = outcome_name(one.outcome)
    thin = one.known == "thinly" and one.outcome in LETS_IN
    return _("{outcome} as far as known").format(outcome=word) if thin else word


def opening_steps(one: Opening) -> str:
    """What decides the day of an opening: a chain of steps, or law that begins or changes on that day."""
    if one.critical or not one.waits:
        return " -> ".join(name.partition(":")[2] for name in one.critical)
    return _("the law from {day} on").format(day=one.day.late)


def whole(plan: Plan) -> str:
    """What the page is about."""
    told = _("Road map of {profile} from {day}").format(profile=plan.profile, day=plan.start)
    return f"{told}, {part(plan)}" if plan.role else told


def part(plan: Plan) -> str:
    """Of whom alone the plan tells."""
    return _("the part of the {role}").format(role=duty_holder_words(plan.role)) if plan.role else ""


def opens(one: Opening) -> str:
    """The title of an opening, for calendars and tools."""
    told = _("{name} ({market}) opens: {outcome}")
    return told.format(name=one.name, market=one.market, outcome=outcome(one))


def receipt(plan: Plan) -> str:
    return _("{receipt}, start {day}").format(receipt=stamped(plan.receipt), day=plan.start)
