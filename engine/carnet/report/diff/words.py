# SPDX-License-Identifier: Apache-2.0
"""The words of a comparison, the same in every format."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.report.diff import KINDS, Change, Difference, MarketChange
from carnet.report.diff.facts import Declared
from carnet.report.words import said
from carnet.spoken import N_, _, lowered

CAUSES = {"profile": N_("profile"), "law": N_("law"), "day": N_("day"), "engine": N_("engine")}
FEW = 3


def title(difference: Difference) -> str:
    if difference.facts is None:
        return _("What changed between two reports")
    return _("What changed between two profiles")


def cause(name: str) -> str:
    return _(CAUSES[name])


def alone(difference: Difference) -> Iterator[str]:
    """The markets of one report only."""
    if difference.added:
        yield _("Only in the new report: {markets}.").format(markets=", ".join(difference.added))
    if difference.removed:
        yield _("Only in the old report: {markets}.").format(markets=", ".join(difference.removed))


def why(change: Change) -> str:
    """What changed a finding; several causes where the reports cannot tell which it was."""
    named = [cause(each) for each in change.causes]
    causes = "".join(named)
    if len(named) > 1:
        causes = _("{one} or {other}").format(one=", ".join(named[:-1]), other=named[-1])
    return ": ".join(part for part in (causes, change.detail) if part) or _("cause unknown")


def change(change: Change) -> str:
    """One finding in one line."""
    feature = f"{change.feature}: " if change.feature else ""
    law = f" ({change.provision})" if change.provision else ""
    return f"{feature}{change.title}{law}, {said('severity', change.severity)}; {why(change)}"


def moved(one: Declared, every: bool = False) -> str:
    """Which findings a declaration changed."""
    if not one.moved:
        return _("changes no finding here")
    names = [f"{market}: {rule}" for market, rule in one.moved]
    shown = names if every else names[:FEW]
    told = ", ".join(shown)
    if len(shown) < len(names):
        told = _("{names} and {n} more").format(names=told, n=len(names) - len(shown))
    return _("findings changed ({n}): {names}").format(n=len(names), names=told)


def days(market: MarketChange) -> str:
    """The day assessed; both where they differ."""
    before, after = market.days
    return after if before == after else _("{first} to {last}").format(first=before, last=after)


def lacks(market: MarketChange) -> str:
    """How many lacks there were and are."""
    before, after = (counts.lacks for counts in market.counts)
    if before is None or after is None or not (sum(before) or sum(after)):
        return ""
    return _("{before} lacks, {blocking} in the way; now {after}, {left} in the way").format(
        before=sum(before), blocking=before[0], after=sum(after), left=after[0]
    )


def kinds(market: MarketChange) -> str:
    """How many findings changed in which way."""
    found = [(name, sum(change.kind == kind for change in market.changes)) for kind, name in KINDS.items()]
    return ", ".join(f"{lowered(_(name))}: {n}" for name, n in found if n)


def routes(market: MarketChange) -> str:
    """That another way in decides."""
    before, after = market.routes
    if before == after:
        return ""
    rules = _("its rules alone")
    return _("judged by {after}, before by {before}").format(after=after or rules, before=before or rules)
