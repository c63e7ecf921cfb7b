# SPDX-License-Identifier: Apache-2.0
"""The facts that count for one market, feature and day, out of the layers of a profile.

A nearer layer outweighs a wider one: base, feature, then the overlays of each jurisdiction from the outermost to the
market itself, and within a jurisdiction the feature's own overlay last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carnet.declare.closed import Closed
from carnet.declare.expected import expect
from carnet.declare.grants import OWN, in_time, own_path, recognised
from carnet.declare.layers import Layer
from carnet.declare.vocabulary import Value
from carnet.errors import Place
from carnet.frozen import Frozen
from carnet.logic.truths import ONE, TRUTHS, Truths

if TYPE_CHECKING:
    from carnet.declare.reading import LayerKey

PHASE = "operation.phase"
TESTING = "testing"
STATES: Mapping[str, str] = {
    "planned": "planned, not applied for yet",
    "applied": "applied for, not decided yet",
    "refused": "refused by the authority",
    "suspended": "suspended by the authority",
    "withdrawn": "withdrawn by the authority",
    "expired": "expired",
}
"""What the state of an approval says of its not being held."""
Signature = frozenset[tuple[str, Value]]


@dataclass(frozen=True)
class Facts:
    """Values by path; a path that is missing is unknown.

    `closed` names, for each path that a section declared complete answers for, that section. `stand_ins` names, for an
    approval of which it is not known whether it counts as held, what is undeclared of it and of others that do.
    """

    values: Mapping[str, Value]
    closed: Mapping[str, str]
    _layers: tuple[Layer, ...] = field(repr=False)
    _notes: Mapping[str, str] = field(repr=False)
    stand_ins: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)

    @cached_property
    def signature(self) -> Signature:
        """Equal for two markets whose facts are equal apart from `context.*`, so that they can share work."""
        return frozenset((path, value) for path, value in self.values.items() if not path.startswith("context."))

    @cached_property
    def testing(self) -> Facts:
        """The same, supposed to be those of a test."""
        values = Frozen({**self.values, PHASE: TESTING})
        notes = {**self._notes, PHASE: "judged as a test, since no deployment is lawful"}
        return Facts(values, self.closed, self._layers, notes, self.stand_ins)

    def asked(self, paths: Iterable[str]) -> tuple[str, ...]:
        """What to ask for where these are waited for, each once."""
        return tuple(dict.fromkeys(asked for path in paths for asked in self.stand_ins.get(path, (path,))))

    def place(self, path: str) -> Place | None:
        """Where the value that counts was declared; None when it was not declared at all."""
        for layer in reversed(self._layers):
            if path in layer.values:
                return layer.places[path] if layer.values[path] is not None else None
        return None

    def why(self, path: str) -> str:
        """Why a fact has a value other than the declared one, or one without being declared; else empty."""
        if path in self._notes:
            return self._notes[path]
        section = self.closed.get(path)
        return f"not declared, and `{section}` is declared complete" if section and not self.place(path) else ""

    def differing(self, later: Facts) -> frozenset[str]:
        """The paths of which these facts say anything else later, when one layer was declared otherwise.

        What is declared otherwise has a place of its own.
        """
        old, new = _not_in(later._layers, self._layers), _not_in(self._layers, later._layers)
        named = {path for path, place in new.places.items() if old.places.get(path) is not place}
        named.update(old.places.keys() - new.places.keys(), self._notes, later._notes)
        named.update(self.stand_ins, later.stand_ins)
        named.update([f"{path}{OWN}" for path in named if is_held(path)])
        return frozenset(path for path in named if self._said(path) != later._said(path))

    def _said(self, path: str) -> tuple[Any, ...]:
        value = self.values.get(path)
        return value, type(value), self.place(path), self.why(path), self.stand_ins.get(path)


def _not_in(others: tuple[Layer, ...], layers: tuple[Layer, ...]) -> Layer:
    """The one layer that is not among the others, or one that declares nothing."""
    return next((layer for layer in layers if all(layer is not other for other in others)), Layer())


def layer_order(market_chain: Sequence[str], feature: str | None) -> tuple[LayerKey, ...]:
    """The layers that a market and feature may have, the weakest first."""
    order: list[LayerKey] = [("", ""), (feature or "", "")]
    for code in reversed(market_chain):
        order += [("", code), (feature or "", code)]
    return tuple(dict.fromkeys(order))


def gather_facts(
    layers: tuple[Layer, ...],
    closed: Closed,
    as_of: dt.date,
    context: Mapping[str, Value],
    recognises: Mapping[str, tuple[str, ...]],
    begins: Mapping[str, dt.date],
    expecting: bool = False,
) -> Facts:
    """Lay the layers over each other, then decide which approvals count on the day.

    begins: approvals that do not exist yet on the day, with the first day on which they do.
    expecting: whether approvals count from the day on which they are expected.
    """
    declared: dict[str, Value | None] = {}
    for layer in layers:
        declared.update(layer.values)
    values = {**closed.values, **{path: value for path, value in declared.items() if value is not None}}
    notes = _states(values) | (expect(values, as_of) if expecting else {}) | _lapse(values, as_of, begins)
    through, stand_ins = recognise(values, recognises)
    values.update(context)
    return Facts(Frozen(values), closed.sections, layers, notes | through, Frozen(stand_ins))


def _states(values: Mapping[str, Value]) -> dict[str, str]:
    """Why an approval is not held, where its state says more than that."""
    said = {path: str(value) for path, value in values.items() if path.startswith("approvals.")}
    states = {path.removesuffix("state"): state for path, state in said.items() if path.endswith(".state")}
    return {f"{approval}held": STATES[state] for approval, state in states.items() if state in STATES}


def _lapse(values: dict[str, Value], as_of: dt.date, begins: Mapping[str, dt.date]) -> dict[str, str]:
    """Take `held` from approvals that are not valid on the day, and say why."""
    notes = {}
    for path in [path for path, value in values.items() if value is True and is_held(path)]:
        approval = path.removesuffix("held")
        granted_on, valid_until = values.get(f"{approval}granted_on"), values.get(f"{approval}valid_until")
        first = begins.get(path.split(".")[1])
        later = isinstance(granted_on, dt.date) and granted_on > as_of
        ended = isinstance(valid_until, dt.date) and valid_until < as_of
        if in_time(TRUTHS[True], int(later), int(ended), first is None, ONE).false:
            day = f"granted only on {granted_on}" if later else f"expired on {valid_until}"
            notes[path] = f"there is no such approval before {first}" if first else day
            values[path] = False
    return notes


def recognise(
    values: dict[str, Value], recognises: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Count an approval as held where the market takes another one for it; recognition is not passed on.

    While it is not known whether another one is held, it is not known of the first either. Gives notes, and for such an
    approval what of all of them is undeclared.
    """
    declared = {path: value for path, value in values.items() if is_held(path)}

    def truth(path: str) -> Truths[int]:
        held = declared.get(path)
        return TRUTHS[held if isinstance(held, bool) else None]

    notes, stand_ins = {}, {}
    alone = {own_path(name, recognises): declared.get(f"approvals.{name}.held") for name in recognises}
    values.update({path: held for path, held in alone.items() if held is not None})
    for approval, others in recognises.items():
        own, *through = (f"approvals.{name}.held" for name in (approval, *others))
        found = recognised(truth(own), map(truth, through), ONE)
        if found.true and not truth(own).true:
            other = next(name for name, path in zip(others, through, strict=True) if truth(path).true)
            notes[own] = f"held through `{other}`, which is recognised for it or proves it"
            values[own] = True
        elif not found.true and not found.false:
            stand_ins[own] = tuple(path for path in (own, *through) if path not in declared)
            if values.pop(own, None) is not None:
                notes[own] = f"not held, but it is not known of {' and '.join(others)}, recognised for it or proving it"
    return notes, stand_ins


def is_held(path: str) -> bool:
    """Whether a path says that some approval is held."""
    return path.startswith("approvals.") and path.endswith(".held")
