# SPDX-License-Identifier: Apache-2.0
"""The lacks of a market: the least set of changes that closes every gap of the route taken, told one by one.

Rules that say that an approval is held, and rules that no longer apply once it is, belong to that approval's lack. The
changes found are tried on the market's whole law before they are told; what they would break is asked for as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from carnet.assess.duties import is_ours
from carnet.assess.evidence import EXEMPTIONS
from carnet.assess.gaps import Gap, Gaps, World
from carnet.assess.lacks import Change, Lack, Work
from carnet.assess.model import Finding, Status
from carnet.declare.grants import APPROVALS
from carnet.law.model import Severity
from carnet.law.rulebook import Rulebook
from carnet.logic.least import Asked, Least, Rank, Solver, unit_of
from carnet.spoken import _

ROUNDS = 8
SEVERITIES = tuple(Severity)


def lacks_of(worlds: Sequence[World], book: Rulebook, findings: Iterable[Finding]) -> tuple[Lack, ...]:
    """What closes the findings of a rulebook; those that no change closes have none.

    findings: as they are told, those of several features that are the same once.
    """
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.counts and finding.status is Status.GAP:
            told.setdefault(finding.rule, []).append(finding)
    return tuple(_Market(worlds, book, told).lacks()) if told else ()


class _Market:
    """Finds the least changes for one market and puts them into lacks."""

    def __init__(self, worlds: Sequence[World], book: Rulebook, told: Mapping[str, Sequence[Finding]]) -> None:
        self._worlds, self._book, self._told = worlds, book, told
        self._law = worlds[0].assessor.evidence.law
        self._gaps = Gaps(worlds, book.recognises)
        self._solver = Solver([world.facts for world in worlds], self._law.vocabulary)

    def lacks(self) -> list[Lack]:
        barred = {rule for rule, found in self._told.items() if found[0].kind == "closure" or not found[0].curable}
        gaps = [gap for gap in self._gaps.found() if gap.clause.id not in barred]
        least, gaps = self._solved(gaps)
        closing = self._closing(least, gaps)
        lacks = [self._lack(unit, numbers, gaps, least) for unit, numbers in closing.items()]
        return lacks

    def _solved(self, gaps: list[Gap]) -> tuple[Least, list[Gap]]:
        """The least changes, with the gaps that they close: those there are, and those that they would bring."""
        for _round in range(ROUNDS):
            found = self._solver.least([Asked(gap.condition, gap.world) for gap in gaps], self._rank)
            known = {(gap.world, gap.clause.id) for gap in gaps}
            brought = [gap for gap in self._gaps.brought(found.changes) if (gap.world, gap.clause.id) not in known]
            if not brought:
                return found, gaps
            gaps = [*gaps, *brought]
        return found._replace(exact=False), gaps

    def _rank(self, unit: str) -> Rank:
        """What a product is changes last; then approvals come before facts, the ordinary before exemptions."""
        if not unit.startswith(APPROVALS):
            fact = self._law.vocabulary.fact(unit)
            return int(fact.identity or unit.startswith(("derived.", "context."))), 1, fact.work, "", 0, unit
        approval = self._law.approvals.get(unit.removeprefix(APPROVALS))
        if approval is None:
            return 0, 2, "", "", 0, unit
        exempt = "exemption" if approval.kind in EXEMPTIONS else ""
        return 0, 0, exempt, approval.place.file, approval.place.line, unit

    def _closing(self, least: Least, gaps: Sequence[Gap]) -> dict[str, list[int]]:
        """By unit, the numbers of the gaps that it closes; of several ways to close one, the first of those taken."""
        closing: dict[str, list[int]] = {unit: [] for unit in sorted(least.units, key=self._rank)}
        for number, options in enumerate(least.ways):
            taken = sorted((units for units in options if units <= least.units), key=lambda units: self._key(units))
            for unit in taken[0] if taken else ():
                closing[unit].append(number)
        return closing

    def _key(self, units: Iterable[str]) -> tuple[Any, ...]:
        ranks = sorted(map(self._rank, units))
        return len(ranks), ranks

    def _lack(self, unit: str, numbers: Sequence[int], gaps: Sequence[Gap], least: Least) -> Lack:
        rules = dict.fromkeys(gaps[number].clause.id for number in numbers)
        findings = tuple(sorted(chain.from_iterable(self._told.get(rule, ()) for rule in rules), key=_weight))
        severity = min((gaps[number].clause.severity for number in numbers), key=SEVERITIES.index)
        changes = self._changes(unit, least)
        work, part = self._work(unit)
        who = self._who(unit, findings)
        paper = unit.startswith(APPROVALS)
        text, weeks, with_ = self._paperwork(unit) if paper else _as_remedied(findings)
        return Lack(
            id=f"approval:{unit.removeprefix(APPROVALS)}" if paper else f"fact:{unit}@{self._book.market}",
            work=work,
            title=self._title(unit, changes),
            severity=severity,
            changes=changes,
            alternatives=self._alternatives(unit, numbers, gaps, least),
            findings=findings,
            who=who,
            ours=is_ours(who, self._worlds[0].facts, self._law.bearers) if who else None,
            text=text,
            weeks=weeks,
            with_=with_,
            part=part,
            cause=self._cause(unit) if paper else "",
            waived=bool(findings) and not any(finding.is_open_gap for finding in findings),
            at_most=not least.exact,
            follows=() if findings else tuple(rules),
        )

    def _changes(self, unit: str, least: Least) -> tuple[Change, ...]:
        """What to declare; the same for all features is said once."""
        per_world = [
            {path: value for path, value in changes.items() if unit_of(path) == unit} for changes in least.changes
        ]
        same = all(changes == per_world[0] for changes in per_world)
        return tuple(
            Change(path, value, "" if same else world.assessor.feature, world.facts.get(path))
            for world, each in zip(self._worlds[:1] if same else self._worlds, per_world, strict=not same)
            for path, value in each.items()
        )

    def _alternatives(
        self, unit: str, numbers: Sequence[int], gaps: Sequence[Gap], least: Least
    ) -> tuple[tuple[Change, ...], ...]:
        """Other units with which all the gaps of this one would be closed as well."""
        others = least.units - {unit}
        candidates = {units - others for number in numbers for units in least.ways[number] if unit not in units}
        found = []
        for candidate in sorted(candidates, key=self._key):
            with_it = others | candidate
            if candidate and all(any(units <= with_it for units in least.ways[number]) for number in numbers):
                found.append(
                    tuple(chain.from_iterable(self._change_to(one, numbers, gaps) for one in sorted(candidate)))
                )
        return tuple(found)

    def _change_to(self, unit: str, numbers: Sequence[int], gaps: Sequence[Gap]) -> Iterator[Change]:
        """What to declare of a unit that another stands in for."""
        asked = [Asked(gaps[number].condition, gaps[number].world) for number in numbers]
        facts = self._worlds[0].facts
        found = self._solver.least(asked, partial(_preferring, unit))
        paths = dict.fromkeys(
            (path, value if not isinstance(value, list) else tuple(value))
            for changes in found.changes
            for path, value in changes.items()
            if unit_of(path) == unit
        )
        yield from (Change(path, value, before=facts.get(path)) for path, value in paths)

    def _work(self, unit: str) -> tuple[Work, str]:
        if unit.startswith(APPROVALS):
            approval = self._law.approvals.get(unit.removeprefix(APPROVALS))
            kind = self._law.bearers.approval_kinds[approval.kind] if approval else None
            return Work(str(kind.work) if kind else Work.APPROVAL), ""
        kind_of_work = self._law.vocabulary.fact(unit).work
        part = kind_of_work.removeprefix("product_")
        return (Work.PRODUCT, part) if kind_of_work != part else (Work(kind_of_work), "")

    def _who(self, unit: str, findings: Sequence[Finding]) -> str:
        """The applicant of an approval, as its need says; else who bears the heaviest duty."""
        needs = (finding.duty_holder for finding in findings if finding.kind == "need")
        approval = self._law.approvals.get(unit.removeprefix(APPROVALS)) if unit.startswith(APPROVALS) else None
        if approval:
            return next(needs, "") or self._law.bearers.applicant(approval, False)
        return findings[0].duty_holder if findings else ""

    def _paperwork(self, unit: str) -> tuple[str, tuple[int, int] | None, tuple[str, ...]]:
        """Where to apply for an approval and what comes first, how long it takes, who grants it."""
        approval = self._law.approvals.get(unit.removeprefix(APPROVALS))
        if approval is None:
            return "", None, ()
        facts = self._worlds[0].facts
        missing = (group for group in approval.after if not any(facts.get(f"{APPROVALS}{one}.held") for one in group))
        first = _(" and ").join(_(" or ").join(group) for group in missing)
        granted_by = (approval.granted_by,) if approval.granted_by else ()
        return (
            _("after {first}").format(first=first) if first else "",
            self._law.planning(approval.id).weeks,
            granted_by,
        )

    def _cause(self, unit: str) -> str:
        states = (world.facts.get(f"{unit}.state") for world in self._worlds)
        return next((str(state) for state in states if state and state != "held"), "")

    def _title(self, unit: str, changes: Sequence[Change]) -> str:
        if unit.startswith(APPROVALS):
            code = unit.removeprefix(APPROVALS)
            approval = self._law.approvals.get(code)
            return f"{approval.title} ({code})" if approval else code
        return self._law.vocabulary.fact(unit).name if unit in self._law.vocabulary else unit


def _as_remedied(findings: Sequence[Finding]) -> tuple[str, tuple[int, int] | None, tuple[str, ...]]:
    """What the heaviest finding that says anything says of it."""
    plan = next((finding.remedy for finding in findings if finding.remedy), None)
    return (plan.text or plan.title, plan.weeks, plan.with_) if plan else ("", None, ())


def _preferring(wanted: str, unit: str) -> Rank:
    return 0, int(unit != wanted), unit


def _weight(finding: Finding) -> tuple[Any, ...]:
    return SEVERITIES.index(finding.severity), finding.kind != "need", finding.rule, finding.feature
