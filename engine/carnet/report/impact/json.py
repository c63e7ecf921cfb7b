# SPDX-License-Identifier: Apache-2.0
"""What a change sets off, as JSON; `carnet schema impact` describes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from carnet.plan.impact import Asked, Impact, MarketImpact, Release, Unit
from carnet.report.impact import words
from carnet.report.inert import to_json


def render(impact: Impact) -> str:
    return to_json(_data(impact), default=str)


def render_all(impacts: Sequence[Impact]) -> str:
    """Several releases as a list."""
    return to_json([_data(impact) for impact in impacts], default=str)


def _data(impact: Impact) -> dict[str, Any]:
    return {
        "receipts": {"before": impact.receipts[0]._asdict(), "after": impact.receipts[1]._asdict()},
        "old": impact.old,
        "new": impact.new,
        "day": impact.day,
        "release": impact.release.value,
        "changes": _units(impact.units),
        "faster_than_system": [
            {
                "domain_kmh": each.domain,
                "system_kmh": each.system,
                "feature": each.feature or None,
                "in": each.jurisdiction or None,
            }
            for each in impact.faster
        ],
        "markets": [_market(market) for market in impact.markets],
        "splits": [
            {
                "release": split.release.value,
                "waits": _units(split.waits),
                "goes": _units(split.goes),
                "exact": split.exact,
            }
            for split in impact.splits
        ],
    }


def _units(units: Iterable[Unit]) -> list[dict[str, Any]]:
    return [
        {
            "fact": unit.path,
            "feature": unit.feature or None,
            "in": unit.jurisdiction or None,
            "before": unit.before,
            "after": unit.after,
        }
        for unit in units
    ]


def _market(market: MarketImpact) -> dict[str, Any]:
    return {
        "market": market.market,
        "name": market.name,
        "release": market.release.value,
        "before": market.before.value,
        "after": market.after.value,
        "approvals": [_asked(asked) for asked in market.asked],
        "appeared": [
            each._asdict() | {name: getattr(each, name) or None for name in ("feature", "lack", "grant")}
            for each in market.appeared
        ],
        "gone": list(market.gone),
        "lacks": list(market.lacks),
    }


def _asked(asked: Asked) -> dict[str, Any]:
    change = asked.asks
    return {
        "approval": asked.approval,
        "title": asked.title,
        "asks": change.asks if change else None,
        "to": (change.to or None) if change else None,
        "within_days": change.within if change else None,
        "before": change.before if change else None,
        "then": list(change.then) if change else [],
        "cites": [str(cite) for cite in change.cites] if change else [],
        "note": (change.note or None) if change else None,
        "facts": list(asked.facts),
        "through": list(asked.through),
        "release": asked.release.value,
        "words": words.asked(asked),
    }


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the impact."""
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    maybe: dict[str, Any] = {"type": ["string", "null"]}
    release: dict[str, Any] = {"enum": [each.value for each in Release]}
    anything: dict[str, Any] = {}
    unit = _object({"fact": text, "feature": maybe, "in": maybe, "before": anything, "after": anything})
    units = {"type": "array", "items": unit}
    asked = _object(
        {
            **dict.fromkeys(("approval", "title", "words"), text),
            "asks": {"enum": ["nothing", "notice", "extension", "new", "rxswin", None]},
            "to": maybe,
            "note": maybe,
            "within_days": {"type": ["integer", "null"]},
            "before": {"type": ["boolean", "null"]},
            **dict.fromkeys(("then", "cites", "facts", "through"), texts),
            "release": release,
        }
    )
    names = ("rule", "title", "status", "severity")
    appeared = _object({**dict.fromkeys(names, text), "feature": maybe, "lack": maybe, "grant": maybe})
    market = _object(
        {
            **dict.fromkeys(("market", "name", "before", "after"), text),
            "release": release,
            "approvals": {"type": "array", "items": asked},
            "appeared": {"type": "array", "items": appeared},
            "gone": texts,
            "lacks": texts,
        }
    )
    number = {"type": "number"}
    faster = _object({"domain_kmh": number, "system_kmh": number, "feature": maybe, "in": maybe})
    split = _object({"release": release, "waits": units, "goes": units, "exact": {"type": "boolean"}})
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What a change sets off"}
    return about | _object(
        {
            "receipts": _object({"before": {"type": "object"}, "after": {"type": "object"}}),
            **dict.fromkeys(("old", "new", "day"), text),
            "release": release,
            "changes": units,
            "faster_than_system": {"type": "array", "items": faster},
            "markets": {"type": "array", "items": market},
            "splits": {"type": "array", "items": split},
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }
