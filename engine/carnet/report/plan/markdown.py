# SPDX-License-Identifier: Apache-2.0
"""A road map as Markdown: tables of openings, steps and what does not open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carnet.plan.model import Plan
from carnet.report import digest
from carnet.report.markdown import escape
from carnet.report.plan import words
from carnet.spoken import _


def render(plan: Plan) -> str:
    lines = [f"# {escape(words.whole(plan))}", ""]
    lines += [f"{words.summary(plan)} {words.amount(plan)} {words.quality(plan)} {words.withheld(plan)}".rstrip(), ""]
    if plan.openings:
        lines += [f"## {_('Order of entry')}", ""]
        rows = [
            (
                f"{one.name} ({one.market})",
                words.outcome(one),
                str(one.day.early),
                str(one.day.late),
                "; ".join(filter(None, (one.launch and words.launch_words(one.launch), words.opening_steps(one)))),
                "; ".join(map(words.assumption_words, one.assumptions)),
            )
            for one in plan.openings
        ]
        lines += _table(
            (_("market"), _("then"), _("earliest"), _("latest"), _("decided by"), _("to be declared first")), rows
        )
    if plan.steps:
        lines += [f"## {_('Steps')}", ""]
        steps = [
            (
                f"{words.title(step)}{_(' (critical)') if step.critical else ''}",
                words.doer(step),
                str(step.start.late),
                str(step.end.early),
                str(step.end.late),
                "; ".join(words.details(step, plan)[1:]),
            )
            for step in plan.steps
        ]
        lines += _table((_("step"), _("who"), _("begin"), _("done, earliest"), _("done, latest"), _("more")), steps)
    if plan.shut:
        lines += [f"## {_('Not opened')}", ""]
        lines += _table(
            (_("market"), _("why")), [(f"{one.name} ({one.market})", f"{words.shut_words(one)}.") for one in plan.shut]
        )
    lines += [_("Receipt: {receipt}.").format(receipt=words.receipt(plan)), "", _(digest.DISCLAIMER)]
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    made = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return [*made, *(f"| {' | '.join(map(_cell, row))} |" for row in rows), ""]


def _cell(text: str) -> str:
    """Text within a cell: on one line, its bars no borders."""
    return escape(" ".join(text.split())).replace("\\|", "|").replace("|", "\\|")
