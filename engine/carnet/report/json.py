# SPDX-License-Identifier: Apache-2.0
"""The report as JSON, the contract that other software builds on; `report.schema.json` describes it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from carnet.addresses import web_address
from carnet.assess.model import Finding, LayerResult, MarketAssessment, Report, RouteResult, Support, Upcoming
from carnet.law.model import Cite, InForce, NotCovered, Note
from carnet.plan.actions import actions
from carnet.plan.questions import questions
from carnet.report import json_lacks
from carnet.report.digest import Ask, no_question
from carnet.report.inert import to_json


def render(report: Report, *, ask: Ask = no_question, answers: Ask = no_question) -> str:
    """The report as indented JSON text, the same bytes for the same report."""
    return to_json(to_data(report, ask, answers))


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    text = (Path(__file__).parent / "report.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def to_data(report: Report, ask: Ask = no_question, answers: Ask = no_question) -> dict[str, Any]:
    """The report as plain data: dicts, lists, texts, numbers, booleans and None; `ask` gives a fact's question."""
    stamp = report.receipt
    return {
        "receipt": {
            "carnet": stamp.carnet,
            "law_version": stamp.law_version,
            "law_sha256": stamp.law_sha256,
            "profile_sha256": stamp.profile_sha256,
            "evaluator": stamp.evaluator,
            "as_of": stamp.as_of,
        },
        "profile": plain(report.profile),
        "markets": [_market(market) for market in report.markets],
        "actions": [json_lacks.action(one, plain) for one in actions(report.markets)],
        "questions": [json_lacks.question(one, ask(one.fact), answers(one.fact)) for one in questions(report.markets)],
    }


def _market(market: MarketAssessment) -> dict[str, Any]:
    home = None
    if market.home:
        outcome = market.home_outcome.value if market.home_outcome else None
        home = {
            "jurisdiction": market.home,
            "outcome": outcome,
            "findings": _findings(market.home_findings),
            "lacks": json_lacks.lacks(market.home_lacks, plain),
        }
    return {
        "market": market.market,
        "name": market.name,
        "as_of": market.as_of.isoformat(),
        "outcome": market.outcome.value,
        "route": market.route or None,
        "judged_as": market.judged_as,
        "chain": list(market.chain),
        "layers": [_layer(layer) for layer in market.layers],
        "routes": [_route(route) for route in market.routes],
        "counts": dict(market.counts),
        "severities": dict(market.severities),
        "lacks": json_lacks.lacks(market.lacks, plain),
        "features": [json_lacks.apart(one) for one in market.apart],
        "findings": _findings(market.findings),
        "guidance": _findings(market.guidance),
        "home": home,
        "upcoming": [_upcoming(change) for change in market.upcoming],
        "notes": [_note(note) for note in market.notes],
        "not_covered": [_not_covered(record) for record in market.not_covered],
        "confidence_share": dict(market.confidence_share),
        "weakest": _support(market.weakest),
        "known": {"level": market.known.level.value, "areas": dict(market.known.areas)},
    }


def _support(support: Support | None) -> dict[str, Any] | None:
    if support is None:
        return None
    ground = support.ground
    return {
        "kind": support.kind,
        "id": support.id,
        "title": support.title,
        "basis": ground.basis.value,
        "confidence": ground.confidence.value if ground.confidence else None,
        "read": ground.read.on.isoformat() if ground.read else None,
        "cites": _cites(support.cites),
    }


def _layer(layer: LayerResult) -> dict[str, Any]:
    return {
        "jurisdiction": layer.jurisdiction,
        "name": layer.name,
        "outcome": layer.outcome.value,
        "route": layer.route or None,
        "feature": layer.feature or None,
        "why": layer.why or None,
        "members": list(layer.members),
    }


