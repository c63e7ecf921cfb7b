# SPDX-License-Identifier: Apache-2.0
"""A report or a dossier for one partner: its duties alone, without what the profile marks as confidential."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from carnet.assess.apart import Apart
from carnet.assess.lacks import Lack
from carnet.assess.later import Later
from carnet.assess.model import Explanation, Finding, MarketAssessment, Report, RouteResult, Status, Told
from carnet.declare.grants import APPROVALS
from carnet.declare.profile import Profile
from carnet.errors import InputError
from carnet.frozen import Frozen
from carnet.law.law import Law
from carnet.law.model import Rule, Severity
from carnet.plan.dossier import Dossier, Kind, Line
from carnet.plan.register import Entry, Register, State
from carnet.plan.withheld import Withheld

ROLE = "role"
"""In what a report says of its profile: for whom it was made."""


TELLS = {"valid_until": "renew_by", "applied_on": "decision_by"}
"""What of an approval's register is worked out from what else."""


def report_for(law: Law, report: Report, role: str, profile: Profile) -> Report:
    """The report as it may be handed to whoever has a role; each market keeps its outcome."""
    hidden = Withheld(law, profile)
    about = {**report.profile, ROLE: role}
    if isinstance(sections := about.get("sections"), tuple):
        about["sections"] = tuple(name for name in sections if not hidden.path(name))
    if isinstance(expected := about.get("expected"), Frozen):
        about["expected"] = Frozen({k: v for k, v in expected.items() if not hidden.path(f"{APPROVALS}{k}")})
    markets = tuple(_market(law, market, role, hidden) for market in report.markets)
    return Report(report.receipt, Frozen(about), markets)


def dossier_for(law: Law, dossier: Dossier, role: str, profile: Profile) -> Dossier:
    """The dossier as it may be handed to whoever has a role: what that role owes.

    Raises:
        InputError: where the approval itself is confidential.
    """
    hidden = Withheld(law, profile)
    if hidden.path(f"{APPROVALS}{dossier.approval.id}"):
        raise InputError(
            f"`{dossier.approval.id}` is confidential", hint="take it out of the profile's `confidential`, or `--for`"
        )
    kept = (line for line in dossier.lines if line.owes == role and not _line_hidden(line, hidden))
    state = "" if hidden.path(f"{APPROVALS}{dossier.approval.id}.state") else dossier.state
    return dossier._replace(lines=tuple(_line(line, hidden) for line in kept), state=state, role=role)


def register_for(law: Law, register: Register, role: str, profile: Profile) -> Register:
    """The register as it may be handed to whoever has a role: the approvals for which that role applies."""
    hidden = Withheld(law, profile)
    own = [entry for entry in register.entries if entry.applicant == role]
    entries = tuple(_entry(entry, hidden) for entry in own if not _entry_hidden(entry, hidden))
    return register._replace(entries=entries, role=role, withheld=len(own) - len(entries))


def _entry_hidden(entry: Entry, hidden: Withheld) -> bool:
    """Whether the approval is confidential, or what its state follows from."""
    name = f"{APPROVALS}{entry.approval}"
    days = ("valid_until", "granted_on") if entry.state in (State.EXPIRED, State.EXPIRING) else ()
    return hidden.path(name) or any(hidden.path(f"{name}.{field}") for field in ("state", "held", *days))


def _entry(entry: Entry, hidden: Withheld) -> Entry:
    """Without what is marked of it, and the days that would tell a day that is marked."""
    marked = {name for name in entry._fields if hidden.path(f"{APPROVALS}{entry.approval}.{name}")}
    if "granted_on" in marked:
        marked.add("valid_until")
    marked |= {other for name, other in TELLS.items() if name in marked}
    blank = {name: Entry._field_defaults.get(name, "") for name in marked & Entry._field_defaults.keys()}
    return entry._replace(**blank, asked_by=tuple(rule for rule in entry.asked_by if not hidden.rule(rule)))


def _line_hidden(line: Line, hidden: Withheld) -> bool:
    return hidden.path(f"{APPROVALS}{line.id}") if line.kind is Kind.APPROVAL else hidden.rule(line.id)


