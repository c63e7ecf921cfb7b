# SPDX-License-Identifier: Apache-2.0
"""OSCAL 1.1 assessment results, a result per market.

OSCAL knows two states of an objective. A gap is `not-satisfied` with the reason `fail`, an undetermined finding
`not-satisfied` with the reason `other`, and what does not apply is left out. What was declared is an observation, an
open gap also a risk with its remediation.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from carnet.addresses import web_address
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.report import select, text
from carnet.report.inert import clean_text, to_json
from carnet.report.words import LABELS

VERSION = "1.1.3"
NAMESPACE = "urn:carnet:report"
_UUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_STATES = {Status.COMPLIANT: ("satisfied", "pass"), Status.GAP: ("not-satisfied", "fail")}
_TOKEN = re.compile(r"[^A-Za-z0-9_.\-]")


def render(report: Report) -> str:
    identity = Identity(report)
    document = {
        "uuid": identity("results"),
        "metadata": metadata(report, identity, "market access, assessment results"),
        "import-ap": {"href": f"#{identity('plan')}"},
        "results": [_result(report, market, identity) for market in select.assessed(report)],
        "back-matter": {
            "resources": [
                {
                    "uuid": identity("plan"),
                    "title": "Assessment plan",
                    "description": "Every rule of law that Carnet knows for the markets named, on the day named, "
                    "compared with the declared profile.",
                }
            ]
        },
    }
    return to_json({"assessment-results": document})


class Identity:
    """Names of a report's parts that stay the same when the same report is made again."""

    def __init__(self, report: Report) -> None:
        receipt = report.receipt
        self._base = f"{receipt.profile_sha256}/{receipt.law_sha256}/{receipt.as_of}"

    def __call__(self, *parts: str) -> str:
        return str(uuid.uuid5(_UUIDS, "/".join((self._base, *parts))))

    def of(self, kind: str, market: MarketAssessment, finding: Finding) -> str:
        return self(kind, market.market, finding.rule, finding.feature)


def metadata(report: Report, identity: Identity, subject: str) -> dict[str, Any]:
    receipt = report.receipt
    return {
        "title": line(f"{select.profile_name(report)}: {subject}"),
        "last-modified": instant(select.day(report)),
        "version": receipt.as_of,
        "oscal-version": VERSION,
        "props": props(
            ("carnet-version", receipt.carnet),
            ("law-version", receipt.law_version),
            ("law-sha256", receipt.law_sha256),
            ("profile-sha256", receipt.profile_sha256),
            ("evaluator", receipt.evaluator),
        ),
        "roles": [{"id": role, "title": text.duty_holder_words(role)} for role in LABELS["duty_holder"]],
        "parties": [{"uuid": identity("carnet"), "type": "organization", "name": "Carnet"}],
        "remarks": "Carnet compares what was declared with the law it knows. It is not legal advice.",
    }


def _result(report: Report, market: MarketAssessment, identity: Identity) -> dict[str, Any]:
    found = select.counted(market, Status.GAP, Status.UNDETERMINED, Status.COMPLIANT)
    result: dict[str, Any] = {
        "uuid": identity("result", market.market),
        "title": line(f"{market.name} ({market.market})"),
        "description": f"{market.name} is {market.outcome.value} on {market.as_of}.",
        "start": instant(market.as_of),
        "end": instant(market.as_of),
        "props": props(("market", market.market), ("outcome", market.outcome.value), ("route", market.route)),
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
    }
    parts = {
        "observations": [observation(market, finding, identity) for finding in found],
        "risks": [risk(market, finding, identity) for finding in found if finding.status is Status.GAP],
        "findings": [finding_of(market, finding, identity) for finding in found],
    }
    result |= {name: part for name, part in parts.items() if part}
    if market.not_covered:
        left_out = "; ".join(f"{item.title}: {item.reason}" for item in market.not_covered)
        result["remarks"] = f"Not covered by this assessment: {left_out}"
    return result


