# SPDX-License-Identifier: Apache-2.0
"""Every fact that can be declared, read from `rules/vocabulary/`.

The vocabulary is data: a law release may add facts without a change here. What the engine itself supplies
(`context.*`) stands in this module, what the law derives (`derived.*`) is registered with `with_derived`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

from carnet.errors import UnknownName, expect_text, shown, suggest
from carnet.logic.condition import Condition
from carnet.spoken import N_, _, language

Value: TypeAlias = bool | int | float | str | dt.date | tuple[str, ...]
Work: TypeAlias = Literal["product_software", "product_hardware", "set_up", "document"]
FactType: TypeAlias = Literal["bool", "int", "number", "choice", "set", "date", "text"]


UNIT_WORDS = {"days": N_("days"), "months": N_("months"), "years": N_("years"), "min": N_("min"), "h": N_("h")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be declared.

    `values` explains each allowed value of a choice or closed set; `items` names the kind of an open one
    (`country`, `language`, `place`, `text`, `approval`). `range` is inclusive. `likely` and `possible` (by the values
    of another fact) are narrower ranges for people who fill in: outside the one they are warned, outside the other
    asked again; a profile may declare either.
    `identity` marks what makes the product what it is: nothing that searches for a way in changes it unasked.
    `formerly` holds paths under which it was declared before, `renamed` old words for its values. `limit`, of a field
    of an approval, is the condition that the operation keeps to that limit of the grant, with `approval.<field>` for
    the approval's own fields; `beyond` says what lies outside it; `in_tests` that a permit to test which is silent
    on it does not say that it allows it. `work`: what kind of work it is to change it. `title`: its short name where
    that is not in its path, as in other languages.
    """

    path: str
    type: FactType
    question: str = ""
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    items: str = ""
    range: tuple[float, float] | None = None
    help: str = ""
    term: str = ""
    per_market: bool = False
    likely: tuple[float, float] | None = None
    possible: Possible | None = field(default=None, hash=False)
    identity: bool = False
    formerly: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)
    limit: Condition | None = None
    beyond: Beyond | None = None
    in_tests: bool = False
    work: Work = "set_up"
    title: str = ""

    @property
    def name(self) -> str:
        """What to call it within a sentence, with its unit."""
        measured = self.unit and "_" in self.path.partition(".")[2]
        words = self.title or words_of(self.path.rpartition("_")[0] if measured else self.path)
        return f"{words} ({unit_name(self.unit)})" if measured else words


def unit_name(unit: str) -> str:
    """A unit in the language spoken: those that are words are said in it, symbols are the same everywhere."""
    return _(UNIT_WORDS[unit]) if unit in UNIT_WORDS else unit


GROUPED = 100_000
"""From here on a number is no year, and its digits are grouped."""


def number_name(number: float) -> str:
    """A number as people read it: `1,000,000`, never `1e+06`; with blanks where a comma is a decimal sign."""
    if number != int(number) or abs(number) < GROUPED:
        return f"{number:.12g}"
    return f"{int(number):,}" if language() in ("en", "zh") else f"{int(number):,}".replace(",", "\u202f")


def words_of(path: str) -> str:
    """The words in a path, without its section: `remote: max speed kmh`."""
    return path.partition(".")[2].replace(".", ": ").replace("_", " ")


class Beyond(NamedTuple):
    """What lies outside a limit of a grant, with `{declared}` and `{granted}`: what the law would allow, and where the
    grant ends."""

    law: str
    grant: str


class Possible(NamedTuple):
    """What a number can be, inclusive, by the value of another fact; a value that is not named leaves it open."""

    by: str
    ranges: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of facts under one first name, in the order in which its file asks for them.

    department: who in a company mostly knows the answers; questionnaires have a sheet for each.
    """

    name: str
    title: str
    help: str
    facts: tuple[str, ...]
    department: str = ""


class FirstQuestion(NamedTuple):
    """A fact to ask a newcomer for; `when` holds, for facts asked before, the answers that make it worth asking."""

    path: str
    when: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    def is_open(self, answers: Mapping[str, Value]) -> bool:
        """Whether no answer so far makes it pointless; an answer that was not given does not."""
        return all(_meets(answers[path], wanted) for path, wanted in self.when if path in answers)


def _meets(answer: Value, wanted: tuple[Value, ...]) -> bool:
    return any(item in wanted for item in answer) if isinstance(answer, tuple) else answer in wanted


CONTEXT: Mapping[str, Fact] = {
    fact.path: fact
    for fact in (
        Fact("context.market", "text", "Which market is assessed?", items="place"),
        Fact("context.chain", "set", "Which jurisdictions make its law: the market and its ancestors?", items="place"),
        Fact("context.as_of", "date", "Which day is assessed?"),
        Fact(
            "context.drives_on",
            "choice",
            "On which side does its traffic drive?",
            values={"left": "on the left", "right": "on the right"},
        ),
        Fact("context.currency", "text", "What is its currency (ISO 4217)?"),
        Fact("context.languages", "set", "Which are its official languages?", items="language"),
    )
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts by path, in the order of their files; picklable, so that a compiled law can carry it.

    `first` holds the questions to put to a newcomer, in that order. `former` leads from a path that a fact had before
    to its path now, and from the name that a field of approvals had before to its name now.
    """

    facts: dict[str, Fact]
    sections: dict[str, Section]
    approval_fields: dict[str, Fact]
    derived: dict[str, Fact] = field(default_factory=dict)
    first: tuple[FirstQuestion, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    _approval_facts: dict[str, Fact] = field(default_factory=dict, repr=False, compare=False)

    def fact(self, path: str) -> Fact:
        """The fact of a path, also `approvals.<ID>.<field>`, `context.*` and `derived.*`.

        Raises:
            UnknownName: when there is none, with the nearest name as hint.
        """
        expect_text("path", path)
        found = self.facts.get(path) or self.derived.get(path) or CONTEXT.get(path)
        if found is not None:
            return found
        if path.startswith("approvals."):
            return self._approval_fact(path)
        if path in self.former:
            raise UnknownName(f"{shown(path)} has another name now", hint=f"it is called `{self.former[path]}`")
        known = [*self.facts, *self.derived, *CONTEXT]
        hint = suggest(path[:80], known) or f"`{self.listing(path)}` lists them"
        raise UnknownName(f"unknown fact {shown(path)}", hint=hint)

    def listing(self, path: str) -> str:
        """The command that lists what may have been meant by an unknown path."""
        section = path.partition(".")[0]
        return f"carnet facts {section}" if section in self.sections else "carnet facts"

    def __contains__(self, path: str) -> bool:
        try:
            self.fact(path)
        except UnknownName:
            return False
        return True

    def with_derived(self, facts: Iterable[Fact]) -> Vocabulary:
        """The same vocabulary with derived facts registered besides those it has."""
        return replace(self, derived={**self.derived, **{fact.path: fact for fact in facts}}, _approval_facts={})

    def _approval_fact(self, path: str) -> Fact:
        if path not in self._approval_facts:
            _, _, rest = path.partition(".")
            approval, _, name = rest.rpartition(".")
            if not approval or name not in self.approval_fields:
                hint = suggest(name, self.approval_fields) or f"name a field of it, such as `approvals.{rest}.held`"
                raise UnknownName(f"unknown fact {shown(path)}", hint=hint)
            self._approval_facts[path] = replace(self.approval_fields[name], path=path)
        return self._approval_facts[path]
