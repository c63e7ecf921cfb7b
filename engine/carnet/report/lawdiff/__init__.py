# SPDX-License-Identifier: Apache-2.0
"""What differs between the law of two days, or between two releases of it, and which profiles feel it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carnet.assess.check import check
from carnet.assess.model import MarketAssessment, Outcome, Status
from carnet.law.in_force import COUNTING, counts_on
from carnet.law.model import Cite, InForce, Jurisdiction, Route, Rule, Span
from carnet.logic.wording import describe
from carnet.report import select

if TYPE_CHECKING:
    from carnet.declare.profile import Profile
    from carnet.law.law import Law

FORMATS = {"terminal": (".txt",), "markdown": (".md",), "json": (".json",)}
KINDS = {
    "starts": "Rules that start",
    "reaches": "Rules that reach vehicles of every age",
    "changes": "Rules that change",
    "ends": "Rules that end",
    "value": "Values that change",
    "route_opens": "Routes that open",
    "route_closes": "Routes that close",
    "applies": "Instruments that a jurisdiction begins to apply",
    "applies_not": "Instruments that a jurisdiction ceases to apply",
}
"""What happened to the law, in the order in which it is told."""

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Side:
    """One release of the law on one day."""

    law: Law
    day: dt.date

    @property
    def label(self) -> str:
        return f"{self.day} (law {self.law.version}, {self.law.sha256[:12]})"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change; `date` is the first day on which it is so, also for what ends."""

    kind: str
    jurisdiction: str
    id: str
    title: str
    date: dt.date | None = None
    severity: str = ""
    detail: str = ""
    provision: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the difference means for one profile in one market."""

    profile: str
    market: str
    name: str
    before: Outcome
    after: Outcome
    new_gaps: tuple[str, ...]
    closed_gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawDiff:
    old: str
    new: str
    entries: tuple[Entry, ...]
    profiles: tuple[str, ...]
    effects: tuple[Effect, ...]


def law_diff(
    old: Side, new: Side, markets: Sequence[str] = (), profiles: Iterable[Profile] = (), evaluator: str | None = None
) -> LawDiff:
    """The difference for some markets, by default for all, and its effect on profiles there."""
    entries = [entry for code in _codes(old, new, markets) for entry in _entries(old, new, code)]
    known = list(profiles)
    both = [code for code in markets or new.law.markets() if code in old.law.codes and code in new.law.codes]
    effects = [effect for profile in known for effect in _effects(old, new, profile, both, evaluator)]
    order = list(KINDS)
    entries.sort(key=lambda e: (order.index(e.kind), e.date or dt.date.min, e.jurisdiction, e.id))
    return LawDiff(old.label, new.label, tuple(entries), tuple(p.name for p in known), tuple(effects))


def _codes(old: Side, new: Side, markets: Sequence[str]) -> list[str]:
    if not markets:
        return list(dict.fromkeys([*new.law.codes, *old.law.codes]))
    sides = [(side.law, code) for code in markets for side in (new, old) if code in side.law.codes]
    return list(dict.fromkeys(source.id for law, code in sides for source in law.sources(code)))


def _entries(old: Side, new: Side, code: str) -> Iterator[Entry]:
    sides = [side.law.jurisdiction(code) if code in side.law.codes else None for side in (old, new)]
    rules = [_rules(source, side.day) for source, side in zip(sides, (old, new), strict=True)]
    for rule_id in dict.fromkeys([*rules[0], *rules[1]]):
        yield from _rule(rules[0].get(rule_id), rules[1].get(rule_id), old.day, new.day)
    for rule in sides[1].rules if sides[1] else ():
        if _passes(rule, old.day, new.day):
            yield _entry("starts", rule, rule.in_force.first_day)
            yield _entry("ends", rule, _after(rule.in_force))
    routes = [_routes(source, side.day) for source, side in zip(sides, (old, new), strict=True)]
    for route_id in routes[1].keys() - routes[0].keys():
        route = routes[1][route_id]
        yield Entry("route_opens", code, route.id, route.title, route.span.start, provision=_cites(route.cites))
    for route_id in routes[0].keys() - routes[1].keys():
        route = routes[0][route_id]
        yield Entry("route_closes", code, route.id, route.title, _after(route.span), provision=_cites(route.cites))
    yield from _values(code, sides, old.day, new.day)
    yield from _adoptions(code, sides, old, new)


def _rules(source: Jurisdiction | None, day: dt.date) -> dict[str, Rule]:
    """The rules that count on a day; adopted ones without a first day never do."""
    rules = ((rule, rule.in_force) for rule in (source.rules if source else ()))
    return {rule.id: rule for rule, span in rules if counts_on(rule.legal_status, span.first_day, span.until, day)}


def _routes(source: Jurisdiction | None, day: dt.date) -> dict[str, Route]:
    routes = ((route, route.span) for route in (source.routes if source else ()))
    return {route.id: route for route, span in routes if counts_on(route.legal_status, span.start, span.until, day)}


def _rule(before: Rule | None, after: Rule | None, old: dt.date, new: dt.date) -> Iterator[Entry]:
    """What became of a rule that counts on one of the days; `date` is the first day on which it is so."""
    if after is None:
        assert before is not None
        date = _after(before.in_force)
        inside = date is not None and old < date <= new
        yield _entry("ends", before, date, "" if inside else "no longer in force in this release")
        return
    span = after.in_force
    reaches = bool(span.new_types and span.start and old < span.start <= new and span.start != span.new_types)
    if before is None:
        inside = span.first_day is not None and old < span.first_day <= new
        yield _entry("starts", after, span.first_day, "" if inside else "new in this release")
    elif not reaches and (detail := "; ".join(_rewritten(before, after))):
        yield _entry("changes", after, None, detail)
    if reaches:
        yield _entry("reaches", after, span.start)


def _passes(rule: Rule, old: dt.date, new: dt.date) -> bool:
    """Whether a rule starts and ends between two days, in either order, so that it counts on neither."""
    first, after = rule.in_force.first_day, _after(rule.in_force)
    if rule.legal_status not in COUNTING or first is None or after is None:
        return False
    return min(old, new) < first < after <= max(old, new)


def _after(span: InForce | Span) -> dt.date | None:
    """The first day on which it has ended, as `carnet check` names it."""
    return span.until + ONE_DAY if span.until else None


def _entry(kind: str, rule: Rule, date: dt.date | None, detail: str = "") -> Entry:
    place = (rule.jurisdiction, rule.id, rule.title, date, rule.severity.value, detail, _cites(rule.cites))
    return Entry(kind, *place)


def _rewritten(before: Rule, after: Rule) -> Iterator[str]:
    """What a release says otherwise of one rule, in words; wording that decides nothing is left out."""
    if before.requires != after.requires:
        yield f"requires {describe(after.requires)}, before {describe(before.requires)}"
    if before.applies_when != after.applies_when:
        yield f"applies when {describe(after.applies_when)}, before {describe(before.applies_when)}"
    if before.in_force != after.in_force:
        yield "its dates changed"
    for name in ("severity", "legal_status", "duty_holder", "curable", "layer", "routes", "supersedes"):
        if getattr(before, name) != getattr(after, name):
            yield f"{name.replace('_', ' ')}: {getattr(before, name)} to {getattr(after, name)}"


def _values(code: str, sides: Sequence[Jurisdiction | None], old: dt.date, new: dt.date) -> Iterator[Entry]:
    before, after = (source.parameters if source else {} for source in sides)
    for name in dict.fromkeys([*before, *after]):
        values = [given[name].on(day) if name in given else None for given, day in ((before, old), (after, new))]
        shown = [None if value is None else value.value for value in values]
        if shown[0] != shown[1]:
            known = values[1] or values[0]
            assert known is not None
            unit = (after.get(name) or before[name]).unit
            words = [f"{_plain(value)} {unit}".strip() if value is not None else "no value" for value in shown]
            title = name.replace("_", " ")
            yield Entry("value", code, name, title, known.start, "", f"{words[0]} to {words[1]}", _cites(known.cites))


def _plain(value: object) -> str:
    return "none" if value == () else str(value)


def _adoptions(code: str, sides: Sequence[Jurisdiction | None], old: Side, new: Side) -> Iterator[Entry]:
    applied: list[dict[str, Span]] = [
        {name: adoption.span for name, adoption in source.applies.items() if adoption.span.holds(side.day)}
        if source
        else {}
        for source, side in zip(sides, (old, new), strict=True)
    ]
    for name in applied[1].keys() - applied[0].keys():
        yield Entry("applies", code, name, new.law.instrument(name).title, applied[1][name].start)
    for name in applied[0].keys() - applied[1].keys():
        yield Entry("applies_not", code, name, old.law.instrument(name).title, _after(applied[0][name]))


def _effects(old: Side, new: Side, profile: Profile, markets: Sequence[str], evaluator: str | None) -> Iterator[Effect]:
    """The markets in which a profile's outcome or gaps change."""
    reports = [check(side.law, profile, markets, side.day, evaluator) for side in (old, new)]
    for before, after in zip(*reports, strict=True):
        gaps = [_gaps(market) for market in (before, after)]
        added = tuple(title for key, title in gaps[1].items() if key not in gaps[0])
        closed = tuple(title for key, title in gaps[0].items() if key not in gaps[1])
        if before.outcome is not after.outcome or added or closed:
            yield Effect(profile.name, after.market, after.name, before.outcome, after.outcome, added, closed)


def _gaps(market: MarketAssessment) -> dict[tuple[str, str], str]:
    return {(finding.rule, finding.feature): finding.title for finding in select.counted(market, Status.GAP)}


def _cites(cites: tuple[Cite, ...]) -> str:
    return "; ".join(str(cite) for cite in cites)
