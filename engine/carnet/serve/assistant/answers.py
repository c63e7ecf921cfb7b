# SPDX-License-Identifier: Apache-2.0
"""Answers of the tools: short, structured, with the receipt, how well the law is known, and that this is no advice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, Field

from carnet.api import Law as CarnetLaw

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


class Reached(Answer):
    """The best outcome of each market, and the least that brings it there."""

    markets: list[Way]


class Opens(BaseModel):
    """A market that opens: when, what it then is, and by what."""

    market: str
    name: str
    outcome: Outcome
    earliest: str
    latest: str
    waits_for: list[str] = Field(description="Ids of steps")
    decided_by: list[str] = Field(description="The chain of steps that decides the day")
    with_less: str | None = Field(description="With less than was declared, where it opens only so")
    assumed: list[str] = Field(description="Taken to be so though nothing is declared; declare it first")


class Task(BaseModel):
    """A step: an approval to obtain or a change to make."""

    id: str
    what: str
    who: str
    begin: str
    done_earliest: str
    done_latest: str
    slack_days: int
    after: list[str]
    markets: list[str]
    closes: int
    estimate: bool = Field(description="How long it takes is our estimate, not a text's")


class NotOpened(BaseModel):
    """A market that does not open, and why."""

    market: str
    name: str
    outcome: Outcome
    why: str


class Planned(Answer):
    """A road map: the order of entry, and the steps; each opening was confirmed by a check under the law of its day."""

    summary: str
    quality: str
    start: str
    openings: list[Opens]
    steps: list[Task]
    not_opened: list[NotOpened]
    more: More | None = None


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


def known(law: CarnetLaw, markets: Iterable[str]) -> dict[str, list[str]]:
    """The markets by how well their law is known."""
    found: dict[str, list[str]] = {}
    for market in markets:
        found.setdefault(law.known(market).level.value, []).append(market)
    return found
