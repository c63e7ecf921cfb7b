# SPDX-License-Identifier: Apache-2.0
"""What a change sets off as SARIF 2.1.0: a result for each approval that asks something and each rule broken since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from carnet.plan.impact import Impact, MarketImpact, Release
from carnet.report.impact import words
from carnet.report.inert import to_json
from carnet.report.sarif import OPEN, SCHEMA, artifact_uri, fingerprints

LEVELS = {
    Release.NOW: "none",
    Release.NOTICE: "note",
    Release.DECISION: "warning",
    Release.NOT_KNOWN: "warning",
    Release.EXTENSION: "error",
    Release.NOT_AT_ALL: "error",
    Release.NOT_OPEN: "none",
}


def render(impact: Impact, *, include: Sequence[str] = ()) -> str:
    """include: `open` for what asks nothing, or nothing yet, beside what does."""
    uri = artifact_uri(impact.file)
    rules = [{"id": f"impact.{name}", "shortDescription": {"text": words.RELEASES[name]}} for name in Release]
    version = impact.receipts[1].carnet
    run = {
        "tool": {"driver": {"name": "Carnet", "version": version, "semanticVersion": version, "rules": rules}},
        "automationDetails": {"id": f"carnet/impact/{impact.new}/"},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": uri}, "hashes": {"sha-256": impact.receipts[1].profile_sha256}}],
        "columnKind": "unicodeCodePoints",
        "results": [
            result
            for market in impact.markets
            for result in _results(market, uri)
            if result["kind"] == "fail" or OPEN in include
        ],
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _results(market: MarketImpact, uri: str) -> Iterator[dict[str, Any]]:
    held_up = market.release is not Release.NOT_OPEN
    for asked in market.asked:
        text = f"{market.name} ({market.market}): {asked.title} ({asked.approval}) asks {words.asked(asked)}."
        yield _result(asked.release if held_up else Release.NOT_OPEN, market, asked.approval, text, uri)
    for each in market.appeared:
        release = Release.NOTICE if each.severity != "blocking" else each.release
        text = f"{market.name} ({market.market}): {words.appeared(each)}."
        yield _result(release if held_up else Release.NOT_OPEN, market, f"{each.rule}/{each.feature}", text, uri)


def _result(release: Release, market: MarketImpact, about: str, text: str, uri: str) -> dict[str, Any]:
    level = LEVELS[release]
    return {
        "ruleId": f"impact.{release}",
        "ruleIndex": list(Release).index(release),
        "level": level,
        "kind": "fail" if level != "none" else "informational",
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}}],
        "partialFingerprints": fingerprints("carnetImpact/v1", market.market, about, release.value),
        "properties": {"market": market.market, "about": about},
    }
