# SPDX-License-Identifier: Apache-2.0
"""The parts of a JSON report that a comparison reads, checked before it does: files are saved for years, and edited."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from carnet.assess.model import BEST_FIRST
from carnet.errors import Place, SourceError

HINT = "write one with `carnet check PROFILE -m DE -o report.json`"


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Receipt(_Part):
    carnet: str
    law_version: str
    law_sha256: str
    profile_sha256: str
    as_of: str


class _Profile(_Part):
    name: str | None = None


class _Cite(_Part):
    instrument: str
    provision: str


class _Because(_Part):
    fact: str
    declared: Any
    required: str


class _Waived(_Part):
    until: str | None
    expired: bool


class _InForce(_Part):
    until: str | None = None


class _Finding(_Part):
    rule: str
    title: str
    feature: str | None = None
    status: Literal["compliant", "gap", "undetermined", "not_applicable"]
    severity: Literal["blocking", "major", "advisory"]
    cites: list[_Cite] = []
    because: list[_Because] = []
    unknown: list[str] = []
    waived: _Waived | None = None
    in_force: _InForce | None = None
    on_route: bool = True
    superseded_by: str | None = None


class _Market(_Part):
    market: str
    name: str
    outcome: Literal[tuple(outcome.value for outcome in BEST_FIRST)]  # type: ignore[valid-type]
    as_of: str
    route: str | None = None
    findings: list[_Finding]


class _Report(_Part):
    receipt: _Receipt
    profile: _Profile
    markets: list[_Market]


def check_shape(data: object, file: str) -> None:
    """Refuse what a comparison cannot read.

    Raises:
        SourceError: naming the first part that is missing or of another kind.
    """
    try:
        report = _Report.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in found["loc"])[:120]
        what = (
            f"`{where}` {'is missing' if found['type'] == 'missing' else 'is of another kind'}" if where else "no keys"
        )
        raise SourceError(f"is not a report in JSON ({what})", Place(file), HINT) from None
    codes = [market.market for market in report.markets]
    if len(codes) != len(set(codes)):
        raise SourceError("is not a report in JSON (a market stands in it twice)", Place(file), HINT)
