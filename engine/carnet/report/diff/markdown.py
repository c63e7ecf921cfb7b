# SPDX-License-Identifier: Apache-2.0
"""The difference as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.assess.model import Outcome
from carnet.report.diff import KINDS, Difference, MarketChange, words
from carnet.report.digest import outcome_name
from carnet.report.markdown import escape
from carnet.spoken import _


def render(difference: Difference) -> str:
    lines = [f"# {words.title(difference)}", ""]
    lines += [f"- **{words.cause(cause)}**: {escape(told)}" for cause, told in difference.causes.items()]
    lines += [f"- {escape(told)}" for told in words.alone(difference)]
    if not difference.changed:
        lines += ["", difference.nothing]
    else:
        lines += ["", f"| {_('In all')} | {_('before')} | {_('after')} |", "| --- | ---: | ---: |"]
        lines += [f"| {one.name} | {one.before} | {one.after} |" for one in difference.totals]
    if difference.facts:
        lines += ["", f"## {_('Declared otherwise ({n})').format(n=len(difference.facts))}", ""]
        lines += [f"- {escape(one.words)}: {escape(words.moved(one))}" for one in difference.facts]
    for market in difference.changed:
        lines += _market(market)
    return "\n".join(lines) + "\n"


def _market(market: MarketChange) -> Iterator[str]:
    before, after = (outcome_name(Outcome(each)) for each in (market.before, market.after))
    arrow = f"{before} → **{after}**" if market.better else _("{outcome}, as before").format(outcome=after)
    yield from ("", f"## {escape(market.name)} ({escape(market.market)}, {words.days(market)}): {arrow}")
    if told := words.lacks(market):
        yield from ("", f"{told}.")
    for kind, name in KINDS.items():
        changes = [change for change in market.changes if change.kind == kind]
        if changes:
            yield from ("", f"**{_(name)}**", "")
        for change in changes:
            yield f"- {escape(words.change(change))}"
