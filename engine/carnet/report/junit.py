# SPDX-License-Identifier: Apache-2.0
"""JUnit XML for pipelines: a suite per market, a case per finding.

A gap of any severity is a failure, of a type that names the severity. What is waived, undetermined or not applicable
is skipped, with the reason: JUnit knows no third truth, and an error would mean that Carnet broke.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from carnet.assess.model import Finding, MarketAssessment, Report, Status
from carnet.report import select, text
from carnet.report.inert import clean_text


def render(report: Report) -> str:
    root = ET.Element("testsuites", {"name": f"Carnet: {_clean(select.profile_name(report))}"})
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    file = select.profile_file(report.profile)
    for market in select.assessed(report):
        suite = ET.SubElement(root, "testsuite", {"name": _clean(f"{market.market} {market.name} {market.as_of}")})
        _properties(suite, report, market)
        for finding in select.counted(market, *Status):
            _case(suite, market, finding, file)
        counts = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": 0,
            "skipped": len(suite.findall("testcase/skipped")),
        }
        suite.attrib.update({key: str(value) for key, value in counts.items()})
        totals = {key: totals[key] + counts[key] for key in totals}
    root.attrib.update({key: str(value) for key, value in totals.items()})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _properties(suite: ET.Element, report: Report, market: MarketAssessment) -> None:
    receipt = report.receipt
    values = {
        "outcome": market.outcome.value,
        "route": market.route,
        "carnet": receipt.carnet,
        "law_version": receipt.law_version,
        "law_sha256": receipt.law_sha256,
        "profile_sha256": receipt.profile_sha256,
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", {"name": name, "value": _clean(value)})


def _case(suite: ET.Element, market: MarketAssessment, finding: Finding, file: str) -> None:
    feature = f" [{finding.feature}]" if finding.feature else ""
    line = next((item.line for item in finding.because if item.line), 1)
    attributes = {
        "classname": f"{market.market}.{finding.topic}",
        "name": f"{finding.rule}{feature}: {finding.title}",
        "file": file,
        "line": str(line),
        "time": "0",
    }
    case = ET.SubElement(suite, "testcase", {key: _clean(value) for key, value in attributes.items()})
    message = _clean(text.finding_words(finding, market))
    if finding.is_open_gap:
        failure = ET.SubElement(case, "failure", {"message": _clean(finding.title), "type": finding.severity.value})
        failure.text = message
    elif finding.status is Status.NOT_APPLICABLE:
        ET.SubElement(case, "skipped", {"message": "not applicable to this profile"})
    elif finding.status is not Status.COMPLIANT:
        ET.SubElement(case, "skipped", {"message": message})


def _clean(value: str) -> str:
    """Without the control characters that XML 1.0 forbids even as references."""
    return clean_text(value)
