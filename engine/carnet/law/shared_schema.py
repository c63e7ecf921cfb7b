# SPDX-License-Identifier: Apache-2.0
"""The shape of the files under `rules/` that all jurisdictions share, as strict pydantic models."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from carnet.law.planning_schema import CostClassSpec, KindPlanningSpec
from carnet.law.schema import RemedySpec
from carnet.law.spec import Model
from carnet.law.words import (
    Area,
    RuleId,
    Severity,
    Span,
    Text,
    Topic,
)

Share = Annotated[float, Field(ge=0, le=1)]


class DutyCaseSpec(Model):
    with_: dict[str, Any] = Field(default={}, alias="with")
    given: dict[str, Any]
    expect: Literal["compliant", "gap", "undetermined", "not_applicable"]


class DutySpec(Model):
    duty: RuleId
    title: Text
    takes: dict[str, str] = {}
    optional: list[str] = []
    defaults: dict[str, Any] = {}
    applies_when: Any = None
    requires: Any
    severity: Severity = "major"
    duty_holder: Text
    topic: Topic
    remedy: RemedySpec = RemedySpec()
    evidence: str = ""
    note: str = ""
    cases: list[DutyCaseSpec] = []


class ActionSpec(Model):
    id: RuleId
    title: Text
    who: str
    with_: list[str] = Field(default=[], alias="with")
    weeks: Span
    after: list[str] = []


class DutyHolderSpec(Model):
    """Who can bear a duty; without `borne_by` it is the company's in every role."""

    title: Text
    borne_by: list[Text] | None = None


class ApprovalKindSpec(Model):
    """What the approvals of one kind have in common; `testing_applicant` and `to_test` for a testing route.

    work: whether one is obtained, set up, or written and handed in. topic: of the finding that a route needs one.
    `permits_tests`: an approval of this kind says what a test under it may carry.
    """

    title: Text
    work: Literal["approval", "set_up", "document"] = "approval"
    topic: Topic = "market_access"
    applicant: Text
    testing_applicant: Text | None = None
    action: str = ""
    to_test: str = ""
    planning: KindPlanningSpec = KindPlanningSpec()
    permits_tests: bool = False


class GroupSpec(Model):
    title: str = ""
    members: list[str] = []
    union: list[str] = []
    note: str = ""


class PlaceSpec(Model):
    """What a place lies in directly, where its code does not say so."""

    title: Text
    within: Annotated[list[Text], Field(min_length=1)]


class DerivationSpec(Model):
    fact: Annotated[str, Field(pattern=r"^derived\.[a-z][a-z0-9_]*$")]
    type: Literal["bool", "number", "date"]
    title: Text
    unit: str = ""
    when: Any = None
    formula: str | None = None
    source: str = ""
    help: str = ""


class ScaleSpec(Model):
    """From which shares of its areas on a market is known well and fairly; see `known.Scale`."""

    well: Share
    fairly: Share
    needed: list[Area]
    settled_by_unions: list[Area]


class ReleaseSpec(Model):
    version: Text
    as_of: dt.date


class SharedSpec(Model):
    """One file under `rules/`, outside the vocabulary."""

    law: ReleaseSpec | None = None
    duties: list[DutySpec] = []
    actions: list[ActionSpec] = []
    groups: dict[str, GroupSpec] = {}
    derivations: list[DerivationSpec] = []
    duty_holders: dict[Text, DutyHolderSpec] = {}
    entry_modes: dict[Text, list[Text]] = {}
    approval_kinds: dict[Text, ApprovalKindSpec] = {}
    cost_classes: dict[Text, CostClassSpec] = {}
    coverage: ScaleSpec | None = None
    places: dict[Text, PlaceSpec] = {}
    flat_countries: list[Text] = []
