# SPDX-License-Identifier: Apache-2.0
"""Answers of the tools: short, structured, with the receipt, how well the law is known, and that this is no advice."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

NOTICE = (
    "No legal advice. This follows from what the profile declares and from law as it was encoded; `known` and "
    "`confidence` say how well it was read. What is undetermined is not known, and never good news."
)
Outcome = Literal["open", "conditional", "test_only", "undetermined", "closed", "prohibited"]


class Receipt(BaseModel):
    """What makes the answer reproducible."""

    carnet: str
    law_version: str
    law_sha256: str
    profile_sha256: str = ""
    evaluator: str = ""
    as_of: str = ""


class More(BaseModel):
    """That something was left out, and how to ask for it."""

    left_out: int
    ask: str = Field(description="The arguments that show the next part")


class Answer(BaseModel):
    """What every answer carries."""

    receipt: Receipt
    known: dict[str, list[str]] = Field(
        default={}, description="Markets by how well their law is known: well, fairly or thinly"
    )
    notice: str = NOTICE


class Cite(BaseModel):
    """A provision."""

    instrument: str
    provision: str
    url: str | None


class Item(BaseModel):
    """A finding in short."""

    rule: str
    title: str
    status: str
    severity: str
    confidence: str = Field(description="How the text was read: primary, official, secondary or memory")
    provisions: list[str]
    remedy: str | None
    unknown: list[str] = Field(description="Undeclared facts that would settle it")


class Market(BaseModel):
    """One market: what counts there, the gravest first."""

    market: str
    name: str
    as_of: str
    outcome: Outcome
    route: str | None
    counts: dict[str, int]
    known: str = Field(description="How well this market's law is known: well, fairly or thinly")
    findings: list[Item]
    more: More | None = None


class Checked(Answer):
    """Outcomes and findings, market by market."""

    markets: list[Market]


class Explained(Answer):
    """One finding in full."""

    market: str
    finding: dict[str, Any]


class Question(BaseModel):
    """What to declare, and what hangs on it."""

    fact: str
    question: str
    values: list[str]
    blocking: int
    findings: int
    markets: list[str]


class Asked(Answer):
    """Questions, the most decisive first."""

    questions: list[Question]
    more: More | None = None


class Turned(BaseModel):
    """A market whose outcome flips, or a finding that turns."""

    market: str
    what: str
    before: str | None
    after: str | None


class WhatIf(Answer):
    """What another declaration changes."""

    outcomes: list[Turned]
    findings: list[Turned]
    more: More | None = None


class Step(BaseModel):
    """One thing to obtain, change or declare."""

    kind: str
    path: str
    value: Any
    before: Any
    closes: int


class Way(BaseModel):
    """How far one market can come."""

    market: str
    name: str
    before: Outcome
    outcome: Outcome
    steps: list[Step]
    obstacles: list[str]
    more: More | None = None


class Planned(Answer):
    """The best outcome of each market, and the least that brings it there."""

    markets: list[Way]


class Row(BaseModel):
    """One market, by profile."""

    market: str
    name: str
    outcomes: dict[str, Outcome]
    blocking: dict[str, int]


class Compared(Answer):
    """Profiles against markets, the nearest first."""

    profiles: list[str]
    rows: list[Row]
    more: More | None = None


class Found(BaseModel):
    """Something in the law."""

    kind: str
    id: str
    title: str
    jurisdiction: str
    source: str


class Law(Answer):
    """What was found."""

    total: int
    found: list[Found]
    more: More | None = None
