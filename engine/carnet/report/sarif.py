# SPDX-License-Identifier: Apache-2.0
"""SARIF 2.1.0: gaps as results on the profile's own lines, so that a code host shows them in a pull request.

Compliant and not applicable findings are left out, and undetermined ones unless they are asked for: code hosts show
every result as an alert. They are then of kind `open` and, as the standard asks of all that is no failure, of level
`none`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from carnet.addresses import web_address
from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.law.model import Severity
from carnet.report import select, text
from carnet.report.inert import to_json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.BLOCKING: "error", Severity.MAJOR: "warning", Severity.ADVISORY: "note"}


OPEN = "open"
"""What may be included beside failures: what is not known."""


def render(report: Report, *, include: Sequence[str] = ()) -> str:
    """One run; a rule stands once in the driver and once per market, feature and gap in the results."""
    statuses = (Status.GAP, Status.UNDETERMINED) if OPEN in include else (Status.GAP,)
    findings = [(m, f) for m in select.assessed(report) for f in select.counted(m, *statuses)]
    rules: dict[str, int] = {}
    descriptors = []
    for _, finding in findings:
        if finding.rule not in rules:
            rules[finding.rule] = len(rules)
            descriptors.append(_descriptor(finding))
    uri = artifact_uri(select.profile_file(report.profile))
    run = {
        "tool": {"driver": _driver(report, descriptors)},
        "automationDetails": {"id": f"carnet/{select.profile_name(report)}/"},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": uri}, "hashes": {"sha-256": report.receipt.profile_sha256}}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(market, finding, rules[finding.rule], uri) for market, finding in findings],
        "properties": {
            "lawVersion": report.receipt.law_version,
            "lawSha256": report.receipt.law_sha256,
            "evaluator": report.receipt.evaluator,
            "asOf": report.receipt.as_of,
        },
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def artifact_uri(file: str) -> str:
    """Relative to the working folder where it lies inside, as code hosts ask; else the absolute file URI."""
    path = Path(os.path.abspath(file))
    here = Path.cwd()
    return quote(path.relative_to(here).as_posix()) if path.is_relative_to(here) else path.as_uri()


def _driver(report: Report, descriptors: list[dict[str, Any]]) -> dict[str, Any]:
    version = report.receipt.carnet
    return {"name": "Carnet", "version": version, "semanticVersion": version, "rules": descriptors}


def _descriptor(finding: Finding) -> dict[str, Any]:
    url = next((cite.url for cite in finding.cites if web_address(cite.url)), "")
    law = text.cites_words(finding)
    descriptor: dict[str, Any] = {
        "id": finding.rule,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": f"{finding.title}. Law: {law}." if law else f"{finding.title}."},
        "help": {"text": _help(finding)},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {
            "tags": [finding.topic, finding.jurisdiction, finding.duty_holder],
            "problem.severity": LEVELS[finding.severity].replace("note", "recommendation"),
            "confidence": finding.confidence.value,
            "legalStatus": finding.legal_status.value,
            "cites": [str(cite) for cite in finding.cites],
        },
    }
    if url:
        descriptor["helpUri"] = url
    return descriptor


def _help(finding: Finding) -> str:
    parts = [text.cites_words(finding), finding.note]
    if finding.evidence:
        parts.append(f"Evidence: {finding.evidence}")
    return "\n\n".join(part for part in parts if part) or finding.title


def _result(market: MarketAssessment, finding: Finding, index: int, uri: str) -> dict[str, Any]:
    failed = finding.status is Status.GAP
    lines = list(_lines(finding)) or [1]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "fail" if failed else "open",
        "level": LEVELS[finding.severity] if failed else "none",
        "message": {"text": text.finding_words(finding, market)},
        "locations": [_location(uri, lines[0])],
        "partialFingerprints": fingerprints("carnetFinding/v1", finding.rule, market.market, finding.feature),
        "properties": {
            "market": market.market,
            "feature": finding.feature,
            "severity": finding.severity.value,
            "dutyHolder": finding.duty_holder,
            "unknown": list(finding.unknown),
        },
    }
    if lines[1:]:
        result["relatedLocations"] = [_location(uri, line) | {"id": n} for n, line in enumerate(lines[1:], 1)]
    if finding.waived and not finding.waived.expired:
        waiver = finding.waived
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": f"{waiver.reason} ({waiver.by})"}
        ]
    return result


def _lines(finding: Finding) -> Iterator[int]:
    yield from dict.fromkeys(item.line for item in finding.because if item.line > 0)


def _location(uri: str, line: int) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri, "index": 0}, "region": {"startLine": line}}}


def fingerprints(name: str, *about: str) -> dict[str, str]:
    """Stay the same when the profile's lines move, so that a host does not report an old gap as new.

    Hosts tell results of one rule apart by the hash of their line, and several markets have theirs on one line.
    """
    digest = hashlib.sha256("\0".join(about).encode()).hexdigest()
    return {name: digest, "primaryLocationLineHash": f"{digest[:16]}:1"}
