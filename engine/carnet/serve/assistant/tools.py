# SPDX-License-Identifier: Apache-2.0
"""What the tools do: each one function of the library, and its answer in short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from carnet import __version__
from carnet.api import Law, Profile
from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.days import possible
from carnet.errors import InputError, UnknownName, shown, suggest
from carnet.intake.markets import markets_of
from carnet.law.model import Severity
from carnet.law.search import KINDS, search
from carnet.plan.questions import ask, questions
from carnet.plan.reach import reach
from carnet.plan.whatif import what_if
from carnet.report.compare import matrix
from carnet.report.json import to_data
from carnet.report.plain import plain
from carnet.serve.assistant import answers
from carnet.serve.assistant.roadmap import road_map, told
from carnet.serve.reading import read_profile

Content = dict[str, Any] | str
T = TypeVar("T")
GRAVEST = [severity.value for severity in Severity]
STATUSES = ("gap", "undetermined", "compliant")
CELLS = 400
"""Features of profiles times markets that are judged for one question."""
EVALUATOR = "native"


class Tools:
    """The tools over one law."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def check(
        self, profile: Content, markets: Sequence[str], as_of: dt.date | None, status: str, limit: int, offset: int
    ) -> answers.Checked:
        report = self._report([self._profile(profile)], markets, as_of)[0]
        found = [self._market(market, status, limit, offset) for market in report]
        return answers.Checked(
            receipt=_receipt(report), known=answers.known(self.law, [each.market for each in report]), markets=found
        )

    def explain(self, profile: Content, market: str, rule: str, as_of: dt.date | None) -> answers.Explained:
        report = self._report([self._profile(profile)], [market], as_of)[0]
        (assessed,) = to_data(report)["markets"]
        home = (assessed["home"] or {}).get("findings", [])
        found = [each for each in (*assessed["findings"], *assessed["guidance"], *home) if each["rule"] == rule]
        if not found:
            known = [each["rule"] for each in assessed["findings"]]
            raise UnknownName(
                f"{shown(rule, 80)} is no rule that binds in {assessed['market']}",
                hint=suggest(rule[:80], known) or "`check` names the rules",
            )
        return answers.Explained(
            receipt=_receipt(report),
            known=answers.known(self.law, [each.market for each in report]),
            market=assessed["market"],
            finding=found[0],
        )

    def questions(
        self, profile: Content, markets: Sequence[str], as_of: dt.date | None, limit: int, offset: int
    ) -> answers.Asked:
        report = self._report([self._profile(profile)], markets, as_of)[0]
        asked, more = _part(questions(report), limit, offset)
        vocabulary = self.law.vocabulary
        rows = [
            answers.Question(
                fact=one.fact,
                question=ask(self.law, one.fact),
                values=list(vocabulary.fact(one.fact).values) if one.fact in vocabulary else [],
                blocking=one.blocking,
                findings=one.findings,
                markets=list(one.markets),
            )
            for one in asked
        ]
        return answers.Asked(
            receipt=_receipt(report),
            known=answers.known(self.law, [each.market for each in report]),
            questions=rows,
            more=more,
        )

    def what_if(
        self,
        profile: Content,
        changes: dict[str, Any],
        markets: Sequence[str],
        within: str | None,
        feature: str | None,
        as_of: dt.date | None,
        limit: int,
        offset: int,
    ) -> answers.WhatIf:
        declared, codes = self._profile(profile), self._markets(markets)
        _check_amount([declared], codes)
        place = self._markets([within])[0] if within else None
        turned, report = what_if(
            self.law, declared, codes, changes, overlay=place, feature=feature, as_of=_day(as_of), evaluator=EVALUATOR
        )
        outcomes = [
            answers.Turned(market=one.market, what="outcome", before=str(one.before), after=str(one.after))
            for one in turned.outcomes
        ]
        findings = [
            answers.Turned(
                market=one.market,
                what=f"{one.title} [{one.rule}]",
                before=one.before and str(one.before),
                after=one.after and str(one.after),
            )
            for one in turned.findings
        ]
        part, more = _part(findings, limit, offset)
        return answers.WhatIf(
            receipt=_receipt(report),
            known=answers.known(self.law, [each.market for each in report]),
            outcomes=outcomes,
            findings=list(part),
            more=more,
        )

    def plan(
        self,
        profile: Content,
        markets: Sequence[str],
        start: dt.date | None,
        by: dt.date | None,
        objective: str,
        keep: Sequence[str],
        limit: int,
        offset: int,
        progress: Callable[[str], None] | None,
    ) -> answers.Planned:
        declared, codes = self._profile(profile), self._markets(markets)
        _check_amount([declared], codes)
        made = road_map(self.law, declared, codes, _day(start), _day(by), objective, keep, progress)
        return told(made, self.law, limit, offset)

    def reach(
        self, profile: Content, markets: Sequence[str], as_of: dt.date | None, keep: Sequence[str], limit: int
    ) -> answers.Reached:
        declared, codes = self._profile(profile), self._markets(markets)
        _check_amount([declared], codes)
        found = reach(self.law, declared, codes, keep, as_of=_day(as_of))
        ways = []
        for one in found.markets:
            steps, more = _part(one.changes, limit, 0)
            ways.append(
                answers.Way(
                    market=one.market,
                    name=one.name,
                    before=one.before.value,
                    outcome=one.outcome.value,
                    steps=[
                        answers.Step(
                            kind=step.kind,
                            path=step.path,
                            value=plain(step.value),
                            before=plain(step.before),
                            closes=len(step.closes),
                        )
                        for step in steps
                    ],
                    obstacles=[str(obstacle.title) for obstacle in one.obstacles][:limit],
                    more=more,
                )
            )
        stamp = answers.Receipt(**found.receipt._asdict())
        return answers.Reached(receipt=stamp, known=answers.known(self.law, codes), markets=ways)

    def compare(
        self, profiles: Sequence[Content], markets: Sequence[str], as_of: dt.date | None, limit: int, offset: int
    ) -> answers.Compared:
        if not 1 <= len(profiles) <= 10:
            raise InputError("one to ten profiles are compared", hint="send fewer")
        declared = [self._profile(each, f"profiles[{place}]") for place, each in enumerate(profiles)]
        reports = self._report(declared, markets, as_of)
        made = matrix(reports, "outcome")
        rows, more = _part(made.rows, limit, offset)
        found = [
            answers.Row(
                market=row.market,
                name=row.name,
                outcomes={name: cell.outcome.value for name, cell in zip(made.profiles, row.cells, strict=True)},
                blocking={name: cell.blocking for name, cell in zip(made.profiles, row.cells, strict=True)},
            )
            for row in rows
        ]
        stamp = answers.Receipt(**made.receipts[0]._asdict())
        return answers.Compared(
            receipt=stamp,
            known=answers.known(self.law, [row.market for row in made.rows]),
            profiles=list(made.profiles),
            rows=found,
            more=more,
        )

    def find(
        self,
        text: str,
        market: str | None,
        kind: Literal["rule", "instrument", "approval", "fact"] | None,
        limit: int,
        offset: int,
    ) -> answers.Law:
        code = self._markets([market])[0] if market else None
        hits = search(self.law, text[:200], [kind] if kind else KINDS, code)
        part, more = _part(hits, limit, offset)
        stamp = answers.Receipt(carnet=__version__, law_version=self.law.version, law_sha256=self.law.sha256)
        found = [answers.Found(**hit._asdict()) for hit in part]
        return answers.Law(receipt=stamp, total=len(hits), found=found, more=more)

    def _profile(self, content: Content, name: str = "profile") -> Profile:
        return read_profile(self.law, content, name)

    def _markets(self, codes: Sequence[str]) -> tuple[str, ...]:
        return markets_of(self.law, list(codes), list(codes) == ["all"])

    def _report(self, profiles: Sequence[Profile], markets: Sequence[str], as_of: dt.date | None) -> list[Report]:
        codes = self._markets(markets)
        _check_amount(profiles, codes)
        return [check(self.law, profile, codes, _day(as_of), EVALUATOR) for profile in profiles]

    def _market(self, market: MarketAssessment, status: str, limit: int, offset: int) -> answers.Market:
        wanted = STATUSES[:2] if status == "open" else (status,)
        counting = [finding for finding in market.findings if finding.counts and finding.status.value in wanted]
        counting.sort(key=lambda one: (STATUSES.index(one.status.value), GRAVEST.index(one.severity.value)))
        part, more = _part(counting, limit, offset)
        return answers.Market(
            market=market.market,
            name=market.name,
            as_of=str(market.as_of),
            outcome=market.outcome.value,
            route=market.route or None,
            counts=dict(market.counts),
            known=market.known.level.value,
            findings=[_item(finding) for finding in part],
            more=more,
        )


