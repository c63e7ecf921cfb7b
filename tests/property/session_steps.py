# SPDX-License-Identifier: Apache-2.0
"""Declarations for a session to follow, and what it has to say after each: the same as checks that start anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from carnet.api import Law
from carnet.assess.changes import Changes, FindingChange, OutcomeChange
from carnet.assess.model import Finding, Report
from carnet.declare.profile import Profile
from carnet.logic.condition import Compare, Constant, facts_read, leaves
from carnet.verdict.plan import plan_of


class Step(NamedTuple):
    path: str
    value: Any
    market: str | None = None
    feature: str | None = None


def choices(law: Law, markets: Iterable[str], day: dt.date) -> dict[str, list[Any]]:
    """For each fact that the law of these markets reads, None and values around those that it compares it with."""
    found: dict[str, list[Any]] = {}
    for market in markets:
        book = law.rulebook(market, day)
        conditions = [
            *plan_of([book]).program.conditions,
            *(item.condition for item in book.derived if item.condition is not None),
        ]
        for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
            for path in facts_read(leaf):
                found.setdefault(path, [])
            if isinstance(leaf, Compare) and isinstance(leaf.operand, Constant):
                found[leaf.path].append(leaf.operand.value)
        for item in book.derived:
            for path in item.reads():
                found.setdefault(path, [])
    for path in ("organisation.roles", "organisation.home_country", "commercial.entry_mode"):
        if path in law.vocabulary:
            found.setdefault(path, [])
    declared = [path for path in sorted(found) if not path.startswith(("derived.", "context."))]
    return {path: [None, *_values(law, path, found[path])] for path in declared}


def _values(law: Law, path: str, named: list[Any]) -> list[Any]:
    fact = law.vocabulary.fact(path)
    names = sorted({str(name) for item in named for name in (item if isinstance(item, tuple) else (item,))})
    if fact.values:
        names = list(fact.values)
    elif fact.items == "country":
        names = ["DE", "FR", *law.homes]
    elif fact.items in ("place", "approval"):
        names = list(law.codes[:9] if fact.items == "place" else law.approvals)[:9]
    if fact.type == "bool":
        return [True, False]
    if fact.type == "set":
        return [[], names, names[:1], names[1:]]
    if fact.type == "date":
        days = [item for item in named if isinstance(item, dt.date)] or [law.as_of]
        return [day + dt.timedelta(days=step) for day in dict.fromkeys(days) for step in (-1, 0, 400)]
    if fact.type in ("int", "number"):
        numbers = {item + step for item in named if isinstance(item, (int, float)) for step in (-1, 0, 1)} or {1, 50}
        low, high = fact.range or (0, 1000)
        return [number for number in sorted(numbers) if low <= number <= high]
    return [name for name in names if len(name) < 40 and (fact.items != "country" or len(name) == 2)] or ["x"]


def follow(
    law: Law, profile: Profile, markets: Sequence[str], day: dt.date | None, engine: str, steps: Iterable[Step]
) -> None:
    """Declare one thing after another, comparing everything that the session says with fresh checks."""
    before = law.check(profile, markets, day, engine)
    with law.session(profile, markets, day, engine) as session:
        same(session.report(), before)
        for step in steps:
            changes = session.declare(step.path, step.value, market=step.market, feature=step.feature)
            after = law.check(replace(session.profile), markets, day, engine)
            same(session.report(), after)
            assert changes == difference(before, after), step
            before = after


def same(live: Report, fresh: Report) -> None:
    """Equal in every field, kinds of numbers included."""
    if repr(live) == repr(fresh) and live == fresh:
        return
    assert live.receipt == fresh.receipt
    for one, two in zip(live, fresh, strict=True):
        for name, value in two._asdict().items():
            if name.endswith("findings"):
                for mine, theirs in zip(getattr(one, name), value, strict=True):
                    assert repr(mine) == repr(theirs), f"{two.market}: {name}: {mine}\n{theirs}"
            assert repr(getattr(one, name)) == repr(value), f"{two.market}: {name}"
    raise AssertionError("reports differ")


def difference(before: Report, after: Report) -> Changes:
    """The changes between two reports, read off all that they say."""
    outcomes, findings = [], []
    for old, new in zip(before, after, strict=True):
        if old.outcome != new.outcome:
            outcomes.append(OutcomeChange(new.market, old.outcome, new.outcome))
        was, now = _told(old.findings, old.home_findings), _told(new.findings, new.home_findings)
        for rule, feature in dict.fromkeys((*was, *now)):
            one, two = was.get((rule, feature)), now.get((rule, feature))
            statuses = one.status if one else None, two.status if two else None
            title = two.title if two else one.title if one else ""
            if statuses[0] != statuses[1]:
                findings.append(FindingChange(new.market, rule, title, feature, *statuses))
    return Changes(tuple(outcomes), tuple(findings))


def _told(*lists: tuple[Finding, ...]) -> Mapping[tuple[str, str], Finding]:
    return {(finding.rule, finding.feature): finding for findings in lists for finding in findings}
