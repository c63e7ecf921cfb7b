# SPDX-License-Identifier: Apache-2.0
"""The difference as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from carnet.report.diff import Difference


def render(difference: Difference) -> str:
    data = {
        "old": difference.old["receipt"],
        "new": difference.new["receipt"],
        "causes": dict(difference.causes),
        "added": list(difference.added),
        "removed": list(difference.removed),
        "markets": [asdict(market) | {"worse": market.worse} for market in difference.changed],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
