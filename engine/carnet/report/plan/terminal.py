# SPDX-License-Identifier: Apache-2.0
"""A road map for a terminal: the order of entry, then the steps by their day, then what does not open and why."""

from __future__ import annotations

from carnet.plan.model import Opening, Plan, Step
from carnet.report import digest
from carnet.report.layout import Page
from carnet.report.plan import words
from carnet.report.terminal import COLOURS

FEW_STEPS = 12
FEW_ASSUMED = 4


def render(plan: Plan, *, width: int = 80, colour: bool = False, verbose: bool = False) -> str:
    page = Page(width, colour)
    role = f", the part of the {plan.role.replace('_', ' ')}" if plan.role else ""
    page.text(f"Road map of {plan.profile} from {plan.start}{role}", bold=True)
    page.text(words.summary(plan))
    page.text(words.amount(plan))
    page.text(words.quality(plan), dim=True)
    if told := words.withheld(plan):
        page.text(told)
    if plan.openings:
        page.heading("Order of entry, each day as early and as late as it may be")
    for one in plan.openings:
        _opening(page, one, plan, verbose)
    _steps(page, plan, verbose)
    if plan.shut:
        page.heading(f"Not opened ({len(plan.shut)})")
    for shut in plan.shut:
        day = f" (law of {shut.day})" if shut.day != plan.start else ""
        page.text(f"{shut.name}{day}: {words.shut_words(shut)}.", 2, shut.market)
    page.gap()
    page.text(f"Receipt: {digest.receipt(plan.receipt)}, start {plan.start}.", dim=True)
    page.text("Each opening was checked under the law of its day. " + digest.DISCLAIMER, dim=True)
    return str(page)


def _opening(page: Page, one: Opening, plan: Plan, verbose: bool) -> None:
    outcome = page.style(words.outcome(one), **COLOURS[one.outcome])
    when = "today" if one.now else words.days_words(one.day)
    page.raw(f"  {page.style(f'{one.market}  {one.name}', bold=True)}: {outcome}, {when}")
    if one.launch:
        page.text(words.launch_words(one.launch), 6)
    for other in one.others:
        page.text(f"or {words.launch_words(other)}, by {other.opens.late if other.opens else '?'}", 6, dim=True)
    if one.critical:
        page.text(f"decided by {words.opening_steps(one)}", 6, dim=True)
    if one.in_time is not None and plan.by:
        page.text(f"{'in time for' if one.in_time else 'may miss'} {plan.by}", 6, dim=one.in_time)
    assumed = one.assumptions if verbose else one.assumptions[:FEW_ASSUMED]
    if assumed:
        more = len(one.assumptions) - len(assumed)
        told = "; ".join(words.assumption_words(setting) for setting in assumed)
        page.text(f"to be declared first, taken to be so: {told}{f'; and {more} more' if more else ''}", 6)


def _steps(page: Page, plan: Plan, verbose: bool) -> None:
    shown = plan.steps if verbose or len(plan.steps) <= FEW_STEPS else _first(plan)
    if shown:
        page.heading(f"Steps ({len(plan.steps)}), * on a critical path")
    for step in shown:
        _step(page, step, plan)
    if len(shown) < len(plan.steps):
        page.text(f"and {len(plan.steps) - len(shown)} more; -v shows them", 2, dim=True)


def _first(plan: Plan) -> list[Step]:
    """Those that decide the day of some market, then those that begin first."""
    deciding = {name for one in plan.openings for name in one.critical}
    ordered = sorted(plan.steps, key=lambda step: step.id not in deciding)[:FEW_STEPS]
    return [step for step in plan.steps if step in ordered]


def _step(page: Page, step: Step, plan: Plan) -> None:
    mark = "*" if step.critical else "-"
    page.text(f"{step.start.late} .. {step.end.late}  {words.title(step)}", 2, mark, bold=step.critical)
    slack = [] if step.critical else [f"may come {step.slack} days later"]
    latest = [f"begin by {step.latest}"] if step.latest else []
    early = [f"done on {step.end.early} at the earliest"] if step.end.early != step.end.late else []
    page.text("; ".join([*words.details(step, plan), *early, *slack, *latest]) + ".", 6, dim=True)
