# SPDX-License-Identifier: Apache-2.0
"""What the native evaluator says of a table's rows, to hold the columnar one against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from carnet.api import Law
from carnet.assess.check import check
from carnet.assess.model import Finding, MarketAssessment, Status
from carnet.declare.profile import Profile
from carnet.law.model import Severity

OWN_COLUMNS = ("profile", "market", "as_of")
LISTS = ("blocking", "waived", "home_blocking")


def read_rows(law: Law, table: pa.Table, complete: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Each row as the data of a profile, by its name; `in.DE.<fact>` and `features.pilot.<fact>` become overlays."""
    rows = {}
    for row in table.to_pylist():
        profile: dict[str, Any] = {"complete": [*(row.pop("complete", None) or ()), *complete]}
        for path, value in row.items():
            if value is None or path in OWN_COLUMNS:
                continue
            layer, fact = profile, path
            while fact.startswith(("in.", "features.")):
                kind, name, fact = fact.split(".", 2)
                layer = layer.setdefault(kind, {}).setdefault(name, {})
            layer[fact] = value
        rows[row["profile"]] = profile
    return rows


def own_report(law: Law, data: Mapping[str, Any], market: str, day: dt.date | None) -> MarketAssessment:
    """What `carnet check` says of a profile in one market."""
    known = {"approvals": frozenset(law.approvals), "jurisdictions": frozenset(law.codes)}
    profile = Profile.from_dict(data, law.vocabulary, **known)
    return check(law, profile, (market,), day, "native").market(market)


def own_result(law: Law, data: Mapping[str, Any], market: str, day: dt.date) -> dict[str, Any]:
    """The row that the fleet run should write."""
    result = own_report(law, data, market, day)
    return {
        "market": market,
        "as_of": day,
        "outcome": str(result.outcome),
        "route": result.route or None,
        **result.counts,
        **{f"gap_{severity}": number for severity, number in result.severities.items()},
        "blocking": _rules(f for f in result.gaps if f.severity is Severity.BLOCKING),
        "waived": _rules(f for f in result.gaps if not f.is_open_gap),
        "home": result.home or None,
        "home_outcome": result.home_outcome and str(result.home_outcome),
        "home_blocking": _rules(f for f in _gaps(result.home_findings) if f.severity is Severity.BLOCKING),
    }


def _gaps(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (f for f in findings if f.status is Status.GAP and f.counts)


def _rules(findings: Iterable[Finding]) -> list[str]:
    """Each rule once, though features may break it differently."""
    return sorted({finding.rule for finding in findings})


def compare(law: Law, rows: Mapping[str, Mapping[str, Any]], results: Iterable[Mapping[str, Any]]) -> list[str]:
    """How the results differ from the native ones, in words; empty when they do not."""
    differences = []
    for result in results:
        expected = own_result(law, rows[result["profile"]], result["market"], result["as_of"])
        found = {key: sorted(value or ()) if key in LISTS else value for key, value in result.items()}
        differences += [
            f"{result['profile']} in {result['market']} on {result['as_of']}: {key} is {found[key]}, not {value}"
            for key, value in expected.items()
            if found[key] != value
        ]
    return differences
