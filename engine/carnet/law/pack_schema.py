# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of a pack file: an editor then completes facts, operators and approvals while law is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carnet.law.schema import PackSpec
from carnet.law.shared_schema import SharedSpec
from carnet.logic.parse import WRITTEN_OPS

if TYPE_CHECKING:
    from carnet.law.law import Law

_CONDITIONS = ("applies_when", "requires", "available_when", "when")
_COMPARISON = {
    "description": "A value, or operators with a value or with `{fact: }`, `{param: }`, `{formula: }` or `{group: }`.",
    "anyOf": [
        {"type": ["boolean", "number", "string", "array"]},
        {"type": "object", "properties": dict.fromkeys(WRITTEN_OPS, True), "additionalProperties": False},
    ],
}


def pack_schema(law: Law) -> dict[str, Any]:
    """JSON Schema (2020-12) of the files under `jurisdictions/` and `rules/`, with this law's facts and names."""
    own, shared = (model.model_json_schema(by_alias=True) for model in (PackSpec, SharedSpec))
    defs = {**own.pop("$defs"), **shared.pop("$defs")}
    for definition in (own, shared, *defs.values()):
        _point_conditions(definition)
    defs["comparison"] = _COMPARISON
    defs["condition"] = _condition(law)
    defs["ApprovalSpec"]["properties"]["kind"]["enum"] = sorted(law.bearers.approval_kinds)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Carnet pack",
        "description": "A file of law: of one jurisdiction, or shared by all.",
        "type": "object",
        "properties": {**shared["properties"], **own["properties"]},
        "additionalProperties": False,
        "$defs": defs,
    }


def _point_conditions(definition: dict[str, Any]) -> None:
    """Replace "anything" by the condition's own definition where a condition stands."""
    for name, schema in definition.get("properties", {}).items():
        if name in _CONDITIONS:
            definition["properties"][name] = {
                "anyOf": [{"$ref": "#/$defs/condition"}, {"type": "null"}],
                **({"description": schema["description"]} if "description" in schema else {}),
            }


def _condition(law: Law) -> dict[str, Any]:
    several = {"type": "array", "items": {"$ref": "#/$defs/condition"}}
    approvals = {"type": "array", "items": {"enum": sorted(law.approvals)}}
    facts = [*law.vocabulary.facts.values(), *law.vocabulary.derived.values()]
    return {
        "description": "Facts compared with what is asked; several entries all have to hold.",
        "type": "object",
        "properties": {
            "all": several,
            "any": several,
            "not": {"$ref": "#/$defs/condition"},
            "at_least": {"type": "object", "properties": {"n": {"type": "integer"}, "of": several}},
            "approvals": {"type": "object", "properties": dict.fromkeys(("any_of", "all_of", "applied_of"), approvals)},
            **{fact.path: {"$ref": "#/$defs/comparison", "description": fact.question} for fact in facts},
        },
        "patternProperties": {r"^(approvals|context|derived)\.": {"$ref": "#/$defs/comparison"}},
        "additionalProperties": False,
    }
