# SPDX-License-Identifier: Apache-2.0
"""From validated specs to the law's dataclasses; names are resolved by `link`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from carnet.errors import LawError, suggest
from carnet.law import schema
from carnet.law.model import (
    NEEDS,
    Action,
    Adoption,
    Approval,
    ApprovalKind,
    Authority,
    Basis,
    Bearers,
    Case,
    Cite,
    Confidence,
    Coverage,
    Derivation,
    DutyCase,
    Explanation,
    Ground,
    InForce,
    Instrument,
    Jurisdiction,
    Kind,
    LegalStatus,
    NotCovered,
    Note,
    Parameter,
    ParameterValue,
    Place,
    Proof,
    Reading,
    Remedy,
    Route,
    Rule,
    Severity,
    Span,
)
from carnet.law.read import LawFiles
from carnet.logic.bind import Binding, Given, bind
from carnet.logic.condition import TRUE, Condition, NoLimit, ParamValue, both
from carnet.logic.formula import FormulaError, parse_formula
from carnet.logic.parse import ConditionParser
from carnet.source import Path_, Source

OPERANDS = ({"fact"}, {"param"}, {"formula"}, {"group"})


class Builder:
    """Builds what one file declares."""

    def __init__(self, source: Source, duties: Mapping[str, schema.DutySpec], duty_conditions: DutyConditions) -> None:
        self._source = source
        self._parser = ConditionParser(source)
        self._duties = duties
        self._duty_conditions = duty_conditions

    def place(self, path: Path_) -> Place:
        place = self._source.place(path)
        return Place(place.file, place.line, place.column)

    def error(self, message: str, path: Path_, hint: str = "") -> LawError:
        return LawError(message, self._source.place(path), hint)

    def condition(self, data: Any, path: Path_) -> Condition:
        return TRUE if data is None else self._parser.parse(data, path)

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
            read=reading(spec.read),
        )

    def _duty(self, spec: schema.RuleSpec, path: Path_) -> schema.DutySpec | None:
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
        self, spec: schema.RuleSpec, duty: schema.DutySpec | None, path: Path_
    ) -> tuple[Condition, Condition]:
        if duty is None:
            applies = self.condition(spec.applies_when, (*path, "applies_when"))
            return applies, self.condition(spec.requires, (*path, "requires"))
        given = {name: self.given(value, (*path, "with", name)) for name, value in spec.with_.items()}
        applies, requires = self._duty_conditions.instance(duty.duty, given)
        if spec.when is not None:
            applies = both(applies, self.condition(spec.when, (*path, "when")))
        return applies, requires

    def _remedy(self, spec: schema.RuleSpec, duty: schema.DutySpec | None) -> Remedy:
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
        return Approval(
            id=id_,
            jurisdiction=code,
            title=spec.title,
            granted_by=spec.granted_by,
            kind=spec.kind,
            span=Span(spec.since, spec.until),
            after=tuple(tuple(group) for group in spec.after),
            legal_status=LegalStatus(spec.legal_status),
            cites=cites(spec.cites),
            weeks=(spec.weeks[0], spec.weeks[1]) if spec.weeks else None,
            note=spec.note,
            place=self.place(path),
            limits=tuple(spec.limits),
            proves=tuple(
                Proof(tuple(item.approvals), tuple(item.rules), cites(item.cites), item.note) for item in spec.proves
            ),
            ground=ground(spec),
        )

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
            ground=ground(spec),
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
                ground(value),
            )
            for i, value in enumerate(spec.values)
        ]
        starts = [value.start.toordinal() if value.start else 0 for value in values]
        if starts != sorted(set(starts)):
            raise self.error(f"`{name}` has values out of order or twice on a day", path, "put the oldest first")
        return Parameter(name, code, spec.unit, tuple(values), self.place(path))

    def note(self, spec: schema.NoteSpec, code: str, path: Path_) -> Note:
        place = self.place(path)
        return Note(spec.id, code, spec.title, spec.text, spec.topic or "", cites(spec.cites), spec.from_, place)

    def not_covered(self, spec: schema.NotCoveredSpec, code: str, path: Path_) -> NotCovered:
        return NotCovered(spec.record, code, spec.title, spec.reason, cites(spec.cites), self.place(path))

    def explanation(self, spec: schema.ExplanationSpec, path: Path_) -> Explanation:
        when = self.condition(spec.when, (*path, "when"))
        return Explanation(when, spec.why, tuple(spec.members), cites(spec.cites), tuple(spec.rules), ground(spec))

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
        )

    def _adoption(self, name: str, spec: schema.AdoptionSpec, path: Path_) -> Adoption:
        self.in_order(spec.from_, spec.until, path)
        return Adoption(name, Span(spec.from_, spec.until), spec.series, cites(spec.cites), spec.note, ground(spec))

    def derivation(self, spec: schema.DerivationSpec, path: Path_) -> Derivation:
        condition = self.condition(spec.when, (*path, "when")) if spec.when is not None else None
        expr = None
        if spec.formula is not None:
            try:
                expr = parse_formula(spec.formula)
            except FormulaError as error:
                raise self.error(f"`formula` {error} (character {error.offset + 1})", (*path, "formula")) from None
        if (condition is None) == (expr is None) or (condition is not None) != (spec.type == "bool"):
            raise self.error(f"`{spec.fact}` needs `when` for a bool and `formula` otherwise", path, "give one of them")
        place = self.place(path)
        return Derivation(spec.fact, spec.type, spec.unit, spec.title, spec.source, condition, expr, place)


class DutyConditions:
    """The parsed conditions of every duty, bound to an instance's values on request."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[schema.DutySpec, Condition, Condition, dict[str, Given]]] = {}

    def add(self, spec: schema.DutySpec, builder: Builder, path: Path_) -> None:
        defaults = {name: builder.given(value, (*path, "defaults", name)) for name, value in spec.defaults.items()}
        applies = builder.condition(spec.applies_when, (*path, "applies_when"))
        self._parsed[spec.duty] = (spec, applies, builder.condition(spec.requires, (*path, "requires")), defaults)

    def instance(self, duty: str, given: Mapping[str, Given]) -> tuple[Condition, Condition]:
        spec, applies, requires, defaults = self._parsed[duty]
        binding = Binding(params={**defaults, **given}, optional=frozenset(spec.optional), partial=True)
        return bind(applies, binding), bind(requires, binding)

    def cases(self, duty: str, builder: Builder, path: Path_) -> Iterable[DutyCase]:
        spec = self._parsed[duty][0]
        for index, case in enumerate(spec.cases):
            at = (*path, "cases", index)
            given = {name: builder.given(value, (*at, "with", name)) for name, value in case.with_.items()}
            applies, requires = self.instance(duty, given)
            yield DutyCase(duty, applies, requires, plain(case.given), case.expect, builder.place(at))


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a case as values: lists become tuples."""
    return {path: tuple(value) if isinstance(value, list) else value for path, value in given.items()}


def cites(specs: Iterable[schema.CiteSpec]) -> tuple[Cite, ...]:
    return tuple(Cite(spec.instrument, spec.provision, spec.url or "") for spec in specs)


def reading(spec: schema.ReadSpec | None) -> Reading | None:
    return Reading(spec.on, spec.what, spec.at) if spec else None


def ground(spec: schema.Grounded) -> Ground:
    """What a line of law rests on."""
    confidence = Confidence(spec.confidence) if spec.confidence else None
    return Ground(Basis(spec.basis), confidence, reading(spec.read))


def action(spec: schema.ActionSpec) -> Action:
    return Action(spec.id, spec.title, spec.who, tuple(spec.with_), (spec.weeks[0], spec.weeks[1]), tuple(spec.after))


def bearers(files: LawFiles) -> Bearers:
    """Who bears what, of all shared files; what comes later replaces what came before."""
    shared = [file.spec for file in files.shared]
    holders = {name: item for spec in shared for name, item in spec.duty_holders.items()}
    kinds = {name: item for spec in shared for name, item in spec.approval_kinds.items()}
    return Bearers(
        titles={name: item.title for name, item in holders.items()},
        roles={name: None if item.borne_by is None else frozenset(item.borne_by) for name, item in holders.items()},
        entry_modes={name: frozenset(roles) for spec in shared for name, roles in spec.entry_modes.items()},
        approval_kinds={
            name: ApprovalKind(
                item.title,
                (item.applicant, item.testing_applicant or item.applicant),
                (item.action, item.to_test or item.action),
            )
            for name, item in kinds.items()
        },
    )
