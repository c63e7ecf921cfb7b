# SPDX-License-Identifier: Apache-2.0
"""The register as JSON; `carnet schema approvals` describes it."""

from __future__ import annotations

from typing import Any

from carnet.plan.register import End, Entry, Register, State
from carnet.report.inert import to_json


def render(register: Register) -> str:
    data = {
        "receipt": register.receipt._asdict(),
        "profile": register.profile,
        "day": register.day,
        "weeks": register.weeks,
        "role": register.role,
        "withheld": register.withheld,
        "markets": dict(register.markets),
        "counts": {state.value: number for state, number in register.counts().items()},
        "approvals": [_entry(entry, register) for entry in register.entries],
    }
    return to_json(data, default=str)


def _entry(entry: Entry, register: Register) -> dict[str, Any]:
    return {
        **entry._asdict(),
        "state": entry.state.value,
        "markets": list(entry.markets),
        "weeks": list(entry.weeks),
        "asked_by": list(entry.asked_by),
        "decision_by": _end(entry.decision_by),
        "valid_until": _end(entry.valid_until),
        "renew_now": entry.renew_now(register.day),
    }


def _end(end: End | None) -> dict[str, Any] | None:
    return {"day": end.day, "declared": not end.cites, "cites": [str(cite) for cite in end.cites]} if end else None


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the register."""
    day: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    end = {
        "type": ["object", "null"],
        "required": ["day", "declared", "cites"],
        "properties": {"day": day, "declared": {"type": "boolean"}, "cites": texts},
        "additionalProperties": False,
    }
    properties = {
        **dict.fromkeys(("approval", "title", "owner", "partner", "applicant", "granted_by", "scope"), text),
        "certificate": text,
        "state": {"enum": [state.value for state in State]},
        "markets": texts,
        "ours": {"type": ["boolean", "null"]},
        **dict.fromkeys(("applied_on", "expected_on", "granted_on", "renew_by"), day),
        **dict.fromkeys(("decision_by", "valid_until"), end),
        **{name: {"type": "boolean"} for name in ("renew_estimate", "renew_now", "estimate", "blocking")},
        "weeks": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "asked_by": texts,
    }
    entry = {"type": "object", "required": sorted(properties), "properties": properties, "additionalProperties": False}
    heads = {
        "receipt": {"type": "object"},
        "profile": text,
        "day": day,
        "weeks": {"type": "integer"},
        "role": text,
        "withheld": {"type": "integer", "minimum": 0},
        "markets": {"type": "object", "additionalProperties": text},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "approvals": {"type": "array", "items": entry},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Carnet register of approvals",
        "type": "object",
        "required": sorted(heads),
        "properties": heads,
    }
