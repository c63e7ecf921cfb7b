# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from carnet.declare.profile import Profile
from carnet.declare.schema import profile_schema
from carnet.declare.vocabulary import Vocabulary
from carnet.errors import CarnetError

APPROVALS = {"UN-R155": "Cyber security", "UN-R157": "Automated lane keeping"}
JURISDICTIONS = {"DE": "Germany", "AE": "Emirates"}


@pytest.fixture(scope="module")
def validator(vocabulary: Vocabulary) -> Draft202012Validator:
    schema = profile_schema(vocabulary, APPROVALS, JURISDICTIONS)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_json(text: str) -> Any:
    """What an editor's validator sees: dates are text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=dt.date.isoformat))


@pytest.mark.parametrize(
    "text",
    [
        "name: A\nvehicle: {category: M1, seats: 5, type_approved_on: 2026-05-01, origin_country: CN}",
        "odd: {max_speed_kmh: 60 mph, road_types: [urban]}\noperation: {remote: {response_time_s: 2.5}}",
        "approvals: {UN-R157: {held: true, series: 1}, UN-R155: none}",
        "in: {DE: {odd: {snow: true}}}\nfeatures: {p: {automation: {sae_level: 3}, in: {AE: {odd: {snow: false}}}}}",
        "complete: [approvals, operation.remote]\nwaivers: [{rule: a, reason: b, by: c, until: 2027-01-01}]",
        "vehicle: {seats: }\nodd:\nin:\nfeatures:\napprovals: {UN-R157: }",
        "odd.max_speed_kmh: 95\noperation: {remote.response_time_s: 2}",
    ],
)
def test_what_the_reader_takes_the_schema_takes(validator: Any, vocabulary: Vocabulary, text: str) -> None:
    Profile.from_text(text, vocabulary, approvals=APPROVALS, jurisdictions=JURISDICTIONS)
    assert [error.message for error in validator.iter_errors(as_json(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "vehicle: {category: M9}",
        "vehicle: {seats: 5.5}",
        "vehicle: {seats: 500}",
        "vehicle: {seat: 5}",
        "odd: {max_speed_kmh: 60 kg}",
        "odd: {max_speed_kmh: 401}",
        "odd: {road_types: urban}",
        "odd: {road_types: [urban, urban]}",
        "odd: {snow: 'yes'}",
        "approvals: {UN-R156: held}",
        "approvals: {UN-R157: {}}",
        "approvals: {UN-R157: {serie: 1}}",
        "in: {FR: {}}",
        "in: {DE: {in: {}}}",
        "features: {a b: {}}",
        "complete: [approval]",
        "waivers: [{rule: a}]",
        "xyzzy: 1",
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(validator: Any, vocabulary: Vocabulary, text: str) -> None:
    assert list(validator.iter_errors(as_json(text)))
    with pytest.raises(CarnetError):
        Profile.from_text(text, vocabulary, approvals=APPROVALS, jurisdictions=JURISDICTIONS)


def test_editors_are_given_the_questions_and_the_meaning_of_values(vocabulary: Vocabulary) -> None:
    schema = profile_schema(vocabulary, APPROVALS, JURISDICTIONS)
    category = schema["$defs"]["vehicle"]["properties"]["category"]
    assert category["description"] == "Which UNECE category is the vehicle? (UNECE R.E.3)"
    assert category["enumDescriptions"][0] == "car"
    assert schema["properties"]["approvals"]["properties"]["UN-R157"]["description"] == "Automated lane keeping"
    assert schema["properties"]["in"]["properties"]["DE"]["description"] == "Germany"
    assert schema["$defs"]["odd"]["title"] == "Operational design domain"


def test_names_may_come_without_descriptions(vocabulary: Vocabulary) -> None:
    schema = profile_schema(vocabulary, ["UN-R157"], ["DE"])
    assert schema["properties"]["in"]["properties"] == {"DE": {"$ref": "#/$defs/layer"}}
