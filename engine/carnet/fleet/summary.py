# SPDX-License-Identifier: Apache-2.0
"""How many profiles have each outcome in each market, and each status under each rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from carnet.fleet.block import Tally
from carnet.fleet.job import Job
from carnet.fleet.sinks import Sink
from carnet.verdict.outcome import BEST_FIRST
from carnet.verdict.status import Status

SUMMARY = pa.schema(
    [
        ("market", pa.string()),
        ("as_of", pa.string()),
        ("rule", pa.string()),
        ("title", pa.string()),
        ("severity", pa.string()),
        ("status", pa.string()),
        ("profiles", pa.int64()),
    ]
)
_ORDER = [*(str(outcome) for outcome in BEST_FIRST), "gap", "undetermined", "compliant", "not_applicable"]
assert {str(status) for status in Status} <= set(_ORDER)


def write_summary(path: Path, tally: Tally, job: Job, about: Mapping[str, str]) -> None:
    """By market and day: first the outcomes, then the rules, those with most gaps first."""
    titles = job.titles({rule for _, _, rule, _ in tally if rule})
    rows: list[dict[str, Any]] = []
    for key in sorted((key for key, profiles in tally.items() if profiles), key=lambda key: _place(key, tally)):
        market, day, rule, status = key
        title, severity = titles[rule] if rule else (None, None)
        rows.append(
            {
                "market": market,
                "as_of": day or None,
                "rule": rule or None,
                "title": title,
                "severity": severity,
                "status": status,
                "profiles": tally[key],
            }
        )
    with Sink(path, SUMMARY, about) as sink:
        sink.write(pa.RecordBatch.from_pylist(rows, SUMMARY))


def _place(key: tuple[str, str, str, str], tally: Tally) -> tuple[Any, ...]:
    market, day, rule, status = key
    gaps, unsettled = (tally.get((market, day, rule, other), 0) for other in ("gap", "undetermined"))
    return market, day, bool(rule), -gaps, -unsettled, rule, _ORDER.index(status)
