# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of a profile, from which editors complete names and explain values.

It describes the nested notation. Flat dotted keys are let through unchecked, because listing them too would show
every fact twice; `carnet check` checks both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from carnet.declare.quantities import spellings
from carnet.declare.reading import ROLES
from carnet.declare.vocabulary import Fact, Vocabulary

Schema = dict[str, Any]
Named = Mapping[str, str] | Iterable[str]

_DATE = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_TEXT = {"type": "string", "minLength": 1}
_FEATURE = "^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$"


def profile_schema(vocabulary: Vocabulary, approvals: Named, jurisdictions: Named) -> Schema:
    """JSON Schema (2020-12) of a profile; approvals and jurisdictions may come with their names as descriptions."""
    sections = {name: _section(vocabulary, name) for name in vocabulary.sections}
    facts = {name: {"$ref": f"#/$defs/{name}"} for name in sections}
    facts["approvals"] = _object({key: _described("approval", text) for key, text in _names(approvals)})
    layer = _object(facts) | {"patternProperties": {"^[a-z_]+\\.": True}}
    overlays = _object({code: _described("layer", name) for code, name in _names(jurisdictions)})
    feature = layer | {"properties": facts | {"in": overlays}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Carnet profile",
        "description": "What a company declares of its vehicle, service and organisation; what is absent is unknown.",
        **layer,
        "properties": _own_keys(vocabulary) | facts | {"in": overlays | {"description": "What differs by market."}},
        "$defs": sections | {"approval": _approval(vocabulary), "layer": layer, "feature": feature},
    }


def _own_keys(vocabulary: Vocabulary) -> Schema:
    closable = [*vocabulary.sections, "approvals", *sorted(_parts(vocabulary) - set(vocabulary.sections))]
    waiver = _object({"rule": _TEXT, "reason": _TEXT, "by": _TEXT, "until": _DATE})
    waiver |= {"type": "object", "required": ["rule", "reason", "by", "until"]}
    features = {"type": ["object", "null"], "additionalProperties": False}
    confirmation = _object({"rule": _TEXT, "by": _TEXT, "on": _DATE, "text": _TEXT})
    confirmation |= {"type": "object", "required": ["rule", "by", "on", "text"]}
    attachment = _object({"to": _TEXT, "file": _TEXT, "by": _TEXT, "on": _DATE})
    attachment |= {"type": "object", "required": ["to", "file", "by", "on"]}
    roles = vocabulary.facts[ROLES].values if ROLES in vocabulary.facts else {}
    return {
        "$schema": {"type": ["string", "null"], "description": "The schema by which an editor completes this file."},
        "name": _TEXT | {"description": "What this profile is called in reports."},
        "description": {"type": ["string", "null"]},
        "complete": {
            "type": ["array", "null"],
            "items": {"enum": closable},
            "description": "Sections declared in full: what is absent there is false, empty or not held.",
        },
        "features": features
        | {
            "patternProperties": {_FEATURE: {"$ref": "#/$defs/feature"}},
            "description": "The automated features of the vehicle, each with what differs from the base.",
        },
        "waivers": {
            "type": ["array", "null"],
            "items": waiver,
            "description": "Gaps that someone takes responsibility for until a day.",
        },
        "partners": _object({role: _TEXT | {"description": f"The {text}."} for role, text in roles.items()})
        | {"description": "Who does what besides the company itself."},
        "confidential": {
            "type": ["array", "null"],
            "items": _TEXT,
            "description": "Facts, sections and approvals that no file for a partner may show.",
        },
        "confirmations": {
            "type": ["array", "null"],
            "items": confirmation,
            "description": "Rules known from memory whose text somebody read for the company.",
        },
        "attachments": {
            "type": ["array", "null"],
            "items": attachment,
            "description": "Files that show what is declared, for the dossiers of applications.",
        },
        "choices": features
        | {
            "patternProperties": {_FEATURE: {"$ref": "#/$defs/layer"}},
            "description": "What the company could declare instead, each by a name; a plan may pick among them.",
        },
    }


def _names(named: Named) -> Iterable[tuple[str, str]]:
    return named.items() if isinstance(named, Mapping) else ((name, "") for name in named)


def _described(definition: str, text: str) -> Schema:
    return {"$ref": f"#/$defs/{definition}"} | ({"description": text} if text else {})


def _object(properties: Schema) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": False, "properties": properties}


def _parts(vocabulary: Vocabulary) -> set[str]:
    return {path[:end] for path in vocabulary.facts for end in range(len(path)) if path[end] == "."}


def _section(vocabulary: Vocabulary, name: str) -> Schema:
    section = vocabulary.sections[name]
    top: Schema = {}
    for path in section.facts:
        *groups, last = path.split(".")[1:]
        level = top
        for group in groups:
            level = level.setdefault(group, _object({}))["properties"]
        level[last] = fact_schema(vocabulary.facts[path])
    return _object(top) | {"patternProperties": {"\\.": True}, "title": section.title, "description": section.help}


def _approval(vocabulary: Vocabulary) -> Schema:
    fields = _object({name: fact_schema(fact) for name, fact in vocabulary.approval_fields.items()})
    state = vocabulary.approval_fields.get("state")
    states = dict(state.values) if state else {"held": "held"}
    words = _enum({**states, "none": "not held"}, [None])
    return {"anyOf": [words, fields | {"type": "object", "minProperties": 1}]}


def fact_schema(fact: Fact) -> Schema:
    """What may be written for one fact; `null` declares nothing."""
    schema = _value_schema(fact)
    text = " ".join(part for part in (fact.question, fact.help, f"({fact.term})" if fact.term else "") if part)
    return schema | {"description": text}


def _value_schema(fact: Fact) -> Schema:
    if fact.type == "bool":
        return {"type": ["boolean", "null"]}
    if fact.type in ("int", "number"):
        return _number(fact)
    if fact.type == "choice":
        return _enum(fact.values, [None])
    if fact.type == "set":
        item = _enum(fact.values, []) if fact.values else _TEXT
        return {"type": ["array", "null"], "uniqueItems": True, "items": item}
    one = _DATE if fact.type == "date" else _TEXT
    return one | {"type": ["string", "null"]}


def _enum(values: Mapping[str, str], more: list[None]) -> Schema:
    descriptions = [*values.values(), *("not known" for _ in more)]
    return {"enum": [*values, *more], "enumDescriptions": descriptions}


def _in_any_case(unit: str) -> str:
    """A pattern of a unit as the reader takes it; JSON Schema has no flag for that."""
    both = (f"[{letter.lower()}{letter.upper()}]" if letter.isascii() and letter.isalpha() else "" for letter in unit)
    return "".join(found or re.escape(letter) for found, letter in zip(both, unit, strict=True))


def _number(fact: Fact) -> Schema:
    schema: Schema = {"type": ["integer" if fact.type == "int" else "number", "null"]}
    if fact.range:
        schema |= {"minimum": fact.range[0], "maximum": fact.range[1]}
    if not fact.unit:
        return schema
    units = "|".join(_in_any_case(name) for name in spellings(fact.unit))
    quantity = {"type": "string", "pattern": rf"^\s*[-+]?[0-9]+(\.[0-9]+)?\s*({units})\s*$"}
    return {"anyOf": [schema, quantity]}
