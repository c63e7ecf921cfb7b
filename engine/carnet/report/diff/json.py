# SPDX-License-Identifier: Apache-2.0
"""The difference as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from carnet.report.diff import Difference, MarketChange
from carnet.report.diff.facts import Declared
from carnet.report.inert import to_json
from carnet.report.json import plain


def render(difference: Difference) -> str:
    data = {
        "old": difference.old["receipt"],
        "new": difference.new["receipt"],
        "causes": dict(difference.causes),
        "added": list(difference.added),
        "removed": list(difference.removed),
        "totals": {one.key: {"before": one.before, "after": one.after} for one in difference.totals},
        "facts": [_fact(one) for one in difference.facts] if difference.facts is not None else None,
        "markets": [_market(market) for market in difference.changed],
    }
    return to_json(data)


def _fact(one: Declared) -> dict[str, Any]:
    moved = [{"market": market, "rule": rule} for market, rule in one.moved]
    return {
        "fact": one.fact,
        "before": plain(one.before),
        "after": plain(one.after),
        "words": one.words,
        "markets": list(one.markets),
        "moved": moved,
    }


def _market(market: MarketChange) -> dict[str, Any]:
    data = asdict(market)
    lacks = [counts.lacks for counts in market.counts]
    told = [one and {"blocking": one[0], "lesser": one[1]} for one in lacks]
    del data["counts"]
    return data | {"worse": market.worse, "lacks": {"before": told[0], "after": told[1]}}
