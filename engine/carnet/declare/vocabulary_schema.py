# SPDX-License-Identifier: Apache-2.0
"""The shape of vocabulary files, as strict pydantic models.

Apart from `vocabulary` because pydantic's model machinery costs start-up time and a cached law never needs it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from carnet.declare.quantities import UNITS
from carnet.declare.vocabulary import Beyond, Fact, FactType, FirstQuestion, Possible, Work
from carnet.logic.condition import Condition

Text = Annotated[str, StringConstraints(min_length=1)]
Range = Annotated[list[int | float], Field(min_length=2, max_length=2)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PossibleEntry(_Strict):
    """What a number can be, by the value of another fact."""

    by: Text
    ranges: dict[Text, Range]

    def possible(self) -> Possible:
        return Possible(self.by, {value: (low, high) for value, (low, high) in self.ranges.items()})


class BeyondEntry(_Strict):
    """What lies outside a limit of a grant."""

    law: Text
    grant: Text


class FactEntry(_Strict):
    """One fact as its file writes it."""

    type: FactType
    question: Text
    unit: Literal[tuple(UNITS)] | None = None  # type: ignore[valid-type]
    values: Annotated[dict[Text, Text], Field(min_length=1)] | None = None
    items: Literal["country", "language", "place", "text", "approval"] | None = None
    range: Range | None = None
    likely: Range | None = None
    possible: PossibleEntry | None = None
    help: Text | None = None
    term: Text | None = None
    per: Literal["market"] | None = None
    identity: bool = False
    formerly: list[Text] = Field(default_factory=list)
    renamed: dict[Text, Text] = Field(default_factory=dict)
    limit: dict[Text, Any] | None = None
    beyond: BeyondEntry | None = None
    in_tests: bool = False
    work: Work | None = None

    def fact(self, path: str, work: Work, limit: Condition | None = None) -> Fact:
        return Fact(
            path=path,
            type=self.type,
            question=self.question,
            unit=self.unit or "",
            values=self.values or {},
            items=self.items or "",
            range=(self.range[0], self.range[1]) if self.range else None,
            help=self.help or "",
            term=self.term or "",
            per_market=self.per == "market",
            likely=(self.likely[0], self.likely[1]) if self.likely else None,
            possible=self.possible.possible() if self.possible else None,
            identity=self.identity,
            formerly=tuple(self.formerly),
            renamed=self.renamed,
            limit=limit,
            in_tests=self.in_tests,
            beyond=Beyond(self.beyond.law, self.beyond.grant) if self.beyond else None,
            work=self.work or work,
        )


class FirstEntry(_Strict):
    """A fact to ask for, unless an earlier answer is none of these."""

    ask: Text
    when: dict[Text, Annotated[list[bool | int | Text], Field(min_length=1)]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"ask": data} if isinstance(data, str) else data

    def question(self) -> FirstQuestion:
        return FirstQuestion(self.ask, tuple((path, tuple(wanted)) for path, wanted in self.when.items()))


class SectionFile(_Strict):
    """A file of `rules/vocabulary/`: the facts of one section; or, without `section`, the fields that every approval
    has, or the facts to ask for first."""

    section: Text = "approvals"
    title: Text | None = None
    help: Text = ""
    department: Text = ""
    work: Work = "set_up"
    facts: dict[str, FactEntry] = Field(default_factory=dict)
    fields: dict[str, FactEntry] = Field(default_factory=dict)
    first: list[FirstEntry] = Field(default_factory=list)
