# SPDX-License-Identifier: Apache-2.0
"""From files to one law: every name resolved, every condition checked against the vocabulary.

Linking is strict: a name that leads nowhere is an error with its place, and all errors are shown together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from carnet.declare.vocabulary import Fact, Vocabulary
from carnet.declare.vocabulary_files import load_vocabulary
from carnet.errors import CarnetError, LawError, Place as ErrorPlace, Problems, shown, suggest
from carnet.law import shared_schema
from carnet.law.build import Builder
from carnet.law.build_shared import DutyConditions, action, bearers, derivation, places, scale
from carnet.law.cache import LawText
from carnet.law.citations import name_instruments
from carnet.law.items import Items
from carnet.law.known import Scale
from carnet.law.model import Jurisdiction
from carnet.law.names import NameChecker
from carnet.law.read import LawFiles, PackFile, by_code, each_shared, read_law
from carnet.law.shared_model import Action, Bearers, Derivation, DutyCase
from carnet.logic.places import Places
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
    bearers: Bearers
    scale: Scale
    places: Places


def link_law(law: Sequence[Path] | LawText, cases: bool = True) -> LinkedLaw:
    """Read and link the law of some folders, or what was read of them; files of cases only where they are asked for.

    Raises:
        Problems: everything that is wrong, each with its place.
    """
    text = law if isinstance(law, LawText) else LawText(law)
    files = read_law(text, cases)
    return _Linker(files, load_vocabulary(text.folders, text.read)).link()


class _Linker:
    def __init__(self, files: LawFiles, vocabulary: Vocabulary) -> None:
        self._files = files
        self._vocabulary = vocabulary
        self._errors: list[CarnetError] = []
        self._duties: dict[str, shared_schema.DutySpec] = {}
        self._duty_conditions = DutyConditions()

    def link(self) -> LinkedLaw:
        actions = self._actions()
        groups = self._groups()
        derivations = self._derivations()
        facts = (Fact(item.path, item.type, item.title, item.unit) for item in derivations)  # type: ignore[arg-type]
        vocabulary = self._vocabulary.with_derived(facts)
        duty_cases = self._read_duties()
        jurisdictions = {code: self._jurisdiction(code, packs) for code, packs in by_code(self._files).items()}
        self._stop_on_errors()
        jurisdictions = {code: jurisdictions[code] for code in self._parents_first(jurisdictions)}
        who = bearers(self._files)
        self._errors += NameChecker(vocabulary, jurisdictions, actions, groups, who).problems(derivations, duty_cases)
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
            bearers=who,
            scale=scale(self._files),
            places=places(self._files, groups, jurisdictions),
        )

    def _actions(self) -> dict[str, Action]:
        """The actions by id, each after others that exist."""
        read = list(self._shared("actions", shared_schema.ActionSpec))
        found = {spec.id: action(spec) for _, _, spec in read}
        for source, path, spec in read:
            for index, name in enumerate(spec.after):
                if name not in found:
                    place = source.place((*path, "after", index))
                    self._errors.append(LawError(f"no action is called {shown(name)}", place, suggest(name, found)))
        return found

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        """Keep an error for later and go on, so that all of them are reported together."""
        try:
            yield
        except CarnetError as error:
            self._errors.append(error)

    def _stop_on_errors(self) -> None:
        if self._errors:
            raise Problems(self._errors)

    def _shared(self, key: str, kind: type[T]) -> Iterator[tuple[Source, Path_, T]]:
        """Every item of one list of the shared files; the same name twice in one folder is an error."""
        seen: dict[tuple[int, str], str] = {}
        for file, index, item in each_shared(self._files, key):
            assert isinstance(item, kind)
            name = next(getattr(item, field) for field in ("id", "duty", "fact") if hasattr(item, field))
            place = file.source.place((key, index))
            if (file.folder, name) in seen:
                also = seen[file.folder, name]
                self._errors.append(LawError(f"`{name}` already stands at {also}", place, "keep one of them"))
            seen[file.folder, name] = str(place)
            yield file.source, (key, index), item

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
            with self._collecting():
                resolve(name, ())
        return members

    def _derivations(self) -> tuple[Derivation, ...]:
        """In dependency order; a cycle is an error."""
        found: dict[str, Derivation] = {}
        for source, path, spec in self._shared("derivations", shared_schema.DerivationSpec):
            with self._collecting():
                found[spec.fact] = derivation(self._builder(source), spec, path)
        ordered: dict[str, Derivation] = {}
        open_: set[str] = set()

        def visit(fact: str) -> None:
            if fact in ordered or fact not in found:
                return
            if fact in open_:
                place = found[fact].place
                where = ErrorPlace(place.file, place.line, place.column)
                raise LawError(f"derived fact `{fact}` depends on itself", where, "break the cycle")
            open_.add(fact)
            for read in sorted(found[fact].reads()):
                visit(read)
            ordered[fact] = found[fact]

        with self._collecting():
            for fact in found:
                visit(fact)
        return tuple(ordered.values())

    def _read_duties(self) -> list[DutyCase]:
        places: dict[str, tuple[Source, Path_]] = {}
        for source, path, spec in self._shared("duties", shared_schema.DutySpec):
            self._duties[spec.duty] = spec
            places[spec.duty] = (source, path)
        cases: list[DutyCase] = []
        for name, (source, path) in places.items():
            with self._collecting():
                builder = self._builder(source)
                self._duty_conditions.add(self._duties[name], builder, path)
                cases += self._duty_conditions.cases(name, builder, path)
        return cases

    def _jurisdiction(self, code: str, packs: list[PackFile]) -> Jurisdiction:
        head = next((pack for pack in reversed(packs) if pack.spec.jurisdiction is not None), None)
        if head is None or head.spec.jurisdiction is None:
            place = packs[0].source.place()
            self._errors.append(LawError(f"`{code}` has no `jurisdiction:`", place, "add jurisdiction.yaml"))
            return NOWHERE
        if head.spec.jurisdiction.id != code:
            place = head.source.place(("jurisdiction", "id"))
            message = f"`{head.spec.jurisdiction.id}` stands in the folder `{code}`"
            self._errors.append(LawError(message, place, "rename one of them"))
        jurisdiction = NOWHERE
        with self._collecting():
            jurisdiction = self._builder(head.source).jurisdiction(head.spec.jurisdiction)
        items = Items()
        for pack in packs:
            self._read_pack(pack, items)
        named = {rule.id for pack in packs for rule in pack.spec.rules}
        for pack in packs:
            self._add_cases(pack, items, named)
        return jurisdiction._replace(
            parameters=items.parameters,
            instruments=tuple(items.instruments.values()),
            approvals=tuple(items.approvals.values()),
            routes=tuple(items.routes.values()),
            rules=tuple(items.rules.values()),
            notes=tuple(items.notes),
            not_covered=tuple(items.not_covered),
        )

    def _read_pack(self, pack: PackFile, items: Items) -> None:
        """Add what one file declares; an id of an earlier folder is replaced, one of the same folder is an error."""
        builder, spec, code = self._builder(pack.source), pack.spec, pack.code
        for name, parameter in spec.parameters.items():
            with self._collecting():
                items.parameters[name] = builder.parameter(name, parameter, code, ("parameters", name))
        for id_, approval in spec.approvals.items():
            with self._collecting():
                items.take("approvals", pack, builder.approval(id_, approval, code, ("approvals", id_)))
        for i, instrument in enumerate(spec.instruments):
            with self._collecting():
                items.take("instruments", pack, builder.instrument(instrument, code, ("instruments", i)))
        for i, route in enumerate(spec.routes):
            with self._collecting():
                items.take("routes", pack, builder.route(route, code, ("routes", i)))
        for i, rule in enumerate(spec.rules):
            with self._collecting():
                items.take("rules", pack, builder.rule(rule, code, ("rules", i)))
        items.notes += [builder.note(note, code, ("notes", i)) for i, note in enumerate(spec.notes)]
        items.not_covered += [builder.not_covered(c, code, ("not_covered", i)) for i, c in enumerate(spec.not_covered)]

    def _add_cases(self, pack: PackFile, items: Items, named: set[str]) -> None:
        """Put the cases of a file of cases behind the rule's own; cases of no rule that is named are an error."""
        builder = self._builder(pack.source)
        for id_, cases in pack.spec.cases.items():
            with self._collecting():
                path = ("cases", id_)
                rule = items.rules.get(id_)
                if rule is None and id_ in named:
                    continue  # the rule has an error of its own
                if rule is None:
                    hint = suggest(id_, items.rules) or "remove them, or move them to its jurisdiction"
                    raise LawError(
                        f"cases of `{id_}`, which is no rule of `{pack.code}`", pack.source.place(path), hint
                    )
                if items.folders["rules", id_] == pack.folder:
                    tests = (*rule.tests, *builder.cases(cases, pack.code, path))
                    items.rules[id_] = rule._replace(tests=tests)

    def _parent_place(self, code: str) -> ErrorPlace | None:
        named = (pack for pack in by_code(self._files)[code] if pack.spec.jurisdiction)
        return next((pack.source.place(("jurisdiction", "parent")) for pack in named), None)

    def _parents_first(self, jurisdictions: dict[str, Jurisdiction]) -> list[str]:
        order: list[str] = []

        def visit(code: str, below: tuple[str, ...]) -> None:
            if code in below:
                raise LawError(f"`{code}` is its own ancestor", self._parent_place(code), "correct `parent:`")
            parent = jurisdictions[code].parent
            if parent and parent not in jurisdictions:
                hint = suggest(parent, jurisdictions) or "add its folder"
                message = f"`{code}` has the parent `{parent}`, which has no folder"
                raise LawError(message, self._parent_place(code), hint)
            if parent:
                visit(parent, (*below, code))
            if code not in order:
                order.append(code)

        for code in jurisdictions:
            with self._collecting():
                visit(code, ())
        self._stop_on_errors()
        return order


NOWHERE = Jurisdiction("", "", "", "", "", "", (), (), "", {}, {}, (), ())
