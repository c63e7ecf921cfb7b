# SPDX-License-Identifier: Apache-2.0
"""A road map as JSON, and the JSON Schema of it."""

from __future__ import annotations

from typing import Any

from carnet.plan.model import OBJECTIVES, Days, LaunchChoice, Opening, Plan, Shut, Step
from carnet.report.inert import to_json


def render(plan: Plan) -> str:
    return to_json(data(plan), default=str)


def data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data."""
    return {
        "receipt": plan.receipt._asdict() | {"start": plan.start},
        "profile": plan.profile,
        "start": plan.start,
        "by": plan.by,
        "parallel": plan.parallel,
        "objective": plan.objective,
        "optimal": plan.optimal,
        "gap": plan.gap or None,
        "role": plan.role or None,
        "withheld": plan.withheld,
        "last": _days(plan.last),
        "cost_thousands_eur": list(plan.cost),
        "openings": [_opening(one) for one in plan.openings],
        "steps": [_step(step) for step in plan.steps],
        "shut": [_shut(one) for one in plan.shut],
    }


def _days(days: Days | None) -> dict[str, Any] | None:
    return days and days._asdict()


def _launch(launch: LaunchChoice) -> dict[str, Any]:
    settings = [one._asdict() for one in launch.settings]
    return {"kind": launch.kind, "name": launch.name or None, "settings": settings, "opens": _days(launch.opens)}


def _opening(one: Opening) -> dict[str, Any]:
    return one._asdict() | {
        "day": _days(one.day),
        "routes": list(one.routes),
        "steps": list(one.steps),
        "critical": list(one.critical),
        "assumptions": [setting._asdict() for setting in one.assumptions],
        "launch": _launch(one.launch) if one.launch else None,
        "others": [_launch(other) for other in one.others],
    }


def _step(step: Step) -> dict[str, Any]:
    plain = {("with" if key == "with_" else key): value for key, value in step._asdict().items()}
    plain["cost_thousands_eur"] = list(plain.pop("cost"))
    return plain | {
        "start": _days(step.start),
        "end": _days(step.end),
        "weeks": list(step.weeks),
        "settings": [setting._asdict() for setting in step.settings],
    }


def _shut(one: Shut) -> dict[str, Any]:
    obstacles = [item._asdict() | {"cites": [str(cite) for cite in item.cites]} for item in one.obstacles]
    return one._asdict() | {"obstacles": obstacles}


def schema() -> dict[str, Any]:
    """The JSON Schema of a plan; keys may be added, none taken away within a major version."""
    day = {"type": "string", "format": "date"}
    days = {"type": "object", "required": ["early", "late"], "properties": {"early": day, "late": day}}
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    maybe = {"type": ["string", "null"]}
    numbers = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    setting = {
        "type": "object",
        "required": ["market", "feature", "path", "value", "before"],
        "properties": {"market": text, "feature": text, "path": text, "value": {}, "before": {}},
    }
    settings = {"type": "array", "items": setting}
    launch = {
        "type": ["object", "null"],
        "required": ["kind", "settings"],
        "properties": {
            "kind": {"enum": ["choice", "less", "feature_locked", "driver", "testing"]},
            "name": maybe,
            "settings": settings,
            "opens": {"anyOf": [days, {"type": "null"}]},
        },
    }
    step = {
        "id": text,
        "kind": {"enum": ["approval", "change", "renewal"]},
        "work": text,
        "title": text,
        "approval": text,
        "who": text,
        "partner": text,
        "ours": {"type": ["boolean", "null"]},
        "with": texts,
        "weeks": numbers,
        "estimate": {"type": "boolean"},
        "after": texts,
        "markets": texts,
        "closes": texts,
        "lacks": texts,
        "settings": settings,
        "start": days,
        "end": days,
        "slack": {"type": "integer", "minimum": 0},
        "critical": {"type": "boolean"},
        "latest": maybe,
        "per_vehicle": {"type": "boolean"},
        "unsaid": {"type": "boolean"},
        "fixed": {"type": "boolean"},
        "cost_thousands_eur": numbers,
    }
    opening = {
        "market": text,
        "name": text,
        "day": days,
        "now": {"type": "boolean"},
        "outcome": text,
        "home_outcome": maybe,
        "known": {"enum": ["well", "fairly", "thinly"]},
        "routes": texts,
        "steps": texts,
        "critical": texts,
        "assumptions": settings,
        "launch": launch,
        "others": {"type": "array", "items": launch},
        "in_time": {"type": ["boolean", "null"]},
        "waits": {"type": "boolean"},
    }
    shut = {
        "market": text,
        "name": text,
        "day": day,
        "outcome": text,
        "obstacles": {"type": "array", "items": {"type": "object"}},
        "left_out": {"type": "boolean"},
    }
    top = {
        "receipt": {"type": "object"},
        "profile": text,
        "start": day,
        "by": maybe,
        "parallel": {"type": ["integer", "null"]},
        "objective": {"enum": list(OBJECTIVES)},
        "optimal": {"type": "boolean"},
        "gap": maybe,
        "role": maybe,
        "withheld": {"type": "integer", "minimum": 0},
        "last": {"anyOf": [days, {"type": "null"}]},
        "cost_thousands_eur": numbers,
        "openings": {"type": "array", "items": _object(opening)},
        "steps": {"type": "array", "items": _object(step)},
        "shut": {"type": "array", "items": _object(shut)},
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Carnet road map", **_object(top)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
