# SPDX-License-Identifier: Apache-2.0
"""What the native evaluator says of a table's rows, to hold the columnar one against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from carnet.api import Law
from carnet.assess.check import check
from carnet.declare.profile import Profile
from carnet.law.model import Severity

OWN_COLUMNS = ("profile", "market", "as_of")


def read_rows(law: Law, table: pa.Table, complete: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Each row as the data of a profile, by its name; a column `in.DE.<fact>` becomes an overlay."""
    rows = {}
    for row in table.to_pylist():
        profile: dict[str, Any] = {"complete": [*(row.pop("complete", None) or ()), *complete]}
        for path, value in row.items():
            if value is None or path in OWN_COLUMNS:
                continue
            if path.startswith("in."):
                _, code, fact = path.split(".", 2)
                profile.setdefault("in", {}).setdefault(code, {})[fact] = value
            else:
                profile[path] = value
        rows[row["profile"]] = profile
    return rows


def own_result(law: Law, data: Mapping[str, Any], market: str, day: dt.date) -> dict[str, Any]:
    """The row that the fleet run should write."""
    known = {"approvals": frozenset(law.approvals), "jurisdictions": frozenset(law.codes)}
    profile = Profile.from_dict(data, law.vocabulary, **known)
    result = check(law, profile, (market,), day, "native").market(market)
    return {
        "market": market,
        "as_of": day,
        "outcome": str(result.outcome),
        "route": result.route or None,
        **result.counts,
        **{f"gap_{severity}": number for severity, number in result.severities.items()},
        "blocking": sorted(finding.rule for finding in result.gaps if finding.severity is Severity.BLOCKING),
    }


def compare(law: Law, rows: Mapping[str, Mapping[str, Any]], results: Iterable[Mapping[str, Any]]) -> list[str]:
    """How the results differ from the native ones, in words; empty when they do not."""
    differences = []
    for result in results:
        expected = own_result(law, rows[result["profile"]], result["market"], result["as_of"])
        found = {**result, "blocking": sorted(result["blocking"])}
        differences += [
            f"{result['profile']} in {result['market']} on {result['as_of']}: {key} is {found[key]}, not {value}"
            for key, value in expected.items()
            if found[key] != value
        ]
    return differences
