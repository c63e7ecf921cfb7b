# SPDX-License-Identifier: Apache-2.0
"""One fact as a form asks for it: its question, what may be answered, what is declared, who waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from carnet.api import Law, Profile
from carnet.declare.vocabulary import Fact, Value
from carnet.intake.answers import written
from carnet.intake.declaring import BASE, Layer, declared_in, state_fact
from carnet.intake.questionnaire import is_state
from carnet.plan.questions import Question, ask

FEW = 7
"""So many values of a choice stand side by side; more go into a list to select from."""


class Field(NamedTuple):
    """value: declared in the layer that is edited, None where nothing is. above: other layers with a declaration of
    their own. waiting: what waits for it, None where nothing does."""

    fact: Fact
    question: str
    value: Value | None
    above: tuple[Layer, ...]
    waiting: Question | None

    @property
    def path(self) -> str:
        return self.fact.path

    @property
    def name(self) -> str:
        """For ids in a page."""
        return self.path.replace(".", "-")

    @property
    def kind(self) -> str:
        """How it is asked for: `bool`, `radio`, `select`, `boxes`, `date`, or `text`."""
        if self.fact.type == "choice":
            return "radio" if len(self.fact.values) <= FEW else "select"
        if self.fact.type == "set":
            return "boxes" if self.fact.values else "text"
        return self.fact.type if self.fact.type in ("bool", "date") else "text"

    @property
    def answer(self) -> str:
        """What is declared, as a person would answer it."""
        return "" if self.value is None else written(self.value)

    @property
    def items(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else ()


def asked_path(path: str) -> str:
    """What to ask for a fact: of an approval its state, of which whether it is held is a part."""
    return path.removesuffix(".held") if path.startswith("approvals.") else path


def fields(
    law: Law, profile: Profile, paths: Iterable[str], waiting: Mapping[str, Question], layer: Layer = BASE
) -> list[Field]:
    """The fields of some facts for a layer of the profile; an approval is asked for once, by its state."""
    found: dict[str, Field] = {}
    for path in paths:
        asked = asked_path(path)
        found.setdefault(asked, _field(law, profile, asked, waiting.get(path), layer))
    return list(found.values())


def _field(law: Law, profile: Profile, path: str, waiting: Question | None, layer: Layer) -> Field:
    fact = state_fact(law, path) if is_state(path) else law.vocabulary.fact(path)
    value = declared_in(profile, path, layer)
    above = tuple(key for key in profile.content.layers if key != layer and declared_in(profile, path, key) is not None)
    return Field(fact, fact.question if is_state(path) else ask(law, path) or path, value, above, waiting)
