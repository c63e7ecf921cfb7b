# SPDX-License-Identifier: Apache-2.0
"""Decides where a change may go out, and finds the least that has to wait so that the rest may.

A part of a change that waits is declared as before; the rest is then looked at like any other change, so that no split
is named that does not hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations, islice
from typing import TYPE_CHECKING

from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Outcome, Report, Status
from carnet.declare.grants import APPROVALS
from carnet.declare.layers import Layer
from carnet.law.model import Rule
from carnet.logic.condition import facts_read
from carnet.plan.impact import Appeared, Asked, Faster, Impact, MarketImpact, Release, Split, Unit
from carnet.plan.impact_rests import Rests

if TYPE_CHECKING:
    from carnet.assess.lacks import Lack
    from carnet.declare.profile import Profile
    from carnet.law.law import Law

BARRED = (Outcome.CLOSED, Outcome.PROHIBITED)
LEVELS = (Release.NOW, Release.NOTICE, Release.DECISION)
DOMAIN, SYSTEM = "odd.max_speed_kmh", "automation.max_speed_kmh"
MOST_TRIES = 60
"""Checks of parts of a change before the least split is no longer proven."""


def impact(
    law: Law,
    old: Profile,
    new: Profile,
    markets: Sequence[str],
    day: dt.date | None = None,
    evaluator: str | None = None,
    split: bool = True,
) -> Impact:
    """What the step from one profile to another sets off.

    day: on which it goes out, by default today. split: whether to look for the least that has to wait.

    Raises:
        UnknownName: for a market or evaluator that does not exist.
    """
    today = day or dt.date.today()
    maker = _Maker(law, old, markets, today, evaluator)
    units = units_between(old, new)
    report = maker.check(new)
    found = maker.markets(units, report)
    splits = tuple(maker.splits(new, units, found)) if split and units else ()
    receipts = (maker.before.receipt, report.receipt)
    return Impact(old.name, new.name, new.file, today, units, found, splits, receipts, faster(units, new))


def faster(units: Iterable[Unit], new: Profile) -> tuple[Faster, ...]:
    """Where a change of a speed leaves the domain faster than the system.

    Only what was changed is told, with the values that count where it was: what was so before is no effect of it.
    """
    found: dict[Faster, None] = {}
    for unit in units:
        if unit.path in (DOMAIN, SYSTEM):
            chain = (unit.jurisdiction,) if unit.jurisdiction else ()
            for name in [unit.feature] if unit.feature else new.features or ("",):
                speeds = [new.declared(path, chain, name or None) for path in (DOMAIN, SYSTEM)]
                domain, system = (v if isinstance(v, (int, float)) else None for v in speeds)
                if domain is not None and system is not None and domain > system:
                    found[Faster(domain, system, name, unit.jurisdiction)] = None
    return tuple(found)


def units_between(old: Profile, new: Profile) -> tuple[Unit, ...]:
    """Every declaration that differs between two profiles, by feature and jurisdiction."""
    found = []
    layers = (old.content.layers, new.content.layers)
    for key in dict.fromkeys((*layers[0], *layers[1])):
        was, now = (each[key].values if key in each else {} for each in layers)
        for path in dict.fromkeys((*was, *now)):
            before, after = was.get(path), now.get(path)
            if _plain(old, path, before) != _plain(old, path, after):
                found.append(Unit(path, before, after, *key))
    return tuple(sorted(found, key=lambda unit: unit.key))


def _plain(profile: Profile, path: str, value: object) -> object:
    """A value to compare by: the order of a set says nothing, and true is not 1."""
    fact = profile.names.vocabulary.facts.get(path)
    if isinstance(value, tuple) and (fact is None or fact.type == "set"):
        return frozenset(value)
    return type(value), value


def without(new: Profile, old: Profile, units: Iterable[Unit]) -> Profile:
    """The new profile with some declarations as they were."""
    layers = dict(new.content.layers)
    for unit in units:
        key = (unit.feature, unit.jurisdiction)
        layer = layers.get(key, Layer())
        values = {path: value for path, value in layer.values.items() if path != unit.path}
        places = {path: place for path, place in layer.places.items() if path != unit.path}
        former = old.content.layers.get(key)
        if former is not None and unit.path in former.values:
            values[unit.path], places[unit.path] = former.values[unit.path], former.places[unit.path]
        layers[key] = Layer(values, places)
    return replace(new, content=replace(new.content, layers=layers))


class _Maker:
    def __init__(self, law: Law, old: Profile, markets: Sequence[str], day: dt.date, evaluator: str | None) -> None:
        self._law, self._old, self._codes, self._day, self._evaluator = law, old, tuple(markets), day, evaluator
        self._rests = {code: Rests(law, code, day) for code in self._codes}
        self.before = self.check(old)

    def check(self, profile: Profile, codes: Sequence[str] | None = None) -> Report:
        return check(self._law, profile, self._codes if codes is None else codes, self._day, self._evaluator)

    def markets(self, units: Sequence[Unit], report: Report) -> tuple[MarketImpact, ...]:
        """Each market after the change."""
        return tuple(self._market(after, units) for after in report.markets)

    def _market(self, after: MarketAssessment, units: Sequence[Unit]) -> MarketImpact:
        before = self.before.market(after.market)
        appeared, gone = self._changed(before, after)
        asked = self._rests[after.market].asked(self._old, units)
        now: tuple[Lack, ...] = ()
        known: set[str] = set()
        if appeared or gone:
            now = (*after.lacks, *after.home_lacks)
            known = {lack.id for lack in (*before.lacks, *before.home_lacks)}
        of = {rule: lack.id for lack in now for rule in lack.closes}
        return MarketImpact(
            market=after.market,
            name=after.name,
            release=_release(before, after, asked, appeared),
            before=before.outcome,
            after=after.outcome,
            asked=asked,
            appeared=tuple(each._replace(lack=of.get(each.rule, "")) for each in appeared),
            gone=gone,
            lacks=tuple(lack.id for lack in now if lack.id not in known),
        )

    def _changed(
        self, before: MarketAssessment, after: MarketAssessment
    ) -> tuple[tuple[Appeared, ...], tuple[str, ...]]:
        """The findings that are broken or open only now, and the rules that are broken no more."""
        was = {_key(finding) for finding in _counting(before, Status.GAP)}
        known = was | {_key(finding) for finding in _counting(before, Status.UNDETERMINED)}
        gaps = _counting(after, Status.GAP)
        new = [finding for finding in gaps if _key(finding) not in was]
        new += [finding for finding in _counting(after, Status.UNDETERMINED) if _key(finding) not in known]
        gone = was - {_key(finding) for finding in gaps}
        return tuple(map(self._appeared, new)), tuple(sorted({rule for rule, _ in gone}))

    def _appeared(self, finding: Finding) -> Appeared:
        about = (finding.rule, finding.title, finding.status.value, finding.severity.value, finding.feature)
        return Appeared(*about, grant=self._grant(finding))

    def _grant(self, finding: Finding) -> str:
        """The approval whose grant a finding holds the product against; empty where it asks something else."""
        if finding.kind == "limit":
            return finding.rule.partition(".limits.")[2].rpartition(".")[0]
        if finding.kind != "rule":
            return ""
        clause = self._law.clause(finding.rule)
        read = facts_read(clause.requires) if isinstance(clause, Rule) else ()
        limits = [path for path in sorted(read) if path.startswith(APPROVALS) and not path.endswith(".held")]
        return limits[0].split(".")[1] if limits else ""

    def splits(self, new: Profile, units: Sequence[Unit], found: Sequence[MarketImpact]) -> Iterator[Split]:
        """By level, the least that waits; levels at which it is the same as at a freer one are left out."""
        worst = max((market.release.rank for market in found), default=0)
        last: tuple[Unit, ...] | None = None
        for level in LEVELS:
            if worst <= level.rank:
                return
            split = self._split(new, units, level)
            if split and split.waits != last:
                last = split.waits
                if split.goes:
                    yield split

    def _split(self, new: Profile, units: Sequence[Unit], level: Release) -> Split | None:
        """What asks for more by itself waits in any case; then as few of the others as it takes."""
        alone = [unit for unit in units if self._worst_asked((unit,)).rank > level.rank]
        rest = [unit for unit in units if unit not in alone]
        tries = islice(_fewest_first(rest), MOST_TRIES)
        for number, more in enumerate(tries):
            waits = (*alone, *more)
            goes = tuple(unit for unit in units if unit not in waits)
            if self._may_go(new, waits, goes, level):
                return Split(level, tuple(sorted(waits, key=lambda unit: unit.key)), goes, number < MOST_TRIES)
        return None

    @cached_property
    def _open(self) -> tuple[str, ...]:
        """The markets that the product is in: those that were closed hold nothing up."""
        return tuple(market.market for market in self.before.markets if market.outcome not in BARRED)

    def _worst_asked(self, units: Sequence[Unit]) -> Release:
        asked = (each.release for code in self._open for each in self._rests[code].asked(self._old, units))
        return max(asked, key=lambda each: each.rank, default=Release.NOW)

    def _may_go(self, new: Profile, waits: Sequence[Unit], goes: Sequence[Unit], level: Release) -> bool:
        if not goes:
            return True
        report = self.check(without(new, self._old, waits), self._open)
        return all(self._release_of(after, goes).rank <= level.rank for after in report.markets)

    def _release_of(self, after: MarketAssessment, units: Sequence[Unit]) -> Release:
        before = self.before.market(after.market)
        asked = self._rests[after.market].asked(self._old, units)
        return _release(before, after, asked, self._changed(before, after)[0])


def _fewest_first(units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    for size in range(len(units) + 1):
        yield from combinations(units, size)


def _release(
    before: MarketAssessment, after: MarketAssessment, asked: Sequence[Asked], appeared: Sequence[Appeared]
) -> Release:
    """The worst of what is asked and of what breaks, wherever the product may be today."""
    if before.outcome in BARRED:
        return Release.NOT_OPEN
    found = [*(each.release for each in asked), *(each.release for each in appeared)]
    if after.outcome in BARRED and Release.EXTENSION not in found:
        return Release.NOT_AT_ALL
    if after.outcome is Outcome.UNDETERMINED and before.outcome is not Outcome.UNDETERMINED:
        found.append(Release.NOT_KNOWN)
    return max(found, key=lambda each: each.rank, default=Release.NOW)


def _counting(market: MarketAssessment, status: Status) -> list[Finding]:
    home = (finding for finding in market.home_findings if finding.status is status and finding.counts)
    return [*market.with_status(status), *home]


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.feature
