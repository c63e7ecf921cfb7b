# SPDX-License-Identifier: Apache-2.0
"""The difference as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.report.diff import KINDS, Difference, MarketChange
from carnet.report.markdown import escape


def render(difference: Difference) -> str:
    lines = ["# What changed between two reports", ""]
    lines += [f"- **{cause}**: {escape(words)}" for cause, words in difference.causes.items()]
    lines += [f"- only in the new report: {', '.join(difference.added)}"] if difference.added else []
    lines += [f"- only in the old report: {', '.join(difference.removed)}"] if difference.removed else []
    if not difference.changed:
        lines += ["", difference.nothing]
    for market in difference.changed:
        lines += _market(market)
    return "\n".join(lines) + "\n"


def _market(market: MarketChange) -> Iterator[str]:
    arrow = f"{market.before} → **{market.after}**" if market.better else f"{market.after}, as before"
    yield from ("", f"## {escape(market.name)} ({escape(market.market)}): {arrow}".replace("_", " "))
    for kind, words in KINDS.items():
        changes = [change for change in market.changes if change.kind == kind]
        if changes:
            yield from ("", f"**{words}**", "")
        for change in changes:
            feature = f"{change.feature}: " if change.feature else ""
            why = ": ".join(part for part in (" or ".join(change.causes), change.detail) if part)
            law = f" ({change.provision})" if change.provision else ""
            yield f"- {escape(f'{feature}{change.title}{law}, {change.severity}; {why}')}"
