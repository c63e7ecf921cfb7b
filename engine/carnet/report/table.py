# SPDX-License-Identifier: Apache-2.0
"""Findings as rows of plain cells, for CSV and spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from carnet.addresses import web_address
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.report import select, text
from carnet.spoken import N_

Cell = str | int | float | bool | dt.date | None

COLUMNS = (
    "market", "market_name", "as_of", "outcome", "feature", "status", "severity", "topic", "rule", "title",
    "asks", "jurisdiction", "duty_holder", "ours", "declared", "required", "unknown", "remedy", "remedy_set", "who",
    "with", "weeks_min", "weeks_max", "evidence", "provision", "url", "legal_status", "confidence", "from", "until",
    "waived", "counts", "text", "set_aside_by",
)  # fmt: skip

HEADS: Mapping[str, str] = {
    "market": N_("Market"),
    "market_name": N_("Market name"),
    "as_of": N_("As of"),
    "outcome": N_("Outcome"),
    "feature": N_("Feature"),
    "status": N_("Status"),
    "severity": N_("Severity"),
    "topic": N_("Topic"),
    "rule": N_("Rule"),
    "title": N_("Title"),
    "asks": N_("Asks"),
    "jurisdiction": N_("Jurisdiction"),
    "duty_holder": N_("Duty holder"),
    "ours": N_("Ours"),
    "declared": N_("Declared"),
    "required": N_("Required"),
    "unknown": N_("Unknown"),
    "remedy": N_("Remedy"),
    "remedy_set": N_("Remedy set"),
    "who": N_("Who"),
    "with": N_("With"),
    "weeks_min": N_("Weeks min"),
    "weeks_max": N_("Weeks max"),
    "evidence": N_("Evidence"),
    "provision": N_("Provision"),
    "url": N_("Url"),
    "legal_status": N_("Legal status"),
    "confidence": N_("Confidence"),
    "from": N_("From"),
    "until": N_("Until"),
    "waived": N_("Waived"),
    "counts": N_("Counts"),
    "text": N_("Text"),
    "set_aside_by": N_("Set aside by"),
}
"""What people read above each column; programs read its name."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(value: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could start one."""
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value


def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """Every finding of every market and of the exporter's home, gaps first, of each status those that count.

    `counts` is false for what stands on other routes only, and for what the rule of `set_aside_by` replaces.
    """
    for market in select.assessed(report):
        for finding in sorted(market.findings, key=_order):
            yield row(market, finding)


def _order(finding: Finding) -> tuple[object, ...]:
    return _ORDER[finding.status], not finding.counts, *select.weight(finding)


_ORDER = {Status.GAP: 0, Status.UNDETERMINED: 1, Status.COMPLIANT: 2, Status.NOT_APPLICABLE: 3}


def row(market: MarketAssessment, finding: Finding) -> tuple[Cell, ...]:
    remedy = finding.remedy
    low, high = remedy.weeks if remedy and remedy.weeks else (None, None)
    return (
        market.market,
        market.name,
        market.as_of,
        market.outcome.value,
        finding.feature,
        finding.status.value,
        finding.severity.value,
        finding.topic,
        finding.rule,
        finding.title,
        finding.text,
        finding.jurisdiction,
        finding.duty_holder,
        finding.ours,
        "; ".join(f"{item.fact}: {text.declared_words(item)}" for item in finding.because),
        text.joined(finding.because, lambda item: f"{item.fact}: {text.required_words(item.required)}"),
        ", ".join(finding.unknown),
        select.remedy_text(remedy) if remedy else "",
        text.settings_words(remedy) if remedy else "",
        remedy.who if remedy else "",
        ", ".join(remedy.with_) if remedy else "",
        low,
        high,
        finding.evidence,
        text.cites_words(finding),
        next((cite.url for cite in finding.cites if web_address(cite.url)), ""),
        finding.legal_status.value,
        finding.confidence.value,
        finding.in_force.first_day,
        finding.in_force.until,
        text.waiver_words(finding) if finding.waived else "",
        finding.counts,
        text.finding_words(finding, market),
        finding.superseded_by,
    )
