# SPDX-License-Identifier: Apache-2.0
"""Linked law with its texts in another language. Nothing but words changes: ids, conditions and values stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from carnet.declare.vocabulary import Fact, Section, Vocabulary, words_of
from carnet.frozen import Frozen
from carnet.law.locale.catalogue import catalogue
from carnet.law.model import (
    Approval,
    Authority,
    Explanation,
    Instrument,
    Jurisdiction,
    NotCovered,
    Note,
    Remedy,
    Route,
    Rule,
)
from carnet.law.planning import Change, Cost, Document, Exceptions, Local, Period
from carnet.law.shared_model import Action, ApprovalKind, Bearers, Derivation

T = TypeVar("T", bound=tuple[Any, ...])


class Shape(NamedTuple):
    """What people read of a record: its texts, and the records or lists of them within it."""

    texts: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


SHAPES: Mapping[type, Shape] = {
    Jurisdiction: Shape(
        ("name", "summary"),
        ("authorities", "decided_below", "closed_for", "instruments", "approvals", "routes", "rules", "notes",
         "not_covered"),
    ),
    Authority: Shape(("name", "role")),
    Explanation: Shape(("why",)),
    Approval: Shape(("title", "granted_by", "note"), ("exceptions",)),
    Route: Shape(("title", "authority", "note")),
    Rule: Shape(("title", "text", "evidence", "note"), ("remedy",)),
    Remedy: Shape(("text",)),
    Note: Shape(("title", "text")),
    NotCovered: Shape(("title", "reason")),
    Action: Shape(("title",)),
    ApprovalKind: Shape(("title",), ("usual",)),
    Exceptions: Shape(
        ("lead_note",), ("decision", "local", "documents", "validity", "renewal", "cost", "changes")
    ),
    Period: Shape(("note",)),
    Local: Shape(("note",)),
    Cost: Shape(("note",)),
    Change: Shape(("to", "note")),
    Document: Shape(("what", "note")),
    Derivation: Shape(("title",)),
}  # fmt: skip


class Speaker:
    """Says an English law in another language."""

    def __init__(self, language: str, english: Any) -> None:
        self.english = english
        self._say: Callable[[str, str], str] = catalogue(language, english.folders).say

    def record(self, record: T, id_: str = "") -> T:
        """A record with its texts, and those within it, in the language."""
        shape = SHAPES.get(type(record))
        if shape is None:
            return self._instrument(record) if isinstance(record, Instrument) else record  # type: ignore[return-value]
        id_ = str(getattr(record, "id", id_))
        said = {name: self._say(getattr(record, name), f"{id_}.{name}") for name in shape.texts}
        said |= {name: self._inside(getattr(record, name), id_, name) for name in shape.within}
        if isinstance(record, Document) and said["what"] != record.what:
            said["english"] = record.english or record.what
        return record._replace(**said)  # type: ignore[attr-defined, no-any-return]

    def _inside(self, inner: Any, id_: str, name: str) -> Any:
        if inner is None:
            return None
        if hasattr(inner, "_fields"):
            return self.record(inner, f"{id_}.{name}")
        return tuple(self.record(each, f"{id_}.{name}.{index}") for index, each in enumerate(inner))

    def _instrument(self, instrument: Instrument) -> Instrument:
        """An instrument keeps its official name beside the translation."""
        said = self._say(instrument.title, f"{instrument.id}.title")
        official = said.endswith(instrument.title) or said == instrument.title
        return instrument._replace(title=said if official else f"{said} ({instrument.title})")

    def actions(self, actions: Mapping[str, Action]) -> Mapping[str, Action]:
        return Frozen({name: self._action(action) for name, action in actions.items()})

    def _action(self, action: Action) -> Action:
        partners = tuple(self._say(text, f"{action.id}.with.{index}") for index, text in enumerate(action.with_))
        return self.record(action)._replace(with_=partners)

    def records(self, records: Mapping[str, T]) -> Mapping[str, T]:
        return Frozen({name: self.record(record, name) for name, record in records.items()})

    def bearers(self, bearers: Bearers) -> Bearers:
        titles = {name: self._say(title, f"{name}.title") for name, title in bearers.titles.items()}
        return bearers._replace(titles=Frozen(titles), approval_kinds=self.records(bearers.approval_kinds))

    def vocabulary(self, vocabulary: Vocabulary) -> Vocabulary:
        return replace(
            vocabulary,
            facts=self._facts(vocabulary.facts),
            approval_fields=self._facts(vocabulary.approval_fields),
            derived=Frozen({path: self._derived(fact) for path, fact in vocabulary.derived.items()}),
            sections=Frozen({name: self._section(section) for name, section in vocabulary.sections.items()}),
            _approval_facts={},
        )

    def _facts(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        return Frozen({path: self._fact(path, fact) for path, fact in facts.items()})

    def _fact(self, path: str, fact: Fact) -> Fact:
        said = {name: self._say(getattr(fact, name), f"{path}.{name}") for name in ("question", "help")}
        values = {value: self._say(text, f"{path}.values.{value}") for value, text in fact.values.items()}
        said["title"] = self._say(words_of(path), f"{path}.name")
        return replace(fact, values=Frozen(values), **said)  # type: ignore[arg-type]

    def _derived(self, fact: Fact) -> Fact:
        return replace(fact, question=self._say(fact.question, f"{fact.path}.title"))

    def _section(self, section: Section) -> Section:
        title, help_, department = (
            self._say(text, f"section.{section.name}.{field}")
            for field, text in (
                ("title", section.title), ("help", section.help), ("department", section.department)
            )
        )  # fmt: skip
        return replace(section, title=title, help=help_, department=department)

    def core(self, core: Any) -> Any:
        """What every check needs (`carnet.law.law.Core`), in the language."""
        return core._replace(
            vocabulary=self.vocabulary(core.vocabulary),
            actions=self.actions(core.actions),
            derivations=tuple(self.record(item) for item in core.derivations),
            heads=self.records(core.heads),
            approvals=self.records(core.approvals),
            bearers=self.bearers(core.bearers),
        )
