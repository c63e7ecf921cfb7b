# SPDX-License-Identifier: Apache-2.0
"""The closed enumerations and plain types that pack files are written in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from carnet.addresses import web_address
from carnet.law.known import Area as Area

Date = dt.date | None


def _first_day(value: object) -> object:
    if value is None:
        raise PydanticCustomError("first_day", "names no day; write `unknown` where the first day is not known")
    return None if value == "unknown" else value


def _reading(value: object) -> object:
    return None if value == "unrecorded" else value


Start = Annotated[
    Date,
    BeforeValidator(_first_day),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"const": "unknown"}]}),
]
"""A first day; `unknown` where it is not known, so that nobody reads silence as "always"."""
Unrecorded = BeforeValidator(_reading)
Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2,6}(-[A-Z0-9]{1,5})?$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
ApprovalId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]*$")]
Status = Literal["in_force", "adopted", "proposed", "guidance"]
Confidence = Literal["primary", "official", "secondary", "memory"]
Basis = Literal["text", "derived", "practice", "inference", "unreviewed"]
Severity = Literal["blocking", "major", "advisory"]
Layer = Literal["national", "home"]
Topic = Literal[
    "market_access",
    "ads_approval",
    "traffic_law",
    "operations",
    "driver_hmi",
    "environment",
    "cyber_data",
    "liability_insurance",
    "commercial",
]
Needs = list[Annotated[list[ApprovalId], Field(min_length=1)]]
JurisdictionKind = Literal["state", "subdivision", "city", "union", "treaty"]
InstrumentKind = Literal[
    "statute", "ordinance", "regulation", "treaty", "decision", "standard", "guideline", "policy", "bill"
]


def _rising(weeks: list[int]) -> list[int]:
    if not 0 <= weeks[0] <= weeks[1]:
        raise PydanticCustomError("weeks", "is not the fewest weeks and then the most, such as [4, 8]")
    return weeks


def _of_the_web(url: str) -> str:
    if url and not web_address(url):
        raise PydanticCustomError("address", "is no address of the web, such as https://law.example/act")
    return url


Span = Annotated[list[int], Field(min_length=2, max_length=2), AfterValidator(_rising)]
Address = Annotated[str, AfterValidator(_of_the_web)]
