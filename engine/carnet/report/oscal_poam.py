# SPDX-License-Identifier: Apache-2.0
"""OSCAL plan of action and milestones: an item per open gap, with its finding, observation, risk and remediation."""

from __future__ import annotations

from typing import Any

from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.report import oscal, select, text
from carnet.report.inert import to_json


def render(report: Report) -> str:
    """The plan; without any gap it holds one item that says so, because OSCAL forbids an empty plan."""
    identity = oscal.Identity(report)
    gaps = [(market, finding) for market in select.assessed(report) for finding in select.counted(market, Status.GAP)]
    document: dict[str, Any] = {
        "uuid": identity("poam"),
        "metadata": oscal.metadata(report, identity, "plan of action and milestones"),
        "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": identity("profile")},
        "observations": [oscal.observation(*gap, identity) for gap in gaps],
        "risks": [oscal.risk(*gap, identity) for gap in gaps],
        "findings": [oscal.finding_of(*gap, identity) for gap in gaps],
        "poam-items": [_item(*gap, identity) for gap in gaps] or [_nothing(report, identity)],
    }
    return to_json({"plan-of-action-and-milestones": {name: part for name, part in document.items() if part}})


def _item(market: MarketAssessment, finding: Finding, identity: oscal.Identity) -> dict[str, Any]:
    return {
        "uuid": identity.of("item", market, finding),
        "title": oscal.line(f"{market.market}: {finding.title}"),
        "description": text.finding_words(finding, market),
        "related-findings": [{"finding-uuid": identity.of("finding", market, finding)}],
        "related-observations": [{"observation-uuid": identity.of("observation", market, finding)}],
        "related-risks": [{"risk-uuid": identity.of("risk", market, finding)}],
    }


def _nothing(report: Report, identity: oscal.Identity) -> dict[str, Any]:
    markets = ", ".join(market.market for market in report)
    description = f"No gap was found in {markets}."
    return {"uuid": identity("item", "none"), "title": "Nothing to do", "description": description}
