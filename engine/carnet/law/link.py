# SPDX-License-Identifier: Apache-2.0
"""From files to one law: every name resolved, every condition checked against the vocabulary.

Linking is strict: a name that leads nowhere is an error with its place, and all errors are shown together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from carnet.declare.vocabulary import Fact, Vocabulary, load_vocabulary
from carnet.errors import CarnetError, LawError, Problems, suggest
from carnet.errors import Place as ErrorPlace
from carnet.law import schema
from carnet.law.build import Builder, DutyConditions, action, not_covered, notes
from carnet.law.model import Action, Cite, Derivation, DutyCase, Instrument, Jurisdiction, Parameter, Place
from carnet.law.names import NameChecker
from carnet.law.read import LawFiles, PackFile, by_code, each_shared, read_law
from carnet.source import Path_, Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LinkedLaw:
    """The whole law in memory, jurisdictions by code with parents before children."""

    version: str
    as_of: Any
    vocabulary: Vocabulary
    groups: dict[str, tuple[str, ...]]
    actions: dict[str, Action]
    derivations: tuple[Derivation, ...]
    jurisdictions: dict[str, Jurisdiction]
    duty_cases: tuple[DutyCase, ...]
    duties: dict[str, str]


def link_law(folders: Sequence[Path]) -> LinkedLaw:
    """Read and link the law of some folders.

    Raises:
        Problems: everything that is wrong, each with its place.
    """
    files = read_law(folders)
    return _Linker(files, load_vocabulary(folders)).link()


class _Linker:
    def __init__(self, files: LawFiles, vocabulary: Vocabulary) -> None:
        self._files = files
        self._vocabulary = vocabulary
        self._errors: list[CarnetError] = []
        self._duties: dict[str, schema.DutySpec] = {}
        self._duty_conditions = DutyConditions()

    def link(self) -> LinkedLaw:
        actions = {spec.id: action(spec) for _, _, spec in self._shared("actions", schema.ActionSpec)}
        groups = self._groups()
        derivations = self._derivations()
        vocabulary = self._vocabulary.with_derived(
            Fact(item.path, item.type, item.title, item.unit)  # type: ignore[arg-type]
            for item in derivations
        )
        duty_cases = self._read_duties()
        jurisdictions = {code: self._jurisdiction(code, packs) for code, packs in by_code(self._files).items()}
        self._stop_on_errors()
        jurisdictions = {code: jurisdictions[code] for code in self._parents_first(jurisdictions)}
        checker = NameChecker(vocabulary, jurisdictions, actions, groups)
        self._errors += checker.problems(derivations, duty_cases)
        self._stop_on_errors()
        release = next((file.spec.law for file in reversed(self._files.shared) if file.spec.law), None)
        if release is None:
            raise LawError("no file says which release of the law this is", None, "add `law: {version, as_of}`")
        return LinkedLaw(
            version=release.version,
            as_of=release.as_of,
            vocabulary=vocabulary,
            groups=groups,
            actions=actions,
            derivations=derivations,
            jurisdictions=name_instruments(jurisdictions),
            duty_cases=tuple(duty_cases),
            duties={name: spec.title for name, spec in self._duties.items()},
        )

    def _stop_on_errors(self) -> None:
        if self._errors:
            raise Problems(self._errors)

    def _shared(self, key: str, kind: type[T]) -> Iterable[tuple[Source, Path_, T]]:
        for file, index, item in each_shared(self._files, key):
            assert isinstance(item, kind)
            yield file.source, (key, index), item

    def _try(self, build: Callable[[], T]) -> list[T]:
        try:
            return [build()]
        except Problems as problems:
            self._errors += problems.errors
        except CarnetError as error:
            self._errors.append(error)
        return []

    def _builder(self, source: Source) -> Builder:
        return Builder(source, self._duties, self._duty_conditions)

    def _groups(self) -> dict[str, tuple[str, ...]]:
        specs = {name: spec for file in self._files.shared for name, spec in file.spec.groups.items()}
        members: dict[str, tuple[str, ...]] = {}

        def resolve(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
            if name in above or name not in specs:
                why = "takes itself in" if name in above else "does not exist"
                raise LawError(f"group `{name}` {why}", None, suggest(name, specs))
            if name not in members:
                united = [code for other in specs[name].union for code in resolve(other, (*above, name))]
                members[name] = tuple(dict.fromkeys([*specs[name].members, *united]))
            return members[name]

        for name in specs:
            self._try(lambda name=name: resolve(name, ()))  # type: ignore[misc]
        return members

    def _derivations(self) -> tuple[Derivation, ...]:
        """In dependency order; a cycle is an error."""
        found: dict[str, Derivation] = {}
        for source, path, spec in self._shared("derivations", schema.DerivationSpec):
            for derivation in self._try(lambda s=source, d=spec, p=path: self._builder(s).derivation(d, p)):  # type: ignore[misc]
                found[derivation.path] = derivation
        ordered: list[Derivation] = []
        state: dict[str, int] = {}

        def visit(path: str) -> None:
            if state.get(path) == 2 or path not in found:
                return
            if state.get(path) == 1:
                place = found[path].place
                raise LawError(f"derived fact `{path}` depends on itself", _error_place(place), "break the cycle")
            state[path] = 1
            for read in sorted(reads(found[path])):
                visit(read)
            state[path] = 2
            ordered.append(found[path])

        for path in found:
            self._try(lambda path=path: visit(path))  # type: ignore[misc]
        return tuple(ordered)

    def _read_duties(self) -> list[DutyCase]:
        cases: list[DutyCase] = []
        known: dict[str, tuple[Source, Path_]] = {}
        for source, path, spec in self._shared("duties", schema.DutySpec):
            self._duties[spec.duty] = spec
            known[spec.duty] = (source, path)
        for name, (source, path) in known.items():
            builder = self._builder(source)
            spec = self._duties[name]
            if self._try(lambda b=builder, s=spec, p=path: self._duty_conditions.add(s, b, p) or True):  # type: ignore[misc]
                for case_list in self._try(
                    lambda b=builder, n=name, p=path: list(self._duty_conditions.cases(n, b, p))  # type: ignore[misc]
                ):
                    cases += case_list
        return cases

    def _jurisdiction(self, code: str, packs: list[PackFile]) -> Jurisdiction:
        heads = [pack for pack in packs if pack.spec.jurisdiction is not None]
        if not heads:
            place = packs[0].source.place()
            self._errors.append(LawError(f"`{code}` has no `jurisdiction:`", place, "add jurisdiction.yaml"))
            return Jurisdiction(code, code, "", "", "", "", (), (), "", {}, {}, (), ())
        head = heads[-1]
        spec = head.spec.jurisdiction
        assert spec is not None
        if spec.id != code:
            place = head.source.place(("jurisdiction", "id"))
            self._errors.append(LawError(f"`{spec.id}` stands in the folder `{code}`", place, "rename one of them"))
        base = self._try(lambda: self._builder(head.source).jurisdiction(spec))
        parameters: dict[str, Parameter] = {}
        lists: dict[str, dict[str, Any]] = {"instruments": {}, "approvals": {}, "routes": {}, "rules": {}}
        note_list, uncovered = [], []
        for pack in packs:
            builder = self._builder(pack.source)
            for name, parameter in pack.spec.parameters.items():
                for built in self._try(
                    lambda b=builder, n=name, p=parameter: b.parameter(n, p, code, ("parameters", n))
                ):  # type: ignore[misc]
                    parameters[name] = built
            self._items(lists, builder, pack, code)
            note_list += list(notes(pack.spec.notes, code))
            uncovered += list(not_covered(pack.spec.not_covered, code))
        if not base:
            return Jurisdiction(code, code, "", "", "", "", (), (), "", {}, {}, (), ())
        return replace(
            base[0],
            parameters=parameters,
            notes=tuple(note_list),
            not_covered=tuple(uncovered),
            instruments=tuple(lists["instruments"].values()),
            approvals=tuple(lists["approvals"].values()),
            routes=tuple(lists["routes"].values()),
            rules=tuple(lists["rules"].values()),
        )

    def _items(self, lists: dict[str, dict[str, Any]], builder: Builder, pack: PackFile, code: str) -> None:
        seen: dict[str, set[str]] = {key: set() for key in lists}
        for key, build in (
            ("instruments", builder.instrument),
            ("routes", builder.route),
            ("rules", builder.rule),
        ):
            for index, spec in enumerate(getattr(pack.spec, key)):
                path = (key, index)
                if spec.id in seen[key]:
                    self._errors.append(builder.error(f"`{spec.id}` is defined twice", path, "keep one"))
                seen[key].add(spec.id)
                for item in self._try(lambda s=spec, p=path, b=build: b(s, code, p)):  # type: ignore[misc]
                    lists[key][spec.id] = item
        for id_, spec in pack.spec.approvals.items():
            for item in self._try(lambda i=id_, s=spec: builder.approval(i, s, code, ("approvals", i))):  # type: ignore[misc]
                lists["approvals"][id_] = item

    def _parents_first(self, jurisdictions: dict[str, Jurisdiction]) -> list[str]:
        order: list[str] = []

        def visit(code: str, below: tuple[str, ...]) -> None:
            if code in below:
                raise LawError(f"`{code}` is its own ancestor", None, "correct `parent:`")
            parent = jurisdictions[code].parent
            if parent and parent not in jurisdictions:
                hint = suggest(parent, jurisdictions) or "add its folder"
                raise LawError(f"`{code}` has the parent `{parent}`, which has no folder", None, hint)
            if parent:
                visit(parent, (*below, code))
            if code not in order:
                order.append(code)

        for code in jurisdictions:
            self._try(lambda code=code: visit(code, ()))  # type: ignore[misc]
        self._stop_on_errors()
        return order


def reads(derivation: Derivation) -> frozenset[str]:
    """The facts a derivation reads."""
    from carnet.logic.condition import facts_read

    if derivation.condition is not None:
        return facts_read(derivation.condition)
    return derivation.expr.facts() if derivation.expr else frozenset()


def _error_place(place: Place) -> ErrorPlace:
    return ErrorPlace(place.file, place.line, place.column)


def name_instruments(jurisdictions: dict[str, Jurisdiction]) -> dict[str, Jurisdiction]:
    """Every citation with its instrument's short name and address filled in."""
    known: dict[str, Instrument] = {item.id: item for j in jurisdictions.values() for item in j.instruments}

    def filled(cites: tuple[Cite, ...]) -> tuple[Cite, ...]:
        return tuple(
            Cite(cite.instrument, cite.provision, cite.url or known[cite.instrument].url, known[cite.instrument].short)
            for cite in cites
        )

    def with_cites(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(replace(item, cites=filled(item.cites)) for item in items)  # type: ignore[attr-defined,type-var]

    return {
        code: replace(
            item,
            rules=with_cites(item.rules),
            routes=with_cites(item.routes),
            approvals=with_cites(item.approvals),
            notes=with_cites(item.notes),
            not_covered=with_cites(item.not_covered),
        )
        for code, item in jurisdictions.items()
    }
