# SPDX-License-Identifier: Apache-2.0
"""What it would take, as JSON."""

from __future__ import annotations

from typing import Any

from carnet.plan.reach import Change, MarketReach, Reach
from carnet.report.inert import to_json


def render(reach: Reach) -> str:
    data = {
        "receipt": reach.receipt._asdict(),
        "profile": reach.profile,
        "markets": [_market(one) for one in reach.markets],
    }
    return to_json(data, default=str)


def _market(one: MarketReach) -> dict[str, Any]:
    return {
        "market": one.market,
        "name": one.name,
        "as_of": one.as_of,
        "before": one.before,
        "outcome": one.outcome,
        "home_outcome": one.home_outcome,
        "routes": list(one.routes),
        "least": one.least,
        "changes": [_change(change) for change in one.changes],
        "obstacles": [
            obstacle._asdict() | {"cites": [str(cite) for cite in obstacle.cites]} for obstacle in one.obstacles
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return change._asdict() | {
        "approval": change.approval or None,
        "feature": change.feature or None,
        "closes": list(change.closes),
        "alternatives": [dict(other) for other in change.alternatives],
    }
