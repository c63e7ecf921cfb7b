# SPDX-License-Identifier: Apache-2.0
"""From validated specs to the law's dataclasses; names are resolved by `link`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from carnet.errors import LawError, suggest
from carnet.law import schema, shared_schema
from carnet.law.build_approval import approval_of, cites
from carnet.law.declared import misplaced
from carnet.law.ids import NEEDS
from carnet.law.model import (
    Adoption,
    Approval,
    Authority,
    Basis,
    Case,
    Confidence,
    Coverage,
    Explanation,
    InForce,
    Instrument,
    Jurisdiction,
    Kind,
    LegalStatus,
    NotCovered,
    Note,
    Place,
    Remedy,
    Route,
    Rule,
    Severity,
    Span,
)
from carnet.law.parameters import Parameter, ParameterValue
from carnet.logic.bind import Given
from carnet.logic.condition import TRUE, Condition, NoLimit, ParamValue, both
from carnet.logic.parse import ConditionParser
from carnet.source import Path_, Source

if TYPE_CHECKING:
    from carnet.law.build_shared import DutyConditions

OPERANDS = ({"fact"}, {"param"}, {"formula"}, {"group"})


class Builder:
    """Builds what one file declares."""

    def __init__(
        self, source: Source, duties: Mapping[str, shared_schema.DutySpec], duty_conditions: DutyConditions
    ) -> None:
        self._source = source
        self._parser = ConditionParser(source)
        self._duties = duties
        self._duty_conditions = duty_conditions

    def place(self, path: Path_) -> Place:
        place = self._source.place(path)
        return Place(place.file, place.line, place.column)

    def error(self, message: str, path: Path_, hint: str = "") -> LawError:
        return LawError(message, self._source.place(path), hint)

    def condition(self, data: Any, path: Path_, required: bool = False) -> Condition:
        """The condition at a place; `required`: whether it is what a rule requires."""
        if data is None:
            return TRUE
        condition = self._parser.parse(data, path)
        for place in misplaced(data, path, required):
            hint = f"compare `{place[-2]}` with a value, so that it is asked for while nobody declared it"
            raise self.error("`declared` may only be `true`, in what a rule requires, outside `not`", place, hint)
        return condition

    def rule(self, spec: schema.RuleSpec, code: str, path: Path_) -> Rule:
        duty = self._duty(spec, path)
        if NEEDS in spec.id:
            raise self.error(f"the id `{spec.id}` reads like a route's need", (*path, "id"), "leave out `needs`")
        if duty is None and (spec.requires is None or not spec.title or spec.topic is None or spec.severity is None):
            missing = [key for key in ("title", "topic", "severity", "requires") if not getattr(spec, key)]
            raise self.error(
                f"rule `{spec.id}` has no `{missing[0]}`", path, "add it, or make it an instance of a duty"
            )
        if duty is None and spec.duty_holder is None:
            raise self.error(f"rule `{spec.id}` has no `duty_holder`", path, "say whose duty it is")
        applies, requires = self._conditions(spec, duty, path)
        return Rule(
            id=spec.id,
            jurisdiction=code,
            title=spec.title or (duty.title if duty else ""),
            text=spec.text,
            topic=spec.topic or (duty.topic if duty else ""),
            cites=cites(spec.cites),
            in_force=self._in_force(spec.in_force, (*path, "in_force")),
            legal_status=LegalStatus(spec.legal_status),
            confidence=Confidence(spec.confidence),
            duty_holder=spec.duty_holder or (duty.duty_holder if duty else ""),
            severity=Severity(spec.severity or (duty.severity if duty else "major")),
            applies_when=applies,
            requires=requires,
            remedy=self._remedy(spec, duty),
            evidence=spec.evidence or (duty.evidence if duty else ""),
            routes=tuple(spec.routes),
            layer=spec.layer,
            curable=spec.curable,
            supersedes=tuple(spec.supersedes),
            conflicts_with=tuple(spec.conflicts_with),
            states_need=tuple(spec.states_need),
            note=spec.note,
            duty=spec.duty or "",
            tests=self.cases(spec.tests, code, (*path, "tests")),
            place=self.place(path),
            basis=Basis(spec.basis),
            read=spec.ground().read,
        )

    def _duty(self, spec: schema.RuleSpec, path: Path_) -> shared_schema.DutySpec | None:
        if spec.duty is None:
            if spec.with_ or spec.when is not None:
                raise self.error(
                    "`with` and `when` belong to an instance of a duty", path, "add `duty:` or remove them"
                )
            return None
        if spec.requires is not None or spec.applies_when is not None:
            raise self.error("an instance of a duty has no conditions of its own", path, "narrow it with `when:`")
        if spec.duty not in self._duties:
            raise self.error(f"no duty is called `{spec.duty}`", (*path, "duty"), suggest(spec.duty, self._duties))
        duty = self._duties[spec.duty]
        for name in spec.with_:
            if name not in duty.takes:
                hint = suggest(name, duty.takes) or f"it takes {', '.join(duty.takes)}"
                raise self.error(f"duty `{spec.duty}` takes no `{name}`", (*path, "with", name), hint)
        return duty

    def _conditions(
        self, spec: schema.RuleSpec, duty: shared_schema.DutySpec | None, path: Path_
    ) -> tuple[Condition, Condition]:
        if duty is None:
            applies = self.condition(spec.applies_when, (*path, "applies_when"))
            return applies, self.condition(spec.requires, (*path, "requires"), required=True)
        given = {name: self.given(value, (*path, "with", name)) for name, value in spec.with_.items()}
        applies, requires = self._duty_conditions.instance(duty.duty, given)
        if spec.when is not None:
            applies = both(applies, self.condition(spec.when, (*path, "when")))
        return applies, requires

    def _remedy(self, spec: schema.RuleSpec, duty: shared_schema.DutySpec | None) -> Remedy:
        default = duty.remedy if duty else schema.RemedySpec()
        return Remedy(spec.remedy.action or default.action, spec.remedy.text or default.text)

    def _in_force(self, spec: schema.InForceSpec, path: Path_) -> InForce:
        """When a duty counts; an end before a beginning is an error."""
        span = InForce(spec.all_vehicles or spec.from_, spec.until, spec.new_types, spec.before)
        if span.before and span.start:
            raise self.error("`before` and a first day say the same thing twice", path, "keep the day")
        self.in_order(span.first_day, span.until, path)
        if span.new_types and span.start and span.start < span.new_types:
            raise self.error("binds all vehicles before new types", path, "exchange the two days")
        return span

    def in_order(self, first: dt.date | None, last: dt.date | None, path: Path_) -> None:
        """Refuse a last day before the first."""
        if first and last and last < first:
            raise self.error(f"ends on {last}, before it begins on {first}", path, "correct one of the two days")

    def cases(self, specs: Iterable[schema.CaseSpec], code: str, path: Path_) -> tuple[Case, ...]:
        return tuple(self._case(case, code, (*path, i)) for i, case in enumerate(specs))

    def _case(self, spec: schema.CaseSpec, code: str, path: Path_) -> Case:
        unknown = None if spec.unknown is None else tuple(spec.unknown)
        market = spec.market or code
        return Case(plain(spec.given), spec.expect, spec.as_of, market, unknown, self.place(path), spec.says)

    def given(self, data: Any, path: Path_) -> Given:
        """A parameter's value: plain, a table, an operand, or "the law sets none"."""
        if isinstance(data, dict):
            if set(data) not in OPERANDS:
                raise self.error("is not a parameter value", path, "write a value, a list, or {formula: text}")
            return self._parser.reference(data, path)
        return self.value(data, path)

    def value(self, data: Any, path: Path_) -> ParamValue:
        if data == "none":
            return NoLimit.NONE
        if isinstance(data, list):
            rows = [tuple(item) if isinstance(item, list) else item for item in data]
            return tuple(rows)
        if data is None:
            raise self.error(f"`{path[-1]}` has no value", path, "write `none` where the law sets none")
        return data  # type: ignore[no-any-return]

    def approval(self, id_: str, spec: schema.ApprovalSpec, code: str, path: Path_) -> Approval:
        self.in_order(spec.since, spec.until, path)
        return approval_of(id_, spec, code, self.place(path))

    def route(self, spec: schema.RouteSpec, code: str, path: Path_) -> Route:
        self.in_order(spec.since, spec.until, path)
        return Route(
            id=spec.id,
            jurisdiction=code,
            title=spec.title,
            kind=Kind(spec.kind),
            track=spec.track,
            layer=spec.layer,
            authority=spec.authority,
            available_when=self.condition(spec.available_when, (*path, "available_when")),
            needs=tuple(tuple(group) for group in spec.needs),
            span=Span(spec.since, spec.until),
            silent=spec.certainty == "silent",
            legal_status=LegalStatus(spec.legal_status),
            cites=cites(spec.cites),
            note=spec.note,
            place=self.place(path),
            ground=spec.ground(),
        )

    def instrument(self, spec: schema.InstrumentSpec, code: str, path: Path_) -> Instrument:
        short = spec.short or spec.title
        return Instrument(spec.id, code, spec.title, short, spec.kind, spec.url or "", spec.optional, self.place(path))

    def parameter(self, name: str, spec: schema.ParameterSpec, code: str, path: Path_) -> Parameter:
        values = [
            ParameterValue(
                value.from_,
                self.value(value.value, (*path, "values", i, "value")),
                Confidence(value.confidence),
                cites(value.cites),
                value.note,
                value.ground(),
            )
            for i, value in enumerate(spec.values)
        ]
        starts = [value.start.toordinal() if value.start else 0 for value in values]
        if starts != sorted(set(starts)):
            raise self.error(f"`{name}` has values out of order or twice on a day", path, "put the oldest first")
        return Parameter(name, code, spec.unit, tuple(values), self.place(path))

    def note(self, spec: schema.NoteSpec, code: str, path: Path_) -> Note:
        self.in_order(spec.from_, spec.until, path)
        texts = (spec.title, spec.text, spec.topic or "")
        read = Confidence(spec.confidence) if spec.confidence else None
        status = LegalStatus(spec.legal_status or "in_force")
        days = spec.from_, self.place(path), spec.until
        return Note(spec.id, code, *texts, cites(spec.cites), *days, spec.decisive, read, status)

    def not_covered(self, spec: schema.NotCoveredSpec, code: str, path: Path_) -> NotCovered:
        return NotCovered(spec.record, code, spec.title, spec.reason, cites(spec.cites), self.place(path))

    def explanation(self, spec: schema.ExplanationSpec, path: Path_) -> Explanation:
        when = self.condition(spec.when, (*path, "when"))
        return Explanation(when, spec.why, tuple(spec.members), cites(spec.cites), tuple(spec.rules), spec.ground())

    def jurisdiction(self, spec: schema.JurisdictionSpec) -> Jurisdiction:
        here: Path_ = ("jurisdiction",)
        return Jurisdiction(
            id=spec.id,
            name=spec.name,
            parent=spec.parent or "",
            kind=spec.kind,
            drives_on=spec.drives_on or "",
            currency=spec.currency,
            languages=tuple(spec.languages),
            authorities=tuple(Authority(item.name, item.role, item.url or "") for item in spec.authorities),
            summary=spec.summary,
            applies={name: self._adoption(name, item, (*here, "applies", name)) for name, item in spec.applies.items()},
            recognises={name: tuple(others) for name, others in spec.recognises.items()},
            decided_below=tuple(
                self.explanation(item, (*here, "decided_below", i)) for i, item in enumerate(spec.decided_below)
            ),
            closed_for=tuple(
                self.explanation(item, (*here, "closed_for", i)) for i, item in enumerate(spec.closed_for)
            ),
            coverage={area: Coverage(item.state, item.on, item.where) for area, item in spec.coverage.items()},
            treaties={
                name: bound
                for name, bound in (
                    ("UN 1958 Agreement", spec.un_1958_agreement),
                    ("Vienna Convention 1968", spec.vienna_convention_1968),
                )
                if bound is not None
            },
            note=spec.note,
        )

    def _adoption(self, name: str, spec: schema.AdoptionSpec, path: Path_) -> Adoption:
        self.in_order(spec.from_, spec.until, path)
        return Adoption(name, Span(spec.from_, spec.until), spec.series, cites(spec.cites), spec.note, spec.ground())


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a case as values: lists become tuples."""
    return {path: tuple(value) if isinstance(value, list) else value for path, value in given.items()}
