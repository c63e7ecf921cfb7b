# SPDX-License-Identifier: Apache-2.0
"""The shape of pack files, as strict pydantic models. Conditions stay plain data here; `link` parses them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from carnet.law import grounds
from carnet.law.grounds import Ground, Reading
from carnet.law.planning_schema import PlanningSpec
from carnet.law.spec import CiteSpec, Model
from carnet.law.words import (
    Address,
    ApprovalId,
    Area,
    Basis,
    Code,
    Confidence,
    Date,
    InstrumentKind,
    JurisdictionKind,
    Layer,
    Needs,
    RuleId,
    Severity,
    Start,
    Status,
    Text,
    Topic,
    Unrecorded,
)


class ReadSpec(Model):
    """When a text was read, which one it was (official, translation, consolidated until when), and where."""

    on: dt.date
    what: Text
    at: str = ""


class Grounded(Model):
    """What a line of law rests on, how its text was read, and when and where; nothing recorded is unreviewed."""

    basis: Basis = "unreviewed"
    confidence: Confidence | None = None
    read: Annotated[ReadSpec | None, Unrecorded] = None

    def ground(self) -> Ground:
        """The same, for the linked law."""
        read = Reading(self.read.on, self.read.what, self.read.at) if self.read else None
        return Ground(grounds.Basis(self.basis), grounds.Confidence(self.confidence) if self.confidence else None, read)


class InForceSpec(Model):
    """When a duty counts; `before` says by the first day of which year it counted at the latest."""

    from_: Start = Field(default=None, alias="from")
    before: Annotated[int, Field(ge=1800, le=2100)] | None = None
    until: Date = None
    new_types: Date = None
    all_vehicles: Date = None


class CaseSpec(Model):
    given: dict[str, Any]
    expect: Literal["compliant", "gap", "undetermined", "not_applicable", "absent"]
    as_of: dt.date | None = None
    market: Code | None = None
    unknown: list[str] | None = None
    says: str = ""


class RemedySpec(Model):
    action: str = ""
    text: str = ""


class RuleSpec(Grounded):
    id: RuleId
    title: str = ""
    text: str = ""
    topic: Topic | None = None
    cites: list[CiteSpec] = []
    in_force: InForceSpec = InForceSpec()
    legal_status: Status = "in_force"
    confidence: Confidence
    duty_holder: Text | None = None
    severity: Severity | None = None
    applies_when: Any = None
    requires: Any = None
    duty: str | None = None
    with_: dict[str, Any] = Field(default={}, alias="with")
    when: Any = None
    remedy: RemedySpec = RemedySpec()
    evidence: str = ""
    routes: list[RuleId] = []
    layer: Layer = "national"
    curable: bool = True
    supersedes: list[RuleId] = []
    conflicts_with: list[RuleId] = []
    states_need: list[ApprovalId] = []
    note: str = ""
    tests: list[CaseSpec] = []


class ProvesSpec(Model):
    """What a held approval proves by the provision that says so; nothing else is proven by it."""

    approvals: list[ApprovalId] = []
    rules: list[RuleId] = []
    cites: Annotated[list[CiteSpec], Field(min_length=1)]
    note: str = ""


class ApprovalSpec(Grounded):
    """`limits` names the fields of a grant that this approval always carries, such as its area or a speed.

    planning: in what obtaining it differs from others of its kind.
    """

    title: Text
    granted_by: str = ""
    kind: Text
    since: Date = None
    until: Date = None
    after: Needs = []
    limits: list[Text] = []
    proves: list[ProvesSpec] = []
    legal_status: Status = "in_force"
    cites: list[CiteSpec] = []
    planning: PlanningSpec = PlanningSpec()
    note: str = ""


class RouteSpec(Grounded):
    id: RuleId
    title: Text
    kind: Literal["deployment", "testing"]
    track: Literal["driving", "parking", "remote"] = "driving"
    layer: Layer = "national"
    authority: str = ""
    available_when: Any = None
    needs: Needs = []
    since: Date = None
    until: Date = None
    certainty: Literal["settled", "silent"] = "settled"
    legal_status: Status = "in_force"
    cites: list[CiteSpec] = []
    note: str = ""


class InstrumentSpec(Model):
    id: Text
    title: Text
    short: str = ""
    kind: InstrumentKind | Literal[""] = ""
    url: Address | None = ""
    optional: bool = False


class ParameterValueSpec(Grounded):
    from_: Start = Field(default=None, alias="from")
    value: Any
    confidence: Confidence = "secondary"
    cites: list[CiteSpec] = []
    note: str = ""


class ParameterSpec(Model):
    unit: str = ""
    values: Annotated[list[ParameterValueSpec], Field(min_length=1)]


class AdoptionSpec(Grounded):
    from_: Start = Field(default=None, alias="from")
    until: Date = None
    series: int | None = None
    cites: list[CiteSpec] = []
    note: str = ""


class ExplanationSpec(Grounded):
    when: Any = None
    why: Text
    members: list[Code] = []
    rules: list[str] = []
    cites: list[CiteSpec] = []


class CoverageSpec(Model):
    """How well one area of a market's law is known: encoded, searched in vain (when, where), or not researched."""

    state: Literal["encoded", "searched", "not_researched"]
    on: Date = None
    where: str = ""


class AuthoritySpec(Model):
    name: Text
    role: str = ""
    url: Address | None = ""


class JurisdictionSpec(Model):
    id: Code
    name: Text
    parent: Code | None = None
    kind: JurisdictionKind = "state"
    drives_on: Literal["left", "right"] | None = None
    currency: str = ""
    languages: list[str] = []
    authorities: list[AuthoritySpec] = []
    summary: str = ""
    vienna_convention_1968: bool | None = None
    un_1958_agreement: bool | None = None
    applies: dict[str, AdoptionSpec] = {}
    recognises: dict[str, list[str]] = {}
    decided_below: list[ExplanationSpec] = []
    closed_for: list[ExplanationSpec] = []
    coverage: dict[Area, CoverageSpec] = {}
    note: str = ""


class NoteSpec(Model):
    id: Text
    title: str = ""
    text: Text
    topic: Topic | None = None
    cites: list[CiteSpec] = []
    from_: Start = Field(default=None, alias="from")
    until: Date = None
    confidence: Confidence | None = None
    legal_status: Status | None = None
    decisive: bool = False


class NotCoveredSpec(Model):
    record: Text
    title: str = ""
    reason: Text
    cites: list[CiteSpec] = []


class PackSpec(Model):
    """One file under `jurisdictions/<CODE>/`; `cases` stand in a file of their own, `<topic>.cases.yaml`."""

    jurisdiction: JurisdictionSpec | None = None
    parameters: dict[str, ParameterSpec] = {}
    instruments: list[InstrumentSpec] = []
    approvals: dict[ApprovalId, ApprovalSpec] = {}
    routes: list[RouteSpec] = []
    rules: list[RuleSpec] = []
    cases: dict[RuleId, list[CaseSpec]] = {}
    notes: list[NoteSpec] = []
    not_covered: list[NotCoveredSpec] = []
