# SPDX-License-Identifier: Apache-2.0
"""One answer put into the text of a profile: in its base, or in the overlay of a feature or a jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from carnet.declare.vocabulary import Fact, Value
from carnet.errors import InputError, shown
from carnet.intake.answers import Answers
from carnet.intake.edit import contains, holds, put, remove
from carnet.intake.questionnaire import is_state, state_of, states
from carnet.intake.writing import scalar

if TYPE_CHECKING:
    from carnet.api import Law
    from carnet.declare.profile import Profile

Layer = tuple[str, str]
"""A feature and a jurisdiction, either may be empty."""
BASE: Layer = ("", "")


def read_answer(law: Law, answers: Answers, path: str, text: str, known: Mapping[str, Value]) -> Value:
    """What an answer to the question of a path means; `approvals.<ID>` asks for the state of an approval.

    Raises:
        InputError: when it cannot be, with what to answer instead.
    """
    if not is_state(path):
        return answers.read(law.vocabulary.fact(path), text, known)
    if path.removeprefix("approvals.") not in law.approvals:
        raise InputError(f"unknown approval {shown(path.removeprefix('approvals.'))}")
    if text not in states(law):
        raise InputError(f"{shown(text)} is no state of an approval", hint=f"one of {', '.join(states(law))}")
    return text


def state_fact(law: Law, path: str) -> Fact:
    """The state of one approval as a fact to ask for, with `none` among its values."""
    state = law.vocabulary.approval_fields["state"]
    approval = law.approvals[path.removeprefix("approvals.")]
    values = {**state.values, "none": "not held"}
    return Fact(path, "choice", f"{approval.title} ({approval.id})", values=values, help=approval.note)


def declared_in(profile: Profile, path: str, layer: Layer = BASE) -> Value | None:
    """What a layer of the profile declares of a path; None where it declares nothing."""
    layers = profile.content.layers
    if layer not in layers:
        return None
    values = layers[layer].values
    return state_of(values, path) if is_state(path) else values.get(path)


def keys_of(layer: Layer) -> tuple[str, ...]:
    """The names in a profile below which the facts of a layer stand."""
    feature, jurisdiction = layer
    return (*(("features", feature) if feature else ()), *(("in", jurisdiction) if jurisdiction else ()))


def declare(text: str, path: str, value: Value | None, layer: Layer = BASE) -> str:
    """The profile's text with a declaration, or without it where the value is None."""
    keys = (*keys_of(layer), *path.split("."))
    if value is None:
        return remove(text, keys)
    if is_state(path) and holds(text, keys):
        return _put_state(text, keys, str(value))
    return put(text, keys, scalar(value))


def _put_state(text: str, keys: Sequence[str], word: str) -> str:
    """The state of an approval of which more is declared: in its field, and in `held` where that is written."""
    if word == "none":
        return put(text, keys, "none")
    if contains(text, (*keys, "held")):
        text = put(text, (*keys, "held"), scalar(word == "held"))
    return put(text, (*keys, "state"), word)
