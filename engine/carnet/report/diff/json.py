# SPDX-License-Identifier: Apache-2.0
"""The difference as JSON."""

from __future__ import annotations

from dataclasses import asdict

from carnet.report.diff import Difference
from carnet.report.inert import to_json


def render(difference: Difference) -> str:
    data = {
        "old": difference.old["receipt"],
        "new": difference.new["receipt"],
        "causes": dict(difference.causes),
        "added": list(difference.added),
        "removed": list(difference.removed),
        "markets": [asdict(market) | {"worse": market.worse} for market in difference.changed],
    }
    return to_json(data)
