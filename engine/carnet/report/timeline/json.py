# SPDX-License-Identifier: Apache-2.0
"""The time line as JSON: spans and turns per market."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from carnet.report.inert import to_json
from carnet.report.timeline import Band, Timeline


def render(line: Timeline) -> str:
    data = {
        "profile": line.profile,
        "receipt": line.receipt._asdict(),
        "start": line.start,
        "until": line.until,
        "markets": [_market(band) for band in line.bands],
    }
    return to_json(data, default=str)


def _market(band: Band) -> dict[str, Any]:
    one = dt.timedelta(days=1)
    return {
        "market": band.market,
        "name": band.name,
        "outcome": band.outcome,
        "spans": [{"from": start, "until": end - one, "outcome": outcome} for start, end, outcome in band.spans()],
        "turns": [
            {"day": t.day, "before": t.before, "after": t.after, "reasons": [asdict(reason) for reason in t.reasons]}
            for t in band.turns
        ],
        "undated": list(band.undated),
    }
