# SPDX-License-Identifier: Apache-2.0
"""A road map for a terminal: the order of entry, then the steps by their day, then what does not open and why."""

from __future__ import annotations

from carnet.plan.model import Opening, Plan, Step
from carnet.plan.renewals import RENEWAL
from carnet.report import digest
from carnet.report.layout import Page
from carnet.report.plan import words
from carnet.report.terminal import COLOURS
from carnet.spoken import _

FEW_STEPS = 12
FEW_ASSUMED = 4


def render(plan: Plan, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    page.text(words.whole(plan), bold=True)
    page.text(words.summary(plan))
    page.text(words.amount(plan))
    page.text(words.quality(plan), dim=True)
    if told := words.withheld(plan):
        page.text(told)
    if plan.openings:
        page.heading(_("Order of entry, each day as early and as late as it may be"))
    for one in plan.openings:
        _opening(page, one, plan, verbose)
    _steps(page, plan, verbose)
    if plan.shut:
        page.heading(_("Not opened ({n})").format(n=len(plan.shut)))
    for shut in plan.shut:
        day = f" ({_('law of {day}').format(day=shut.day)})" if shut.day != plan.start else ""
        page.text(f"{shut.name}{day}: {words.shut_words(shut)}.", 2, shut.market)
    page.gap()
    page.text(_("Receipt: {receipt}.").format(receipt=words.receipt(plan)), dim=True)
    page.text(f"{_('Each opening was checked under the law of its day.')} {_(digest.DISCLAIMER)}", dim=True)
    return str(page)


def _opening(page: Page, one: Opening, plan: Plan, verbose: bool) -> None:
    outcome = page.style(words.outcome(one), **COLOURS[one.outcome])
    when = _("today") if one.now else words.days_words(one.day)
    page.titled(f"{one.market}  {one.name}", f": {outcome}, {when}", 2)
    if one.launch:
        page.text(words.launch_words(one.launch), 6)
    for other in one.others:
        told = _("or {launch}, by {day}")
        day = other.opens.late if other.opens else "?"
        page.text(told.format(launch=words.launch_words(other), day=day), 6, dim=True)
    if told := words.opening_steps(one):
        page.text(_("decided by {steps}").format(steps=told), 6, dim=True)
    if one.in_time is not None and plan.by:
        told = _("in time for {day}") if one.in_time else _("may miss {day}")
        page.text(told.format(day=plan.by), 6, dim=one.in_time)
    assumed = one.assumptions if verbose else one.assumptions[:FEW_ASSUMED]
    if assumed:
        more = len(one.assumptions) - len(assumed)
        told = "; ".join(words.assumption_words(setting) for setting in assumed)
        if more:
            told = _("{names}; and {n} more").format(names=told, n=more)
        page.text(_("to be declared first, taken to be so: {settings}").format(settings=told), 6)


def _steps(page: Page, plan: Plan, verbose: bool) -> None:
    shown = plan.steps if verbose or len(plan.steps) <= FEW_STEPS else _first(plan)
    if shown:
        page.heading(_("Steps ({n}), * on a critical path").format(n=len(plan.steps)))
    for step in shown:
        _step(page, step, plan)
    if len(shown) < len(plan.steps):
        page.text(_("and {n} more; -v shows them").format(n=len(plan.steps) - len(shown)), 2, dim=True)


def _first(plan: Plan) -> list[Step]:
    """Those that decide the day of some market, then those that begin first."""
    deciding = {name for one in plan.openings for name in one.critical}
    ordered = sorted(plan.steps, key=lambda step: step.id not in deciding)[:FEW_STEPS]
    return [step for step in plan.steps if step in ordered]


def _step(page: Page, step: Step, plan: Plan) -> None:
    mark = "*" if step.critical else "-"
    page.text(f"{step.start.late} .. {step.end.late}  {words.title(step)}", 2, mark, bold=step.critical)
    if step.kind == RENEWAL:
        page.text("; ".join(words.details(step, plan)) + ".", 6, dim=True)
        return
    early = _("done on {day} at the earliest").format(day=step.end.early) if step.end.early != step.end.late else ""
    slack = "" if step.critical else _("may come {n} days later").format(n=step.slack)
    latest = _("begin by {day}").format(day=step.latest) if step.latest else ""
    page.text("; ".join(filter(None, (*words.details(step, plan), early, slack, latest))) + ".", 6, dim=True)
