# SPDX-License-Identifier: Apache-2.0
"""From the validated spec of an approval to the law's own: what it is, and what it takes to obtain one."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.law import planning_schema as spec_of
from carnet.law.model import Approval, Cite, LegalStatus, Place, Proof, Span
from carnet.law.planning import Change, Cost, Document, Exceptions, Local, Period, Weeks
from carnet.law.schema import ApprovalSpec
from carnet.law.spec import CiteSpec


def cites(specs: Iterable[CiteSpec]) -> tuple[Cite, ...]:
    """The places in texts that a line of law names."""
    return tuple(Cite(spec.instrument, spec.provision, spec.url or "") for spec in specs)


def approval_of(id_: str, spec: ApprovalSpec, code: str, place: Place) -> Approval:
    """An entry of a catalogue."""
    return Approval(
        id=id_,
        jurisdiction=code,
        title=spec.title,
        granted_by=spec.granted_by,
        kind=spec.kind,
        span=Span(spec.since, spec.until),
        after=tuple(tuple(group) for group in spec.after),
        legal_status=LegalStatus(spec.legal_status),
        cites=cites(spec.cites),
        note=spec.note,
        place=place,
        limits=tuple(spec.limits),
        proves=tuple(
            Proof(tuple(item.approvals), tuple(item.rules), cites(item.cites), item.note) for item in spec.proves
        ),
        ground=spec.ground(),
        exceptions=exceptions(spec.planning),
    )


def exceptions(spec: spec_of.PlanningSpec) -> Exceptions:
    """What a kind, or one approval against its kind, says of planning."""
    local, cost, lead = spec.local, spec.cost, spec.lead
    return Exceptions(
        lead=_weeks(lead.weeks) if lead else None,
        lead_cites=cites(lead.cites) if lead else (),
        lead_note=lead.note if lead else "",
        prepare=_weeks(spec.prepare),
        decide=_weeks(spec.decide),
        decision=_period(spec.decision),
        applicant=spec.applicant or "",
        local=Local(tuple(local.needs), tuple(local.languages), cites(local.cites), local.note) if local else None,
        documents=tuple(Document(each.what, cites(each.cites), each.note) for each in spec.documents),
        validity=_period(spec.validity),
        renewal=_period(spec.renewal),
        cost=Cost(cost.level, (0, 0), cites(cost.cites), cost.note) if cost else None,
        changes=tuple(
            Change(
                tuple(each.facts),
                each.asks,
                each.to,
                each.within,
                each.before,
                tuple(each.then),
                cites(each.cites),
                each.note,
            )
            for each in spec.changes
        ),
    )


def _weeks(span: list[int] | None) -> Weeks | None:
    return (span[0], span[1]) if span else None


def _period(spec: spec_of.PeriodSpec | None) -> Period | None:
    if spec is None:
        return None
    unit = next((unit for unit in spec_of.UNITS if getattr(spec, unit) is not None), "unlimited")
    return Period(getattr(spec, unit, 0) if unit != "unlimited" else 0, unit, cites(spec.cites), spec.note)
