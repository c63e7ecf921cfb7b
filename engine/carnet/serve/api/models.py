# SPDX-License-Identifier: Apache-2.0
"""Answers of the API as its document describes them; the records of the library in words that every language has."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal["open", "conditional", "test_only", "undetermined", "closed", "prohibited"]
Status = Literal["compliant", "gap", "undetermined", "not_applicable"]


class ReceiptModel(BaseModel):
    """What makes an answer reproducible."""

    carnet: str
    law_version: str
    law_sha256: str
    profile_sha256: str
    evaluator: str
    as_of: str


class ReceiptHolder(BaseModel):
    """An answer with a receipt; `carnet schema` describes the rest of some of them."""

    model_config = ConfigDict(extra="allow")

    receipt: ReceiptModel


class Described(BaseModel):
    """What `carnet schema` describes under the operation's name."""

    model_config = ConfigDict(extra="allow")


class Question(BaseModel):
    """One undeclared fact and what waits for it; see `carnet.plan.questions.Question`."""

    question: str
    fact: str
    findings: int
    blocking: int
    alone: int
    markets: list[str]
    rules: list[str]


class OutcomeChange(BaseModel):
    """A market whose outcome flips."""

    market: str
    before: Outcome
    after: Outcome


class FindingChange(BaseModel):
    """A finding whose status turns; null where it is not there."""

    market: str
    rule: str
    title: str
    feature: str
    before: Status | None
    after: Status | None


class MarketOutcomes(BaseModel):
    """A market before and after."""

    market: str
    name: str
    before: Outcome
    after: Outcome


class Overridden(BaseModel):
    """Where the profile declares a fact again, so that a setting says nothing there."""

    path: str
    feature: str | None
    within: str | None


class WhatIf(BaseModel):
    """What another declaration changes."""

    receipt: ReceiptModel
    after: ReceiptModel
    outcomes: list[OutcomeChange]
    findings: list[FindingChange]
    markets: list[MarketOutcomes]
    overridden: list[Overridden]


class Gaps(BaseModel):
    """How many, by severity."""

    blocking: int
    major: int
    advisory: int


class Cell(BaseModel):
    """One profile in one market."""

    outcome: Outcome
    route: str | None
    no_way_in: bool
    as_of: dt.date
    gaps: Gaps
    undetermined: int
    compliant: int


class Row(BaseModel):
    """One market, with a cell for each profile by its name."""

    market: str
    name: str
    first_look: bool
    profiles: dict[str, Cell]


class Matrix(BaseModel):
    """Profiles against markets."""

    profiles: list[str]
    receipts: dict[str, ReceiptModel]
    markets: list[Row]


class Span(BaseModel):
    """From one day to another, both included."""

    from_: dt.date = Field(alias="from")
    until: dt.date
    outcome: Outcome


class Reason(BaseModel):
    """Why something changes on a day."""

    kind: str
    title: str
    rule: str
    provision: str
    before: Status | None
    after: Status | None
    severity: str


class Turn(BaseModel):
    """A day on which something changes."""

    day: dt.date
    before: Outcome
    after: Outcome
    reasons: list[Reason]


class Band(BaseModel):
    """One market over time."""

    market: str
    name: str
    outcome: Outcome
    spans: list[Span]
    turns: list[Turn]
    undated: list[str]


class TimelineModel(BaseModel):
    """How outcomes change with the law, approvals and waivers."""

    profile: str
    receipt: ReceiptModel
    start: dt.date
    until: dt.date
    markets: list[Band]


class Change(BaseModel):
    """A finding that is not what it was."""

    kind: str
    rule: str
    title: str
    feature: str
    severity: str
    before: str | None
    after: str | None
    causes: list[str]
    detail: str
    provision: str


class MarketChange(BaseModel):
    """A market in both reports."""

    market: str
    name: str
    before: str
    after: str
    days: list[str]
    routes: list[str | None]
    changes: list[Change]
    worse: bool


class DifferenceModel(BaseModel):
    """What changed between two reports."""

    old: ReceiptModel
    new: ReceiptModel
    causes: dict[str, str]
    added: list[str]
    removed: list[str]
    markets: list[MarketChange]