def _line(line: Line, hidden: Withheld) -> Line:
    number = line.kind is Kind.APPROVAL and hidden.path(f"{APPROVALS}{line.id}.certificate")
    return line._replace(
        wanted=line.wanted.partition(",")[0] if number else line.wanted,
        declared=tuple(each for each in line.declared if not hidden.path(each.fact)),
        unknown=tuple(path for path in line.unknown if not hidden.path(path)),
        change={path: value for path, value in line.change.items() if not hidden.path(path)},
    )


def _market(law: Law, market: MarketAssessment, role: str, hidden: Withheld) -> MarketAssessment:
    keep = partial(_kept, role=role, hidden=hidden)
    findings, homes = keep(market.findings), keep(market.home_findings)
    gaps = [finding for finding in findings if finding.status is Status.GAP]
    return market._replace(
        layers=tuple(layer._replace(pending=()) for layer in market.layers),
        routes=tuple(_route(route, hidden) for route in market.routes),
        findings=findings,
        counts={status.value: sum(f.status is status for f in findings) for status in Status},
        severities={each.value: sum(f.severity is each for f in gaps) for each in Severity},
        upcoming=tuple(one for one in market.upcoming if _owes(law, one.rule, role) and not hidden.rule(one.rule)),
        home_findings=homes,
        guidance=keep(market.guidance),
        lacking=Later(((), ()), partial(_lacking, market, role, hidden)),
        locking=Later((), partial(_locking, market, role, hidden)),
    )


def _kept(findings: Iterable[Finding], role: str, hidden: Withheld) -> tuple[Finding, ...]:
    own = (one for one in findings if one.duty_holder == role and not hidden.rule(one.rule))
    return tuple(_finding(one, hidden) for one in own)


def _finding(finding: Finding, hidden: Withheld) -> Finding:
    return finding._replace(explanation=Explanation(partial(_told, finding.explanation, hidden)))


def _told(explanation: Explanation, hidden: Withheld) -> Told:
    told = explanation.told
    remedy = told.remedy
    if remedy is not None:
        shown = {path: value for path, value in remedy.set.items() if not hidden.path(path)}
        others = tuple(one for one in remedy.alternatives if not any(map(hidden.path, one)))
        remedy = remedy._replace(set=shown, alternatives=others)
    return Told(
        because=tuple(one for one in told.because if not hidden.path(one.fact)),
        unknown=tuple(path for path in told.unknown if not hidden.path(path)),
        remedy=remedy,
        asks=None if told.asks is None else tuple(path for path in told.asks if not hidden.path(path)),
    )


def _route(route: RouteResult, hidden: Withheld) -> RouteResult:
    needs = (tuple(name for name in group if not hidden.path(f"{APPROVALS}{name}")) for group in route.needs)
    asks = None if route.asks is None else tuple(path for path in route.asks if not hidden.path(path))
    unknown = tuple(path for path in route.unknown if not hidden.path(path))
    return route._replace(needs=tuple(filter(None, needs)), unknown=unknown, asks=asks)


def _lacking(market: MarketAssessment, role: str, hidden: Withheld) -> tuple[tuple[Lack, ...], tuple[Lack, ...]]:
    both = market.lacking.value
    return _lacks(both[0], role, hidden), _lacks(both[1], role, hidden)


def _locking(market: MarketAssessment, role: str, hidden: Withheld) -> tuple[Apart, ...]:
    return tuple(one._replace(lacking=Later(_lacks(one.lacks, role, hidden))) for one in market.apart)


def _lacks(lacks: Iterable[Lack], role: str, hidden: Withheld) -> tuple[Lack, ...]:
    """Those that it has to close, and those of others that its duties wait for."""
    found = []
    for lack in lacks:
        own = _kept(lack.findings, role, hidden)
        if (own or (lack.who == role and not lack.waived)) and not hidden.lack(lack):
            others = tuple(one for one in lack.alternatives if not hidden.changes(one))
            follows = tuple(rule for rule in lack.follows if not hidden.rule(rule))
            found.append(lack._replace(findings=own, alternatives=others, follows=follows))
    return tuple(found)


def _owes(law: Law, rule: str, role: str) -> bool:
    """Whether a change of the law concerns a duty of the role."""
    found = law.clause(rule)
    return not isinstance(found, Rule) or found.duty_holder == role
