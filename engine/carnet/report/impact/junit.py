# SPDX-License-Identifier: Apache-2.0
"""What a change sets off as JUnit XML: a suite per market, passed or failed as a whole, and a case per approval."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from carnet.plan.impact import Impact, MarketImpact, Release
from carnet.report.impact import words
from carnet.report.inert import clean_text


def render(impact: Impact, *, allow: str = "now") -> str:
    """allow: up to what a market passes."""
    most = Release(allow)
    root = ET.Element("testsuites", {"name": clean_text(f"Carnet impact: {impact.new}")})
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for market in impact.markets:
        suite = ET.SubElement(root, "testsuite", {"name": clean_text(f"{market.market} {market.name} {impact.day}")})
        _cases(suite, market, most, impact.file)
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


def _cases(suite: ET.Element, market: MarketImpact, most: Release, file: str) -> None:
    """The market as a whole first; it alone passes or fails, what it rests on tells why."""
    whole = _case(suite, market, words.release(market.release), file)
    if market.release is Release.NOT_OPEN:
        ET.SubElement(whole, "skipped", {"message": words.release(market.release)})
    elif market.release.rank > most.rank:
        told = [f"{asked.approval}: {words.asked(asked)}" for asked in market.asked if asked.release.rank > most.rank]
        told += [words.appeared(each) for each in market.appeared]
        failure = ET.SubElement(
            whole, "failure", {"message": clean_text(words.release(market.release)), "type": market.release}
        )
        failure.text = clean_text("\n".join(told))
    for asked in market.asked:
        case = _case(suite, market, f"{asked.approval}: {words.asked(asked)}", file)
        if asked.release.rank > most.rank:
            ET.SubElement(case, "skipped", {"message": clean_text(words.release(asked.release))})


def _case(suite: ET.Element, market: MarketImpact, name: str, file: str) -> ET.Element:
    attributes = {"classname": f"{market.market}.impact", "name": name, "file": file, "line": "1", "time": "0"}
    return ET.SubElement(suite, "testcase", {key: clean_text(value) for key, value in attributes.items()})