def _item(finding: Finding) -> answers.Item:
    remedy = finding.remedy if finding.status is Status.GAP else None
    return answers.Item(
        rule=finding.rule,
        title=finding.title,
        status=finding.status.value,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        provisions=[f"{cite.short or cite.instrument} {cite.provision}".strip() for cite in finding.cites],
        remedy=(remedy.title or remedy.text or None) if remedy else None,
        unknown=list(finding.unknown),
    )


def _part(items: Sequence[T], limit: int, offset: int) -> tuple[Sequence[T], answers.More | None]:
    """A part of a list, and how to ask for the rest."""
    part = items[offset : offset + limit]
    left = len(items) - offset - len(part)
    if left <= 0:
        return part, None
    return part, answers.More(left_out=left, ask=f"the same with `offset`: {offset + len(part)}")


def _receipt(report: Report) -> answers.Receipt:
    return answers.Receipt(**report.receipt._asdict())


def _day(day: dt.date | None) -> dt.date | None:
    return None if day is None else possible(day)


def _check_amount(profiles: Sequence[Profile], markets: Sequence[str]) -> None:
    cells = sum(max(1, len(profile.features)) for profile in profiles) * len(markets)
    if cells > CELLS:
        raise InputError(f"{cells} assessments are asked for, and {CELLS} are made at once", hint="name fewer markets")
