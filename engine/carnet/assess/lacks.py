# SPDX-License-Identifier: Apache-2.0
"""What one declaration or one approval would close: a lack, with every finding behind it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from carnet.law.model import Cite, Severity

if TYPE_CHECKING:
    from carnet.assess.model import Finding


class Work(StrEnum):
    """What kind of work a lack is, in the order in which it is told."""

    BAR = "bar"
    APPROVAL = "approval"
    PRODUCT = "product"
    SET_UP = "set_up"
    DOCUMENT = "document"


class Change(NamedTuple):
    """A fact to declare otherwise; None takes a declaration back.

    feature: whose, empty for the vehicle as a whole. before: what is declared now.
    """

    path: str
    value: Any
    feature: str = ""
    before: Any = None


class Lack(NamedTuple):
    """One thing that is missing in a market.

    id: lasts as long as the lack does: `approval:ID`, `fact:path@MARKET`, or `bar:RULE@MARKET` and `rule:RULE@MARKET`
    where no change closes it. changes: what closes it, together with the market's other lacks. alternatives: other
    changes that would do as well in its place. findings: those it closes, alone or with other lacks, heaviest first;
    empty for what only other lacks bring along. who: who acts. part: `software` or `hardware` of a product change.
    at_most: whether it is not proven that fewer lacks would do. cause: as of its heaviest finding. text: what to do, in
    the words of the catalogue or the heaviest rule. weeks: what that takes, at least and at most. with_: with whom.
    follows: the rules that only the other changes bring along.
    """

    id: str
    work: Work
    title: str
    severity: Severity
    changes: tuple[Change, ...]
    alternatives: tuple[tuple[Change, ...], ...]
    findings: tuple[Finding, ...]
    who: str
    ours: bool | None
    text: str = ""
    weeks: tuple[int, int] | None = None
    with_: tuple[str, ...] = ()
    part: str = ""
    cause: str = ""
    waived: bool = False
    at_most: bool = False
    follows: tuple[str, ...] = ()

    @property
    def closes(self) -> tuple[str, ...]:
        """The rules of the findings that it closes."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def provisions(self) -> tuple[Cite, ...]:
        """Every provision that asks for it."""
        return tuple(dict.fromkeys(cite for finding in self.findings for cite in finding.cites))

    @property
    def holders(self) -> tuple[str, ...]:
        """Those who bear the duties behind it."""
        return tuple(dict.fromkeys(finding.duty_holder for finding in self.findings))

    @property
    def blocking(self) -> bool:
        """Whether it stands in the way, and is not waived."""
        return self.severity is Severity.BLOCKING and not self.waived

    @property
    def approval(self) -> str:
        """The approval that is to be obtained; empty where it is none."""
        return self.id.removeprefix("approval:") if self.id.startswith("approval:") else ""


def each_covered(lacks: tuple[Lack, ...], findings: Iterable[Finding], market: str) -> tuple[Lack, ...]:
    """The lacks with one more for each rule whose gap none of them closes: bars, and what no change was found for."""
    covered = {rule for lack in lacks for rule in lack.closes}
    left: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.rule not in covered:
            left.setdefault(finding.rule, []).append(finding)
    alone = (_alone(found, market) for found in left.values())
    return tuple(sorted((*lacks, *alone), key=_order))


def _alone(findings: list[Finding], market: str) -> Lack:
    """A gap as a lack of its own."""
    first = findings[0]
    barred = first.kind == "closure" or not first.curable
    papers = first.kind == "need" or (first.because and first.because[0].fact.startswith("approvals."))
    remedy = first.remedy
    return Lack(
        id=f"{'bar' if barred else 'rule'}:{first.rule}@{market}",
        work=Work.BAR if barred else Work.APPROVAL if papers else Work.SET_UP,
        title=first.title,
        severity=first.severity,
        changes=tuple(Change(path, value) for path, value in remedy.set.items()) if remedy else (),
        alternatives=(),
        findings=tuple(findings),
        who=first.duty_holder,
        ours=first.ours,
        text=(remedy.text or remedy.title) if remedy else first.text if first.kind == "closure" else "",
        weeks=remedy.weeks if remedy else None,
        with_=remedy.with_ if remedy else (),
        cause=first.cause,
        waived=not any(finding.is_open_gap for finding in findings),
    )


def _order(lack: Lack) -> tuple[object, ...]:
    """Open ones first, then by severity, by kind of work, those that close most first."""
    severity, work = tuple(Severity).index(lack.severity), tuple(Work).index(lack.work)
    return lack.waived, severity, work, -len(lack.findings), lack.id
