# SPDX-License-Identifier: Apache-2.0
"""The dossier as JSON; `carnet schema dossier` describes it."""

from __future__ import annotations

from typing import Any

from carnet.plan.dossier import Done, Dossier, Kind, Line, Why
from carnet.report.dossier import words
from carnet.report.inert import to_json


def render(dossier: Dossier) -> str:
    planning = dossier.planning
    data = {
        "receipt": dossier.receipt._asdict(),
        "profile": dossier.profile,
        "approval": dossier.approval.id,
        "title": dossier.approval.title,
        "granted_by": dossier.approval.granted_by,
        "market": dossier.market,
        "day": dossier.day,
        "role": dossier.role or None,
        "state": dossier.state or None,
        "weeks": list(planning.weeks),
        "estimate": planning.estimate,
        "counts": {state.value: number for state, number in dossier.counts().items()},
        "owed": dossier.owed(),
        "lines": [_line(line) for line in dossier.lines],
    }
    return to_json(data, default=str)


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "part": line.why.value,
        "kind": line.kind.value,
        "state": line.state.value,
        "title": line.title,
        "wanted": line.wanted,
        "cites": [str(cite) for cite in line.cites],
        "estimate": line.estimate,
        "severity": line.severity,
        "owes": line.owes,
        "ours": line.ours,
        "partner": line.partner or None,
        "feature": line.feature or None,
        "declared": [
            {"fact": each.fact, "declared": each.declared, "required": each.required, "line": each.line}
            for each in line.declared
        ],
        "unknown": list(line.unknown),
        "change": {path: list(v) if isinstance(v, (tuple, frozenset)) else v for path, v in line.change.items()},
        "attached": [each._asdict() for each in line.attached],
        "todo": words.todo(line),
    }


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the dossier."""
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    maybe: dict[str, Any] = {"type": ["string", "null"]}
    truth: dict[str, Any] = {"type": ["boolean", "null"]}
    anything: dict[str, Any] = {}
    line: dict[str, Any] = {
        **dict.fromkeys(("id", "title", "wanted", "owes", "todo"), text),
        "part": {"enum": [why.value for why in Why]},
        "kind": {"enum": [kind.value for kind in Kind]},
        "state": {"enum": [state.value for state in Done]},
        **dict.fromkeys(("severity", "partner", "feature"), maybe),
        "cites": texts,
        "unknown": texts,
        "estimate": {"type": "boolean"},
        "ours": truth,
        "change": {"type": "object"},
        "declared": _items({"fact": text, "declared": anything, "required": text, "line": {"type": "integer"}}),
        "attached": _items({"file": text, "by": text, "on": text, "found": truth}),
    }
    heads: dict[str, Any] = {
        **dict.fromkeys(("profile", "approval", "title", "granted_by", "market", "day"), text),
        "receipt": {"type": "object"},
        "state": maybe,
        "role": maybe,
        "weeks": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "estimate": {"type": "boolean"},
        **{name: {"type": "object", "additionalProperties": {"type": "integer"}} for name in ("counts", "owed")},
        "lines": _items(line),
    }
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Carnet dossier of one application"}
    return about | _object(heads)


def _items(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }
