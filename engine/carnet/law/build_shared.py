# SPDX-License-Identifier: Apache-2.0
"""From the validated files under `rules/` to what all jurisdictions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carnet.errors import suggest
from carnet.law import shared_schema
from carnet.law.build import Builder, plain
from carnet.law.build_approval import exceptions
from carnet.law.known import Scale
from carnet.law.planning import CostClass, Work
from carnet.law.read import LawFiles
from carnet.law.shared_model import Action, ApprovalKind, Bearers, Derivation, DutyCase
from carnet.logic.bind import Binding, Given, bind
from carnet.logic.condition import TRUE, Condition, params_read
from carnet.logic.formula import FormulaError, parse_formula
from carnet.logic.places import Places
from carnet.source import Path_


class DutyConditions:
    """The parsed conditions of every duty, bound to an instance's values on request."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[shared_schema.DutySpec, Condition, Condition, dict[str, Given]]] = {}

    def add(self, spec: shared_schema.DutySpec, builder: Builder, path: Path_) -> None:
        self._parsed[spec.duty] = (spec, TRUE, TRUE, {})  # its rules are still read where its conditions cannot be
        defaults = {name: builder.given(value, (*path, "defaults", name)) for name, value in spec.defaults.items()}
        applies = builder.condition(spec.applies_when, (*path, "applies_when"))
        requires = builder.condition(spec.requires, (*path, "requires"), required=True)
        _check_parameters(spec, params_read(applies) | params_read(requires), builder, path)
        self._parsed[spec.duty] = (spec, applies, requires, defaults)

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


def _check_parameters(spec: shared_schema.DutySpec, read: frozenset[str], builder: Builder, path: Path_) -> None:
    """What a duty takes is read by its conditions, and only what it takes has a default, is optional or given."""
    for name in spec.takes:
        if name not in read:
            hint = "compare a fact with it, or remove it"
            raise builder.error(f"`{name}` stands in no condition of `{spec.duty}`", (*path, "takes", name), hint)
    named: list[tuple[str, Path_]] = [(name, ("defaults", name)) for name in spec.defaults]
    named += [(name, ("optional", index)) for index, name in enumerate(spec.optional)]
    named += [(name, ("cases", index, "with", name)) for index, case in enumerate(spec.cases) for name in case.with_]
    for name, at in named:
        if name not in spec.takes:
            raise builder.error(f"duty `{spec.duty}` takes no `{name}`", (*path, *at), suggest(name, spec.takes))


def action(spec: shared_schema.ActionSpec) -> Action:
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
                item.topic,
                Work(item.work),
                exceptions(item.planning),
                item.permits_tests,
            )
            for name, item in kinds.items()
        },
        costs={
            name: CostClass(item.title, (item.thousands_eur[0], item.thousands_eur[1]))
            for spec in shared
            for name, item in spec.cost_classes.items()
        },
    )


def scale(files: LawFiles) -> Scale:
    """The scale of the last file that has one."""
    spec = next((file.spec.coverage for file in reversed(files.shared) if file.spec.coverage), None)
    if spec is None:
        return Scale()
    return Scale(spec.well, spec.fairly, frozenset(spec.needed), frozenset(spec.settled_by_unions))


def places(files: LawFiles, groups: Mapping[str, tuple[str, ...]], unions: Iterable[str]) -> Places:
    """Which place lies in which; `unions` are jurisdictions that a group of the same name has as members."""
    shared = [file.spec for file in files.shared]
    return Places(
        within={name: tuple(item.within) for spec in shared for name, item in spec.places.items()},
        flat=(code for spec in shared for code in spec.flat_countries),
        groups={name: groups[name] for name in unions if name in groups},
    )


def derivation(builder: Builder, spec: shared_schema.DerivationSpec, path: Path_) -> Derivation:
    condition = builder.condition(spec.when, (*path, "when")) if spec.when is not None else None
    expr = None
    if spec.formula is not None:
        try:
            expr = parse_formula(spec.formula)
        except FormulaError as error:
            raise builder.error(f"`formula` {error} (character {error.offset + 1})", (*path, "formula")) from None
    if (condition is None) == (expr is None) or (condition is not None) != (spec.type == "bool"):
        raise builder.error(f"`{spec.fact}` needs `when` for a bool and `formula` otherwise", path, "give one of them")
    place = builder.place(path)
    return Derivation(spec.fact, spec.type, spec.unit, spec.title, spec.source, condition, expr, place)