def _route(route: RouteResult) -> dict[str, Any]:
    return {
        "id": route.id,
        "title": route.title,
        "layer": route.layer,
        "kind": route.kind,
        "track": route.track,
        "outcome": route.outcome.value,
        "on_offer": route.on_offer,
        "gaps": route.gaps,
        "undetermined": route.undetermined,
        "silent": route.silent,
        "feature": route.feature or None,
        "needs": [list(either) for either in route.needs],
        "unknown": list(route.unknown),
        "authority": route.authority or None,
        "cites": _cites(route.cites),
        "note": route.note or None,
    }


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [finding_data(finding) for finding in findings]


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "text": finding.text or None,
        "kind": finding.kind,
        "basis": finding.basis.value,
        "cause": finding.cause or None,
        "jurisdiction": finding.jurisdiction,
        "layer": finding.layer,
        "feature": finding.feature or None,
        "topic": finding.topic,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "duty_holder": finding.duty_holder,
        "ours": finding.ours,
        "legal_status": finding.legal_status.value,
        "confidence": finding.confidence.value,
        "cites": _cites(finding.cites),
        "in_force": _in_force(finding.in_force),
        "because": [
            {
                "fact": reason.fact,
                "declared": plain(reason.declared),
                "required": reason.required,
                "line": reason.line or None,
                "note": reason.note or None,
                "name": reason.name or None,
                "choice": list(reason.choice),
            }
            for reason in finding.because
        ],
        "unknown": list(finding.unknown),
        "remedy": _remedy(finding),
        "evidence": finding.evidence or None,
        "note": finding.note or None,
        "routes": list(finding.routes),
        "on_route": finding.on_route,
        "curable": finding.curable,
        "waived": _waived(finding),
        "superseded_by": finding.superseded_by or None,
        "conflicts_with": list(finding.conflicts_with),
    }


def _remedy(finding: Finding) -> dict[str, Any] | None:
    plan = finding.remedy
    if plan is None:
        return None
    return {
        "action": plan.action or None,
        "title": plan.title or None,
        "text": plan.text or None,
        "set": plain(plan.set),
        "alternatives": [plain(change) for change in plan.alternatives],
        "who": plan.who or None,
        "with": list(plan.with_),
        "weeks": list(plan.weeks) if plan.weeks else None,
    }


def _waived(finding: Finding) -> dict[str, Any] | None:
    waived = finding.waived
    if waived is None:
        return None
    return {"reason": waived.reason, "by": waived.by, "until": _day(waived.until), "expired": waived.expired}


def _upcoming(change: Upcoming) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "title": change.title,
        "jurisdiction": change.jurisdiction,
        "date": _day(change.date),
        "change": change.change,
        "status": change.status.value,
        "severity": change.severity.value,
        "legal_status": change.legal_status.value,
        "topic": change.topic,
        "feature": change.feature or None,
        "cites": _cites(change.cites),
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "jurisdiction": note.jurisdiction,
        "title": note.title,
        "text": note.text,
        "topic": note.topic,
        "cites": _cites(note.cites),
        "from": _day(note.start),
        "until": _day(note.until),
        "confidence": note.confidence.value if note.confidence else None,
        "legal_status": note.legal_status.value,
        "decisive": note.decisive,
    }


def _not_covered(record: NotCovered) -> dict[str, Any]:
    return {
        "record": record.record,
        "jurisdiction": record.jurisdiction,
        "title": record.title,
        "reason": record.reason,
        "cites": _cites(record.cites),
    }


def _cites(cites: Iterable[Cite]) -> list[dict[str, Any]]:
    return [
        {
            "instrument": cite.short or cite.instrument,
            "id": cite.instrument,
            "provision": cite.provision,
            "url": web_address(cite.url) or None,
        }
        for cite in cites
    ]


def _in_force(span: InForce) -> dict[str, Any]:
    dates = {"from": _day(span.start), "until": _day(span.until)}
    return {**dates, "new_types": _day(span.new_types)} if span.new_types else dates


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def plain(value: Any) -> Any:
    """Mappings, sequences, sets and days as what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
