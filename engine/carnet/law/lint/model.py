# SPDX-License-Identifier: Apache-2.0
"""What a lint rule is, and what it finds. Every rule has a page of its name in `docs/lint/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from carnet.law.casework.candidates import SampleValues
from carnet.law.casework.rule_under_test import Bench
from carnet.law.casework.scope import Scope
from carnet.law.casework.search import Search
from carnet.law.link import LinkedLaw
from carnet.law.locale.wordings import Wording, wordings
from carnet.law.locate import law_files
from carnet.law.model import Place, Rule
from carnet.source import read_source


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


GRAVEST_FIRST = tuple(Level)


@dataclass(frozen=True, slots=True)
class Lint:
    """One thing found: where, by which lint rule, what, and what to do about it."""

    rule: str
    level: Level
    place: Place
    message: str
    hint: str


Found = Iterator[tuple[Place, str, str]]
Check = Callable[["Linted"], Found]


@dataclass(frozen=True, slots=True)
class LintRule:
    """A check by name; it yields a place, a message and a hint for each thing it finds."""

    name: str
    level: Level
    check: Check


LINT_RULES: dict[str, LintRule] = {}


def lint_rule(name: str, level: Level) -> Callable[[Check], Check]:
    """Register a check under its name."""

    def register(check: Check) -> Check:
        LINT_RULES[name] = LintRule(name, level, check)
        return check

    return register


class Linted:
    """A linked law with what several checks need, each worked out once."""

    def __init__(self, linked: LinkedLaw, scope: Scope) -> None:
        self.linked = linked
        self.scope = scope
        self.bench = Bench(linked)
        self.law = self.bench.law
        self.samples = SampleValues(linked.vocabulary, self.law.approvals, self.law.codes)

    def rules(self) -> Iterator[Rule]:
        """The rules in scope."""
        yield from self.scope.rules(self.linked)

    @property
    def every_rule(self) -> list[Rule]:
        """All rules, also those that only use what is in scope."""
        return [rule for item in self.linked.jurisdictions.values() for rule in item.rules]

    def search(self, rule: Rule) -> Search | None:
        """Witnesses for a rule on its ordinary day; None where it cannot be bound."""
        from carnet.errors import LawError

        day = self.bench.default_day(rule)
        try:
            tried = self.bench.rule_under_test(rule, self.bench.market(rule, day), day)
        except LawError:
            return None
        return Search(tried, self.samples) if tried else None

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Every text that people read, as the files have it."""
        return tuple(wordings(self.scope.folders))

    @cached_property
    def _shared(self) -> dict[tuple[str, str], Place]:
        """Where each fact and action stands; the linked law does not carry that."""
        found: dict[tuple[str, str], Place] = {}
        for folder in self.scope.folders:
            for path in law_files(folder):
                if path.relative_to(folder).parts[:2] in (("rules", "vocabulary"), ("rules", "actions")):
                    found.update(_places(path))
        return found

    def fact_place(self, path: str) -> Place:
        return self._shared.get(("facts", path), Place("rules/vocabulary", 0))

    def action_place(self, action: str) -> Place:
        return self._shared.get(("actions", action), Place("rules/actions", 0))

    def jurisdiction_place(self, code: str) -> Place:
        """The head of a jurisdiction."""
        name = Path("jurisdictions") / code / "jurisdiction.yaml"
        for folder in reversed(self.scope.folders):
            if (folder / name).is_file():
                return Place(str(folder / name), 1)
        return Place(str(name), 1)


def _places(path: Path) -> Iterator[tuple[tuple[str, str], Place]]:
    source = read_source(path)
    for fact in source.data.get("facts", {}):
        place = source.place(("facts", fact))
        yield ("facts", fact), Place(place.file, place.line, place.column)
    for index, action in enumerate(source.data.get("actions", ())):
        place = source.place(("actions", index))
        yield ("actions", action["id"]), Place(place.file, place.line, place.column)
