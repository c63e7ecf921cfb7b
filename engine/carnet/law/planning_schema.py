# SPDX-License-Identifier: Apache-2.0
"""The shape of what planning needs to know of approvals: of a kind in `approval-kinds.yaml`, of one in a catalogue.

What has `cites` is said by that text; what has none is an estimate of ours, and is shown as one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from carnet.law.spec import CiteSpec, Model
from carnet.law.words import Span, Text


class SourcedSpec(Model):
    """Said by a text where it cites one, else our estimate."""

    cites: list[CiteSpec] = []
    note: str = ""


Count = Annotated[int, Field(ge=0, le=10_000)]


class PeriodSpec(SourcedSpec):
    """A length of time in one unit."""

    days: Count | None = None
    working_days: Count | None = None
    weeks: Count | None = None
    months: Count | None = None
    years: Count | None = None


UNITS = ("days", "working_days", "weeks", "months", "years")


def _one_unit(period: PeriodSpec) -> PeriodSpec:
    units = [unit for unit in UNITS if getattr(period, unit) is not None]
    if isinstance(period, ValiditySpec) and period.unlimited:
        units.append("unlimited")
    if len(units) != 1:
        raise PydanticCustomError("period", "names no one length of time; write one of {units}", {"units": _UNITS})
    return period


_UNITS = "`days`, `working_days`, `weeks`, `months`, `years`"


def _cited(period: PeriodSpec) -> PeriodSpec:
    if not period.cites:
        raise PydanticCustomError("period", "is a period of the law, so it needs `cites`")
    return period


class ValiditySpec(PeriodSpec):
    """How long a grant lasts; `unlimited` where it has no end of its own."""

    unlimited: bool = False


def _document(value: object) -> object:
    return {"what": value} if isinstance(value, str) else value


class DocumentSpec(SourcedSpec):
    what: Text


class LeadSpec(SourcedSpec):
    weeks: Span


class LocalSpec(SourcedSpec):
    """What must be in the market to apply: the applicant itself, a company, a representative or an importer there."""

    needs: list[Literal["applicant", "entity", "representative", "importer"]] = []
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = []


class CostSpec(SourcedSpec):
    level: Text


class ChangeSpec(SourcedSpec):
    """What the law asks where a fact that the grant rests on changes.

    facts: paths, or beginnings of paths (`automation.`); empty: whatever the grant rests on.
    then: what the authority may ask after a notice. within: days for a notice; `before` the change, else after it.
    """

    facts: list[Text] = []
    asks: Literal["nothing", "notice", "extension", "new", "rxswin"]
    then: list[Literal["nothing", "extension", "new"]] = []
    to: str = ""
    within: Count | None = None
    before: bool = False


Period = Annotated[PeriodSpec, AfterValidator(_one_unit)]


class PlanningSpec(Model):
    """Exceptions of one approval from what holds for its kind.

    lead: weeks from the decision to apply until the grant; else those of `prepare` (ours) and `decide` (the authority).
    decision: the period within which the law has the authority decide on a complete application.
    changes: what a change of what was approved sets off, the more exact before the general.
    """

    lead: LeadSpec | None = None
    prepare: Span | None = None
    decide: Span | None = None
    decision: Annotated[Period | None, AfterValidator(lambda p: p and _cited(p))] = None
    applicant: Text | None = None
    local: LocalSpec | None = None
    documents: list[Annotated[DocumentSpec, BeforeValidator(_document)]] = []
    validity: Annotated[ValiditySpec | None, AfterValidator(lambda p: p and _one_unit(p))] = None
    renewal: Period | None = None
    cost: CostSpec | None = None
    changes: list[ChangeSpec] = []


class KindPlanningSpec(PlanningSpec):
    """The same for every approval of a kind, as our estimates."""

    prepare: Span = [2, 8]
    decide: Span = [4, 26]


class CostClassSpec(Model):
    """What a class of cost comes to, in thousands of euros: our estimate."""

    title: Text
    thousands_eur: Span
