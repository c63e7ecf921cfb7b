# SPDX-License-Identifier: Apache-2.0
"""From truths to findings: the status table of the design, with its reasons, unknown facts and remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from carnet.assess.duties import is_ours
from carnet.assess.evidence import Evidence
from carnet.assess.model import Because, Finding, RemedyPlan, Status, Waived
from carnet.declare.reading import Waiver
from carnet.law.model import Approval, Confidence, InForce, Kind, LegalStatus, Remedy, Route, Severity, obtaining
from carnet.law.rulebook import BoundRoute, BoundRule
from carnet.logic.condition import Any, Condition, held
from carnet.verdict.status import status_of


def waived(waivers: Mapping[str, Waiver], rule: str, day: dt.date) -> Waived | None:
    """The profile's waiver of a rule, with whether it has expired on the day."""
    waiver = waivers.get(rule)
    if waiver is None:
        return None
    expired = waiver.until is not None and waiver.until < day
    return Waived(waiver.reason, waiver.by, waiver.until, expired)


def rule_finding(
    bound: BoundRule,
    evidence: Evidence,
    feature: str,
    day: dt.date,
    waivers: Mapping[str, Waiver],
    on_offer: bool = True,
    doubts: Sequence[Condition] = (),
) -> Finding:
    """The finding of one rule; a rule whose routes are all not on offer does not apply.

    doubts: conditions not known on which another rule takes its place; until they are, nothing makes it apply for sure.
    """
    rule = bound.rule
    applies = evidence.truth(bound.applies) if on_offer else False
    applies = None if applies and doubts else applies
    requires = None if applies is False else evidence.truth(bound.requires)
    status = status_of(applies, requires)
    gap = status is Status.GAP
    return Finding(
        rule=rule.id,
        title=rule.title,
        text=rule.text,
        jurisdiction=rule.jurisdiction,
        topic=rule.topic,
        status=status,
        severity=rule.severity,
        duty_holder=rule.duty_holder,
        ours=is_ours(rule.duty_holder, evidence.values),
        legal_status=rule.legal_status,
        confidence=rule.confidence,
        cites=rule.cites,
        in_force=rule.in_force,
        because=_because(bound, status, evidence),
        unknown=_unknown((bound.applies, bound.requires, *doubts), status, evidence),
        remedy=evidence.remedy(rule.remedy, bound.requires) if gap and rule.curable else None,
        evidence=rule.evidence,
        note=rule.note,
        feature=feature,
        layer=rule.layer,
        routes=rule.routes,
        curable=rule.curable,
        waived=waived(waivers, rule.id, day) if gap else None,
        conflicts_with=rule.conflicts_with,
    )


def _because(bound: BoundRule, status: Status, evidence: Evidence) -> tuple[Because, ...]:
    if status is Status.NOT_APPLICABLE:
        return evidence.because(bound.applies, False)
    return evidence.because(bound.requires, status is Status.COMPLIANT)


def _unknown(conditions: Iterable[Condition], status: Status, evidence: Evidence) -> tuple[str, ...]:
    if status is not Status.UNDETERMINED:
        return ()
    open_ = [condition for condition in conditions if evidence.truth(condition) is None]
    return evidence.unknown(open_)


def need_condition(group: tuple[str, ...]) -> Condition:
    """One of these approvals is held."""
    wanted = tuple(held(approval) for approval in group)
    return wanted[0] if len(wanted) == 1 else Any(wanted)


def need_ids(route: Route) -> list[str]:
    """The ids under which a route's needs are findings."""
    return [need_id(route, group) for group in route.needs]


def need_id(route: Route, group: tuple[str, ...]) -> str:
    return f"{route.id}.needs.{'|'.join(group)}"


def held_facts(group: tuple[str, ...]) -> frozenset[str]:
    """The facts that say whether one of these approvals is held."""
    return frozenset(f"approvals.{approval}.held" for approval in group)


def need_finding(
    route: BoundRoute,
    group: tuple[str, ...],
    approvals: Mapping[str, Approval],
    evidence: Evidence,
    feature: str,
    day: dt.date,
    waivers: Mapping[str, Waiver],
) -> Finding:
    """A route's need as a finding: its law is the approval's, or else the route's."""
    first, condition = approvals[group[0]], need_condition(group)
    status = status_of(True, evidence.truth(condition))
    gap = status is Status.GAP
    law = route.route
    name = need_id(law, group)
    testing = law.kind is Kind.TESTING
    holder = _applicant(first, testing)
    return Finding(
        rule=name,
        title=" or ".join(f"{approvals[one].title} ({one})" for one in group),
        text=f"The route needs {' or '.join(group)}, granted by {first.granted_by or 'the authority'}.",
        jurisdiction=law.jurisdiction,
        topic="market_access" if first.kind != "type_approval" else "ads_approval",
        status=status,
        severity=Severity.BLOCKING,
        duty_holder=holder,
        ours=is_ours(holder, evidence.values),
        legal_status=LegalStatus(first.legal_status),
        confidence=Confidence.SECONDARY,
        cites=first.cites or law.cites,
        in_force=InForce(law.span.start, law.span.until),
        because=evidence.because(condition, status is Status.COMPLIANT) if status is not Status.UNDETERMINED else (),
        unknown=evidence.unknown([condition]) if status is Status.UNDETERMINED else (),
        remedy=_applying(group, approvals, testing, holder, condition, evidence) if gap else None,
        evidence=f"{first.title}: the document itself",
        note=first.note,
        kind="need",
        feature=feature,
        layer=law.layer,
        routes=(law.id,),
        waived=waived(waivers, name, day) if gap else None,
    )


def _applicant(approval: Approval, testing: bool) -> str:
    """Who applies: makers for the vehicle, owners for its cover, operators for leave to run it."""
    if approval.kind == "exemption":
        return "operator" if testing else "manufacturer"
    kinds = {"type_approval": "manufacturer", "certificate": "manufacturer", "individual_approval": "manufacturer"}
    return kinds.get(approval.kind, "owner" if approval.kind == "policy" else "operator")


def _applying(
    group: tuple[str, ...],
    approvals: Mapping[str, Approval],
    testing: bool,
    holder: str,
    condition: Condition,
    evidence: Evidence,
) -> RemedyPlan:
    """The action of the catalogue that obtains the first of them; where it has none, the plain application."""
    first = approvals[group[0]]
    action = obtaining(first.kind, testing)
    text = _apply(first) + (", or for one of the others" if len(group) > 1 else "")
    plan = evidence.remedy(Remedy(action if action in evidence.law.actions else "", text), condition)
    return plan if plan.who else plan._replace(who=holder)


def _apply(approval: Approval) -> str:
    first = f" after {' and '.join(' or '.join(group) for group in approval.after)}" if approval.after else ""
    return f"Apply for {approval.id} at {approval.granted_by or 'the authority'}{first}"