def finding_of(market: MarketAssessment, finding: Finding, identity: Identity) -> dict[str, Any]:
    state, reason = _STATES.get(finding.status, ("not-satisfied", "other"))
    made: dict[str, Any] = {
        "uuid": identity.of("finding", market, finding),
        "title": line(finding.title),
        "description": text.finding_words(finding, market),
        "props": _finding_props(market, finding),
        "target": {
            "type": "objective-id",
            "target-id": token(finding.rule),
            "title": line(finding.title),
            "status": {"state": state, "reason": reason},
        },
        "related-observations": [{"observation-uuid": identity.of("observation", market, finding)}],
    }
    links = [{"href": c.url, "rel": "reference", "text": line(str(c))} for c in finding.cites if web_address(c.url)]
    if links:
        made["links"] = links
    if finding.status is Status.GAP:
        made["related-risks"] = [{"risk-uuid": identity.of("risk", market, finding)}]
    return made


def _finding_props(market: MarketAssessment, finding: Finding) -> list[dict[str, str]]:
    return props(
        ("market", market.market),
        ("rule", finding.rule),
        ("feature", finding.feature),
        ("status", finding.status.value),
        ("severity", finding.severity.value),
        ("duty-holder", finding.duty_holder),
        ("jurisdiction", finding.jurisdiction),
        ("topic", finding.topic),
        ("confidence", finding.confidence.value),
        ("provision", text.cites_words(finding)),
    )


def observation(market: MarketAssessment, finding: Finding, identity: Identity) -> dict[str, Any]:
    """What the profile declares of the facts that decided, or does not declare."""
    seen = [text.because_words(item) for item in finding.because]
    seen += [f"{fact} is not declared" for fact in finding.unknown]
    made: dict[str, Any] = {
        "uuid": identity.of("observation", market, finding),
        "title": line(f"Declared for {finding.rule} in {market.market}"),
        "description": "; ".join(seen) or _unseen(finding),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "collected": instant(market.as_of),
    }
    if finding.evidence:
        made["relevant-evidence"] = [{"description": finding.evidence}]
    return made


def _unseen(finding: Finding) -> str:
    """What to say where no single fact decided."""
    return finding.text or finding.title if finding.status is Status.GAP else "The declared facts satisfy the rule."


def risk(market: MarketAssessment, finding: Finding, identity: Identity) -> dict[str, Any]:
    """An open gap as OSCAL's risk; one under a valid waiver is an approved deviation."""
    origin = {"actors": [{"type": "party", "actor-uuid": identity("carnet")}]}
    facet = {"name": "severity", "system": NAMESPACE, "value": finding.severity.value}
    made: dict[str, Any] = {
        "uuid": identity.of("risk", market, finding),
        "title": line(finding.title),
        "description": text.finding_words(finding, market),
        "statement": f"While it is open, the gap is {finding.severity.value} for {market.name} ({market.market}).",
        "status": "open" if finding.is_open_gap else "deviation-approved",
        "characterizations": [{"origin": origin, "facets": [facet]}],
        "related-observations": [{"observation-uuid": identity.of("observation", market, finding)}],
    }
    if finding.waived and finding.waived.until:
        made["deadline"] = instant(finding.waived.until)
    if finding.remedy:
        made["remediations"] = [_remediation(market, finding, identity)]
    return made


def _remediation(market: MarketAssessment, finding: Finding, identity: Identity) -> dict[str, Any]:
    remedy = finding.remedy
    assert remedy is not None
    title = line(remedy.title or remedy.text or remedy.action)
    task: dict[str, Any] = {
        "uuid": identity.of("task", market, finding),
        "type": "action",
        "title": title,
        "description": text.remedy_words(remedy),
    }
    if remedy.who in LABELS["duty_holder"]:
        task["responsible-roles"] = [{"role-id": remedy.who}]
    if remedy.weeks:
        task["props"] = props(("weeks-from", str(remedy.weeks[0])), ("weeks-to", str(remedy.weeks[1])))
    return {
        "uuid": identity.of("remediation", market, finding),
        "lifecycle": "recommendation",
        "title": title,
        "description": text.remedy_words(remedy),
        "tasks": [task],
    }


def props(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Properties in Carnet's namespace, without those that say nothing."""
    return [{"name": name, "ns": NAMESPACE, "value": line(value)} for name, value in pairs if value.strip()]


def line(value: str) -> str:
    """One line without margins, as OSCAL's strings are; a dash for an empty one."""
    return " ".join(clean_text(value).split()) or "-"


def token(value: str) -> str:
    """OSCAL's identifiers begin with a letter or underscore and know few signs."""
    made = _TOKEN.sub("-", value)
    return made if made[:1].isalpha() or made.startswith("_") else f"_{made}"


def instant(day: object) -> str:
    return f"{day}T00:00:00Z"
