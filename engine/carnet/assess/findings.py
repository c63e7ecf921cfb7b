# SPDX-License-Identifier: Apache-2.0
"""Decisions put into words: the finding of a rule, and of what a route needs.

What explains a finding (what decided it, what would settle it, what closes it) is worked out when it is looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from carnet.assess.duties import is_ours
from carnet.assess.evidence import Evidence
from carnet.assess.limits import LimitTeller
from carnet.assess.model import Explanation, Finding, RemedyPlan, Status, Told, Waived
from carnet.declare.reading import Waiver
from carnet.law.model import Approval, Confidence, InForce, Kind, LegalStatus, Remedy, Route, Rule
from carnet.law.rulebook import Layer
from carnet.logic.condition import Condition, Truth
from carnet.logic.explain import truth_of
from carnet.spoken import _, speaking
from carnet.verdict.judge import ClauseDecision
from carnet.verdict.plan import Clause, Ref
from carnet.verdict.status import of_one


class FindingWriter:
    """Writes the findings of one feature's facts on a day.

    truth: the answer to a condition of the program by its number.
    """

    def __init__(
        self,
        evidence: Evidence,
        conditions: Sequence[Condition],
        truth: Callable[[Ref], Truth],
        feature: str,
        day: dt.date,
        waivers: Mapping[str, Waiver],
    ) -> None:
        self._evidence = evidence
        self._bearers = evidence.law.bearers
        self._conditions = conditions
        self._truth = truth
        self._feature = feature
        self._day = day
        self._waivers = waivers

    def rule(self, rule: Rule, decision: ClauseDecision[int]) -> Finding:
        """The finding of a rule; one that another takes the place of names it."""
        clause, status = decision.clause, of_one(decision.status)
        return Finding(
            rule=rule.id,
            title=rule.title,
            text=rule.text,
            jurisdiction=rule.jurisdiction,
            topic=rule.topic,
            status=status,
            severity=rule.severity,
            duty_holder=rule.duty_holder,
            ours=is_ours(rule.duty_holder, self._evidence.values, self._bearers),
            legal_status=rule.legal_status,
            confidence=rule.confidence,
            cites=rule.cites,
            in_force=rule.in_force,
            evidence=rule.evidence,
            note=rule.note,
            feature=self._feature,
            layer=rule.layer,
            routes=rule.routes,
            on_route=bool(decision.on_route),
            curable=rule.curable,
            waived=self._waived(rule.id) if status is Status.GAP else None,
            superseded_by="" if decision.standing else self._overriding(clause),
            conflicts_with=rule.conflicts_with,
            basis=rule.basis,
            cause=self._cause(decision, status, rule.curable),
            explanation=self._explained(partial(self._told_of_rule, rule, decision, status)),
        )

    def need(
        self, route: Route, group: tuple[str, ...], approvals: Mapping[str, Approval], decision: ClauseDecision[int]
    ) -> Finding:
        """A route's need as a finding: its law is the approval's, or else the route's."""
        with speaking(self._evidence.law.language):
            return self._need(route, group, approvals, decision)

    def _need(
        self, route: Route, group: tuple[str, ...], approvals: Mapping[str, Approval], decision: ClauseDecision[int]
    ) -> Finding:
        clause, status = decision.clause, of_one(decision.status)
        first, testing = approvals[group[0]], route.kind is Kind.TESTING
        holder = self._bearers.applicant(first, testing)
        return Finding(
            rule=clause.id,
            title=_(" or ").join(f"{approvals[one].title} ({one})" for one in group),
            text=_("The route needs {approvals}, granted by {authority}.").format(
                approvals=_(" or ").join(group), authority=first.granted_by or _("the authority")
            ),
            jurisdiction=route.jurisdiction,
            topic=self._bearers.approval_kinds[first.kind].topic,
            status=status,
            severity=clause.severity,
            duty_holder=holder,
            ours=is_ours(holder, self._evidence.values, self._bearers),
            legal_status=first.legal_status,
            confidence=Confidence.SECONDARY,
            cites=first.cites or route.cites,
            in_force=InForce(route.span.start, route.span.until),
            evidence=_("{approval}: the document itself").format(approval=first.title),
            note=first.note,
            kind="need",
            feature=self._feature,
            layer=route.layer,
            routes=clause.routes,
            on_route=bool(decision.on_route),
            waived=self._waived(clause.id) if status is Status.GAP else None,
            cause=self._state(group) if status is Status.GAP else "",
            explanation=self._explained(partial(self._told_of_need, clause, status, group, approvals, testing)),
        )

    def limit(
        self, law: Layer, decision: ClauseDecision[int], testing: bool, forbidden: Callable[[], frozenset[str]]
    ) -> Finding:
        """Whether what is done lies within a limit of a grant, as a finding; its law is the approval's.

        forbidden: the facts of which law of the layer is broken, whatever the grant says.
        """
        clause, status = decision.clause, of_one(decision.status)
        name, field = clause.grant
        approval = self._evidence.law.approvals[name]
        holder = self._bearers.applicant(approval, testing)
        return Finding(
            rule=clause.id,
            title=_("Within what {title} ({approval}) allows: {limit}").format(
                title=approval.title, approval=approval.id, limit=field
            ),
            text=_("What is done must lie within the limits of the grant that the law relies on."),
            jurisdiction=law.jurisdiction,
            topic="market_access" if approval.kind != "type_approval" else "ads_approval",
            status=status,
            severity=clause.severity,
            duty_holder=holder,
            ours=is_ours(holder, self._evidence.values, self._bearers),
            legal_status=approval.legal_status,
            confidence=approval.ground.confidence or Confidence.SECONDARY,
            cites=approval.cites,
            in_force=InForce(approval.span.start, approval.span.until),
            evidence=_("{approval}: the document itself").format(approval=approval.title),
            note=approval.note,
            kind="limit",
            feature=self._feature,
            layer=law.layer,
            routes=clause.routes,
            on_route=bool(decision.on_route),
            waived=self._waived(clause.id) if status is Status.GAP else None,
            explanation=Explanation(partial(self._told_of_limit, clause, status, testing, forbidden)),
        )

    def _told_of_limit(
        self, clause: Clause, status: Status, testing: bool, forbidden: Callable[[], frozenset[str]]
    ) -> Told:
        name, field = clause.grant
        approval = self._evidence.law.approvals[name]
        action = self._bearers.obtaining(approval.kind, testing)
        teller = LimitTeller(self._evidence, approval, field, self._conditions[clause.requires], action)
        refs = (ref for ref in (clause.applies, clause.covered) if ref is not None and self._truth(ref) is None)
        return teller.told(status, [self._conditions[ref] for ref in refs], forbidden)

    def closure(self, layer: Layer, why: str, decision: ClauseDecision[int]) -> Finding:
        """That no way into a layer is open for this product, as a finding; its law is what explains it."""
        with speaking(self._evidence.law.language):
            title = _("No way into {jurisdiction} is on offer for this product").format(jurisdiction=layer.name)
        holding = [item.explanation for item in layer.closed_for if truth_of(item.when, self._evidence.values)]
        return Finding(
            rule=decision.clause.id,
            title=title,
            text=why,
            jurisdiction=layer.jurisdiction,
            topic="market_access",
            status=of_one(decision.status),
            severity=decision.clause.severity,
            duty_holder="manufacturer",
            ours=None,
            legal_status=LegalStatus.IN_FORCE,
            confidence=Confidence.SECONDARY,
            cites=tuple(dict.fromkeys(cite for item in holding for cite in item.cites)),
            in_force=InForce(),
            evidence="",
            note="",
            kind="closure",
            feature=self._feature,
            layer=layer.routes[0].route.layer,
        )

    def _explained(self, tell: Callable[[], Told]) -> Explanation:
        """Explained when it is looked at, in the language of the law whatever is spoken then."""
        return Explanation(partial(_told_in, self._evidence.law.language, tell))

    def _waived(self, rule: str) -> Waived | None:
        """The profile's waiver of a rule, with whether it has expired on the day."""
        waiver = self._waivers.get(rule)
        if waiver is None:
            return None
        return Waived(waiver.reason, waiver.by, waiver.until, not waiver.holds(self._day))

    def _cause(self, decision: ClauseDecision[int], status: Status, curable: bool) -> str:
        clause = decision.clause
        if status is Status.GAP:
            return "" if curable else "ban"
        if status is Status.UNDETERMINED and clause.unread and self._truth(clause.applies):
            return "unread" if self._truth(clause.requires) is False else ""
        return ""

    def _state(self, group: tuple[str, ...]) -> str:
        """The state of the first of these approvals of which one is declared."""
        states = (self._evidence.values.get(f"approvals.{name}.state") for name in group)
        return next((str(state) for state in states if state and state != "held"), "")

    def _overriding(self, clause: Clause) -> str:
        return next(by for by, ref in clause.overridden_by if self._truth(ref))

    def _told_of_rule(self, rule: Rule, decision: ClauseDecision[int], status: Status) -> Told:
        clause, evidence = decision.clause, self._evidence
        applies, requires = self._conditions[clause.applies], self._conditions[clause.requires]
        if status is Status.NOT_APPLICABLE:
            return Told(evidence.because(applies, False))
        if status is Status.COMPLIANT and self._truth(clause.requires) is not True:
            proving = next((ref for ref in clause.proven_by if self._truth(ref)), clause.requires)
            return Told(evidence.because(self._conditions[proving], True))
        because = evidence.because(requires, status is Status.COMPLIANT)
        if status is Status.GAP and rule.curable:
            return Told(because, remedy=evidence.remedy(rule.remedy, requires)._replace(who=rule.duty_holder))
        if status is not Status.UNDETERMINED:
            return Told(because)
        unknown = self._unknown(decision)
        if not unknown:
            because = (*because, *evidence.without_value((applies, requires)))
        deciding = evidence.unknown([applies]) if self._truth(clause.applies) is None else ()
        return Told(because, unknown, asks=evidence.first(deciding or unknown))

    def _unknown(self, decision: ClauseDecision[int]) -> tuple[str, ...]:
        """What would settle it: also whether another rule takes its place, as long as none does."""
        clause = decision.clause
        overrides = [ref for _, ref in clause.overridden_by] if decision.standing else []
        refs = (clause.applies, clause.requires, *overrides)
        return self._evidence.unknown([self._conditions[ref] for ref in refs if self._truth(ref) is None])

    def _told_of_need(
        self, clause: Clause, status: Status, group: tuple[str, ...], approvals: Mapping[str, Approval], testing: bool
    ) -> Told:
        condition, evidence = self._conditions[clause.requires], self._evidence
        if status is Status.UNDETERMINED:
            unknown = evidence.unknown([condition])
            return Told((), unknown, asks=evidence.first(unknown))
        because = evidence.because(condition, status is Status.COMPLIANT)
        if status is not Status.GAP:
            return Told(because)
        return Told(because, remedy=_applying(group, approvals, testing, condition, evidence))


def _told_in(language: str, tell: Callable[[], Told]) -> Told:
    with speaking(language):
        return tell()


def _applying(
    group: tuple[str, ...],
    approvals: Mapping[str, Approval],
    testing: bool,
    condition: Condition,
    evidence: Evidence,
) -> RemedyPlan:
    """The action of the catalogue that obtains the first of them; where it has none, the plain application."""
    first = approvals[group[0]]
    bearers = evidence.law.bearers
    text = _("{application}, or for one of the others") if len(group) > 1 else "{application}"
    text = text.format(application=_apply(first))
    plan = evidence.remedy(Remedy(bearers.obtaining(first.kind, testing), text), condition)
    return plan._replace(who=bearers.applicant(first, testing))


def _apply(approval: Approval) -> str:
    told = {"approval": approval.id, "authority": approval.granted_by or _("the authority")}
    if not approval.after:
        return _("Apply for {approval} at {authority}").format(**told)
    first = _(" and ").join(_(" or ").join(group) for group in approval.after)
    return _("Apply for {approval} at {authority} after {first}").format(**told, first=first)
